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

Unknown Tick::whySilent(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    const bool isAsking = !found || found->reach.state == ReachState::Asking;
    return {isAsking ? WhyUnknown::NotAskedYet : WhyUnknown::ServerSilent, id.text()};
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

namespace {

/// One region's relay port may be another region's server: the viewer's own way first, then the server's own address.
template <class May>
base::ServerId nearest(const FleetIndex &index, const fleet::Endpoint &endpoint, const base::RegionName &viewer, May may)
{
    const auto &there = index.at(endpoint);
    const auto find = [&](auto matches) {
        const auto found = std::find_if(there.begin(), there.end(), [&](const fleet::Server *server) { return may(*server) && matches(*server); });
        return found == there.end() ? base::ServerId() : (*found)->id;
    };
    if (auto id = find([&](const fleet::Server &s) { return s.address.from(viewer) == endpoint; }); !id.isEmpty())
        return id;
    if (auto id = find([&](const fleet::Server &s) { return s.address.own == endpoint; }); !id.isEmpty())
        return id;
    return find([](const fleet::Server &) { return true; });
}

} // namespace

base::ServerId Tick::atAddress(const std::vector<base::ServerId> &ids, const std::string &host, int port, const base::RegionName &viewer) const
{
    return nearest(index, {host, static_cast<std::uint16_t>(port)}, viewer,
                   [&](const fleet::Server &server) { return std::find(ids.begin(), ids.end(), server.id) != ids.end(); });
}

base::ServerId Tick::postgresAtAddress(const std::string &host, int port, const base::RegionName &viewer) const
{
    return nearest(index, {host, static_cast<std::uint16_t>(port)}, viewer, [](const fleet::Server &server) { return server.kind == fleet::ServerKind::Postgres; });
}

base::RegionName Tick::regionOf(const base::ServerId &id) const
{
    const fleet::Server *server = index.server(id);
    return server ? server->region : base::RegionName();
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
