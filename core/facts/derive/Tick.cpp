// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

constexpr base::seconds kept{10};

} // namespace

const Observation *Tick::observation(const base::ServerId &id) const
{
    const auto found = input.servers.find(id);
    return found == input.servers.end() ? nullptr : found->second.get();
}

bool Tick::isFresh(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    return found && freshnessOf(*found, input.takenAt, fleet.thresholds) == Freshness::Fresh;
}

const PostgresSample *Tick::postgres(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    return found ? found->postgres() : nullptr;
}

const RedisSample *Tick::redis(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    return found ? found->redis() : nullptr;
}

std::optional<microseconds> Tick::sampleAge(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    if (!found || !found->sampledAt)
        return std::nullopt;
    return std::chrono::duration_cast<microseconds>(input.takenAt - *found->sampledAt);
}

base::ServerId Tick::atAddress(const std::vector<base::ServerId> &ids, const std::string &host, int port, const base::RegionName &viewer) const
{
    const auto is = [&](const fleet::Endpoint &endpoint) { return endpoint.port == port && endpoint.host == host; };
    const auto find = [&](auto matches) -> base::ServerId {
        for (const base::ServerId &id : ids) {
            const fleet::Server *server = fleet.server(id);
            if (server && matches(*server))
                return id;
        }
        return {};
    };
    // One region's relay port may be another region's server: the viewer's own way first.
    if (auto id = find([&](const fleet::Server &s) { return is(s.address.from(viewer)); }); !id.isEmpty())
        return id;
    if (auto id = find([&](const fleet::Server &s) { return is(s.address.own); }); !id.isEmpty())
        return id;
    return find([&](const fleet::Server &s) {
        return std::any_of(s.address.seenFrom.begin(), s.address.seenFrom.end(), [&](const auto &seen) { return is(seen.second); });
    });
}

void addPoint(std::deque<std::pair<Instant, std::int64_t>> &points, Instant at, std::int64_t value)
{
    if (!points.empty() && points.back().first >= at)
        return;
    points.emplace_back(at, value);
    while (points.size() > 2 && at - points.front().first > kept)
        points.pop_front();
}

Known<double> slope(const std::deque<std::pair<Instant, std::int64_t>> &points)
{
    if (points.size() < 2 || points.back().first - points.front().first < base::seconds(3))
        return unknown(WhyUnknown::NotAskedYet);
    const double apart = std::chrono::duration<double>(points.back().first - points.front().first).count();
    return static_cast<double>(points.back().second - points.front().second) / apart;
}

} // namespace shardlens::facts::derive
