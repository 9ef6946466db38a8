// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/crew/Crew.h"

#include "core/clients/wire/Wait.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace shardlens::inspect {

struct Crew::State {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Job> jobs;
    std::vector<std::thread> threads;
    unsigned mostThreads = 1;
    unsigned idle = 0;
    bool isEnding = false;
    std::shared_ptr<wire::Interrupt> interrupt = std::make_shared<wire::Interrupt>();

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            ++idle;
            wake.wait(lock, [this] { return isEnding || !jobs.empty(); });
            --idle;
            if (isEnding)
                return;
            const Job job = std::move(jobs.front());
            jobs.pop_front();
            lock.unlock();
            job(interrupt);
            lock.lock();
        }
    }
};

Crew::Crew(unsigned mostThreads) : m_state(std::make_shared<State>())
{
    m_state->mostThreads = std::max(1U, mostThreads);
}

Crew::~Crew()
{
    cancel();
    for (std::thread &thread : m_state->threads)
        thread.join();
}

void Crew::add(Job job)
{
    const std::lock_guard lock(m_state->mutex);
    if (m_state->isEnding)
        return;
    m_state->jobs.push_back(std::move(job));
    if (m_state->idle < m_state->jobs.size() && m_state->threads.size() < m_state->mostThreads)
        m_state->threads.emplace_back([state = m_state.get()] { state->work(); });
    m_state->wake.notify_one();
}

void Crew::cancel()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->isEnding = true;
    m_state->jobs.clear();
    m_state->interrupt->raise();
    m_state->wake.notify_all();
}

bool Crew::isCancelled() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->isEnding;
}

} // namespace shardlens::inspect
