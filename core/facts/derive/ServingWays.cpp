// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/ServingWays.h"

#include "core/facts/RedisWrites.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

using base::Error;
using base::ErrorCode;
using Way = ProbeKey::Way;

/// The other side said no; anything else is only silence so far.
bool isRefusal(const std::optional<Error> &error)
{
    return error && (!error->sqlState.empty() || error->code == ErrorCode::Refused || error->code == ErrorCode::Rejected || error->code == ErrorCode::WrongServer);
}

bool lacksRights(const std::optional<Error> &error)
{
    return error && (error->code == ErrorCode::NoRights || error->sqlState.starts_with("28") || error->sqlState == "42501");
}

void fail(ServingCell &cell, ServingVerdict verdict, std::optional<Error> error, std::optional<UtcTime> since)
{
    cell.verdict = verdict;
    cell.proof = ServingProof::None;
    cell.error = std::move(error);
    cell.failingSince = since;
}

Error wrong(std::string message)
{
    return {ErrorCode::WrongServer, std::move(message), {}, {}, base::Effect::None};
}

/// Why a Redis primary that answers refuses writes; null where nothing that it tells says so.
const char *refusalOf(const RedisSample &sample)
{
    if (refusesForMemory(sample))
        return "memory is full: writes are refused";
    if (refusesForDisk(sample))
        return "saving to disk failed: writes are refused";
    return refusesForReplicas(sample) ? "too few replicas acknowledge: writes are refused" : nullptr;
}

const GuardReport *guardOf(const Snapshot &snapshot, const base::RegionName &region)
{
    const auto found = std::find_if(snapshot.guards.begin(), snapshot.guards.end(), [&](const GuardReport &report) { return report.region == region; });
    return found == snapshot.guards.end() || found->reach.state != ReachState::Answering ? nullptr : &*found;
}

} // namespace

ServingWays::ServingWays(const Tick &tick, const Snapshot &snapshot) : m_tick(tick), m_snapshot(snapshot)
{
    // Silent: nothing of it answers, and nothing of it says no either.
    for (const fleet::Server &server : tick.fleet.servers) {
        const Observation *seen = tick.observation(server.id);
        const bool silent = seen && (seen->reach.state == ReachState::Late || seen->reach.state == ReachState::Down) && !isRefusal(seen->reach.lastError);
        m_silent.try_emplace(server.region, true).first->second &= silent;
    }
    for (const GuardReport &guard : snapshot.guards) {
        if (guard.reach.state == ReachState::Answering)
            m_silent[guard.region] = false;
    }
}

bool ServingWays::isSilent(const base::RegionName &region) const
{
    const auto found = m_silent.find(region);
    return found != m_silent.end() && found->second;
}

ServingCell ServingWays::begun(const base::RegionName &region) const
{
    ServingCell cell;
    cell.region = region;
    return cell;
}

const ProbeReading *ServingWays::reading(const ProbeKey &key) const
{
    if (const GuardReport *guard = guardOf(m_snapshot, key.region)) {
        const auto found = guard->ways.find(key);
        if (found != guard->ways.end() && found->second.reach.state != ReachState::Asking && !lacksRights(found->second.reach.lastError))
            return &found->second;
    }
    const auto found = m_tick.input.probes.find(key);
    return found == m_tick.input.probes.end() ? nullptr : &found->second;
}

ServingCell ServingWays::writes(const fleet::Router &router, const fleet::Cluster &cluster) const
{
    ServingCell cell = begun(router.region);
    cell.through = router.server;
    if (tellByBeat(cell, cluster.name)) {
        holdBackPaused(cell, router, cluster.name);
        return cell;
    }
    if (const ProbeReading *probe = reading({Way::Writes, router.region, cluster.name.text()})) {
        tellByProbe(cell, *probe);
        if (cell.works() && !probe->writable.value_or(true))
            fail(cell, ServingVerdict::Refused, wrong("what it leads to takes no writes"), std::nullopt);
    } else {
        tellByTarget(cell, router, cluster.name, false);
    }
    if (cell.works())
        cell.proof = ServingProof::Inferred;
    holdBackWrites(cell, cluster);
    return cell;
}

/// A read that is answered proves no write: commits may wait for a standby that is gone.
void ServingWays::holdBackWrites(ServingCell &cell, const fleet::Cluster &cluster) const
{
    const ClusterFacts *facts = m_snapshot.cluster(cluster.name);
    if (!cell.works() || !facts || !facts->primary || !m_tick.isFresh(*facts->primary))
        return;
    const PostgresSample *sample = m_tick.postgres(*facts->primary);
    if (sample && sample->connections && sample->connections->waitingForSync > 0)
        fail(cell, ServingVerdict::Late, Error{ErrorCode::TimedOut, "commits wait for a synchronous standby", {}, facts->primary->text(), base::Effect::None}, std::nullopt);
}

