// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

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

} // namespace

PoolFacts poolFacts(const Tick &tick, const fleet::Pool &pool)
{
    PoolFacts facts;
    facts.name = pool.name;
    facts.declared = static_cast<std::uint32_t>(pool.servers.size());
    Sum gets;
    Sum hits;
    Sum evictions;
    Sum used;
    Sum limit;
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
    return facts;
}

} // namespace shardlens::facts::derive
