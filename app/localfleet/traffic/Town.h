// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Random.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <vector>

namespace shardlens::traffic
{

/// A whole number as a server printed it; 0 if it is none.
[[nodiscard]] std::uint64_t toId(const std::string &text);

/// Where a row lives: the cluster, and its schema there.
struct Place {
    base::ClusterName cluster;
    std::string schema;
};

/// What every application knows: who there is, and which cluster has which logical shard. Read from the directory through a
/// router. Any thread.
class Town
{
public:
    Town(const fleet::Fleet &fleet);

    /// Reads names and the shard map. NotFound when there is nobody: the fleet was not seeded.
    [[nodiscard]] base::Result<void> read(postgres::Session &directory);
    [[nodiscard]] base::Result<void> readMap(postgres::Session &directory);

    [[nodiscard]] std::uint64_t anybody(seed::Random &random) const; ///< a user's ID; some are about more than others
    /// Where a user's (or a media's) row lives, by the shard in the ID. NotFound when the shard is declared nowhere.
    [[nodiscard]] base::Result<Place> placeOfUser(std::uint64_t id) const { return place(m_users, id); }
    [[nodiscard]] base::Result<Place> placeOfMedia(std::uint64_t id) const { return place(m_media, id); }
    /// The media shard of a user: the number that their own ID names.
    [[nodiscard]] base::Result<Place> placeOfPosts(std::uint64_t userId) const { return place(m_media, userId); }

private:
    [[nodiscard]] base::Result<Place> place(const fleet::Partition *partition, std::uint64_t id) const;

    const fleet::Fleet &m_fleet;
    const fleet::Partition *m_users = nullptr;
    const fleet::Partition *m_media = nullptr;
    mutable std::shared_mutex m_mutex;
    std::vector<std::uint64_t> m_people;
    std::map<std::pair<std::string, std::uint32_t>, base::ClusterName> m_map;
};

} // namespace shardlens::traffic