/// The last beat was committed, the one after it waits, and the router says why: nobody need wait for its deadline to know. A pause that
/// no beat meets, as a move's is, is not told.
void ServingWays::holdBackPaused(ServingCell &cell, const fleet::Router &router, const base::ClusterName &cluster) const
{
    const RouterFacts *facts = m_snapshot.router(router.server);
    if (!cell.works() || !cell.askedAt || !facts || !m_tick.isFresh(router.server))
        return;
    const bool paused = std::any_of(facts->targets.begin(), facts->targets.end(),
                                    [&](const RouterTarget &target) { return target.cluster == cluster && !target.forReads && target.paused; });
    if (paused)
        fail(cell, ServingVerdict::Refused, Error{ErrorCode::Rejected, "paused", {}, router.server.text(), base::Effect::None}, cell.readUtc);
}

bool ServingWays::tellByBeat(ServingCell &cell, const base::ClusterName &cluster) const
{
    const GuardReport *guard = guardOf(m_snapshot, cell.region);
    const auto found = guard ? guard->beats.find(cluster) : std::map<base::ClusterName, GuardBeat>::const_iterator();
    if (!guard || found == guard->beats.end())
        return false;
    const GuardBeat &beat = found->second;
    const auto &thresholds = m_tick.fleet.thresholds;
    const Instant now = m_tick.input.takenAt;
    const bool tried = beat.state == GuardBeat::State::Beating || (beat.state == GuardBeat::State::Failing && beat.reachedRouter);
    if (!tried || (!beat.committedAt && !beat.error && !beat.waitingSince))
        return false;
    cell.took = beat.took;
    cell.usual = beat.usual;
    cell.readAt = beat.committedAt;
    cell.readUtc = beat.committedUtc;
    if (beat.waitsAtRouter)
        cell.askedAt = beat.waitingSince;
    if (beat.error) {
        const bool young = beat.committedAt && now - *beat.committedAt < thresholds.downAfter;
        const bool silence = beat.error->code == ErrorCode::TimedOut && young;
        fail(cell, silence ? ServingVerdict::Late : ServingVerdict::Refused, beat.error, beat.committedUtc);
        return true;
    }
    const bool late = beat.waitingSince && now - *beat.waitingSince > thresholds.deadline;
    if (late && !beat.waitsAtRouter)
        return false;
    if (late) {
        fail(cell, ServingVerdict::Late, std::nullopt, beat.committedUtc);
        return true;
    }
    // A guard that has not beaten for long, and waits for nothing, is stuck: it tells nothing of the way.
    const auto pause = m_tick.fleet.heartbeat ? m_tick.fleet.heartbeat->interval : base::milliseconds(500);
    if (!beat.committedAt || now - *beat.committedAt > 3 * pause + thresholds.deadline + thresholds.interval)
        return false;
    cell.verdict = ServingVerdict::Works;
    cell.proof = ServingProof::Committed;
    return true;
}

void ServingWays::tellByProbe(ServingCell &cell, const ProbeReading &reading) const
{
    cell.every = reading.every;
    cell.took = reading.reach.latency;
    cell.usual = reading.reach.usualLatency;
    cell.readAt = reading.reach.lastAnswer;
    cell.readUtc = reading.reach.lastAnswerUtc;
    cell.fromElsewhere = reading.from != cell.region;
    tellByReach(cell, reading.reach);
    if (cell.works())
        cell.proof = ServingProof::Answered;
}

void ServingWays::tellByReach(ServingCell &cell, const Reach &reach) const
{
    cell.askedAt = reach.askedAt;
    if (reach.state == ReachState::Answering) {
        cell.verdict = ServingVerdict::Works;
        return;
    }
    if (reach.state == ReachState::Asking && !reach.lastError) {
        cell.verdict = ServingVerdict::Asking;
        return;
    }
    if (lacksRights(reach.lastError)) {
        cell.verdict = ServingVerdict::NotKnown;
        cell.why = {WhyUnknown::NoRights, reach.lastError->message};
        cell.error = reach.lastError;
        return;
    }
    const bool refused = isRefusal(reach.lastError);
    if (!refused && isSilent(cell.region)) {
        cell.verdict = ServingVerdict::NotKnown;
        cell.why = {WhyUnknown::ServerSilent, cell.region.text()};
        cell.error = reach.lastError;
        return;
    }
    fail(cell, refused || reach.state == ReachState::Down ? ServingVerdict::Refused : ServingVerdict::Late, reach.lastError, reach.silentSinceUtc);
}

