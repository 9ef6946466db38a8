// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Units.h"
#include "core/facts/Known.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::facts {

/// A logical shard: a number within a partition. `insta1341` exists in both.
struct ShardKey {
    base::PartitionName partition;
    base::ShardNumber number;
    auto operator<=>(const ShardKey &) const = default;
};

/// What one server's catalogs tell of one schema. Estimates: "about".
struct ObservedShard {
    base::ShardNumber number;
    Known<base::Bytes> size = notAsked<base::Bytes>(); ///< from relpages; NotAnalysed if never
    Known<std::int64_t> rows = notAsked<std::int64_t>(); ///< from reltuples
    Known<std::int64_t> users = notAsked<std::int64_t>(); ///< rows of its users table, from reltuples; NoValue where it has no such table
    std::int64_t rowsWritten = 0;                       ///< n_tup_ins + upd + del since start; primary only
    bool operator==(const ObservedShard &) const = default;
};

/// One bulk reading of one server's catalogs.
struct CatalogReading {
    base::ServerId server;
    base::PartitionName partition;
    std::vector<ObservedShard> shards; ///< by number
    Instant readAt;
    UtcTime readUtc;
    UtcTime serverStartedAt; ///< of the server then: write counters are compared within one start only
    bool inRecovery = false;
    bool operator==(const CatalogReading &) const = default;
};

/// What the directory declares.
struct DeclaredMap {
    std::map<ShardKey, base::ClusterName> clusterOf;
    Instant readAt;
    UtcTime readUtc;
    Instant changedAt{}; ///< when a reading first differed from the one before it; the first reading differs from none
    bool operator==(const DeclaredMap &) const = default;
};

enum class Drift : std::uint8_t {
    None,
    Missing,    ///< declared on a cluster that does not have it, and no other does
    Misplaced,  ///< declared on one cluster, found on another
    Undeclared, ///< found, but declared nowhere
    Doubled,    ///< found on two clusters of its partition
    NotKnown,   ///< the directory, or a cluster that matters here, has not been read
};

/// One logical shard: declared, observed, compared.
struct Shard {
    ShardKey key;
    Known<base::ClusterName> declared = notAsked<base::ClusterName>();
    std::vector<base::ClusterName> observedOn; ///< clusters that have it
    Drift drift = Drift::NotKnown;
    Known<base::Bytes> size = notAsked<base::Bytes>();
    Known<std::int64_t> rows = notAsked<std::int64_t>();
    Known<std::int64_t> users = notAsked<std::int64_t>(); ///< of its users table alone
    Known<double> writesPerSecond = notAsked<double>(); ///< between the two newest readings of the same start
    Known<double> growthPerDay = notAsked<double>();    ///< bytes a day, over the readings kept
    bool operator==(const Shard &) const = default;

    /// The cluster it is shown on: where it was found, else where it is declared; empty if neither is known.
    [[nodiscard]] base::ClusterName cluster() const;
};

/// All logical shards, by partition and number. Built anew only when a reading changed; shared between snapshots.
struct ShardMap {
    std::vector<Shard> shards; ///< sorted by key
    Known<Instant> declaredReadAt = notAsked<Instant>();
    std::map<base::ClusterName, Instant> observedReadAt; ///< the newest reading, the primary's where it told
    std::map<base::ClusterName, base::ServerId> readOnStandby; ///< who told of those whose primary did not
    std::uint64_t version = 0;                           ///< raised when anything above changed

    bool operator==(const ShardMap &) const = default;
    [[nodiscard]] const Shard *find(const ShardKey &key) const;
};

[[nodiscard]] const char *name(Drift drift); ///< none, missing, misplaced, undeclared, doubled, not_known

} // namespace shardlens::facts
