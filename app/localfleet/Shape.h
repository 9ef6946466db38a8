// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Files.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::localfleet
{

/// What a local fleet consists of, as asked for; written to DIR/shape by the first `up`. A value.
struct Shape {
    std::vector<std::string> regions{"us-east", "us-west", "eu-west"};
    std::uint32_t usersClusters = 2;
    std::uint32_t mediaClusters = 2;
    std::string home;            ///< all clusters and groups homed here; empty: spread over the first and the last region
    std::uint32_t shards = 1024; ///< shard numbers a partition
    std::uint32_t cachesPerRegion = 2;
    std::string patroni;         ///< the cluster that is brought up under Patroni; empty: none
    std::string repmgr;          ///< the cluster that is brought up under repmgr; empty: none
    std::string sentinel;        ///< the Redis group that three Sentinels watch; empty: none
    double latencyMs = -1; ///< one way between any two regions; negative: like a continent and the Atlantic
    bool operator==(const Shape &) const = default;
};

/// Errors name the option that makes no sense.
[[nodiscard]] base::Result<void> check(const Shape &shape);
[[nodiscard]] Settings toSettings(const Shape &shape);
[[nodiscard]] base::Result<Shape> shapeFrom(const Settings &settings);

/// One server of the fleet to be.
struct Instance {
    std::string id; ///< "u1-us-east"
    fleet::ServerKind kind = fleet::ServerKind::Postgres;
    std::string region;
    std::string host;            ///< "db1-us-east"
    std::string group;           ///< its cluster, redis group or pool; empty for a router
    bool isFirstPrimary = false; ///< of a cluster or redis group, when it is made
    bool operator==(const Instance &) const = default;
};

/// A cluster or redis group of the fleet to be.
struct Group {
    std::string name;      ///< "u1", "directory", "feeds"
    std::string partition; ///< "users", "media"; empty for the directory and redis groups
    std::string home;
    std::string database; ///< of a cluster: "insta" or "directory"
    fleet::RedisRole role = fleet::RedisRole::Other;
    bool operator==(const Group &) const = default;
};

[[nodiscard]] std::vector<Group> clusters(const Shape &shape);     ///< partitions in order, the directory last
[[nodiscard]] std::vector<Group> redisGroups(const Shape &shape);  ///< feeds, mediamap, sessions
[[nodiscard]] std::vector<Instance> instances(const Shape &shape); ///< every server, in the order of the fleet file
[[nodiscard]] std::vector<Instance> membersOf(const Shape &shape, const std::string &group);
/// Regions from the nearest to the farthest of `from`, itself first.
[[nodiscard]] std::vector<std::string> nearestFirst(const Shape &shape, const std::string &from);
/// One way, in milliseconds; 0 within a region.
[[nodiscard]] double latencyMs(const Shape &shape, const std::string &from, const std::string &to);
/// A physical slot's name for a standby: only lower case letters, digits and _ are allowed there.
[[nodiscard]] std::string slotName(const std::string &serverId);

} // namespace shardlens::localfleet
