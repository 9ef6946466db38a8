// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Clock.h"
#include "core/base/Units.h"
#include "core/fleet/Access.h"
#include "core/fleet/Queries.h"
#include "core/fleet/Thresholds.h"
#include "core/ids/IdLayout.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fleet {

using base::ClusterName;
using base::GroupName;
using base::HostName;
using base::PartitionName;
using base::PoolName;
using base::RegionName;
using base::ServerId;

enum class Environment : std::uint8_t { Local, Staging, Production };
enum class ServerKind : std::uint8_t { Postgres, Pgbouncer, Redis, Memcached };

/// Where a process listens, as seen from one region.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;

    auto operator<=>(const Endpoint &) const = default;
};

/// An address that differs by who looks: traffic of another region may take another way.
struct Address {
    Endpoint own;                           ///< as seen in the server's own region, and wherever `seenFrom` names no other
    std::map<RegionName, Endpoint> seenFrom; ///< viewer's region -> address

    [[nodiscard]] const Endpoint &from(const RegionName &viewer) const;
    bool operator==(const Address &) const = default;
};

struct Region {
    RegionName name;
    bool operator==(const Region &) const = default;
};

struct Host {
    HostName name;
    RegionName region;
    HostReach reach;
    Stonith stonith = {}; ///< its own, else the file's for all
    bool operator==(const Host &) const = default;
};

struct Server {
    ServerId id;
    ServerKind kind = ServerKind::Postgres;
    HostName host;
    RegionName region; ///< its host's region
    Address address;
    std::string replicationName = {}; ///< Postgres: what its primary knows it by (application_name, slot); empty = its own name
    std::optional<Endpoint> patroni = {}; ///< Postgres: where its Patroni's REST interface listens, over plain HTTP
    std::string repmgr = {};              ///< Postgres: its repmgr.conf, absolute, on its own host; empty = none
    std::string dataDirectory = {}; ///< Postgres: absolute, on its host; empty = as it says itself while it answers
    std::string configFile = {};    ///< likewise
    std::vector<std::string> stopCommand = {};  ///< Postgres, where no guard stands in its region: on its host, before it is seen to be stopped
    std::vector<std::string> startCommand = {}; ///< likewise, instead of pg_ctl start

    [[nodiscard]] bool hasManager() const { return patroni || !repmgr.empty(); } ///< one that can be asked about this server
    bool operator==(const Server &) const = default;
};

/// A vertical partition: a set of tables split over the same logical shards.
struct Partition {
    PartitionName name;
    std::string schemaPattern = "insta{shard}"; ///< how a logical shard's schema is called; {shard:4} = four digits at least
    std::uint32_t shardCount = 0;               ///< shard numbers 0 .. count-1 exist; 0 = not declared
    std::vector<std::string> tables;
    bool operator==(const Partition &) const = default;
};

/// What moves a cluster's or Redis group's primary by itself. Where there is one, the primary is moved through it alone. Patroni and
/// repmgr are a cluster's, Sentinel a group's.
enum class Manager : std::uint8_t { None, Patroni, Repmgr, Sentinel };

/// One Postgres primary and its standbys. Which of them is the primary is observed, never declared.
struct Cluster {
    ClusterName name;
    PartitionName partition; ///< empty for the directory, and for a cluster that holds no logical shards
    RegionName home;
    std::vector<ServerId> servers;
    std::string database = "insta"; ///< the database on its servers
    Manager manager = Manager::None;       ///< Patroni: each of its servers says where that one listens; Repmgr: each names its repmgr.conf
    std::string repmgrDatabase = "repmgr"; ///< of Manager::Repmgr: where its extension keeps repmgr.nodes
    bool operator==(const Cluster &) const = default;
};

/// What a redis group holds.
enum class RedisRole : std::uint8_t { Feeds, MediaMap, Sessions, Other };

/// How the guard of a region leads its stable address of a Redis group to another server (app/guard/PROTOCOL.md tells what it says).
struct StableSwitch {
    enum class Kind : std::uint8_t { None, Socket, Program };
    Kind kind = Kind::None; ///< None: a person does it
    std::string path;       ///< absolute, the same on every guard's host
    bool operator==(const StableSwitch &) const = default;
};

struct RedisGroup {
    GroupName name;
    RedisRole role = RedisRole::Other;
    RegionName home;
    std::vector<ServerId> servers;
    std::map<RegionName, Endpoint> stableAddress; ///< what applications of a region dial; leads to the primary
    std::string termKey;                          ///< the key that holds the group's term; empty if none
    StableSwitch stableSwitch = {};
    Manager manager = Manager::None;
    std::vector<Endpoint> sentinels = {}; ///< of Manager::Sentinel: where each listens, the same from everywhere
    std::string sentinelMaster = {};      ///< what they call the group; empty: as it is called here
    bool operator==(const RedisGroup &) const = default;

    [[nodiscard]] const std::string &masterName() const { return sentinelMaster.empty() ? name.text() : sentinelMaster; }
};

enum class Hashing : std::uint8_t { Ketama, Modulo };

/// The memcached servers of one region that share a key space.
struct Pool {
    PoolName name;
    RegionName region;
    std::vector<ServerId> servers;
    Hashing hashing = Hashing::Ketama;
    bool operator==(const Pool &) const = default;
};

/// The pgbouncer of a region.
struct Router {
    ServerId server;
    RegionName region;
    std::string primaryDatabase = "{cluster}";     ///< its database that leads to a cluster's primary
    std::string readDatabase = "{cluster}_read";   ///< its database that leads to the region's own or nearest standby
    bool operator==(const Router &) const = default;
};

