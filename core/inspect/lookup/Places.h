// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Round.h"

#include <deque>
#include <map>
#include <set>

namespace shardlens::inspect::lookup {

/// Where the rows of a logical shard are.
struct Home {
    const fleet::Partition *partition = nullptr;
    const fleet::Cluster *cluster = nullptr;
    std::string schema;
};

/// Homes as the catalogs tell them.
struct FoundHomes {
    std::map<std::uint32_t, Home> homes;
    std::optional<base::Error> silence; ///< of a cluster no member of which answered: what was not found may be there
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
    void settle(Rounds &rounds);        ///< takes over what that reading has brought; where its member is silent, the others are asked
    void forget() { m_readAt.reset(); } ///< a shard was not where the map says

    /// Nothing where it is declared nowhere, or not known.
    [[nodiscard]] std::optional<Home> home(const fleet::Partition &partition, base::ShardNumber shard) const;
    /// Asks every member of the partition's clusters whether it has the schema, in one round; for a fleet without a map. An error: no
    /// member of some cluster answers, and no other cluster has it.
    [[nodiscard]] base::Result<std::optional<Home>> find(const fleet::Partition &partition, base::ShardNumber shard, Rounds &rounds);
    /// Likewise many shards, in one round too.
    [[nodiscard]] FoundHomes findAll(const fleet::Partition &partition, const std::set<std::uint32_t> &shards, Rounds &rounds);
    [[nodiscard]] std::string schemaOf(const fleet::Partition &partition, base::ShardNumber shard) const;
    [[nodiscard]] bool hasMap() const { return !m_map.empty(); }

private:
    using Map = std::map<std::pair<std::string, std::uint32_t>, std::string>;

    const fleet::Fleet &m_fleet;
    Links &m_links;
    void ask(Round &round, const ServerId &member);

    Map m_map; ///< partition and shard -> cluster
    std::deque<std::optional<Map>> m_arriving; ///< of each member that is asked; a deque: jobs keep references
    std::vector<ServerId> m_others;            ///< those that are not
    std::optional<base::Instant> m_readAt;
};

/// Members of a cluster, the likeliest to answer quickly and truly first: in this region, then the home region's, then the others.
[[nodiscard]] std::vector<ServerId> nearestFirst(const fleet::Fleet &fleet, const fleet::Cluster &cluster, const RegionName &from);
/// The member that is known to be the primary, else that of the home region.
[[nodiscard]] ServerId likelyPrimary(Links &links, const fleet::Cluster &cluster);

} // namespace shardlens::inspect::lookup
