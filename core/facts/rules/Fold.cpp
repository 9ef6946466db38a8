// SPDX-License-Identifier: GPL-3.0-or-later
// Which symptom belongs under which cause. One row a pair; the first cause in the list that claims a symptom has it.
#include "core/facts/rules/Rules.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace shardlens::facts::rules {

namespace {

using Claims = bool (*)(const Problem &cause, const Problem &symptom, const Snapshot &snapshot);

bool isAny(Rule rule, std::initializer_list<Rule> rules)
{
    return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

bool sameServer(const Problem &a, const Problem &b)
{
    return !a.place.server.isEmpty() && a.place.server == b.place.server;
}

base::RegionName regionOf(const Snapshot &snapshot, const base::ServerId &id)
{
    const fleet::Server *server = snapshot.fleet->server(id);
    return server ? server->region : base::RegionName();
}

/// Both ends of a standby's stream.
bool touches(const base::RegionName &region, const Problem &symptom, const Snapshot &snapshot)
{
    if (symptom.place.region == region)
        return true;
    const ClusterFacts *cluster = snapshot.cluster(symptom.place.cluster);
    return cluster && cluster->primary && regionOf(snapshot, *cluster->primary) == region;
}

/// The server that a router's database leads to, of a problem of that database.
base::ServerId targetOf(const Problem &symptom, const Snapshot &snapshot)
{
    const RouterFacts *router = snapshot.router(symptom.place.server);
    if (!router)
        return {};
    const auto target = std::find_if(router->targets.begin(), router->targets.end(), [&](const RouterTarget &one) { return one.database == symptom.subject; });
    return target == router->targets.end() || !target->leadsTo ? base::ServerId() : *target->leadsTo;
}

/// One end of a slow link is all of a region that is slow, or silent.
bool isEndOf(const Problem &link, const base::RegionName &region)
{
    return link.rule == Rule::LinkSlow && (link.place.region == region || link.detail == region.text());
}

/// A region's caches follow a cluster late, or not at all.
bool isInvalidation(const Problem &symptom)
{
    return isAny(symptom.rule, {Rule::InvalidationFailing, Rule::InvalidationLate});
}

/// Deletes of a cluster's rows in one region: its invalidator reads them where the region's applications read the cluster.
bool ownInvalidation(const Problem &cause, const Problem &symptom)
{
    return isInvalidation(symptom) && symptom.place.cluster == cause.place.cluster && symptom.place.region == cause.place.region;
}

bool allSilentClaims(const Problem &cause, const Problem &, const Snapshot &)
{
    return cause.place.region.isEmpty();
}

bool silentRegionClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (isAny(symptom.rule, {Rule::ShardDrift, Rule::RegionSilent, Rule::RegionSlow}))
        return false;
    if (symptom.place.region == cause.place.region)
        return true;
    if (isEndOf(symptom, cause.place.region))
        return true;
    // People there, whose router is lost with all the rest.
    if (symptom.rule == Rule::WritesFailing && symptom.impact.regions == std::vector{cause.place.region})
        return true;
    // Clients of other regions that want to a server there.
    if (isAny(symptom.rule, {Rule::RouterWaiting, Rule::RouterRetrying}) && regionOf(snapshot, targetOf(symptom, snapshot)) == cause.place.region)
        return true;
    // What its lost primaries did elsewhere: standbys that stream no more, clients that wait.
    if (symptom.rule == Rule::LinkCut && symptom.detail == cause.place.region.text())
        return true;
    return isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::RedisUnlinked, Rule::SlotFilling, Rule::NoPrimary, Rule::WritesFailing, Rule::RouterRetrying})
           && (touches(cause.place.region, symptom, snapshot) || (!symptom.place.group.isEmpty() && [&] {
                   const RedisGroupFacts *group = snapshot.redisGroup(symptom.place.group);
                   return group && group->primary && regionOf(snapshot, *group->primary) == cause.place.region;
               }()));
}

