// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

/// Databases and their rates come sorted by name.
template <class List>
auto named(const List &list, const std::string &name) -> decltype(list.data())
{
    const auto found = std::lower_bound(list.begin(), list.end(), name, [](const auto &item, const std::string &wanted) { return item.name < wanted; });
    return found == list.end() || found->name != name ? nullptr : &*found;
}

const RouterDatabase *databaseOf(const RouterSample &sample, const std::string &name)
{
    return named(sample.databases, name);
}

const RouterRates::Database *ratesOf(const RouterRates *rates, const std::string &name)
{
    return rates ? named(rates->databases, name) : nullptr;
}

/// Any Postgres server may be dialled by mistake, so all are looked at, the cluster's own first.
base::ServerId dialled(const Tick &tick, const fleet::Cluster &cluster, const RouterDatabase &database, const base::RegionName &from)
{
    if (auto own = tick.atAddress(cluster.servers, database.host, database.port, from); !own.isEmpty())
        return own;
    return tick.postgresAtAddress(database.host, database.port, from);
}

/// A second member that takes writes of its own shows what the primary does not have.
bool isWritable(const ClusterFacts &facts, const base::ServerId &id)
{
    return std::find(facts.writable.begin(), facts.writable.end(), id) != facts.writable.end();
}

Known<bool> isRight(const Tick &tick, const RouterTarget &target, const fleet::Cluster &cluster, const ClusterFacts &facts, const base::RegionName &from)
{
    if (!target.leadsTo)
        return tl::unexpected<Unknown>(target.leadsTo.error());
    const bool member = std::find(cluster.servers.begin(), cluster.servers.end(), *target.leadsTo) != cluster.servers.end();
    if (!member)
        return false;
    if (target.forReads) {
        const auto standby = std::find_if(facts.standbys.begin(), facts.standbys.end(), [&](const StandbyLag &lag) { return lag.standby == *target.leadsTo; });
        if (standby != facts.standbys.end())
            return standby->state != StandbyState::Diverged && !isWritable(facts, standby->standby);
        // Reads are a region's own member's; across regions they are a standby's, as long as one could serve them.
        if (!facts.primary)
            return tl::unexpected<Unknown>(facts.primary.error());
        return tick.regionOf(*target.leadsTo) == from || std::none_of(facts.standbys.begin(), facts.standbys.end(), [](const StandbyLag &lag) {
            return lag.state == StandbyState::Streaming || lag.state == StandbyState::CatchingUp;
        });
    }
    if (!facts.primary)
        return tl::unexpected<Unknown>(facts.primary.error());
    return *target.leadsTo == *facts.primary;
}

RouterTarget targetOf(const Tick &tick, const fleet::Router &router, const fleet::Cluster &cluster, const ClusterFacts &facts, bool forReads)
{
    RouterTarget target;
    target.cluster = cluster.name;
    target.forReads = forReads;
    target.database = fleet::expand(forReads ? router.readDatabase : router.primaryDatabase, "cluster", cluster.name.text());
    const Observation *observation = tick.observation(router.server);
    const RouterSample *sample = observation ? observation->router() : nullptr;
    if (!sample)
        return target;
    const RouterDatabase *database = databaseOf(*sample, target.database);
    if (!database) {
        target.leadsTo = unknown(WhyUnknown::NoValue, target.database);
        target.right = unknown(WhyUnknown::NoValue, target.database);
        return target;
    }
    target.paused = database->paused;
    target.waiting = database->clientsWaiting;
    const base::ServerId server = dialled(tick, cluster, *database, router.region);
    if (server.isEmpty())
        target.leadsTo = unknown(WhyUnknown::NotConfigured, database->host + ":" + std::to_string(database->port));
    else
        target.leadsTo = server;
    target.right = isRight(tick, target, cluster, facts, router.region);
    return target;
}

void addRate(Known<double> &sum, const RouterRates::Database *rate)
{
    if (!rate || !rate->transactionsPerSecond) {
        if (!sum && rate)
            sum = tl::unexpected<Unknown>(rate->transactionsPerSecond.error());
        return;
    }
    sum = sum.value_or(0) + *rate->transactionsPerSecond;
}

} // namespace

RouterFacts routerFacts(const Tick &tick, const fleet::Router &router, const std::vector<ClusterFacts> &clusters)
{
    RouterFacts facts;
    facts.server = router.server;
    facts.region = router.region;
    for (std::size_t i = 0; i < tick.fleet.clusters.size(); ++i) {
        for (const bool forReads : {false, true})
            facts.targets.push_back(targetOf(tick, router, tick.fleet.clusters[i], clusters[i], forReads));
    }
    const Observation *observation = tick.observation(router.server);
    if (!observation || !observation->router())
        return facts;
    std::int32_t waiting = 0;
    for (const RouterDatabase &database : observation->router()->databases) {
        waiting += database.clientsWaiting;
        addRate(facts.transactionsPerSecond, ratesOf(observation->routerRates(), database.name));
    }
    facts.waiting = waiting;
    for (const RouterTarget &target : facts.targets) {
        if (!target.forReads)
            addRate(facts.writesPerSecond, ratesOf(observation->routerRates(), target.database));
    }
    return facts;
}

} // namespace shardlens::facts::derive