/// The small resident process of a region.
struct Guard {
    RegionName region;
    Address address;
    bool operator==(const Guard &) const = default;
};

/// The process of a region that deletes its pools' keys when commits arrive there.
struct Invalidator {
    RegionName region;
    Address address; ///< answers consoles
    Endpoint statsd; ///< where the region's applications send what their leases did, over UDP; port 0 = nowhere
    bool operator==(const Invalidator &) const = default;
};

/// The cluster that holds the declared shard map, names, marks and audit.
struct Directory {
    ClusterName cluster;
    std::string database = "directory";
    std::string schema = "directory";
    bool operator==(const Directory &) const = default;
};

/// The row that each region's guard writes into every cluster.
struct Heartbeat {
    std::string table = "shardlens.heartbeat";
    base::milliseconds interval{500};
    bool operator==(const Heartbeat &) const = default;
};

/// How cached items and Redis keys are called; `{id}`, `{user}`, `{media}`, `{bucket}` stand for numbers.
struct KeyPatterns {
    std::map<std::string, std::string> cached; ///< "user" -> "u:{id}", "media" -> "m:{id}", …
    std::map<std::string, std::string> redis;  ///< "main_feed" -> "feed:{user}", "activity_feed", "media_map", "session"
    std::uint32_t mediaMapBucket = 1000;       ///< media per hash of the media map
    std::uint32_t feedLength = 0;              ///< entries a feed is trimmed to; 0 = not declared
    bool operator==(const KeyPatterns &) const = default;
};

/// Everything one console looks at, as declared in a fleet file. Immutable once read; any thread.
struct Fleet {
    std::string name;
    std::string id; ///< tells it from others of that name; empty = its name alone does
    Environment environment = Environment::Production; ///< a file that does not say counts as production
    RegionName ownRegion;                              ///< where this console stands
    bool madeByLocalfleet = false;
    bool acting = false; ///< may be acted on; else look-only until a person switches it on. A file that does not say: madeByLocalfleet
    ids::IdLayout idLayout;

    std::vector<Region> regions; ///< in file order: the order of columns everywhere
    std::vector<Host> hosts;
    std::vector<Server> servers;
    std::vector<Partition> partitions;
    std::vector<Cluster> clusters;
    std::vector<RedisGroup> redisGroups;
    std::vector<Pool> pools;
    std::vector<Router> routers;
    std::vector<Guard> guards;
    std::vector<Invalidator> invalidators;
    std::optional<Directory> directory;
    std::optional<Heartbeat> heartbeat;
    KeyPatterns keys;
    Queries queries;
    Thresholds thresholds;
    Access access;

    bool operator==(const Fleet &) const = default;

    [[nodiscard]] const Server *server(const ServerId &id) const;
    [[nodiscard]] const Host *hostOf(const ServerId &wanted) const;
    [[nodiscard]] const Cluster *cluster(const ClusterName &name) const;
    [[nodiscard]] const Partition *partition(const PartitionName &name) const;
    [[nodiscard]] const RedisGroup *redisGroup(const GroupName &name) const;
    [[nodiscard]] const Pool *pool(const PoolName &name) const;
    [[nodiscard]] const Router *routerOf(const RegionName &region) const;
    [[nodiscard]] const Guard *guardOf(const RegionName &region) const;
    [[nodiscard]] const Invalidator *invalidatorOf(const RegionName &region) const;
    [[nodiscard]] const Cluster *clusterOf(const ServerId &id) const;
    [[nodiscard]] const RedisGroup *redisGroupOf(const ServerId &id) const;
    [[nodiscard]] const Pool *poolOf(const ServerId &id) const;
};

/// `{word}` in a pattern replaced by a value: expand("insta{shard}", "shard", "12") is "insta12", and with "tenant_{shard:4}"
/// it is "tenant_0012".
[[nodiscard]] std::string expand(const std::string &pattern, const std::string &word, const std::string &value);

/// Where a pattern's `{word}` or `{word:digits}` stands.
struct Hole {
    std::size_t at = 0;
    std::size_t length = 0;
    unsigned digits = 0; ///< shorter numbers get zeros in front; 0 = as they are
};
[[nodiscard]] std::optional<Hole> holeOf(std::string_view pattern, std::string_view word, std::size_t from = 0);

/// The number that stands in a text where the pattern has `{word}`; nothing where the text is not of the pattern.
[[nodiscard]] std::optional<std::uint64_t> numberIn(std::string_view pattern, std::string_view word, std::string_view text);

/// "db1.example:5432", "[2001:db8::1]:5432"; endpointOf() reads it.
[[nodiscard]] std::string textOf(const Endpoint &endpoint);
/// Nothing if it has another form.
[[nodiscard]] std::optional<Endpoint> endpointOf(std::string_view text);

[[nodiscard]] std::string_view name(Environment environment); ///< local, staging, production
[[nodiscard]] std::string_view name(ServerKind kind);         ///< postgres, pgbouncer, redis, memcached
[[nodiscard]] std::string_view name(Manager manager);         ///< none, patroni, repmgr, sentinel
[[nodiscard]] std::string_view name(RedisRole role);          ///< feeds, media_map, sessions, other
[[nodiscard]] std::string_view name(StableSwitch::Kind kind); ///< none, socket, program
[[nodiscard]] std::string_view name(Hashing hashing);         ///< ketama, modulo

} // namespace shardlens::fleet
