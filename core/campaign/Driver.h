// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/campaign/Gate.h"
#include "core/campaign/Means.h"
#include "core/execute/Pace.h"
#include "core/execute/Runner.h"

#include <map>
#include <set>

namespace shardlens::campaign {

/// Takes a campaign through its waves: starts the moves of one, waits until their new primaries take writes, looks at the gate, and
/// begins the next while the old primaries still become standbys. Whatever happens is written down before it goes on. Each move is an
/// operation with its own executor, lock and journal: when this one dies, those go on, and whoever resumes it sees by their journals how
/// far they are. Blocks; one thread.
class Driver
{
public:
    /// `user`: as whom the moves act.
    Driver(Campaign campaign, Means &means, execute::Journal &journal, const base::Clock &clock, execute::Pace &pace, std::string user);

    /// From where its journal ends.
    Outcome run();

    [[nodiscard]] const Campaign &campaign() const { return m_campaign; }
    void setWarmPatience(base::seconds patience) { m_warmPatience = patience; }

    static constexpr base::seconds gatePatience{20};
    static constexpr base::seconds comebackPatience{60};  ///< HostUp: until its servers stand by
    static constexpr base::seconds leastWatch{15};        ///< Evacuate: a cache that users were just sent to tells it only after a while
    static constexpr base::seconds warmPatience{600};     ///< Evacuate: until caches are warm
    static constexpr base::seconds journalPatience{15};   ///< until an executor that may have been started has its journal

private:
    // Driver.cpp: the order of things.
    void takeUp();
    [[nodiscard]] bool carryOutWaves(); ///< false: it stopped before the last
    [[nodiscard]] bool mayGoOn();
    void waitForAll();
    [[nodiscard]] bool waitForComeback();
    [[nodiscard]] bool passGate(unsigned wave);
    void changeMark(bool isSet);
    Outcome finish();
    [[nodiscard]] Outcome outcomeNow() const;
    [[nodiscard]] std::vector<std::string> thingsLeft() const;

    // DriverAfter.cpp: what is looked at besides.
    void lookAtKernel();
    void noteCaches();
    void tellCaches(Watch watch);
    void watchCaches(); ///< until they are warm, or a person waits no longer

    // DriverMoves.cpp: one move.
    void startWave(unsigned wave);
    void prepareWave(unsigned wave); ///< its executors look while the gate before it is looked at
    void dropPrepared();
    [[nodiscard]] execute::ActRequest requestFor(const Move &move) const;
    void start(Move &move);
    void follow(Move &move);
    void followOperation(Move &move, const MoveSeen &seen);
    void goOnWithout(Move &move, const MoveSeen &seen);
    void enter(Move &move, const Move &was);
    void look(); ///< wishes, and all moves that are under way
    void obey(const Wish &wish);
    void append(const std::string &entry);
    [[nodiscard]] bool isUnderWay(unsigned wave) const; ///< a move of it has neither ended nor takes writes yet
    [[nodiscard]] bool startsMore() const;               ///< of a wave that is under way

    Campaign m_campaign;
    Means &m_means;
    execute::Journal &m_journal;
    const base::Clock &m_clock;
    execute::Pace &m_pace;
    std::string m_user;
    base::seconds m_warmPatience = warmPatience;
    Baseline m_before;
    std::map<std::string, std::string> m_prepared; ///< subject -> the operation's id
    std::set<std::string> m_resumed;   ///< operations that were resumed once, and subjects whose executor was started again
    std::set<std::string> m_cancelled;
    std::string m_why;                 ///< why it stopped by itself
    std::string m_unwritten;           ///< the first entry that could not be written: why
};

} // namespace shardlens::campaign
