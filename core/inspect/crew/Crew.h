// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace shardlens::wire {
class Interrupt;
}

namespace shardlens::inspect {

/// Runs blocking questions on a few threads of its own, so that a server that hangs delays nobody but its own question.
/// Each job gets an interrupt to hand to its sessions; cancel() raises it. add() and cancel() from any thread.
class Crew
{
public:
    using Job = std::function<void(const std::shared_ptr<wire::Interrupt> &interrupt)>;

    explicit Crew(unsigned mostThreads);
    ~Crew(); ///< cancels, and waits for the jobs that run: moments, as their calls heed the interrupt
    Crew(const Crew &) = delete;
    Crew &operator=(const Crew &) = delete;

    void add(Job job); ///< nothing after cancel()
    void cancel();     ///< jobs that wait are dropped, those that run are interrupted
    [[nodiscard]] bool isCancelled() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace shardlens::inspect
