// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace shardlens::observe {

/// Where the loops pin what they saw last and the tick collects it. Any thread.
class Board
{
public:
    using Servers = std::map<base::ServerId, std::shared_ptr<const facts::Observation>>;

    /// Every server of the fleet stands on it from the beginning, asking.
    explicit Board(const fleet::Fleet &fleet)
    {
        for (const auto &guard : fleet.guards) {
            m_guards.emplace_back();
            m_guards.back().region = guard.region;
        }
        for (const auto &invalidator : fleet.invalidators) {
            m_invalidators.emplace_back();
            m_invalidators.back().region = invalidator.region;
        }
        for (const auto &group : fleet.redisGroups) {
            for (const auto &sentinel : group.sentinels) {
                m_sentinels.emplace_back();
                m_sentinels.back().group = group.name;
                m_sentinels.back().address = sentinel;
            }
        }
        for (const auto &server : fleet.servers) {
            if (server.hasManager()) {
                m_managers.emplace_back();
                m_managers.back().server = server.id;
            }
            auto observation = std::make_shared<facts::Observation>();
            observation->server = server.id;
            m_servers.emplace(server.id, std::move(observation));
        }
    }

    void pin(std::shared_ptr<const facts::Observation> observation)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        // The old one is let go outside the lock, with the caller's argument.
        const auto place = m_servers.find(observation->server);
        if (place != m_servers.end())
            place->second.swap(observation);
    }

    /// What the fleet's guard number `index` said, or how it is reached.
    void pin(std::size_t index, facts::GuardReport report)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        m_guards.at(index) = std::move(report);
    }

    /// The same of invalidator number `index`.
    void pin(std::size_t index, facts::InvalidatorReport report)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        std::swap(m_invalidators.at(index), report); // the old one is let go outside the lock
    }

    /// The same of the manager number `index`.
    void pin(std::size_t index, facts::ManagerReport report)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        std::swap(m_managers.at(index), report);
    }

    /// The same of the Sentinel number `index`.
    void pin(std::size_t index, facts::SentinelReport report)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        std::swap(m_sentinels.at(index), report);
    }

    /// What a probe found.
    void pin(const facts::ProbeKey &key, facts::ProbeReading reading)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        m_probes[key] = std::move(reading);
    }

    [[nodiscard]] facts::ProbeReadings probes()
    {
        const std::lock_guard lock(m_mutex);
        return m_probes;
    }

    [[nodiscard]] std::vector<facts::GuardReport> guards()
    {
        const std::lock_guard lock(m_mutex);
        return m_guards;
    }

    [[nodiscard]] std::vector<facts::InvalidatorReport> invalidators()
    {
        const std::lock_guard lock(m_mutex);
        return m_invalidators;
    }

    [[nodiscard]] std::vector<facts::ManagerReport> managers()
    {
        const std::lock_guard lock(m_mutex);
        return m_managers;
    }

    [[nodiscard]] std::vector<facts::SentinelReport> sentinels()
    {
        const std::lock_guard lock(m_mutex);
        return m_sentinels;
    }

    /// All observations, and whether anything changed since the last call.
    [[nodiscard]] std::pair<Servers, bool> collect()
    {
        const std::lock_guard lock(m_mutex);
        return {m_servers, std::exchange(m_changed, false)};
    }

private:
    std::mutex m_mutex;
    Servers m_servers;
    std::vector<facts::GuardReport> m_guards; ///< fleet order
    std::vector<facts::InvalidatorReport> m_invalidators; ///< fleet order
    std::vector<facts::ManagerReport> m_managers;         ///< fleet order
    std::vector<facts::SentinelReport> m_sentinels;       ///< fleet order
    facts::ProbeReadings m_probes;
    bool m_changed = false;
};

} // namespace shardlens::observe
