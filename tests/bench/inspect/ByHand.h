// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/Session.h"
#include "core/clients/redis/Session.h"
#include "core/fleet/Fleet.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::bench {

using Ms = double;

/// What a person who knows the fleet by heart does: connections open to every primary and to Redis, the statement at hand.
class ByHand
{
public:
    explicit ByHand(const fleet::Fleet &fleet);

    /// How long one statement takes on a cluster's primary, in milliseconds; negative: it failed.
    Ms query(const char *cluster, const std::string &sql, const std::vector<postgres::Value> &parameters = {});
    Ms lrange(const std::string &key, int last, std::vector<std::string> &entries);

    /// The same statements one after the other through one psql with one open connection.
    Ms psql(const char *cluster, const std::vector<std::string> &statements);

private:
    postgres::Session *session(const char *cluster);

    const fleet::Fleet &m_fleet;
    std::map<std::string, postgres::Session> m_sessions;
    std::optional<redis::Session> m_redis;
};

[[nodiscard]] Ms median(std::vector<Ms> values);
[[nodiscard]] inline Ms since(std::chrono::steady_clock::time_point begun)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

} // namespace shardlens::bench
