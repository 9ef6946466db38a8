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
    // What its lost primaries did elsewhere: standbys that stream no more, clients that wait.
    return isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::RedisUnlinked, Rule::SlotFilling, Rule::NoPrimary})
           && (touches(cause.place.region, symptom, snapshot) || (!symptom.place.group.isEmpty() && [&] {
                   const RedisGroupFacts *group = snapshot.redisGroup(symptom.place.group);
                   return group && group->primary && regionOf(snapshot, *group->primary) == cause.place.region;
               }()));
}

bool primaryDownClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    if (sameServer(cause, symptom))
        return true;
    return symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::SlotFilling});
}

bool noPrimaryClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag, Rule::RouterWaiting, Rule::StandbyDown, Rule::ServerLate});
}

bool twoPrimariesClaim(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return symptom.place.cluster == cause.place.cluster && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::Lag});
}

bool serverClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::StandbyNotStreaming, Rule::ReplayPaused, Rule::Lag, Rule::SlotFilling, Rule::ServerLate, Rule::ServerSlow, Rule::RedisUnlinked, Rule::FactUnknown});
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

bool routerClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::RouterMisdirected, Rule::RouterPaused, Rule::RouterWaiting, Rule::ServerLate, Rule::ServerSlow});
}

bool databaseClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && symptom.rule == Rule::RouterWaiting && symptom.subject == cause.subject;
}

bool slowRegionClaims(const Problem &cause, const Problem &symptom, const Snapshot &snapshot)
{
    if (isAny(symptom.rule, {Rule::ServerSlow, Rule::ServerLate}))
        return symptom.place.region == cause.place.region;
    return symptom.rule == Rule::Lag && touches(cause.place.region, symptom, snapshot);
}

bool standbyClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && isAny(symptom.rule, {Rule::Lag, Rule::SlotFilling});
}

bool lagClaims(const Problem &cause, const Problem &symptom, const Snapshot &)
{
    return sameServer(cause, symptom) && symptom.rule == Rule::SlotFilling;
}

struct Row {
    Rule cause;
    Claims claims;
};

constexpr std::array<Row, 17> rows{{
    {Rule::RegionSilent, allSilentClaims},
    {Rule::RegionSilent, silentRegionClaims},
    {Rule::PrimaryDown, primaryDownClaims},
    {Rule::TwoPrimaries, twoPrimariesClaim},
    {Rule::NoPrimary, noPrimaryClaims},
    {Rule::RedisPrimaryDown, redisPrimaryClaims},
    {Rule::RouterDown, routerClaims},
    {Rule::WrongServer, wrongServerClaims},
    {Rule::StandbyDown, serverClaims},
    {Rule::RedisReplicaDown, serverClaims},
    {Rule::CacheServerDown, serverClaims},
    {Rule::RouterMisdirected, databaseClaims},
    {Rule::RouterPaused, databaseClaims},
    {Rule::RegionSlow, slowRegionClaims},
    {Rule::ReplayPaused, standbyClaims},
    {Rule::StandbyNotStreaming, standbyClaims},
    {Rule::Lag, lagClaims},
}};

/// A symptom's own symptoms become the cause's: one level is what a person reads.
void take(Problem &cause, Problem symptom)
{
    std::vector<Problem> nested;
    nested.swap(symptom.consequences);
    // What has stopped or held a standby is as grave as the lag that comes of it.
    if (isAny(cause.rule, {Rule::StandbyNotStreaming, Rule::ReplayPaused}))
        cause.severity = std::min(cause.severity, symptom.severity);
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
