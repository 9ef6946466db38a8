// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

/// A sum over what is known; unknown only while nothing is.
class Sum
{
public:
    void add(const Known<double> &value)
    {
        if (value)
            add(*value);
        else if (!m_any)
            m_why = value.error();
    }
    void add(double value)
    {
        m_sum += value;
        m_any = true;
    }
    [[nodiscard]] bool isKnown() const { return m_any; }
    [[nodiscard]] double value() const { return m_sum; }
    [[nodiscard]] Known<double> known() const { return m_any ? Known<double>(m_sum) : tl::unexpected<Unknown>(m_why); }
    [[nodiscard]] Known<Bytes> bytes() const { return m_any ? Known<Bytes>(Bytes{static_cast<std::int64_t>(m_sum)}) : tl::unexpected<Unknown>(m_why); }

private:
    double m_sum = 0;
    bool m_any = false;
    Unknown m_why;
};

/// A cache is warm again after so long whatever its figures say.
constexpr std::chrono::minutes coldAtMost{10};
/// A restart that nobody saw: a member so much younger than another of its pool.
constexpr std::chrono::minutes freshFor{10};
constexpr int muchOlder = 6;
/// One good second among the first ones proves nothing.
constexpr base::seconds coldAtLeast{5};

void beginCold(const Observation &observation, const MemcachedSample &sample, bool restarted, CacheMemory &own)
{
    own.restarted = restarted;
    own.coldSince = restarted ? *observation.sampledUtc - sample.uptime : *observation.sampledUtc;
    own.itemsBefore = own.items;
    own.hitRatioBefore = own.hitRatio.value_or(0);
}

/// Warm again: it holds most of what it held, or is found nearly as often as before.
bool isWarm(const Observation &observation, const MemcachedSample &sample, const CacheMemory &own)
{
    if (*observation.sampledUtc - *own.coldSince > coldAtMost)
        return true;
    if (*observation.sampledUtc - *own.coldSince < coldAtLeast)
        return false;
    const MemcachedRates *rates = observation.memcachedRates();
    const bool found = own.hitRatioBefore > 0 && rates && rates->hitRatio && *rates->hitRatio >= own.hitRatioBefore - 0.05;
    const bool filled = own.restarted && own.itemsBefore > 0 && sample.items * 10 >= own.itemsBefore * 8;
    return found || filled;
}

std::chrono::seconds oldestUptime(const Tick &tick, const fleet::Pool &pool)
{
    std::chrono::seconds oldest{0};
    for (const base::ServerId &id : pool.servers) {
        const Observation *observation = tick.observation(id);
        if (observation && observation->memcached() && tick.isFresh(id))
            oldest = std::max(oldest, observation->memcached()->uptime);
    }
    return oldest;
}

void followMember(const Tick &tick, const base::ServerId &id, std::chrono::seconds oldest, CacheMemory &own, PoolFacts &facts)
{
    const Observation &observation = *tick.observation(id);
    const MemcachedSample &sample = *observation.memcached();
    const bool firstSeen = own.processId == 0;
    if (!firstSeen && own.processId != sample.processId)
        beginCold(observation, sample, true, own);
    else if (!firstSeen && own.flushes < sample.flushes)
        beginCold(observation, sample, false, own);
    else if (firstSeen && sample.uptime < freshFor && oldest > muchOlder * std::max<std::chrono::seconds>(sample.uptime, std::chrono::minutes(1)))
        beginCold(observation, sample, true, own);
    own.processId = sample.processId;
    own.flushes = sample.flushes;
    if (own.coldSince && isWarm(observation, sample, own))
        own.coldSince.reset();
    if (own.coldSince) {
        facts.cold.push_back({id, {*own.coldSince, true}, own.restarted, own.itemsBefore});
        return;
    }
    own.items = sample.items;
    if (const MemcachedRates *rates = observation.memcachedRates(); rates && rates->hitRatio)
        own.hitRatio = own.hitRatio ? *own.hitRatio * 0.9 + *rates->hitRatio * 0.1 : *rates->hitRatio;
}

/// Of the clients' own counts, as its region's invalidator heard them: a lease that was granted found nothing.
Known<double> clientHitRatio(const Tick &tick, const fleet::Pool &pool)
{
    const auto report = std::find_if(tick.input.invalidators.begin(), tick.input.invalidators.end(),
                                     [&](const InvalidatorReport &one) { return one.region == pool.region; });
    if (report == tick.input.invalidators.end())
        return unknown(WhyUnknown::NotConfigured, "invalidator");
    if (!report->hasAnswered)
        return report->reach.state == ReachState::Asking ? unknown(WhyUnknown::NotAskedYet)
                                                         : unknown(WhyUnknown::ServerSilent, "invalidator of " + pool.region.text());
    if (freshnessOf(*report, tick.input.takenAt, tick.fleet.thresholds) != Freshness::Fresh)
        return unknown(WhyUnknown::ServerSilent, "invalidator of " + pool.region.text());
    const auto leases = report->leases.find(pool.name);
    const double reads = leases == report->leases.end() ? 0 : leases->second.readsPerSecond();
    if (!(reads > 0))
        return unknown(WhyUnknown::NoValue, "reads");
    return std::max(0.0, 1 - leases->second.databaseReadsPerSecond() / reads);
}

} // namespace

PoolFacts poolFacts(const Tick &tick, const fleet::Pool &pool, PoolMemory &memory)
{
    PoolFacts facts;
    facts.name = pool.name;
    facts.declared = static_cast<std::uint32_t>(pool.servers.size());
    Sum gets;
    Sum hits;
    Sum evictions;
    Sum used;
    Sum limit;
    const auto oldest = oldestUptime(tick, pool);
    for (const base::ServerId &id : pool.servers) {
        const Observation *observation = tick.observation(id);
        if (!observation || !observation->memcached() || !tick.isFresh(id)) {
            if (observation && observation->reach.state != ReachState::Asking) {
                for (Sum *sum : {&gets, &hits, &evictions, &used, &limit})
                    sum->add(unknown(WhyUnknown::ServerSilent, id.text()));
            }
            continue;
        }
        ++facts.answering;
        followMember(tick, id, oldest, memory.members[id], facts);
        used.add(static_cast<double>(observation->memcached()->used.count));
        limit.add(static_cast<double>(observation->memcached()->limit.count));
        const MemcachedRates *rates = observation->memcachedRates();
        if (!rates)
            continue;
        gets.add(rates->getsPerSecond);
        evictions.add(rates->evictionsPerSecond);
        // A server without a get has no ratio and no weight.
        if (rates->getsPerSecond && rates->hitRatio)
            hits.add(*rates->getsPerSecond * *rates->hitRatio);
    }
    facts.getsPerSecond = gets.known();
    facts.evictionsPerSecond = evictions.known();
    facts.used = used.bytes();
    facts.limit = limit.bytes();
    if (hits.isKnown() && gets.value() > 0)
        facts.hitRatio = hits.value() / gets.value();
    else
        facts.hitRatio = gets.isKnown() ? Known<double>(unknown(WhyUnknown::NoValue, "gets")) : gets.known();
    facts.clientHitRatio = clientHitRatio(tick, pool);
    return facts;
}

} // namespace shardlens::facts::derive
