// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// A victim used so lately was wanted still: what is asked for does not fit.
constexpr base::seconds young{60};
/// Of a whole pool, a second: below it a cold one costs nobody anything.
constexpr double someReads = 1;

void judgeDown(const Judgement &j, const base::ServerId &id, const PoolFacts &pool, Problems &out)
{
    if (!j.isDown(id))
        return;
    Problem problem = j.problem(Rule::CacheServerDown, Severity::Warning, id);
    problem.detail = mannerOf(j, id);
    j.addSilence(problem, id);
    const auto guards = j.guardsThatReach(id);
    j.hit(problem, guards.empty() ? Harm::Slow : Harm::NotSeen, pool.name);
    problem.evidence.push_back(Judgement::seen("pool_answering", static_cast<std::int64_t>(pool.answering), static_cast<std::int64_t>(pool.declared)));
    for (const base::RegionName &region : guards)
        problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
    out.push_back(std::move(problem));
}

void judgeCold(const Judgement &j, const ColdMember &cold, const PoolFacts &pool, Problems &out)
{
    const Observation *observation = j.observation(cold.server);
    if (!j.isFresh(cold.server) || !observation->memcached())
        return;
    if (pool.getsPerSecond && *pool.getsPerSecond < someReads)
        return; // nobody misses what it has not
    Problem problem = j.problem(Rule::CacheCold, Severity::Warning, cold.server);
    j.hit(problem, Harm::Slow, pool.name);
    problem.detail = cold.restarted ? "restarted" : "flushed";
    problem.since = cold.since;
    problem.evidence.push_back(j.said(cold.server, "uptime", microseconds(observation->memcached()->uptime)));
    problem.evidence.push_back(j.said(cold.server, "items", observation->memcached()->items));
    if (cold.itemsBefore > 0)
        problem.evidence.push_back(j.said(cold.server, "items_before", cold.itemsBefore));
    // What memcached counts is no evidence: each lease that it grants for what it has not is a hit to it.
    if (pool.clientHitRatio)
        problem.evidence.push_back(Judgement::seen("client_hit_ratio", *pool.clientHitRatio));
    out.push_back(std::move(problem));
}

void judgePressure(const Judgement &j, const base::ServerId &id, Problems &out)
{
    const Observation *observation = j.observation(id);
    const MemcachedRates *rates = j.isFresh(id) ? observation->memcachedRates() : nullptr;
    if (!rates || !observation->memcached())
        return;
    const MemcachedSample &sample = *observation->memcached();
    if (rates->evictionsPerSecond && *rates->evictionsPerSecond > 0 && sample.victimAge && *sample.victimAge < young) {
        Problem problem = j.problem(Rule::CacheEvictingYoung, Severity::Warning, id);
        j.hit(problem, Harm::Slow);
        problem.evidence.push_back(j.said(id, "youngest_victim_unused_for", microseconds(*sample.victimAge), microseconds(young)));
        problem.evidence.push_back(j.said(id, "evictions_per_second", *rates->evictionsPerSecond));
        problem.evidence.push_back(j.said(id, "used_memory", sample.used, sample.limit));
        out.push_back(std::move(problem));
    }
    if (rates->refusalsPerSecond && *rates->refusalsPerSecond > 0) {
        Problem problem = j.problem(Rule::CacheRefusing, Severity::Warning, id);
        j.hit(problem, Harm::Slow);
        problem.evidence.push_back(j.said(id, "refusals_per_second", *rates->refusalsPerSecond));
        problem.evidence.push_back(j.said(id, "connections", static_cast<std::int64_t>(sample.connections), static_cast<std::int64_t>(sample.maxConnections)));
        out.push_back(std::move(problem));
    }
}

} // namespace

void judgeCaches(const Judgement &j, Problems &out)
{
    for (const PoolFacts &pool : j.snapshot().pools) {
        for (const base::ServerId &id : j.fleet().pool(pool.name)->servers) {
            judgeDown(j, id, pool, out);
            judgePressure(j, id, out);
        }
        for (const ColdMember &cold : pool.cold)
            judgeCold(j, cold, pool, out);
    }
}

} // namespace shardlens::facts::rules
