// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Doorway.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>

namespace shardlens::traffic
{

using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds connectDeadline{3000};
constexpr base::milliseconds cacheDeadline{500};
constexpr base::milliseconds restAfterFailure{300};
constexpr base::seconds renewedBefore{3}; ///< a value's end, by one reader while the others are served

/// The door's session, opened if it is not and its rest after a failure is over.
template <class Door, class Open>
auto through(Door &door, Open open) -> Result<decltype(&*door.session)>
{
    if (door.session && door.session->isOpen())
        return &*door.session;
    door.session.reset();
    const auto now = std::chrono::steady_clock::now();
    if (door.error && now < door.notBefore)
        return base::fail(*door.error);
    auto opened = open();
    if (!opened) {
        door.error = opened.error();
        door.notBefore = std::chrono::steady_clock::now() + restAfterFailure;
        return base::fail(opened.error());
    }
    door.error.reset();
    door.session = std::move(*opened);
    return &*door.session;
}

} // namespace

Doorway::Doorway(const fleet::Fleet &fleet, base::RegionName region, std::shared_ptr<const wire::Interrupt> stop,
                 std::shared_ptr<cacheflow::HerdBook> herds)
    : m_fleet(fleet), m_region(std::move(region)), m_stop(std::move(stop)), m_herds(std::move(herds))
{
}

Result<postgres::Session *> Doorway::cluster(const base::ClusterName &name, Way way)
{
    const auto *router = m_fleet.routerOf(m_region);
    if (!router)
        return base::fail(ErrorCode::NotFound, "no router is declared in " + m_region.text());
    const std::string database = fleet::expand(way == Way::Read ? router->readDatabase : router->primaryDatabase, "cluster", name.text());
    return through(m_databases[database], [&] { return openCluster(database); });
}

Result<postgres::Session> Doorway::openCluster(const std::string &database)
{
    const auto *server = m_fleet.server(m_fleet.routerOf(m_region)->server);
    const auto *user = m_fleet.access.firstWith(fleet::Role::Application);
    if (!server || !user)
        return base::fail(ErrorCode::NotFound, "the fleet file names no application user");
    const fleet::Endpoint &endpoint = server->address.from(m_region);
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, database, user->name});
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet.access.tls;
    options.throughRouter = true;
    options.applicationName = "app-" + m_region.text();
    return postgres::Session::connect({server->id.text() + "/" + database, endpoint, database, user->name}, *secret, options,
                                      connectDeadline, m_stop);
}

Result<redis::Session *> Doorway::group(fleet::RedisRole role)
{
    return through(m_groups[role], [&] { return openGroup(role); });
}

Result<redis::Session> Doorway::openGroup(fleet::RedisRole role)
{
    const auto group = std::find_if(m_fleet.redisGroups.begin(), m_fleet.redisGroups.end(), [&](const auto &g) { return g.role == role; });
    if (group == m_fleet.redisGroups.end())
        return base::fail(ErrorCode::NotFound, "no redis group is declared for " + std::string(fleet::name(role)));
    const auto stable = group->stableAddress.find(m_region);
    if (stable == group->stableAddress.end())
        return base::fail(ErrorCode::NotFound, "the group " + group->name.text() + " has no stable address in " + m_region.text());
    const auto secret = secrets::resolve(m_fleet.access.redisSecret, {});
    if (!secret)
        return base::fail(secret.error());
    return redis::Session::connect({group->name.text() + "@" + m_region.text(), stable->second, m_fleet.access.redisUser}, *secret,
                                   connectDeadline, m_stop);
}

Result<const fleet::Pool *> Doorway::declaredPool() const
{
    const auto pool = std::find_if(m_fleet.pools.begin(), m_fleet.pools.end(), [&](const auto &p) { return p.region == m_region; });
    if (pool == m_fleet.pools.end())
        return base::fail(ErrorCode::NotFound, "no pool is declared in " + m_region.text());
    return &*pool;
}

std::vector<memcached::Member> Doorway::membersOf(const fleet::Pool &pool) const
{
    std::vector<memcached::Member> members;
    for (const auto &id : pool.servers) {
        if (const auto *server = m_fleet.server(id))
            members.push_back({id.text(), server->address.from(m_region)});
    }
    return members;
}

Result<memcached::Session *> Doorway::pool()
{
    if (m_pool)
        return &*m_pool; // its connections mend themselves
    const auto pool = declaredPool();
    if (!pool)
        return base::fail(pool.error());
    auto opened = memcached::Session::open(membersOf(**pool), (*pool)->hashing, cacheDeadline);
    if (!opened)
        return base::fail(opened.error());
    m_pool = std::move(*opened);
    return &*m_pool;
}

Result<cacheflow::LeaseClient *> Doorway::leases()
{
    if (m_leases)
        return &*m_leases;
    const auto pool = declaredPool();
    if (!pool)
        return base::fail(pool.error());
    cacheflow::LeaseRules rules;
    rules.deadline = cacheDeadline;
    rules.recache = renewedBefore;
    rules.needsVouching = isInvalidated();
    rules.herds = m_herds;
    auto opened = cacheflow::LeaseClient::open(membersOf(**pool), (*pool)->hashing, rules, m_stop);
    if (!opened)
        return base::fail(opened.error());
    m_leases = std::move(*opened);
    const auto *invalidator = m_fleet.invalidatorOf(m_region);
    if (invalidator && invalidator->statsd.port != 0) {
        if (auto reporter = cacheflow::LeaseReporter::open(invalidator->statsd, (*pool)->name.text()))
            m_reporter.emplace(std::move(*reporter));
    }
    return &*m_leases;
}

bool Doorway::isInvalidated() const
{
    return m_fleet.invalidatorOf(m_region) != nullptr;
}

void Doorway::reportLeases()
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_leases || !m_reporter || now < m_reportAt)
        return;
    m_reportAt = now + base::seconds(1);
    m_reporter->report({m_leases->counts(), m_leases->herds()});
}

} // namespace shardlens::traffic
