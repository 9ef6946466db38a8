// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace shardlens::inspect::discover {

/// An address to ask, and how it came to be known.
struct Address {
    fleet::Endpoint endpoint;
    std::string region;         ///< as the person said it; empty = not said
    std::string source;         ///< "named", "receiver of db2:5432", "target u1 of router db1:6432"
    bool isPortGuessed = false; ///< a standby does not tell its primary where it listens: the primary's own port is taken
    bool isHostOnly = false;    ///< named without a port: tried on the usual ones, and nobody listening is no news
    bool operator==(const Address &) const = default;
};

enum class Kind : std::uint8_t { Silent, Foreign, Postgres, Pgbouncer, Redis, Memcached, Guard };

/// Schemas of one database whose names differ by a number alone.
struct SchemaGroup {
    std::string pattern; ///< "tenant_{shard:4}"
    std::uint32_t count = 0;
    std::uint32_t lowest = 0;
    std::uint32_t highest = 0;
    std::string first; ///< the schema of the lowest number, as it is called
    std::string last;
    std::vector<std::string> tables; ///< those that at least half of them have, oldest first
    bool operator==(const SchemaGroup &) const = default;
};

struct Database {
    std::string name;
    std::string trouble;              ///< why it was not looked into; empty if it was
    std::vector<SchemaGroup> schemas; ///< the largest first
    std::string heartbeatTable;       ///< "shardlens.heartbeat" where a table of that form is
    std::vector<std::string> heartbeatRegions;
    std::string directorySchema;                               ///< where a table shard_map of the directory's form is
    std::vector<std::pair<std::string, std::string>> declared; ///< cluster and partition, as that table pairs them
    bool operator==(const Database &) const = default;
};

/// Whom a standby receives from, or a primary sends to.
struct Peer {
    std::string host; ///< as the server told it; empty where it may not tell, or over a socket
    int port = 0;     ///< 0 = not told
    std::string name; ///< application_name
    std::string state;
    bool operator==(const Peer &) const = default;
};

/// What was seen during the few moments of asking; thresholds are proposed from it.
struct Observed {
    std::optional<base::milliseconds> worstLag; ///< replay_lag
    std::optional<std::int64_t> worstLagBytes;
    std::optional<base::milliseconds> clockOffset; ///< server's clock - ours
    std::optional<base::seconds> longestTransaction;
    std::optional<std::int64_t> slotBytes; ///< the most that a slot keeps
    int connections = 0;
    int maxConnections = 0;
    std::string slotLimit; ///< max_slot_wal_keep_size
    bool operator==(const Observed &) const = default;
};

struct PostgresTold {
    std::string systemIdentifier; ///< empty where it may not be read
    int versionNumber = 0;
    bool inRecovery = false;
    std::string clusterName;      ///< the setting cluster_name
    std::int64_t startedAt = 0;   ///< microseconds since 1970
    int ownPort = 0;              ///< as the server knows it; differs behind a relay
    bool maySeeStats = false;     ///< pg_read_all_stats
    std::optional<Peer> receiver; ///< a standby's, with the name it gives itself
    std::vector<Peer> senders;
    std::vector<Database> databases;
    Observed observed;
};

struct RouterTarget {
    std::string name; ///< the router's database
    std::string host;
    int port = 0;
    std::string database;
};

struct RouterTold {
    std::string version;
    std::string poolMode;
    std::vector<RouterTarget> targets;
};

struct RedisTold {
    std::string version;
    std::string runId;
    bool isPrimary = true;
    std::string primaryHost;
    int primaryPort = 0;
    bool isLinkUp = false;
    std::string replicationId;
    std::vector<Peer> replicas;
    std::int64_t usedMemory = 0;
    std::int64_t maxMemory = 0;
    std::vector<std::pair<std::string, int>> prefixes; ///< of some keys, most frequent first
    int keysLookedAt = 0;
};

struct MemcachedTold {
    std::string version;
    std::int64_t pid = 0;
    std::int64_t startedAt = 0; ///< Unix seconds
    std::int64_t items = 0;
    std::int64_t limitBytes = 0;
};

struct GuardTold {
    std::string region;
};

/// What one address turned out to be.
struct Finding {
    Address address;
    std::string numericHost; ///< what the name stands for; empty if it has no address
    Kind kind = Kind::Silent;
    std::string recognisedBy;           ///< what it said that told its kind
    std::optional<base::Error> trouble; ///< why it could not be asked further
    base::microseconds roundTrip{0};    ///< of one small question
    std::variant<std::monostate, PostgresTold, RouterTold, RedisTold, MemcachedTold, GuardTold> told;

    template <class Told>
    [[nodiscard]] const Told *as() const
    {
        return std::get_if<Told>(&told);
    }
};

[[nodiscard]] std::string text(const fleet::Endpoint &endpoint); ///< "db1:5432", "[::1]:5432"

/// The addresses that a finding mentions: receivers, senders, targets, replicas. An address that only means something on the
/// server's own machine (127.0.0.1, localhost, a socket) is turned into the server's own host.
[[nodiscard]] std::vector<Address> mentionedBy(const Finding &finding);

} // namespace shardlens::inspect::discover
