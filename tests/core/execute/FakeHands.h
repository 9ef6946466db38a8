// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Runner.h"
#include "tests/core/execute/FakeCluster.h"

#include <set>

namespace shardlens::execute {

/// What goes wrong with one call.
enum class Fault : std::uint8_t {
    LostBefore,   ///< the link broke, provably before anything was done
    LostInDoubt,  ///< likewise, but nobody can tell
    AnswerLost,   ///< it was done, the answer did not come
    Late,         ///< no answer came; it will be done later
    Refused,      ///< the server says no
    Dies,         ///< the server dies before it
    DiesAfter,
    Freezes,      ///< for a while
    LinkCut,      ///< for a while
    NoPause,      ///< routers do not pause for a while
    LockLost,     ///< for a while
    Stall,        ///< the runner stands still so long that a guard takes over
    Crash,        ///< the runner's process dies before it
    CrashAfter,
};
inline constexpr int faultCount = int(Fault::CrashAfter) + 1;
[[nodiscard]] std::string_view name(Fault fault);

/// The runner's process is gone.
struct Crashed {
};

/// All that goes wrong in one scenario, by the number of the call it meets. Calls are commands, questions for the lock, announcements
/// and entries of the journal.
struct Chaos {
    explicit Chaos(FakeCluster &of) : cluster(of) {}

    FakeCluster &cluster;
    std::map<int, Fault> faults;
    std::map<std::string, Fault> faultsAt; ///< once, at the first command or entry that holds this text
    int calls = 0;
    bool isOver = false;                        ///< nothing goes wrong any more
    std::map<std::string, base::Instant> cutUntil;
    base::Instant lockLostUntil;
    std::function<void()> takeOver;             ///< what a guard does

    [[nodiscard]] std::optional<Fault> next(const std::string &text = {});
};

/// Hands that act on a fake cluster.
class FakeHands final : public Hands
{
public:
    /// Takes the lock: a session on each member that answers. Sessions of whoever had it are ended.
    FakeHands(Chaos &chaos, std::string operation, std::int64_t number);
    [[nodiscard]] bool hasMajority() const { return m_sessions.size() * 2 > m_cluster.servers.size(); }

    base::Result<void> holdsLock() override;
    Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) override;
    std::map<std::string, std::string> names() override;
    base::Result<void> announce() override;

private:
    [[nodiscard]] Said one(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] Said act(const operate::Command &command);
    [[nodiscard]] std::optional<Said> hinder(const operate::Command &command, Fault fault);
    [[nodiscard]] bool isFrozen(const operate::Command &command) const;
    [[nodiscard]] bool isCut(const std::string &on) const;
    [[nodiscard]] std::optional<Said> hasNoSession(const operate::Command &command);
    void loseSession(const std::string &on) { m_sessions.erase(on); }
    void dropEnded();
    [[nodiscard]] std::string session() const { return "session " + std::to_string(m_number); }

    Chaos &m_chaos;
    FakeCluster &m_cluster;
    std::string m_operation;
    std::int64_t m_number;
    std::map<std::string, base::Instant> m_sessions; ///< the members' that stand, with their server's start; one that broke is not made anew, unless the operation stopped its server
    std::set<std::string> m_stopped;
    std::map<std::string, int> m_endings; ///< as known when the sessions were made
};

/// A journal in memory.
class FakeJournal final : public Journal
{
public:
    FakeJournal(Chaos &chaos, std::vector<std::string> &lines) : m_onDisk(lines.size()), m_chaos(chaos), m_lines(lines) {}
    base::Result<void> append(const std::string &entry) override;
    base::Result<void> note(const std::string &entry) override;
    void loseMachine(); ///< what was only noted is gone
    bool hasFailed = false;

private:
    [[nodiscard]] base::Result<void> add(const std::string &entry);

    std::size_t m_onDisk = 0; ///< lines
    Chaos &m_chaos;
    std::vector<std::string> &m_lines;
};

/// Virtual time; what is done together is done in any order.
class FakePace final : public Pace
{
public:
    explicit FakePace(FakeCluster &cluster) : m_cluster(cluster) {}
    void wait(base::milliseconds time) override { m_cluster.pass(time); }
    void together(const std::vector<std::function<void()>> &deeds) override;

private:
    FakeCluster &m_cluster;
};

} // namespace shardlens::execute
