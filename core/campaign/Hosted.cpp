// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Hosted.h"

#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

using base::ServerId;
using facts::StandbyLag;
using facts::WhyUnknown;

const StandbyLag *lagAmong(const std::vector<StandbyLag> &lags, const ServerId &id)
{
    const auto found = std::find_if(lags.begin(), lags.end(), [&](const StandbyLag &lag) { return lag.standby == id; });
    return found == lags.end() ? nullptr : &*found;
}

class HostSight
{
public:
    HostSight(const facts::Snapshot &snapshot, const base::HostName &host) : m_snapshot(snapshot), m_host(host) {}

    Hosted look(const fleet::Server &server) const
    {
        Hosted one;
        one.server = server.id;
        one.kind = server.kind;
        if (const facts::Observation *seen = m_snapshot.observation(server.id))
            one.reach = seen->reach.state;
        if (const fleet::Cluster *cluster = fleet().clusterOf(server.id))
            lookAtCluster(*cluster, one);
        else if (const fleet::RedisGroup *group = fleet().redisGroupOf(server.id))
            lookAtGroup(*group, one);
        else if (const fleet::Pool *pool = fleet().poolOf(server.id))
            lookAtPool(*pool, one);
        else if (server.kind == fleet::ServerKind::Pgbouncer)
            lookAtRouter(server, one);
        return one;
    }

private:
    const fleet::Fleet &fleet() const { return *m_snapshot.fleet; }

    bool isElsewhere(const ServerId &id) const
    {
        const fleet::Server *server = fleet().server(id);
        return server && server->host != m_host;
    }

    bool answers(const ServerId &id) const
    {
        const facts::Observation *seen = m_snapshot.observation(id);
        return seen && seen->reach.state == facts::ReachState::Answering;
    }

    void lookAtMembers(const facts::Known<ServerId> &primary, const std::vector<StandbyLag> &lags, Hosted &one) const
    {
        if (!primary)
            return;
        one.part = *primary == one.server ? Part::Primary : Part::Standby;
        for (const StandbyLag &lag : lags) {
            if (lag.standby != one.server && isElsewhere(lag.standby) && answers(lag.standby) && operate::isLive(&lag))
                one.others.push_back(lag.standby);
        }
        if (const StandbyLag *own = lagAmong(lags, one.server); own && one.part == Part::Standby)
            one.lag = own->time;
    }

    void lookAtCluster(const fleet::Cluster &cluster, Hosted &one) const
    {
        one.of = cluster.name.text();
        const facts::ClusterFacts *seen = m_snapshot.cluster(cluster.name);
        if (!seen)
            return;
        lookAtMembers(seen->primary, seen->standbys, one);
        if (one.part == Part::Standby)
            one.logKeptFor = logKeptFor(*seen, one.server);
    }

    void lookAtGroup(const fleet::RedisGroup &group, Hosted &one) const
    {
        one.of = group.name.text();
        if (const facts::RedisGroupFacts *seen = m_snapshot.redisGroup(group.name))
            lookAtMembers(seen->primary, seen->replicas, one);
    }

    void lookAtPool(const fleet::Pool &pool, Hosted &one) const
    {
        one.of = pool.name.text();
        one.part = Part::Member;
        for (const ServerId &id : pool.servers) {
            if (id != one.server && isElsewhere(id) && answers(id))
                one.others.push_back(id);
        }
        const facts::Observation *seen = m_snapshot.observation(one.server);
        const facts::MemcachedRates *rates = seen ? seen->memcachedRates() : nullptr;
        if (!rates)
            return;
        const auto &gets = rates->getsPerSecond;
        const auto &hits = rates->hitRatio;
        if (!gets || *gets == 0)
            one.hitsPerSecond = gets;
        else
            one.hitsPerSecond = hits ? facts::Known<double>(*gets * *hits) : hits;
    }

    void lookAtRouter(const fleet::Server &server, Hosted &one) const
    {
        one.of = server.region.text();
        one.part = Part::Router;
        for (const fleet::Router &router : fleet().routers) {
            if (router.server != one.server && router.region == server.region && isElsewhere(router.server) && answers(router.server))
                one.others.push_back(router.server);
        }
    }

    const facts::Snapshot &m_snapshot;
    const base::HostName &m_host;
};

} // namespace

std::vector<Hosted> hostedOn(const facts::Snapshot &snapshot, const base::HostName &host)
{
    const HostSight sight(snapshot, host);
    std::vector<Hosted> all;
    for (const fleet::Server &server : snapshot.fleet->servers) {
        if (server.host == host)
            all.push_back(sight.look(server));
    }
    return all;
}

bool hasNoSecond(const Hosted &one)
{
    return one.part != Part::Unknown && one.others.empty();
}

const facts::Mark *markOf(const facts::Snapshot &snapshot, const base::HostName &host)
{
    if (!snapshot.shared)
        return nullptr;
    const auto &marks = snapshot.shared->marks;
    const auto found = std::find_if(marks.begin(), marks.end(), [&](const facts::Mark &mark) {
        return mark.kind == facts::Mark::Kind::Host && mark.subject == host.text();
    });
    return found == marks.end() ? nullptr : &*found;
}

facts::Known<base::microseconds> logKeptFor(const facts::ClusterFacts &cluster, const ServerId &standby)
{
    const StandbyLag *lag = lagAmong(cluster.standbys, standby);
    if (!lag)
        return facts::notAsked<base::microseconds>();
    if (!lag->slotLimit)
        return tl::unexpected(lag->slotLimit.error());
    if (!cluster.walBytesPerSecond)
        return tl::unexpected(cluster.walBytesPerSecond.error());
    if (*cluster.walBytesPerSecond <= 0)
        return facts::unknown(WhyUnknown::NoValue); // nothing is written: nothing fills
    const std::int64_t kept = lag->slotRetained ? lag->slotRetained->count : 0;
    const std::int64_t room = std::max<std::int64_t>(lag->slotLimit->count - kept, 0);
    return base::microseconds(static_cast<std::int64_t>(static_cast<double>(room) / *cluster.walBytesPerSecond * 1e6));
}

std::string_view name(Part part)
{
    switch (part) {
    case Part::Primary: return "primary";
    case Part::Standby: return "standby";
    case Part::Router: return "router";
    case Part::Member: return "member";
    case Part::Unknown: return "unknown";
    }
    return "";
}

} // namespace shardlens::campaign
