// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/facts/derive/Population.h"

#include <string>
#include <vector>

namespace shardlens::facts::rules {

/// A snapshot as the rules read it, with the words they share: who answers, what is where, what counts as evidence.
class Judgement
{
public:
    Judgement(const Snapshot &snapshot, const derive::Population &population) : m_snapshot(snapshot), m_population(population) {}

    [[nodiscard]] const Snapshot &snapshot() const { return m_snapshot; }
    [[nodiscard]] const fleet::Fleet &fleet() const { return *m_snapshot.fleet; }
    [[nodiscard]] const fleet::Thresholds &thresholds() const { return m_snapshot.fleet->thresholds; }

    [[nodiscard]] bool isFresh(const base::ServerId &id) const;
    [[nodiscard]] bool isDown(const base::ServerId &id) const;
    [[nodiscard]] const Observation *observation(const base::ServerId &id) const { return m_snapshot.observation(id); }
    [[nodiscard]] const PostgresSample *freshPostgres(const base::ServerId &id) const;
    [[nodiscard]] const RedisSample *freshRedis(const base::ServerId &id) const;
    [[nodiscard]] const RouterSample *freshRouter(const base::ServerId &id) const;

    [[nodiscard]] base::RegionName regionOf(const base::ServerId &id) const; ///< empty for one that is not declared
    [[nodiscard]] Place placeOf(const base::ServerId &id) const; ///< with its region and the cluster, group or pool it belongs to
    [[nodiscard]] Problem problem(Rule rule, Severity severity, const base::ServerId &id) const;
    [[nodiscard]] Problem problem(Rule rule, Severity severity, const ClusterFacts &cluster) const;

    /// What people feel of a problem of a cluster (all its shards), a group or a pool; in one region, or in all.
    void hit(Problem &problem, Harm harm, const base::ClusterName &cluster, const base::RegionName &region = {}) const;
    void hit(Problem &problem, Harm harm, const base::GroupName &group, const base::RegionName &region = {}) const;
    void hit(Problem &problem, Harm harm, const base::PoolName &pool) const;
    /// The same for whatever `place` names.
    void hit(Problem &problem, Harm harm) const;
    /// What people of `from` feel of a link to `home`: a Redis group there that their probe is refused by. False where none is.
    bool hitRefusedGroup(Problem &problem, const base::RegionName &from, const base::RegionName &home) const;
    [[nodiscard]] const derive::Population &population() const { return m_population; }

    [[nodiscard]] Evidence said(const base::ServerId &source, std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit = std::nullopt) const;
    [[nodiscard]] static Evidence seen(std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit = std::nullopt);

    /// A server that does not answer: how long, why, and since when as far as this console knows.
    void addSilence(Problem &problem, const base::ServerId &id) const;
    /// Of a server that is silent here: regions whose guard reached it since; none before they can have seen the silence too.
    [[nodiscard]] std::vector<base::RegionName> guardsThatReach(const base::ServerId &id) const;
    /// Of a standby or replica that is silent here: its sender had word of it after the silence began.
    [[nodiscard]] bool isHeardBySender(const StandbyLag &lag) const;

private:
    const Snapshot &m_snapshot;
    const derive::Population &m_population;
};

using Problems = std::vector<Problem>;

/// A guard probes each second: a silence so long was seen by its newest report too.
constexpr base::seconds guardSawIt{3};
/// What reaches others so shortly after our silence began may have been on its way before.
constexpr base::milliseconds onItsWay{300};

/// How a server is silent: "refused", "lost", "frozen" (others of its region answer), "starting", "stopping", "rejected", "silent".
[[nodiscard]] std::string mannerOf(const Judgement &j, const base::ServerId &id);
/// The last sign of life as the standbys have it: the last message, and for those asked too late to know it, the newest beat
/// that reached them (each guard writes two a second, so it is nearly as sharp).
[[nodiscard]] std::optional<UtcTime> lastSignOfLife(const Judgement &j, const ClusterFacts &cluster);
/// Of at least one value.
[[nodiscard]] microseconds median(std::vector<microseconds> values);
/// It turned us away because all its connections are in use: it is not down.
[[nodiscard]] bool isOutOfConnections(const Reach &reach);

void judgePrimaryDown(const Judgement &j, const ClusterFacts &cluster, Problems &out);
void judgeClusters(const Judgement &j, Problems &out);  ///< primary down, none, two; another server
void judgeWrites(const Judgement &j, Problems &out);    ///< read-only, disk, connections, locks, synchronous commits; failed writes
void judgeLinks(const Judgement &j, Problems &out);     ///< cut between regions; guards
void judgeSlowLinks(const Judgement &j, Problems &out); ///< slow between two other regions
void judgeCaches(const Judgement &j, Problems &out);    ///< memcached: down, cold, evicting, refusing
void judgeInvalidation(const Judgement &j, Problems &out); ///< invalidators: down, failing, late; stale caches, leases
void judgeStandbys(const Judgement &j, Problems &out);  ///< down, not streaming, paused, late
void judgeSlots(const Judgement &j, Problems &out);     ///< log kept for a standby
void judgeRouters(const Judgement &j, Problems &out);
void judgeMarks(const Judgement &j, Problems &out); ///< maintenance that is overdue
void judgeRedis(const Judgement &j, Problems &out);
void judgeServers(const Judgement &j, Problems &out);   ///< late, slow, clocks, memcached, facts not known
void judgeRegions(const Judgement &j, Problems &out);   ///< silent, slow
void judgeShards(const Judgement &j, Problems &out);    ///< drift

} // namespace shardlens::facts::rules