bool primaryDownClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (sameServer(cause, symptom))
        return true;
    return symptom.place.cluster == cause.place.cluster
           && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::SlotFilling, Rule::WritesFailing, Rule::RouterRetrying, Rule::DiskFull, Rule::SyncStandbyLost,
                                   Rule::InvalidationFailing, Rule::InvalidationLate});
}

/// What stops the writes of a cluster has clients wait for it at every router.
bool writesClaim(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (symptom.place.cluster != cause.place.cluster || cause.place.cluster.isEmpty())
        return false;
    if (isAny(symptom.rule, {Rule::WritesFailing, Rule::RouterWaiting, Rule::RouterRetrying}))
        return true;
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::ServerLate, Rule::ServerSlow, Rule::Connections, Rule::LongTransaction, Rule::LockPileUp});
}

/// A disk that is full may have stopped the server: it is the cause of its death too.
bool diskClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    return writesClaim(cause, symptom, snapshot)
           || (sameServer(cause, symptom) && isAny(symptom.rule, {Rule::PrimaryDown, Rule::ServerLate}))
           || (symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag}));
}

bool locksClaim(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.cluster == cause.place.cluster
           && (isAny(symptom.rule, {Rule::RouterWaiting, Rule::WritesFailing}) || (sameServer(cause, symptom) && isAny(symptom.rule, {Rule::LongTransaction, Rule::Connections})));
}

/// Everything that wants through a router that serves nobody.
bool wholeRouterClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (sameServer(cause, symptom))
        return symptom.rule != cause.rule;
    if (symptom.rule == Rule::InvalidationFailing)
        return symptom.place.region == cause.place.region;
    return symptom.rule == Rule::WritesFailing && symptom.impact.regions.size() == 1 && symptom.impact.regions.front() == cause.place.region;
}

bool linkClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (symptom.rule == Rule::WritesFailing) {
        const auto crosses = [&](const base::RegionName &region) { return region == cause.place.region || region.text() == cause.detail; };
        return !symptom.impact.regions.empty() && std::all_of(symptom.impact.regions.begin(), symptom.impact.regions.end(), crosses);
    }
    if (!isInvalidation(symptom) && !isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::RedisUnlinked, Rule::Lag, Rule::SlotFilling, Rule::RouterWaiting}))
        return false;
    if (symptom.rule == Rule::RouterWaiting)
        return symptom.place.region == cause.place.region || symptom.place.region.text() == cause.detail;
    const base::RegionName own = isInvalidation(symptom) ? symptom.place.region : regionOf(snapshot, symptom.place.server);
    const ClusterFacts *cluster = snapshot.cluster(symptom.place.cluster);
    const RedisGroupFacts *group = snapshot.redisGroup(symptom.place.group);
    const auto &primary = cluster ? cluster->primary : group ? group->primary : notAsked<base::ServerId>();
    const base::RegionName far = primary ? regionOf(snapshot, *primary) : base::RegionName();
    return (own == cause.place.region && far.text() == cause.detail) || (own.text() == cause.detail && far == cause.place.region);
}

/// What comes late over a slow link.
bool slowLinkClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    return isAny(symptom.rule, {Rule::Lag, Rule::SlotFilling, Rule::InvalidationLate}) && linkClaims(cause, symptom, snapshot);
}

bool ownLinkClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    return cause.place.region.isEmpty() && isAny(symptom.rule, {Rule::RegionSlow, Rule::ServerSlow, Rule::ServerLate})
           && symptom.place.region != snapshot.fleet->ownRegion;
}

bool noPrimaryClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::StandbyDown, Rule::MemberDown, Rule::ServerLate, Rule::InvalidationFailing});
}

bool twoPrimariesClaim(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterMisdirected, Rule::WritesFailing, Rule::SlotFilling});
}

