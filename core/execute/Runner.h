// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/execute/Hands.h"
#include "core/execute/Operation.h"

#include <atomic>
#include <functional>

namespace shardlens::execute {

/// Where an operation is written down. Each entry is on disk when append() returns.
class Journal
{
public:
    virtual ~Journal() = default;
    [[nodiscard]] virtual base::Result<void> append(const std::string &entry) = 0;
};

/// Carries an operation's steps out, one after the other: the lock still held, "about to" written down, done, read back, the result
/// written down. What fails before the point of no return is undone in reverse, each step with a fresh deadline; from the sending of
/// the promotion on it only goes forward, and whatever cannot be finished is named. Blocks; one thread calls it. The targets of a step
/// are acted on at the same time, each by a thread of its own.
class Runner
{
public:
    Runner(Operation operation, Hands &hands, Journal &journal, const base::Clock &clock);

    /// From the first step that is not done. Of an operation that was broken off: what was begun is done again, as every step may be.
    Outcome run();
    /// Of one that was broken off before its point of no return: takes everything back.
    Outcome undo();
    /// From any thread: stops before the next step, or within one that waits, and undoes. After the point of no return: nothing.
    void cancel() { m_cancelled = true; }

    [[nodiscard]] const Operation &operation() const { return m_operation; } ///< the thread that runs it

private:
    // The runner's own.
    Operation m_operation;
    Hands &m_hands;
    Journal &m_journal;
    const base::Clock &m_clock;
    std::atomic<bool> m_cancelled{false};
};

} // namespace shardlens::execute
