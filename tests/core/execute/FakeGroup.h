// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/execute/Runner.h"
#include "core/fleet/Fleet.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::execute {

/// One Redis server, as far as a move concerns it.
struct FakeRedis {
    bool isRunning = true;
    std::optional<base::Instant> frozenUntil;
    std::string follows;     ///< empty: it is a primary
    std::string fileFollows; ///< as it would be started
    std::vector<int> log;    ///< the writes that it holds
    std::map<std::string, std::string> settings{{"min-replicas-to-write", "0"}, {"repl-ping-replica-period", "10"}};
    std::map<std::string, std::string> fileSettings = settings;
    std::map<std::string, std::string> keys{{"shardlens:term", "1"}};
    std::optional<base::Instant> pausedUntil;
};

/// What goes wrong with one command.
enum class GroupFault : std::uint8_t { LostBefore, LostInDoubt, AnswerLost, Refused, Dies, Freezes, LockLost, NotWritten, Crash };
inline constexpr int groupFaultCount = int(GroupFault::Crash) + 1;
[[nodiscard]] std::string_view name(GroupFault fault);

struct GroupCrash {
};

class FakeSentinels;

/// A Redis group with its stable addresses, in memory, in virtual time: understands every command of a plan, replicates, and lets an
/// application write through every stable address at every millisecond. One thread.
class FakeGroup final : public Hands, public Journal, public Pace
{
public:
    FakeGroup(const fleet::Fleet &fleet, const Operation &operation);

    base::Result<void> holdsLock() override;
    Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) override;
    std::map<std::string, std::string> names() override { return {{"token", "cafe"}, {"operation", "op"}}; }
    base::Result<void> announce() override { return {}; }
    base::Result<void> append(const std::string &entry) override;
    base::Result<void> note(const std::string &entry) override;
    void loseMachine() { lines.resize(std::min(lines.size(), m_onDisk)); } ///< what was only noted is gone
    void wait(base::milliseconds time) override { pass(time); }
    void together(const std::vector<std::function<void()>> &deeds) override;

    void pass(base::milliseconds time);
    void kill(const std::string &server);
    /// Everything runs again, as its file says, and guards have demoted whoever has an older term. `lateOne` is started a second after the
    /// others.
    void heal(const std::string &lateOne = {});
    void start(const std::string &server);
    [[nodiscard]] const base::Clock &clock() const { return m_clock; }
    [[nodiscard]] bool doesAnswer(const std::string &server) const { return answers(servers.at(server)); }
    [[nodiscard]] std::string addressOf(const std::string &server) const; ///< its own
    [[nodiscard]] std::string primaries() const;
    [[nodiscard]] std::string writable() const; ///< who takes writes
    [[nodiscard]] bool hasAllAcknowledged(const std::string &server) const;
    /// What is not as it must be once all is over; empty: nothing.
    [[nodiscard]] std::string complaint(bool mayLose) const;

    std::map<int, GroupFault> faults; ///< by the number of the call: commands, questions for the lock, entries
    int calls = 0;
    bool isOver = false; ///< nothing goes wrong any more
    std::map<std::string, FakeRedis> servers;
    std::map<std::string, std::string> stables; ///< "feeds@us-east" -> server
    std::vector<std::string> lines;             ///< of the journal
    FakeSentinels *sentinels = nullptr;         ///< who manage it; null: nobody does
    std::vector<std::size_t> flushes;           ///< how many lines were on disk after each wait for it
    std::string broken;                         ///< the first instant at which two members would take writes

private:
    [[nodiscard]] std::optional<GroupFault> next(bool takesTime = true);
    [[nodiscard]] bool answers(const FakeRedis &server) const;
    [[nodiscard]] static bool refuses(const FakeRedis &server);
    [[nodiscard]] bool takesWrites(const FakeRedis &server) const;
    [[nodiscard]] base::Result<std::string> one(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> redis(FakeRedis &server, const operate::Command &command);
    [[nodiscard]] std::string info(const FakeRedis &server) const;
    [[nodiscard]] std::string serverAt(const std::string &port) const;
    void guardsLook();
    void tick();

    std::size_t m_onDisk = 0; ///< lines
    const fleet::Fleet &m_fleet;
    base::ManualClock m_clock;
    std::vector<int> m_acknowledged; ///< rising
    int m_next = 0;
    std::string m_promoted; ///< by the operation, once it is
    std::string m_term;     ///< that it raises
    std::optional<base::Instant> m_lockLostUntil;
};

} // namespace shardlens::execute
