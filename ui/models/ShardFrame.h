// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <optional>
#include <vector>

namespace shardlens::ui::models {

using base::Instant;
using base::microseconds;

/// What all shards of a cluster share at one tick. Lag and role are the cluster's, never a shard's own.
struct ShardCluster {
    base::ClusterName name;
    base::PartitionName partition;
    int shards = 0;                        ///< shown on it
    facts::Known<base::ServerId> primary = facts::notAsked<base::ServerId>();
    base::RegionName primaryRegion;        ///< empty while the primary is not known

    std::optional<int> lagLevel;           ///< 1 to 5, of the worst standby; empty: see whyNoLag
    bool lagIsAtLeast = false;             ///< another standby's lag is not known, so the worst may be worse
    bool lagIsStale = false;               ///< made from readings that are no longer fresh
    std::optional<facts::StandbyLag> worst;///< the standby that gave the level
    base::RegionName worstRegion;
    facts::Unknown whyNoLag;
    std::optional<microseconds> lagAge;    ///< of the oldest reading that the lag was made from

    std::optional<facts::Severity> problem;///< the worst that concerns the whole cluster
    std::optional<Instant> catalogReadAt;  ///< sizes, rows and writes are as old as this
    bool catalogIsStale = false;
    base::ServerId catalogOfStandby;       ///< who told them where no primary did; empty: the primary
    bool isSilent = false;                 ///< no member answers, or may yet

    /// Equal but for ages, which every tick changes.
    [[nodiscard]] bool looksLike(const ShardCluster &other) const;
};

/// One logical shard at one tick. Points into the frame's snapshot.
struct ShardEntry {
    const facts::Shard *shard = nullptr;
    int cluster = -1;                       ///< index in ShardFrame::clusters; -1: not known where it lies
    std::optional<facts::Severity> problem; ///< the worst of its own (drift) and of its cluster
    bool hasOwnProblem = false;

    [[nodiscard]] const facts::ShardKey &key() const { return shard->key; }
};

/// A snapshot as the shards page reads it: every logical shard with its cluster. Immutable once made; keeps its snapshot alive.
struct ShardFrame {
    facts::SnapshotPtr snapshot;
    std::vector<ShardCluster> clusters; ///< those that hold a partition, in fleet order
    std::vector<ShardEntry> entries;    ///< by partition and number

    [[nodiscard]] const ShardCluster *clusterOf(const ShardEntry &entry) const;
    [[nodiscard]] const ShardCluster *cluster(const base::ClusterName &name) const;
    [[nodiscard]] int indexOf(const facts::ShardKey &key) const; ///< in entries; -1 if there is none
    /// Whether sizes, rows and writes of a shard are older than three readings.
    [[nodiscard]] bool hasStaleCatalog(const ShardEntry &entry) const;
};

/// `before`, if given, saves work where the shard map is the same one.
[[nodiscard]] ShardFrame shardFrame(facts::SnapshotPtr snapshot, const ShardFrame *before = nullptr);

/// The schema that a logical shard is, as its partition calls it: "insta1341".
[[nodiscard]] std::string schemaName(const fleet::Fleet &fleet, const facts::ShardKey &key);

/// Whether an entry, with all that its cluster lends it, is drawn and read the same in two frames but for ages. Made once for a pair.
class ShardFrameDiff
{
public:
    ShardFrameDiff(const ShardFrame &before, const ShardFrame &after);

    /// Indices into the entries of `before` and `after`, of the same shard.
    [[nodiscard]] bool isSame(int before, int after) const;
    [[nodiscard]] bool hasSameKeys() const { return m_sameKeys; }

private:
    const ShardFrame &m_before;
    const ShardFrame &m_after;
    std::vector<bool> m_sameCluster; ///< by index in both, where the lists agree
    bool m_sameKeys = false;
    bool m_sameMap = false;
};

} // namespace shardlens::ui::models
