// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/AskingLanes.h"

#include <algorithm>

#include <pthread.h>

namespace shardlens::observe {

namespace {

constexpr base::milliseconds quickest{100};      // who takes longer is slow
constexpr base::milliseconds leastPatience{200}; // a quick one may stumble
constexpr base::milliseconds lookEvery{100};     // after the lanes
constexpr base::milliseconds leastPause{100};    // however long it took

} // namespace

AskingLanes::AskingLanes(Settings settings, std::shared_ptr<const base::Clock> clock)
    : m_settings(settings), m_clock(std::move(clock)), m_random(std::random_device{}())
{
    m_lanes[static_cast<std::size_t>(Pace::Quick)].most = 8;
    m_lanes[static_cast<std::size_t>(Pace::Slow)].most = 12;
    m_lanes[static_cast<std::size_t>(Pace::Silent)].most = 12;
}

AskingLanes::~AskingLanes()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true; // from here on nobody starts a thread
    }
    m_stop->raise();
    m_keeperWake.notify_all();
    for (Lane &lane : m_lanes)
        lane.wake.notify_all();
    if (m_keeper.joinable())
        m_keeper.join();
    for (Lane &lane : m_lanes) {
        for (std::thread &thread : lane.threads)
            thread.join();
    }
}

void AskingLanes::add(std::unique_ptr<Asked> asked)
{
    const std::lock_guard lock(m_mutex);
    m_entries.push_back(std::make_unique<Entry>());
    m_entries.back()->asked = std::move(asked);
    m_entries.back()->patience = std::min(leastPatience, m_settings.deadline);
    put(*m_entries.back(), m_clock->now());
    if (!m_keeper.joinable())
        m_keeper = std::thread([this] { lookAfter(); });
}

void AskingLanes::put(Entry &entry, base::Instant due)
{
    Lane &lane = m_lanes[static_cast<std::size_t>(entry.pace)];
    const auto at = lane.due.emplace(due, &entry);
    if (lane.threads.empty())
        startThread(entry.pace);
    else if (at == lane.due.begin())
        lane.wake.notify_all(); // whoever watches does so for too long
}

void AskingLanes::startThread(Pace pace)
{
    std::thread &thread = m_lanes[static_cast<std::size_t>(pace)].threads.emplace_back([this, pace] { work(pace); });
    pthread_setname_np(thread.native_handle(), "shardlens-lane");
}

void AskingLanes::work(Pace pace)
{
    Lock lock(m_mutex);
    while (Entry *entry = next(m_lanes[static_cast<std::size_t>(pace)], lock)) {
        const base::Instant asked = m_clock->now();
        const base::milliseconds given = entry->patience;
        if (!entry->since)
            entry->since = asked;
        lock.unlock();
        const auto answer = entry->asked->ask(given);
        lock.lock();
        if (m_ends)
            return;
        if (answer)
            answered(*entry, asked);
        else
            missed(*entry, given, answer.error());
    }
}

/// Rests until somebody is to be asked; null: no more.
AskingLanes::Entry *AskingLanes::next(Lane &lane, Lock &lock)
{
    while (!m_ends) {
        const auto left = lane.due.empty() ? base::Instant::duration::max() : lane.due.begin()->first - m_clock->now();
        if (left <= base::Instant::duration::zero()) {
            Entry *entry = lane.due.begin()->second;
            lane.due.erase(lane.due.begin());
            if (!lane.due.empty())
                lane.wake.notify_one(); // another one watches
            return entry;
        }
        ++lane.resting;
        if (lane.due.empty() || lane.isWatched) {
            lane.wake.wait(lock);
        } else {
            lane.isWatched = true;
            lane.wake.wait_for(lock, left);
            lane.isWatched = false;
        }
        --lane.resting;
    }
    return nullptr;
}

void AskingLanes::answered(Entry &entry, base::Instant asked)
{
    const base::Instant now = m_clock->now();
    const auto took = std::chrono::ceil<base::milliseconds>(now - asked);
    entry.pace = took <= quickest ? Pace::Quick : Pace::Slow;
    entry.patience = std::min(std::max(4 * took, leastPatience), m_settings.deadline);
    entry.since.reset();
    entry.misses = 0;
    entry.told = Told::Nothing;
    entry.asked->answered(asked);
    put(entry, std::max(asked + m_settings.interval, now + leastPause));
}

void AskingLanes::missed(Entry &entry, base::milliseconds given, const base::Error &error)
{
    const bool makesRoom = error.code == base::ErrorCode::TimedOut && given < m_settings.deadline;
    entry.patience = m_settings.deadline;
    if (makesRoom) {
        entry.pace = Pace::Slow;
        return put(entry, m_clock->now());
    }
    entry.pace = Pace::Silent;
    ++entry.misses;
    tell(entry, error);
    put(entry, afterPause(entry));
}

void AskingLanes::tell(Entry &entry, const base::Error &error)
{
    const bool isDown = error.code == base::ErrorCode::Refused || m_clock->now() - *entry.since >= m_settings.downAfter;
    entry.told = isDown ? Told::Down : Told::Late;
    entry.asked->silent(*entry.since, error);
}

base::Instant AskingLanes::afterPause(const Entry &entry)
{
    const auto pause = m_settings.interval * (1U << std::min(entry.misses - 1, 2U));
    return m_clock->now() + pause * std::uniform_int_distribution<int>(75, 125)(m_random) / 100;
}

/// The keeper's thread. Another thread is started where somebody should be asked and all of the lane are asking; who lets a deadline pass is
/// told of even if he waits in a long row meanwhile.
void AskingLanes::lookAfter()
{
    Lock lock(m_mutex);
    while (!m_ends) {
        m_keeperWake.wait_for(lock, lookEvery);
        if (m_ends)
            return;
        for (const Pace pace : {Pace::Quick, Pace::Slow, Pace::Silent}) {
            const Lane &lane = m_lanes[static_cast<std::size_t>(pace)];
            if (lane.resting == 0 && lane.threads.size() < lane.most && !lane.due.empty() && lane.due.begin()->first <= m_clock->now())
                startThread(pace);
        }
        for (const auto &entry : m_entries)
            tellOverdue(*entry);
    }
}

void AskingLanes::tellOverdue(Entry &entry)
{
    if (!entry.since)
        return;
    const auto silentFor = m_clock->now() - *entry.since;
    const bool isLate = entry.told == Told::Nothing && silentFor >= m_settings.deadline;
    const bool isDown = entry.told == Told::Late && entry.misses > 0 && silentFor >= m_settings.downAfter;
    if (isLate || isDown)
        tell(entry, {base::ErrorCode::TimedOut, "no answer", {}, {}, base::Effect::None});
}

} // namespace shardlens::observe
