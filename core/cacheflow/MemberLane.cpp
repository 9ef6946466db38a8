// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/MemberLane.h"

#include "core/cacheflow/Vouching.h"
#include "core/clients/memcached/KeyPlacement.h"

#include <algorithm>
#include <iterator>

namespace shardlens::cacheflow {

using LaneStanding = LaneState::Standing;
using Code = memcached::MetaAnswer::Code;

namespace {

/// Two invalidators of one region, or one that starts anew, must never store the same value.
std::uint64_t firstVouchNumber()
{
    return static_cast<std::uint64_t>(
               std::chrono::duration_cast<base::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()) *
           1000;
}

} // namespace

MemberLane::MemberLane(memcached::Member member, const LaneRules &rules, std::shared_ptr<wire::Interrupt> stop)
    : m_member(std::move(member)), m_rules(rules), m_stop(std::move(stop)), m_vouchNumber(firstVouchNumber())
{
    m_state.since = std::chrono::steady_clock::now();
}

MemberLane::~MemberLane()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void MemberLane::start()
{
    m_thread = std::thread([this] { run(); });
}

bool MemberLane::isAway() const
{
    return m_state.standing == LaneStanding::Away || m_state.standing == LaneStanding::MustFlush;
}

void MemberLane::stand(LaneState::Standing standing)
{
    if (m_state.standing == standing)
        return;
    m_state.standing = standing;
    m_state.since = std::chrono::steady_clock::now();
    m_changed.notify_all();
}

std::uint64_t MemberLane::give(std::vector<std::string> keys)
{
    const std::scoped_lock lock(m_mutex);
    m_given += keys.size();
    if (!isAway() || m_isFlushing) {
        std::move(keys.begin(), keys.end(), std::back_inserter(m_queue));
    } else if (m_state.standing == LaneStanding::Away) {
        m_owed.insert(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
        if (m_owed.size() > m_rules.mostOwed) {
            m_owed.clear();
            m_flushDemanded = true;
            stand(LaneStanding::MustFlush);
        }
    }
    if (isAway() && !m_isFlushing)
        m_settled = m_given; // kept, or the flush will do
    m_changed.notify_all();
    return m_given;
}

bool MemberLane::settle(std::uint64_t ticket, base::milliseconds atMost)
{
    Lock lock(m_mutex);
    m_changed.wait_for(lock, atMost, [&] { return m_settled >= ticket || m_isEnding; });
    return m_settled >= ticket;
}

void MemberLane::demandFlush()
{
    const std::scoped_lock lock(m_mutex);
    m_flushDemanded = true;
    if (isAway())
        stand(LaneStanding::MustFlush);
    m_changed.notify_all();
}

void MemberLane::mayVouch(bool allowed)
{
    const std::scoped_lock lock(m_mutex);
    m_mayVouch = allowed;
    m_changed.notify_all();
}

LaneState MemberLane::state() const
{
    const std::scoped_lock lock(m_mutex);
    LaneState state = m_state;
    state.waiting = m_queue.size() + m_owed.size() + m_inHand;
    return state;
}

bool MemberLane::owes() const
{
    const std::scoped_lock lock(m_mutex);
    switch (m_state.standing) {
    case LaneStanding::Dialling: return !m_queue.empty() || m_inHand > 0 || m_flushDemanded;
    case LaneStanding::Here: return m_flushDemanded; // what was given is told by settle()
    case LaneStanding::Away: return !m_owed.empty();
    case LaneStanding::MustFlush: return false;
    case LaneStanding::CatchingUp: return true;
    }
    return true;
}

bool MemberLane::waitForWork(Lock &lock)
{
    const auto isDue = [&] {
        const auto now = std::chrono::steady_clock::now();
        if (m_isEnding)
            return true;
        if (!m_session)
            return now >= m_retryAt;
        return !m_queue.empty() || m_flushDemanded || (m_mayVouch && now >= m_vouchAt);
    };
    while (!isDue())
        m_changed.wait_for(lock, m_session ? vouchEvery / 2 : base::milliseconds(20));
    return !m_isEnding;
}

void MemberLane::run()
{
    Lock lock(m_mutex);
    while (waitForWork(lock)) {
        if (!m_session && !dial(lock))
            continue;
        const bool isVouchDue = m_mayVouch && std::chrono::steady_clock::now() >= m_vouchAt;
        if (m_flushDemanded)
            flush(lock);
        else if (isVouchDue && (m_queue.empty() || m_state.standing == LaneStanding::Here)) // never before it is caught up
            vouch(lock);
        else if (!m_queue.empty())
            deliver(lock);
        else if (m_state.standing != LaneStanding::Here)
            stand(LaneStanding::Here);
    }
}

bool MemberLane::dial(Lock &lock)
{
    lock.unlock();
    auto session = memcached::MetaSession::dial(m_member, m_rules.deadline, m_stop);
    // A frozen server's kernel accepts too: it is back once it has answered something.
    auto answer = session ? session->ask("mn\r\n", m_rules.deadline) : base::Result<memcached::MetaAnswer>(base::fail(session.error()));
    lock.lock();
    m_retryAt = std::chrono::steady_clock::now() + m_rules.retryEvery;
    if (!answer) {
        lose(answer.error());
        return false;
    }
    m_session = std::move(*session);
    std::move(m_owed.begin(), m_owed.end(), std::back_inserter(m_queue));
    m_owed.clear();
    const bool wasAway = isAway();
    if (m_queue.empty() && !m_flushDemanded)
        stand(LaneStanding::Here);
    else if (wasAway && !m_flushDemanded) // one that must be flushed stays so until it is: whoever keeps that would lose it
        stand(LaneStanding::CatchingUp);
    return true;
}

void MemberLane::lose(const base::Error &error)
{
    m_session.reset();
    m_state.error = error;
    m_owed.insert(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(m_queue.end()));
    m_queue.clear();
    m_settled = m_given;
    m_flushDemanded = m_flushDemanded || m_owed.size() > m_rules.mostOwed;
    if (m_flushDemanded)
        m_owed.clear();
    stand(m_flushDemanded ? LaneStanding::MustFlush : LaneStanding::Away);
    m_retryAt = std::chrono::steady_clock::now() + m_rules.retryEvery;
}

void MemberLane::deliver(Lock &lock)
{
    const auto count = std::min(m_queue.size(), m_rules.batch);
    std::vector<std::string> batch(std::make_move_iterator(m_queue.begin()),
                                   std::make_move_iterator(m_queue.begin() + static_cast<std::ptrdiff_t>(count)));
    m_queue.erase(m_queue.begin(), m_queue.begin() + static_cast<std::ptrdiff_t>(count));
    m_inHand = count;
    lock.unlock();
    const std::string how = m_rules.staleFor ? " I T" + std::to_string(m_rules.staleFor->count()) + "\r\n" : "\r\n";
    std::uint64_t refused = 0;
    for (const std::string &key : batch) {
        if (memcached::checkKey(key))
            m_session->add("md " + key + how);
        else
            ++refused; // no client can have stored it
    }
    const auto answers = m_session->queued() == 0 ? std::vector<memcached::MetaAnswer>() : m_session->run(m_rules.deadline);
    lock.lock();
    m_inHand = 0;
    if (!answers) {
        // Some may have been carried out: all are owed again.
        m_queue.insert(m_queue.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
        return lose(answers.error());
    }
    m_state.delivered += answers->size();
    m_state.refused += refused;
    for (const auto &answer : *answers) {
        m_state.found += answer.code == Code::Done ? 1 : 0;
        m_state.refused += answer.code == Code::Refused ? 1 : 0;
    }
    m_settled = m_given - m_queue.size();
    if (m_queue.empty())
        stand(LaneStanding::Here);
    m_changed.notify_all();
}

void MemberLane::flush(Lock &lock)
{
    // Keys that come while it is flushed are deleted after it; those before it are covered by it.
    m_flushDemanded = false;
    m_isFlushing = true;
    const std::size_t covered = m_queue.size();
    lock.unlock();
    const auto answer = m_session->ask("flush_all\r\n", m_rules.deadline);
    lock.lock();
    m_isFlushing = false;
    if (!answer || answer->code != Code::Done) {
        m_flushDemanded = true;
        return lose(answer ? base::Error{base::ErrorCode::Rejected, answer->flags, {}, m_member.server, base::Effect::None}
                           : answer.error());
    }
    ++m_state.flushes;
    m_queue.erase(m_queue.begin(), m_queue.begin() + static_cast<std::ptrdiff_t>(covered));
    m_settled = m_given - m_queue.size();
    stand(m_queue.empty() ? LaneStanding::Here : LaneStanding::CatchingUp);
    m_changed.notify_all();
}

void MemberLane::vouch(Lock &lock)
{
    m_vouchAt = std::chrono::steady_clock::now() + vouchEvery;
    const std::string value = std::to_string(++m_vouchNumber);
    lock.unlock();
    const auto answer = m_session->ask("ms " + std::string(vouchKey) + " " + std::to_string(value.size()) + " T" +
                                           std::to_string(vouchLasts.count()) + "\r\n" + value + "\r\n",
                                       m_rules.deadline);
    lock.lock();
    if (!answer)
        return lose(answer.error());
    ++m_state.vouched;
    if (m_queue.empty())
        stand(LaneStanding::Here);
}

} // namespace shardlens::cacheflow
