// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Round.h"

#include <map>

namespace shardlens::inspect::lookup {

/// Where the rows of a logical shard are.
struct Home {
    const fleet::Partition *partition = nullptr;
    const fleet::Cluster *cluster = nullptr;
    std::string schema;
};

/// Which cluster holds which logical shard, as the directory declares it; kept for a minute. Without a directory, or while it is
/// silent, the catalogs of the clusters are asked. One thread.
class Places
{
public:
    Places(const fleet::Fleet &fleet, Links &links) : m_fleet(fleet), m_links(links) {}

    /// The partition that has the table of such rows; null if none.
    [[nodiscard]] const fleet::Partition *partitionOf(fleet::RowKind kind) const;
    /// Whether the shard number is one of the partition's.
    [[nodiscard]] bool isInRange(const fleet::Partition &partition, base::ShardNumber shard) const;

    [[nodiscard]] bool isFresh() const;
    void askFor(Round &round);          ///< adds the reading of the whole map to a round, where it is due; settle() after it
    void settle();                      ///< takes over what that reading has brought
    void forget() { m_readAt.reset(); } ///< a shard was not where the map says

    /// Nothing where it is declared nowhere, or not known.
    [[nodiscard]] std::optional<Home> home(const fleet::Partition &partition, base::ShardNumber shard) const;
    /// Asks a member of each cluster of the partition whether it has the schema; for a fleet without a map.
    [[nodiscard]] std::optional<Home> find(const fleet::Partition &partition, base::ShardNumber shard, Rounds &rounds);
    [[nodiscard]] std::string schemaOf(const fleet::Partition &partition, base::ShardNumber shard) const;
    [[nodiscard]] bool hasMap() const { return !m_map.empty(); }

private:
    using Map = std::map<std::pair<std::string, std::uint32_t>, std::string>;

    const fleet::Fleet &m_fleet;
    Links &m_links;
    Map m_map; ///< partition and shard -> cluster
    std::optional<Map> m_arriving;
    std::optional<base::Instant> m_readAt;
};

/// Members of a cluster, the likeliest to answer quickly and truly first: in this region, then the home region's, then the others.
[[nodiscard]] std::vector<ServerId> nearestFirst(const fleet::Fleet &fleet, const fleet::Cluster &cluster, const RegionName &from);
/// The member that is known to be the primary, else that of the home region.
[[nodiscard]] ServerId likelyPrimary(Links &links, const fleet::Cluster &cluster);

} // namespace shardlens::inspect::lookup
