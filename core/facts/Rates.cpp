// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Assemble.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

double inSeconds(microseconds time)
{
    return static_cast<double>(time.count()) / 1e6;
}

/// A counter that went backwards began anew, whatever else the server says of itself.
Known<double> perSecond(std::int64_t before, std::int64_t after, microseconds apart)
{
    if (after < before)
        return unknown(WhyUnknown::Reset);
    return static_cast<double>(after - before) / inSeconds(apart);
}

Known<double> shareOf(std::int64_t part, std::int64_t rest)
{
    if (part < 0 || rest < 0)
        return unknown(WhyUnknown::Reset);
    if (part + rest == 0)
        return unknown(WhyUnknown::NoValue, "gets");
    return static_cast<double>(part) / static_cast<double>(part + rest);
}

PostgresRates postgresReset(const Unknown &why)
{
    const auto none = tl::unexpected<Unknown>(why);
    return {none, none, none, none};
}

Known<double> walRate(const PostgresSample &before, const PostgresSample &after, microseconds apart)
{
    const auto &from = after.inRecovery ? before.replayed : before.current;
    const auto &to = after.inRecovery ? after.replayed : after.current;
    if (!from)
        return tl::unexpected<Unknown>(from.error());
    if (!to)
        return tl::unexpected<Unknown>(to.error());
    return perSecond(static_cast<std::int64_t>(from->value), static_cast<std::int64_t>(to->value), apart);
}

PostgresRates between(const PostgresSample &before, const PostgresSample &after, microseconds apart)
{
    if (before.startedAt != after.startedAt || before.inRecovery != after.inRecovery || before.systemIdentifier != after.systemIdentifier)
        return postgresReset({WhyUnknown::Reset, {}});
    PostgresRates rates = postgresReset(after.counters ? Unknown{WhyUnknown::Reset, {}} : after.counters.error());
    if (before.counters && after.counters) {
        const auto written = [](const PostgresCounters &c) { return c.rowsInserted + c.rowsUpdated + c.rowsDeleted; };
        rates.commitsPerSecond = perSecond(before.counters->commits, after.counters->commits, apart);
        rates.rollbacksPerSecond = perSecond(before.counters->rollbacks, after.counters->rollbacks, apart);
        rates.rowsWrittenPerSecond = perSecond(written(*before.counters), written(*after.counters), apart);
    }
    rates.walBytesPerSecond = walRate(before, after, apart);
    return rates;
}

RouterRates between(const RouterSample &before, const RouterSample &after, microseconds apart)
{
    RouterRates rates;
    for (const RouterDatabase &database : after.databases) {
        const auto was = std::find_if(before.databases.begin(), before.databases.end(), [&](const RouterDatabase &d) { return d.name == database.name; });
        RouterRates::Database rate;
        rate.name = database.name;
        if (was != before.databases.end()) {
            rate.transactionsPerSecond = perSecond(was->transactions, database.transactions, apart);
            rate.queriesPerSecond = perSecond(was->queries, database.queries, apart);
        }
        rates.databases.push_back(std::move(rate));
    }
    return rates;
}

RedisRates between(const RedisSample &before, const RedisSample &after, microseconds apart)
{
    if (before.runId != after.runId || before.isPrimary != after.isPrimary) {
        const auto reset = unknown(WhyUnknown::Reset);
        return {reset, reset, reset};
    }
    return {perSecond(before.commandsProcessed, after.commandsProcessed, apart),
            shareOf(std::max<std::int64_t>(0, after.keyspaceHits - before.keyspaceHits - (after.ownHits - before.ownHits)),
                    std::max<std::int64_t>(0, after.keyspaceMisses - before.keyspaceMisses - (after.ownMisses - before.ownMisses))),
            perSecond(before.evictedKeys, after.evictedKeys, apart)};
}

MemcachedRates between(const MemcachedSample &before, const MemcachedSample &after, microseconds apart)
{
    if (before.processId != after.processId || after.uptime < before.uptime) {
        const auto reset = unknown(WhyUnknown::Reset);
        return {reset, reset, reset, reset, reset, reset, reset, reset, reset};
    }
    MemcachedRates rates;
    rates.getsPerSecond = perSecond(before.gets, after.gets, apart);
    rates.setsPerSecond = perSecond(before.sets, after.sets, apart);
    rates.hitRatio = shareOf(after.getHits - before.getHits, after.getMisses - before.getMisses);
    rates.missesPerSecond = perSecond(before.getMisses, after.getMisses, apart);
    rates.evictionsPerSecond = perSecond(before.evictions, after.evictions, apart);
    rates.expiredPerSecond = perSecond(before.getExpired, after.getExpired, apart);
    rates.flushedPerSecond = perSecond(before.getFlushed, after.getFlushed, apart);
    rates.refusedFillsPerSecond = perSecond(before.casBadValue, after.casBadValue, apart);
    rates.refusalsPerSecond = perSecond(before.rejectedConnections + before.listenDisabled, after.rejectedConnections + after.listenDisabled, apart);
    return rates;
}

} // namespace

Rates ratesBetween(const Sample &before, const Sample &after, microseconds apart)
{
    if (apart <= microseconds(0))
        return std::monostate();
    return std::visit(
        [&](const auto &now) -> Rates {
            using Kind = std::decay_t<decltype(now)>;
            if constexpr (std::is_same_v<Kind, std::monostate>) {
                return std::monostate();
            } else {
                const auto *was = std::get_if<Kind>(&before);
                return was ? Rates(between(*was, now, apart)) : Rates(std::monostate());
            }
        },
        after);
}

} // namespace shardlens::facts
