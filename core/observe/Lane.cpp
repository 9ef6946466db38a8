// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Lane.h"

#include "core/facts/Assemble.h"

#include <algorithm>

namespace shardlens::observe {

namespace {

using base::Instant;
using base::microseconds;
using facts::ReachState;

// Short enough that a server that comes back shows within seconds, long enough to leave one alone that is starting.
constexpr base::milliseconds firstPause{200};
constexpr base::milliseconds longestPause{2500};

// A login costs a server some tens of milliseconds of its processor, a poll next to nothing. On a machine with too much to do, giving up
// connections and logins that only take long would keep it so: each thing that hangs gets more time before it is begun anew.
constexpr unsigned pollPatience = 2;       ///< times `downAfter`, by when the server is told as down all the same
constexpr unsigned longestOpenPatience = 3;

// The values that move while a server works; two samples that agree in them are of a server that stood still.
std::int64_t progressOf(const facts::Sample &sample)
{
    if (const auto *postgres = std::get_if<facts::PostgresSample>(&sample)) {
        const auto &lsn = postgres->inRecovery ? postgres->replayed : postgres->current;
        return lsn ? static_cast<std::int64_t>(lsn->value) : 0;
    }
    if (const auto *redis = std::get_if<facts::RedisSample>(&sample))
        return redis->isPrimary || !redis->link ? redis->offset : redis->link->offset;
    if (const auto *cache = std::get_if<facts::MemcachedSample>(&sample))
        return cache->gets + cache->sets;
    std::int64_t sum = 0;
    if (const auto *router = std::get_if<facts::RouterSample>(&sample)) {
        for (const auto &database : router->databases)
            sum += database.queries;
    }
    return sum;
}

} // namespace

Lane::Lane(std::shared_ptr<clients::EventLoop> loop, std::unique_ptr<clients::PollClient> client, Settings settings,
           std::shared_ptr<const base::Clock> clock, Publish publish, Settled settled)
    : m_loop(std::move(loop)), m_client(std::move(client)), m_settings(std::move(settings)), m_clock(std::move(clock)),
      m_publish(std::move(publish)), m_settled(std::move(settled)), m_random(m_settings.seed)
{
    m_seen.server = m_settings.server;
    m_client->setHooks({[this] { opened(); }, [this](facts::Sample sample) { answered(std::move(sample)); },
                        [this](base::Error error) { failed(std::move(error)); }, [this] { replied(); }});
}

Lane::~Lane() = default;

void Lane::ask(std::uint64_t round)
{
    settle(); // of a round that this one replaces
    m_round = round;
    m_roundOpen = true;
    if (!m_unansweredSince) {
        m_unansweredSince = m_clock->now();
        m_unansweredSinceUtc = m_clock->utcNow();
        startClocks();
    }
    // Nobody waits for a server that is silent already.
    if (m_seen.reach.state == ReachState::Late || m_seen.reach.state == ReachState::Down)
        settle();
    m_wanted = true;
    if (m_link == Link::Open && !m_waiting)
        send();
    else if (m_link == Link::Closed && m_linkTimer == 0)
        openNow();
}

void Lane::send()
{
    m_wanted = false;
    m_waiting = true;
    m_sentAt = m_clock->now();
    m_repliedAt.reset();
    giveUpAfter(pollPatience, "no answer");
    m_client->poll();
}

void Lane::openNow()
{
    m_link = Link::Opening;
    m_openedAt = m_clock->now();
    ++m_attempts;
    giveUpAfter(std::min(m_hung + 1, longestOpenPatience), "no answer to the attempt to connect");
    m_client->open();
}

// Attempts to connect and polls that hang are given up late: a frozen server that thaws answers them at once.
void Lane::giveUpAfter(unsigned patience, const char *reason)
{
    m_loop->cancel(m_linkTimer);
    m_linkTimer = m_loop->after(m_settings.downAfter * patience, [this, reason] {
        m_linkTimer = 0;
        ++m_hung;
        m_client->close();
        failed({base::ErrorCode::TimedOut, reason, {}, {}, base::Effect::None});
    });
}

void Lane::openLater()
{
    m_link = Link::Closed;
    m_loop->cancel(std::exchange(m_linkTimer, 0));
    const auto at = m_openedAt + pauseAfter(m_attempts, m_random);
    const auto wait = std::max(std::chrono::duration_cast<microseconds>(at - m_clock->now()), microseconds(1000));
    m_linkTimer = m_loop->after(wait, [this] {
        m_linkTimer = 0;
        openNow();
    });
}

microseconds pauseAfter(std::uint32_t attempts, std::minstd_rand &random)
{
    const auto pause = std::min<microseconds>(firstPause * (1U << std::min(attempts, 8U)) / 2, longestPause);
    return microseconds(pause.count() * std::uniform_int_distribution<std::int64_t>(75, 125)(random) / 100);
}

void Lane::opened()
{
    m_loop->cancel(std::exchange(m_linkTimer, 0));
    m_link = Link::Open;
    if (m_wanted)
        send();
}

void Lane::replied()
{
    if (!m_repliedAt)
        m_repliedAt = m_clock->now();
}

void Lane::answered(facts::Sample sample)
{
    const auto now = m_clock->now();
    auto &reach = m_seen.reach;
    const auto latency = std::chrono::duration_cast<microseconds>(m_repliedAt.value_or(now) - m_sentAt);
    m_waiting = false;
    m_attempts = 0;
    m_hung = 0;
    m_loop->cancel(std::exchange(m_linkTimer, 0));
    stopClocks();
    m_unansweredSince.reset();
    m_median.add(latency);
    reach.state = ReachState::Answering;
    reach.lastAnswer = now;
    reach.lastAnswerUtc = m_clock->utcNow();
    reach.latency = latency;
    reach.usualLatency = m_median.usual();
    reach.askedAt.reset();
    reach.silentSince.reset();
    reach.silentSinceUtc.reset();
    reach.failuresInARow = 0;
    reach.lastError.reset();
    takeSample(std::move(sample), now);
    publish();
    settle();
    if (m_wanted) {
        m_unansweredSince = now;
        m_unansweredSinceUtc = m_clock->utcNow();
        startClocks();
        send();
    }
}

void Lane::takeSample(facts::Sample sample, Instant now)
{
    if (m_seen.sampledAt) {
        m_seen.rates = facts::ratesBetween(m_seen.sample, sample, std::chrono::duration_cast<microseconds>(now - *m_seen.sampledAt));
        if (progressOf(m_seen.sample) != progressOf(sample))
            m_seen.progressedAt = now;
    }
    m_seen.sample = std::move(sample);
    m_seen.sampledAt = now;
    m_seen.sampleAskedAt = m_sentAt;
    m_seen.sampledUtc = m_clock->utcNow();
}

void Lane::failed(base::Error error)
{
    error.server = m_settings.server.text();
    const bool asked = m_waiting || m_wanted || m_unansweredSince.has_value();
    m_waiting = false;
    openLater();
    // A connection that was lost between two polls fails nobody: the next poll shows whether the server is there.
    if (!asked)
        return;
    m_wanted = true;
    auto &reach = m_seen.reach;
    ++reach.failuresInARow;
    const bool refused = error.code == base::ErrorCode::Refused;
    reach.lastError = std::move(error);
    if (refused)
        down();
    else if (reach.state == ReachState::Answering || reach.state == ReachState::Asking)
        late();
    else
        publish();
}

void Lane::startClocks()
{
    stopClocks();
    m_lateTimer = m_loop->after(m_settings.deadline, [this] {
        m_lateTimer = 0;
        ++m_seen.reach.latePolls;
        late();
    });
    m_downTimer = m_loop->after(m_settings.downAfter, [this] {
        m_downTimer = 0;
        ++m_seen.reach.failuresInARow;
        if (!m_seen.reach.lastError)
            m_seen.reach.lastError = base::Error{base::ErrorCode::TimedOut, "no answer", {}, m_settings.server.text(), base::Effect::None};
        down();
    });
}

void Lane::stopClocks()
{
    m_loop->cancel(std::exchange(m_lateTimer, 0));
    m_loop->cancel(std::exchange(m_downTimer, 0));
}

void Lane::late()
{
    if (m_seen.reach.state != ReachState::Down)
        m_seen.reach.state = ReachState::Late;
    publish();
    settle();
}

void Lane::down()
{
    m_seen.reach.state = ReachState::Down;
    publish();
    settle();
}

void Lane::publish()
{
    auto &reach = m_seen.reach;
    if (m_unansweredSince && reach.state != ReachState::Answering) {
        reach.askedAt = m_unansweredSince;
        reach.silentSince = m_unansweredSince;
        reach.silentSinceUtc = m_unansweredSinceUtc;
    }
    m_publish(std::make_shared<const facts::Observation>(m_seen));
}

void Lane::settle()
{
    if (std::exchange(m_roundOpen, false))
        m_settled(m_round);
}

void Lane::restoreUsual(microseconds latency)
{
    m_median.restore(latency);
}

void Lane::rest()
{
    // One that fails goes on: how long it has failed, and when it is back, is what is asked.
    if (m_waiting || m_unansweredSince)
        return;
    stop();
    m_wanted = false;
}

void Lane::stop()
{
    stopClocks();
    m_loop->cancel(std::exchange(m_linkTimer, 0));
    m_client->close();
    m_link = Link::Closed;
}

} // namespace shardlens::observe