/// Nothing was tried through it: what the router and the server it leads to tell.
void ServingWays::tellByTarget(ServingCell &cell, const fleet::Router &router, const base::ClusterName &cluster, bool forReads) const
{
    const Observation *seen = m_tick.observation(router.server);
    const RouterFacts *facts = m_snapshot.router(router.server);
    if (!seen || !facts)
        return;
    tellByReach(cell, seen->reach);
    if (!cell.works())
        return;
    const auto target = std::find_if(facts->targets.begin(), facts->targets.end(), [&](const RouterTarget &one) { return one.cluster == cluster && one.forReads == forReads; });
    if (target == facts->targets.end() || !target->right || !target->leadsTo) {
        cell.verdict = ServingVerdict::NotKnown;
        cell.why = target == facts->targets.end() ? Unknown{WhyUnknown::NotConfigured, {}} : (target->leadsTo ? target->right.error() : target->leadsTo.error());
    } else if (!*target->right) {
        fail(cell, ServingVerdict::Refused, wrong("leads to " + target->leadsTo->text()), std::nullopt);
    } else if (target->paused) {
        fail(cell, ServingVerdict::Refused, Error{ErrorCode::Rejected, "paused", {}, router.server.text(), base::Effect::None}, std::nullopt);
    } else {
        tellByServer(cell, *target->leadsTo);
    }
}

void ServingWays::tellByServer(ServingCell &cell, const base::ServerId &server) const
{
    const Observation *seen = m_tick.observation(server);
    if (!seen)
        return;
    tellByReach(cell, seen->reach);
    cell.readAt = seen->sampledAt;
    cell.readUtc = seen->sampledUtc;
    if (cell.works())
        cell.proof = ServingProof::Inferred;
}

ServingCell ServingWays::reads(const fleet::Router &router, const fleet::Cluster &cluster) const
{
    ServingCell cell = begun(router.region);
    cell.through = router.server;
    if (const ProbeReading *probe = reading({Way::Reads, router.region, cluster.name.text()}))
        tellByProbe(cell, *probe);
    else
        tellByTarget(cell, router, cluster.name, true);
    return cell;
}

ServingCell ServingWays::group(const base::RegionName &region, const fleet::RedisGroup &group) const
{
    ServingCell cell = begun(region);
    const RedisGroupFacts *facts = m_snapshot.redisGroup(group.name);
    if (const ProbeReading *probe = reading({Way::Group, region, group.name.text()})) {
        tellByProbe(cell, *probe);
        if (cell.works() && !probe->writable.value_or(true))
            fail(cell, ServingVerdict::Refused, wrong("its address leads to a replica: writes are refused"), std::nullopt);
    } else if (facts && facts->primary) {
        tellByServer(cell, *facts->primary);
    }
    // That a primary answers proves no write.
    if (cell.works())
        cell.proof = ServingProof::Inferred;
    const RedisSample *sample = facts && facts->primary && m_tick.isFresh(*facts->primary) ? m_tick.redis(*facts->primary) : nullptr;
    if (const char *why = cell.works() && sample ? refusalOf(*sample) : nullptr)
        fail(cell, ServingVerdict::Refused, Error{ErrorCode::Rejected, why, {}, facts->primary->text(), base::Effect::None}, std::nullopt);
    return cell;
}

namespace {

/// The worse of two: what does not work hides what does.
int rankOf(ServingVerdict verdict)
{
    switch (verdict) {
    case ServingVerdict::Works: return 0;
    case ServingVerdict::Slow: return 1;
    case ServingVerdict::Asking: return 2;
    case ServingVerdict::NotKnown: return 3;
    case ServingVerdict::Partly: return 4;
    case ServingVerdict::Late: return 5;
    case ServingVerdict::Refused: return 6;
    }
    return 0;
}

} // namespace

ServingCell ServingWays::cache(const fleet::Pool &pool) const
{
    ServingCell worst = begun(pool.region);
    std::uint32_t working = 0;
    bool first = true;
    for (const base::ServerId &server : pool.servers) {
        ServingCell cell = begun(pool.region);
        if (const ProbeReading *probe = reading({Way::Cache, pool.region, server.text()}))
            tellByProbe(cell, *probe);
        else
            tellByServer(cell, server);
        working += cell.works();
        const bool slower = cell.took.value_or(microseconds(0)) > worst.took.value_or(microseconds(0));
        if (first || rankOf(cell.verdict) > rankOf(worst.verdict) || (rankOf(cell.verdict) == rankOf(worst.verdict) && slower))
            worst = cell;
        first = false;
    }
    worst.pool = pool.name;
    worst.parts = static_cast<std::uint32_t>(pool.servers.size());
    worst.partsWorking = working;
    if (worst.fails() && working > 0)
        worst.verdict = ServingVerdict::Partly;
    return worst;
}

} // namespace shardlens::facts::derive
