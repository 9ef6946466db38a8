// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/SentinelReader.h"

#include "core/clients/redis/Sentinel.h"

#include <algorithm>
#include <memory>

namespace shardlens::observe {

SentinelReader::SentinelReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin)
    : m_fleet(std::move(fleet)), m_password(std::move(password)),
      m_threads({facts::sentinelInterval, m_fleet->thresholds.deadline, m_fleet->thresholds.downAfter}, std::move(clock), std::move(pin))
{
}

void SentinelReader::start()
{
    for (const fleet::RedisGroup &group : m_fleet->redisGroups) {
        for (const fleet::Endpoint &sentinel : group.sentinels) {
            facts::SentinelReport report;
            report.group = group.name;
            report.address = sentinel;
            auto session = std::make_shared<std::optional<redis::Session>>(); // kept from one question to the next
            m_threads.add(std::move(report), [this, session, &group](facts::SentinelReport &next, base::milliseconds within) { return ask(*session, group, next, within); });
        }
    }
}

base::Result<void> SentinelReader::ask(std::optional<redis::Session> &session, const fleet::RedisGroup &group, facts::SentinelReport &report,
                                       base::milliseconds within) const
{
    const auto deadline = std::chrono::steady_clock::now() + within;
    if (!session || session->hasHungUp()) {
        session.reset();
        const auto password = m_password ? m_password() : base::Result<std::string>(std::string());
        if (!password)
            return base::fail(password.error());
        auto dialled = redis::Session::connect({fleet::textOf(report.address), report.address, m_fleet->access.sentinelUser}, *password, within, m_threads.stop());
        if (!dialled)
            return base::fail(dialled.error());
        session.emplace(std::move(*dialled));
    }
    return redis::readSentinel(*session, group.masterName(), report,
                               std::max(std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now()), base::milliseconds(1)));
}

} // namespace shardlens::observe
