// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/LeaseDatagram.h"
#include "core/clients/memcached/Session.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/redis/Session.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::traffic
{

/// What one application process of a region has open: databases of its region's router, the groups' stable addresses there,
/// its region's pool. Opened when first needed, and again after a failure, but not in every moment. One thread.
class Doorway
{
public:
    /// `herds` is shared by the region's processes: who of them waits for which fill.
    Doorway(const fleet::Fleet &fleet, base::RegionName region, std::shared_ptr<const wire::Interrupt> stop,
            std::shared_ptr<cacheflow::HerdBook> herds = {});

    enum class Way { Write, Read };
    /// A cluster's primary, or the nearest standby, through the router.
    [[nodiscard]] base::Result<postgres::Session *> cluster(const base::ClusterName &name, Way way);
    [[nodiscard]] base::Result<redis::Session *> group(fleet::RedisRole role);
    [[nodiscard]] base::Result<memcached::Session *> pool();
    [[nodiscard]] base::Result<cacheflow::LeaseClient *> leases(); ///< of the same pool
    [[nodiscard]] bool isInvalidated() const;                      ///< the region's invalidator deletes what a commit changed
    void reportLeases();                                           ///< to the region's invalidator, once a second

    [[nodiscard]] const base::RegionName &region() const { return m_region; }

private:
    template <class Session>
    struct Door {
        std::optional<Session> session;
        base::Instant notBefore{}; ///< after a failed attempt
        std::optional<base::Error> error;
    };
    [[nodiscard]] base::Result<postgres::Session> openCluster(const std::string &database);
    [[nodiscard]] base::Result<redis::Session> openGroup(fleet::RedisRole role);
    [[nodiscard]] base::Result<const fleet::Pool *> declaredPool() const;
    [[nodiscard]] std::vector<memcached::Member> membersOf(const fleet::Pool &pool) const;

    const fleet::Fleet &m_fleet;
    base::RegionName m_region;
    std::shared_ptr<const wire::Interrupt> m_stop;
    std::shared_ptr<cacheflow::HerdBook> m_herds;
    std::map<std::string, Door<postgres::Session>> m_databases;
    std::map<fleet::RedisRole, Door<redis::Session>> m_groups;
    std::optional<memcached::Session> m_pool;
    std::optional<cacheflow::LeaseClient> m_leases;
    std::optional<cacheflow::LeaseReporter> m_reporter;
    base::Instant m_reportAt{};
};

} // namespace shardlens::traffic
