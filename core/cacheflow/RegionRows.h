// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/KeyOwner.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// Where each logical shard of a partition lies, as declared: partition -> shard -> cluster.
using DeclaredMap = std::map<std::string, std::map<std::uint32_t, std::string>>;

/// Reads it from the directory, of the first member that answers, as that user: the observer, or who else may read it. Blocks, at most
/// 3 s a member. Errors: NotFound (no directory, no such user), and those of the last member.
[[nodiscard]] base::Result<DeclaredMap> declaredMap(const fleet::Fleet &fleet, const std::string &user,
                                                    const std::function<base::Result<std::string>(const std::string &entry)> &keychain);

/// The row that a cached item is made from.
struct RowVersion {
    std::int64_t version = 0;
    base::microseconds age{0}; ///< since it changed
};

/// Versions of rows as a region's applications would read them: through its router's read database. Keeps its sessions. Blocks; one
/// thread. Source: columns id, version, updated_at of the tables users and media; PostgreSQL 13 or newer.
class RegionRows
{
public:
    struct Options {
        base::milliseconds deadline{2000}; ///< of each cluster
        std::function<base::Result<std::string>(const std::string &entry)> keychain;
        std::shared_ptr<const wire::Interrupt> stop; ///< may be null
    };
    struct Read {
        std::map<std::string, RowVersion> rows;    ///< a key without one has no row there
        std::map<std::string, base::Error> unread; ///< whose cluster did not answer, or that no pattern of the fleet fits
    };

    /// Fleet and map outlive it; the map may change between calls.
    RegionRows(const fleet::Fleet &fleet, base::RegionName region, const DeclaredMap &map, const fleet::DatabaseUser &user, Options options);

    /// One statement a cluster, however many keys; a few hundred at most.
    [[nodiscard]] Read read(const std::vector<std::string> &keys);

private:
    [[nodiscard]] base::Result<std::string> clusterOf(const CachedEntity &entity) const;
    [[nodiscard]] base::Result<postgres::Session *> session(const std::string &cluster);
    void ask(const std::string &cluster, const std::vector<std::pair<std::string, CachedEntity>> &keys, Read &into);

    const fleet::Fleet &m_fleet;
    base::RegionName m_region;
    const DeclaredMap &m_map;
    fleet::DatabaseUser m_user;
    Options m_options;
    std::map<std::string, std::optional<postgres::Session>> m_sessions;
};

} // namespace shardlens::cacheflow
