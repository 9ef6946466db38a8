// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/SentinelReader.h"

#include "core/clients/redis/Sentinel.h"
#include "core/observe/Reaching.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::observe {

SentinelReader::SentinelReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin)
    : m_fleet(std::move(fleet)), m_password(std::move(password)), m_clock(std::move(clock)), m_pin(std::move(pin))
{
}

SentinelReader::~SentinelReader()
{
    m_stop->raise();
    for (std::thread &thread : m_threads)
        thread.join();
}

void SentinelReader::start()
{
    std::size_t index = 0;
    for (const fleet::RedisGroup &group : m_fleet->redisGroups) {
        for (const fleet::Endpoint &sentinel : group.sentinels)
            m_threads.emplace_back([this, at = index++, &group, &sentinel] { run(at, group, sentinel); });
    }
}

void SentinelReader::run(std::size_t index, const fleet::RedisGroup &group, const fleet::Endpoint &endpoint)
{
    facts::SentinelReport report;
    report.group = group.name;
    report.address = endpoint;
    std::optional<redis::Session> session;
    for (;;) {
        const base::Instant asked = m_clock->now();
        facts::SentinelReport next = report;
        const auto answered = ask(session, group, next);
        if (answered) {
            report = std::move(next);
            report.hasAnswered = true;
            noteAnswer(report.reach, asked, *m_clock);
        } else if (answered.error().code != base::ErrorCode::Cancelled) {
            noteSilence(report.reach, asked, answered.error(), m_fleet->thresholds.downAfter, *m_clock);
        }
        m_pin(index, report);
        pollfd stopped = {m_stop->descriptor(), POLLIN, 0};
        const auto left = std::chrono::ceil<base::milliseconds>(asked + facts::sentinelInterval - m_clock->now());
        if (::poll(&stopped, 1, std::max(static_cast<int>(left.count()), 100)) > 0)
            return;
    }
}

base::Result<void> SentinelReader::ask(std::optional<redis::Session> &session, const fleet::RedisGroup &group, facts::SentinelReport &report)
{
    const base::milliseconds within = m_fleet->thresholds.deadline;
    if (!session || session->hasHungUp()) {
        session.reset();
        const auto password = m_password ? m_password() : base::Result<std::string>(std::string());
        if (!password)
            return base::fail(password.error());
        auto dialled = redis::Session::connect({fleet::textOf(report.address), report.address, m_fleet->access.sentinelUser}, *password, within, m_stop);
        if (!dialled)
            return base::fail(dialled.error());
        session.emplace(std::move(*dialled));
    }
    return redis::readSentinel(*session, group.masterName(), report, within);
}

} // namespace shardlens::observe