bool serverClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::ReplayPaused, Rule::Lag, Rule::SlotFilling, Rule::ServerLate, Rule::ServerSlow, Rule::RedisUnlinked, Rule::FactUnknown, Rule::CacheEvictingYoung, Rule::Connections, Rule::CacheHeldBack});
}

/// Reads that a router leads to a standby wait for it.
bool standbyDownClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (serverClaims(cause, symptom, snapshot) || ownInvalidation(cause, symptom))
        return true;
    return symptom.rule == Rule::RouterWaiting && targetOf(symptom, snapshot) == cause.place.server;
}

/// It may have been the primary: then writes fail because of it.
bool memberDownClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    return standbyDownClaims(cause, symptom, snapshot)
           || (symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::WritesFailing, Rule::RouterWaiting, Rule::RouterRetrying, Rule::InvalidationFailing}));
}

/// A router that leads to a server that is not the one meant leads there because of it.
bool wrongServerClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (serverClaims(cause, symptom, snapshot))
        return true;
    return symptom.rule == Rule::RouterMisdirected
           && std::any_of(symptom.evidence.begin(), symptom.evidence.end(), [&](const Evidence &evidence) {
                  return evidence.reading == "leads_to" && evidence.value == Evidence::Value(cause.place.server.text());
              });
}

bool redisPrimaryClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) || (symptom.place.group == cause.place.group && !symptom.place.group.isEmpty() && symptom.rule == Rule::RedisUnlinked);
}

bool databaseClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (symptom.rule == Rule::WritesFailing)
        return symptom.place.cluster == cause.place.cluster && cause.impact.harm == Harm::WritesRefused && symptom.impact.regions == cause.impact.regions;
    if (symptom.rule == Rule::InvalidationFailing)
        return ownInvalidation(cause, symptom);
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::RouterWaiting, Rule::RouterRetrying}) && symptom.subject == cause.subject;
}

bool slowRegionClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (cause.place.region.isEmpty())
        return false;
    if (isEndOf(symptom, cause.place.region))
        return true;
    if (isAny(symptom.rule, {Rule::ServerSlow, Rule::ServerLate, Rule::PrimaryCutOff}))
        return symptom.place.region == cause.place.region;
    return isAny(symptom.rule, {Rule::Lag, Rule::InvalidationLate}) && touches(cause.place.region, symptom, snapshot);
}

bool standbyClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (ownInvalidation(cause, symptom))
        return true;
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::Lag, Rule::SlotFilling});
}

bool lagClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return ownInvalidation(cause, symptom) || (sameServer(cause, symptom) && symptom.rule == Rule::SlotFilling);
}

/// A pool that lost what a member held, for any reason, has its clients come to the database together.
bool poolClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    return serverClaims(cause, symptom, snapshot) || (symptom.rule == Rule::LeaseStampede && symptom.place.pool == cause.place.pool);
}

/// What a region's caches show while its deletes do not arrive.
bool invalidatorClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.region == cause.place.region
           && isAny(symptom.rule, {Rule::InvalidationFailing, Rule::InvalidationLate, Rule::CacheHeldBack, Rule::CacheStale, Rule::LeaseStampede});
}

bool staleClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.region == cause.place.region && isAny(symptom.rule, {Rule::CacheStale, Rule::CacheHeldBack}) && cause.rule != symptom.rule;
}

struct Row {
    Rule cause;
    Claims claims;
};

