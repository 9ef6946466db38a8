// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/campaign/Means.h"
#include "core/execute/Runner.h"
#include "tests/fixtures/World.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace shardlens::campaign {

/// What becomes of a move's executor.
enum class Fate : std::uint8_t {
    Moves,
    MovesIncomplete, ///< its old primary does not come back
    Refused,
    RollsBack,
    InDoubt,
    DiesOnce,        ///< its executor dies after the promotion; who resumes it ends well
    DiesBeforeJournal,
    Hangs,           ///< its executor never ends
};

/// A fleet in memory whose executors are scripted. It outlives drivers: what they started goes on.
class FakeMeans final : public Means
{
public:
    FakeMeans(fixtures::World &world, base::ManualClock &clock) : m_world(world), m_clock(clock) {}

    std::map<std::string, Fate> fates;           ///< by subject; Moves where none
    std::vector<Wish> wishes;                    ///< taken at the next look
    std::function<void(const std::string &)> onStart; ///< a move was started
    bool marksFail = false;
    base::Result<facts::Kernel> kernel = base::fail(base::ErrorCode::Unavailable, "no way to the host is declared");
    std::optional<facts::Kernel> notedKernel;
    unsigned mostLooks = 8;
    std::vector<std::string> prepared; ///< ids, in order
    std::vector<std::string> dropped;
    int looks = 0; ///< how often all servers were asked besides

    std::vector<std::string> told; ///< "start u1 u1-us-west", "mark set us-east", in order
    std::vector<std::string> running() const; ///< subjects whose writes do not flow yet
    std::size_t looking() const;              ///< executors that have no journal yet

    void advance(base::milliseconds by); ///< the world, its executors, the clock

    std::string freshId(const std::string &subject) override;
    unsigned looksAtOnce() const override { return mostLooks; }
    void prepareMove(const std::string &id, const execute::ActRequest &request) override;
    void dropMove(const std::string &id) override { dropped.push_back(id); }
    base::Result<void> startMove(const std::string &id, const execute::ActRequest &request) override;
    base::Result<void> resumeMove(const std::string &id) override;
    void cancelMove(const std::string &id) override;
    MoveSeen look(const std::string &id) override;
    facts::SnapshotPtr snapshot() override;
    void lookAgain() override { ++looks; }
    base::Result<void> setMark(const Goal &goal, const std::string &reason, bool isSet) override;
    base::Result<facts::Kernel> kernelNow(const std::string &) override { return kernel; }
    std::optional<facts::Kernel> kernelBefore(const std::string &) override { return notedKernel; }
    std::vector<Wish> takeWishes() override;

private:
    struct Executor {
        std::string subject;
        base::ServerId to;
        Fate fate = Fate::Moves;
        base::milliseconds age{0};
        bool isDead = false;
        bool isResumed = false;
        bool isCancelled = false;
        bool isPromoted = false;
        execute::Operation operation;
        bool hasJournal = false;
    };
    void advance(Executor &executor, base::milliseconds by);
    void end(Executor &executor, execute::Outcome outcome, const std::string &said);

    fixtures::World &m_world;
    base::ManualClock &m_clock;
    std::map<std::string, Executor> m_executors;
    facts::SnapshotPtr m_snapshot;
    int m_next = 0;
};

/// Lets the fake world go on while the driver waits. Throws once `killAfter` waits are over: the driver was killed.
struct DriverKilled {
};
class FakePace final : public execute::Pace
{
public:
    explicit FakePace(FakeMeans &means) : m_means(means) {}
    void wait(base::milliseconds time) override;
    void together(const std::vector<std::function<void()>> &deeds) override;
    std::function<bool()> isKilled;

private:
    FakeMeans &m_means;
    int m_waits = 0;
};

class MemoryJournal final : public execute::Journal
{
public:
    base::Result<void> append(const std::string &entry) override
    {
        lines.push_back(entry);
        return {};
    }
    std::vector<std::string> lines;
};

} // namespace shardlens::campaign
