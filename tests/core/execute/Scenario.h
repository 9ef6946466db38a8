// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Runner.h"
#include "tests/core/execute/FakeHands.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::execute {

/// A move of a real plan, made from a snapshot: what a scenario plays.
enum class Move : std::uint8_t { Switchover, SynchronousSwitchover, Failover, FetchingFailover, StonithFailover, ByHand };
inline constexpr int moveCount = 5; ///< of those that need no person
[[nodiscard]] std::string_view name(Move move);
[[nodiscard]] const Operation &operationOf(Move move);
[[nodiscard]] const fleet::Fleet &fleetOf(Move move);

/// What happens to an operation that is not over: by whom, and how.
enum class Sequel : std::uint8_t { Resume, Undo, TakeOverThenResume, TakeOverThenUndo };
inline constexpr int sequelCount = 4;

/// One operation on a fake cluster, with all that goes wrong, until it is over and everything is healed. Deterministic: the same
/// move, seed and faults give the same story.
class Scenario
{
public:
    Scenario(Move move, std::uint64_t seed, bool tells = false);

    /// Runs it; after a crash, or an outcome that is none, the sequel, and again, at last on a healed cluster.
    void play(Sequel sequel);
    /// One run alone; nothing is healed, no end is checked.
    void runOnce(bool isUndone = false);
    /// Every invariant that did not hold, "" if all did.
    [[nodiscard]] std::string complaint() const;
    [[nodiscard]] const std::string &story() const { return m_story; } ///< empty unless it tells

    Chaos &chaos() { return m_chaos; }
    FakeCluster &cluster() { return m_cluster; }
    [[nodiscard]] const Operation &first() const { return m_begun; } ///< as it was begun
    [[nodiscard]] const Operation &told();             ///< as the journal tells it
    [[nodiscard]] std::optional<Outcome> outcome() const { return m_outcome; }
    [[nodiscard]] Runner *running() const { return m_running; } ///< null while none runs
    [[nodiscard]] const std::vector<std::string> &lines() const { return m_lines; }
    std::optional<base::Instant> cancelAt;
    bool isShortened = false;                          ///< whoever goes on, until all is healed, has a copy of the journal that lost its end, at any line
    std::function<base::Result<std::string>(const Operation &)> judgeAnew; ///< of each runner
    bool isWarned = false;                             ///< forced: the old primary's stopping is a person's word

private:
    void takeOver();
    void shorten();
    [[nodiscard]] bool isSettled() const;
    void settle();
    void checkEnd();
    void complain(const std::string &what);

    Operation m_begun;
    FakeCluster m_cluster;
    Chaos m_chaos;
    FakePace m_pace;
    std::vector<std::string> m_lines; ///< after the first, which is the operation as it was begun
    Operation m_told;
    std::size_t m_folded = 0;         ///< lines that are in it
    std::optional<Outcome> m_outcome;
    Runner *m_running = nullptr;
    std::int64_t m_number = 0;
    bool m_isBegun = false;
    bool m_journalFailed = false;
    bool m_isSettling = false; ///< on one machine
    std::string m_complaint;
    std::string m_story;
};

} // namespace shardlens::execute