constexpr std::array<Row, 34> rows{{
    {Rule::RegionSilent, allSilentClaims},
    {Rule::RegionSilent, silentRegionClaims},
    {Rule::DiskFull, diskClaims},
    {Rule::PrimaryDown, primaryDownClaims},
    {Rule::PrimaryCutOff, serverClaims},
    {Rule::TwoPrimaries, twoPrimariesClaim},
    {Rule::NoPrimary, noPrimaryClaims},
    {Rule::ReadOnly, writesClaim},
    {Rule::SyncStandbyLost, writesClaim},
    {Rule::LockPileUp, locksClaim},
    {Rule::Connections, writesClaim},
    {Rule::RedisPrimaryDown, redisPrimaryClaims},
    {Rule::RouterDown, wholeRouterClaims},
    {Rule::RouterSuspectedPaused, wholeRouterClaims},
    {Rule::WrongServer, wrongServerClaims},
    {Rule::LinkCut, linkClaims},
    {Rule::StandbyDown, standbyDownClaims},
    {Rule::MemberDown, memberDownClaims},
    {Rule::RedisReplicaDown, serverClaims},
    {Rule::CacheServerDown, poolClaims},
    {Rule::RouterMisdirected, databaseClaims},
    {Rule::RouterPaused, databaseClaims},
    {Rule::RouterRetrying, databaseClaims},
    {Rule::RegionSlow, ownLinkClaims},
    {Rule::RegionSlow, slowRegionClaims},
    {Rule::LinkSlow, slowLinkClaims},
    {Rule::ReplayPaused, standbyClaims},
    {Rule::StandbyNotStreaming, standbyClaims},
    {Rule::Lag, lagClaims},
    {Rule::InvalidatorDown, invalidatorClaims},
    {Rule::CacheMustFlush, staleClaims},
    {Rule::CacheHeldBack, poolClaims},
    {Rule::CacheCold, poolClaims},
    {Rule::InvalidationFailing, staleClaims},
}};

bool isLoss(Rule rule)
{
    return isAny(rule, {Rule::PrimaryDown, Rule::PrimaryCutOff, Rule::NoPrimary, Rule::StandbyDown, Rule::MemberDown, Rule::RouterDown, Rule::RedisPrimaryDown, Rule::RedisReplicaDown, Rule::CacheServerDown, Rule::InvalidatorDown});
}

/// A symptom's own symptoms become the cause's: one level is what a person reads.
void take(Problem &cause, Problem symptom)
{
    std::vector<Problem> nested;
    nested.swap(symptom.consequences);
    // What has stopped or held a standby is as grave as the lag that comes of it.
    if (isAny(cause.rule, {Rule::StandbyNotStreaming, Rule::ReplayPaused}))
        cause.severity = std::min(cause.severity, symptom.severity);
    // A reading of the same thing from another side: what its writes met where.
    if (symptom.rule == Rule::WritesFailing && cause.impact.harm != Harm::NotSeen)
        cause.severity = Severity::Critical;
    // One of which nobody knew whether it matters: people feel it.
    if (symptom.rule == Rule::WritesFailing && cause.rule == Rule::MemberDown) {
        cause.severity = Severity::Critical;
        cause.impact = symptom.impact;
    }
    // What is only out of our own reach is not lost: nobody can say from here that it takes no writes.
    const bool outOfReach = cause.rule == Rule::RegionSilent && (cause.place.region.isEmpty() || !cause.detail.empty());
    if (outOfReach && isLoss(symptom.rule)) {
        symptom.severity = Severity::Warning;
        symptom.impact.harm = Harm::NotSeen;
        symptom.impact.shards.clear();
        symptom.impact.userShare.reset();
        symptom.impact.usersCountedAt.reset();
    }
    cause.consequences.push_back(std::move(symptom));
    for (Problem &problem : nested)
        cause.consequences.push_back(std::move(problem));
}

} // namespace

std::vector<Problem> fold(std::vector<Problem> problems, const Snapshot &snapshot)
{
    for (const Row &row : rows) {
        for (std::size_t cause = 0; cause < problems.size(); ++cause) {
            if (problems[cause].rule != row.cause)
                continue;
            for (std::size_t i = 0; i < problems.size();) {
                if (i == cause || !row.claims(problems[cause], problems[i], snapshot)) {
                    ++i;
                    continue;
                }
                take(problems[cause], std::move(problems[i]));
                problems.erase(problems.begin() + static_cast<std::ptrdiff_t>(i));
                cause -= i < cause;
            }
        }
    }
    return problems;
}

} // namespace shardlens::facts::rules
