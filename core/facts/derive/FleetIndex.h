// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <map>
#include <unordered_map>
#include <vector>

namespace shardlens::facts::derive {

/// A fleet's servers by name and by address, so that a tick over hundreds of servers searches no list. Made once a fleet.
class FleetIndex
{
public:
    explicit FleetIndex(const fleet::Fleet &fleet);

    [[nodiscard]] const fleet::Server *server(const base::ServerId &id) const;
    /// Servers that anybody reaches at this address.
    [[nodiscard]] const std::vector<const fleet::Server *> &at(const fleet::Endpoint &endpoint) const;

private:
    std::unordered_map<base::ServerId, const fleet::Server *> m_servers;
    std::map<fleet::Endpoint, std::vector<const fleet::Server *>> m_addresses;
};

} // namespace shardlens::facts::derive
