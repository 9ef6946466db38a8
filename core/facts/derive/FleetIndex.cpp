// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/FleetIndex.h"

#include <algorithm>

namespace shardlens::facts::derive {

FleetIndex::FleetIndex(const fleet::Fleet &fleet)
{
    const auto add = [&](const fleet::Endpoint &endpoint, const fleet::Server &server) {
        std::vector<const fleet::Server *> &there = m_addresses[endpoint];
        if (std::find(there.begin(), there.end(), &server) == there.end())
            there.push_back(&server);
    };
    for (const fleet::Server &server : fleet.servers) {
        m_servers.emplace(server.id, &server);
        add(server.address.own, server);
        for (const auto &[viewer, endpoint] : server.address.seenFrom)
            add(endpoint, server);
    }
}

const fleet::Server *FleetIndex::server(const base::ServerId &id) const
{
    const auto found = m_servers.find(id);
    return found == m_servers.end() ? nullptr : found->second;
}

const std::vector<const fleet::Server *> &FleetIndex::at(const fleet::Endpoint &endpoint) const
{
    static const std::vector<const fleet::Server *> nobody;
    const auto found = m_addresses.find(endpoint);
    return found == m_addresses.end() ? nobody : found->second;
}

} // namespace shardlens::facts::derive
