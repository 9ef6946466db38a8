// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/HistoryRecord.h"

#include <algorithm>
#include <map>

namespace shardlens::observe {

using facts::Measure;

namespace {

using Keep = std::function<void(Measure, const std::string &, double)>;

double inSeconds(base::microseconds time)
{
    return static_cast<double>(time.count()) / 1e6;
}

class Recording
{
public:
    Recording(const facts::Snapshot &snapshot, const Keep &keep) : m_snapshot(snapshot), m_keep(keep) {}

    void all()
    {
        for (const auto &[id, observation] : m_snapshot.servers)
            server(id, *observation);
        for (const facts::ClusterFacts &cluster : m_snapshot.clusters)
            standbys(cluster.primary, cluster.standbys, true);
        for (const facts::RedisGroupFacts &group : m_snapshot.redisGroups)
            standbys(group.primary, group.replicas, false);
        for (const auto &[region, worst] : m_worst)
            m_keep(Measure::WorstLagSeconds, region.text(), worst);
        for (const facts::RouterFacts &router : m_snapshot.routers)
            this->router(router);
        for (const facts::PoolFacts &pool : m_snapshot.pools)
            this->pool(pool);
        for (const facts::InvalidatorReport &report : m_snapshot.invalidators)
            invalidator(report);
    }

private:
    bool isFresh(const base::ServerId &id) const
    {
        const facts::Observation *observation = m_snapshot.observation(id);
        return observation && facts::freshnessOf(*observation, m_snapshot.takenAt, m_snapshot.fleet->thresholds) == facts::Freshness::Fresh;
    }

    void keep(Measure measure, const std::string &subject, const facts::Known<double> &value) const
    {
        if (value)
            m_keep(measure, subject, *value);
    }

    void server(const base::ServerId &id, const facts::Observation &observation) const
    {
        if (facts::freshnessOf(observation, m_snapshot.takenAt, m_snapshot.fleet->thresholds) != facts::Freshness::Fresh)
            return;
        if (observation.reach.latency)
            m_keep(Measure::LatencySeconds, id.text(), inSeconds(*observation.reach.latency));
        if (const facts::PostgresRates *rates = observation.postgresRates()) {
            keep(Measure::Commits, id.text(), rates->commitsPerSecond);
            keep(Measure::WalBytes, id.text(), rates->walBytesPerSecond);
        }
        if (const facts::RedisRates *rates = observation.redisRates())
            keep(Measure::RedisCommands, id.text(), rates->commandsPerSecond);
    }

    void standbys(const facts::Known<base::ServerId> &primary, const std::vector<facts::StandbyLag> &lags, bool replay)
    {
        // Without the primary no standby can be measured against it.
        if (!primary || !isFresh(*primary))
            return;
        for (const facts::StandbyLag &lag : lags) {
            const std::string &id = lag.standby.text();
            const bool bySender = lag.rule == facts::LagRule::ReplayLag;
            if (lag.time && (bySender || isFresh(lag.standby))) {
                m_keep(Measure::LagSeconds, id, inSeconds(*lag.time));
                if (const fleet::Server *server = replay ? m_snapshot.fleet->server(lag.standby) : nullptr) {
                    double &worst = m_worst[server->region];
                    worst = std::max(worst, inSeconds(*lag.time));
                }
            }
            if (lag.behind && (lag.stages.notSent || isFresh(lag.standby)))
                m_keep(Measure::LagBytes, id, static_cast<double>(lag.behind->count));
            if (lag.slotRetained)
                m_keep(Measure::SlotRetainedBytes, id, static_cast<double>(lag.slotRetained->count));
        }
    }

    void router(const facts::RouterFacts &router) const
    {
        if (!isFresh(router.server))
            return;
        keep(Measure::RouterWrites, router.server.text(), router.writesPerSecond);
        if (router.waiting)
            m_keep(Measure::RouterWaiting, router.server.text(), *router.waiting);
    }

    void pool(const facts::PoolFacts &pool) const
    {
        if (pool.answering == 0)
            return;
        keep(Measure::CacheHitRatio, pool.name.text(), pool.hitRatio);
        keep(Measure::CacheClientHitRatio, pool.name.text(), pool.clientHitRatio);
        // A sum without one of its servers would look like a loss of traffic.
        if (pool.answering == pool.declared)
            keep(Measure::CacheGets, pool.name.text(), pool.getsPerSecond);
    }

    void invalidator(const facts::InvalidatorReport &report) const
    {
        if (facts::freshnessOf(report, m_snapshot.takenAt, m_snapshot.fleet->thresholds) != facts::Freshness::Fresh)
            return;
        if (const auto lag = report.worstLag())
            m_keep(Measure::InvalidationLag, report.region.text(), inSeconds(*lag));
        m_keep(Measure::InvalidationBacklog, report.region.text(), static_cast<double>(report.waitingRows()));
        for (const auto &[pool, leases] : report.leases) {
            if (leases.perSecond.empty())
                continue;
            m_keep(Measure::CacheDatabaseReads, pool.text(), leases.databaseReadsPerSecond());
            m_keep(Measure::CacheReadsSaved, pool.text(), leases.savedPerSecond());
        }
    }

    const facts::Snapshot &m_snapshot;
    const Keep &m_keep;
    std::map<base::RegionName, double> m_worst;
};

} // namespace

void eachValue(const facts::Snapshot &snapshot, const Keep &keep)
{
    Recording(snapshot, keep).all();
}

} // namespace shardlens::observe
