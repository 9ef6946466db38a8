// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/MemcachedSample.h"
#include "core/facts/PostgresSample.h"
#include "core/facts/Reach.h"
#include "core/facts/RedisSample.h"
#include "core/facts/RouterSample.h"

#include <optional>
#include <variant>

namespace shardlens::facts {

using Sample = std::variant<std::monostate, PostgresSample, RouterSample, RedisSample, MemcachedSample>;
using Rates = std::variant<std::monostate, PostgresRates, RouterRates, RedisRates, MemcachedRates>;

/// All that is known of one server: how it is reached, what it said last, and how fast its counters run.
/// A sample is kept when the server falls silent; its age is `snapshot.takenAt - *sampledAt`.
struct Observation {
    base::ServerId server;
    Reach reach;
    Sample sample;                      ///< monostate until the first answer
    Rates rates;
    std::optional<Instant> sampledAt;   ///< when the answer arrived
    std::optional<UtcTime> sampledUtc;
    /// When the values that move (an LSN, a counter) last moved on; for telling idle from stuck.
    std::optional<Instant> progressedAt;
    std::optional<Instant> sampleAskedAt = {}; ///< when the question was sent that the sample answers

    bool operator==(const Observation &) const = default;

    [[nodiscard]] const PostgresSample *postgres() const { return std::get_if<PostgresSample>(&sample); }
    [[nodiscard]] const RouterSample *router() const { return std::get_if<RouterSample>(&sample); }
    [[nodiscard]] const RedisSample *redis() const { return std::get_if<RedisSample>(&sample); }
    [[nodiscard]] const MemcachedSample *memcached() const { return std::get_if<MemcachedSample>(&sample); }
    [[nodiscard]] const PostgresRates *postgresRates() const { return std::get_if<PostgresRates>(&rates); }
    [[nodiscard]] const RouterRates *routerRates() const { return std::get_if<RouterRates>(&rates); }
    [[nodiscard]] const RedisRates *redisRates() const { return std::get_if<RedisRates>(&rates); }
    [[nodiscard]] const MemcachedRates *memcachedRates() const { return std::get_if<MemcachedRates>(&rates); }
};

} // namespace shardlens::facts
