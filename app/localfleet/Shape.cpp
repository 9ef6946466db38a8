// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Shape.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace shardlens::localfleet
{

namespace
{

/// Kilometres become milliseconds: half of the round trips that a person measures between these places.
constexpr double acrossContinent = 35.5;
constexpr double acrossAtlantic = 44;
constexpr double acrossBoth = 73.5;

const std::set<std::string> usualRegions{"us-east", "us-west", "eu-west"};

bool isName(const std::string &text)
{
    return !text.empty() && text.size() <= 24 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

base::Result<std::uint32_t> number(const Settings &settings, const std::string &key, std::uint32_t otherwise)
{
    const auto found = settings.find(key);
    if (found == settings.end())
        return otherwise;
    std::uint32_t value = 0;
    const std::string &text = found->second;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
        return base::fail(base::ErrorCode::BadInput, key + " is not a number: " + text);
    return value;
}

std::string numbered(const char *stem, std::size_t number, const std::string &region)
{
    return stem + std::to_string(number) + "-" + region;
}

void appendReplicated(std::vector<Instance> &all, const Shape &shape, const std::vector<Group> &groups, fleet::ServerKind kind,
                      const char *hostStem, std::size_t groupsPerHost)
{
    std::size_t index = 0;
    for (const Group &group : groups) {
        const std::size_t host = index++ / groupsPerHost + 1;
        for (const std::string &region : shape.regions)
            all.push_back({group.name + "-" + region, kind, region, numbered(hostStem, host, region), group.name, region == group.home});
    }
}

} // namespace

base::Result<void> check(const Shape &shape)
{
    const auto bad = [](std::string text) { return base::fail(base::ErrorCode::BadInput, std::move(text)); };
    if (shape.regions.empty() || shape.regions.size() > 6)
        return bad("a fleet has 1 to 6 regions");
    if (std::set<std::string>(shape.regions.begin(), shape.regions.end()).size() != shape.regions.size())
        return bad("a region is named twice");
    for (const std::string &region : shape.regions) {
        if (!isName(region))
            return bad("a region's name is made of lower case letters, digits and -: " + region);
    }
    if (shape.usersClusters < 1 || shape.mediaClusters < 1 || shape.usersClusters + shape.mediaClusters > 64)
        return bad("a fleet has 1 to 64 clusters, and each partition has one at least");
    if (!shape.home.empty() && std::find(shape.regions.begin(), shape.regions.end(), shape.home) == shape.regions.end())
        return bad("the home region " + shape.home + " is not one of the fleet's regions");
    const auto all = clusters(shape);
    for (const auto &[cluster, manager] : {std::pair{shape.patroni, "Patroni"}, {shape.repmgr, "repmgr"}}) {
        if (!cluster.empty() && std::none_of(all.begin(), all.end(), [&name = cluster](const Group &one) { return one.name == name; }))
            return bad("there is no cluster " + cluster + " to be brought up under " + manager);
    }
    if (!shape.patroni.empty() && shape.patroni == shape.repmgr)
        return bad(shape.patroni + " cannot be under Patroni and under repmgr");
    const auto groups = redisGroups(shape);
    if (!shape.sentinel.empty() && std::none_of(groups.begin(), groups.end(), [&](const Group &one) { return one.name == shape.sentinel; }))
        return bad("there is no Redis group " + shape.sentinel + " to be watched by Sentinels");
    if (shape.shards < 1 || shape.shards > 8192)
        return bad("a partition has 1 to 8192 shard numbers");
    if (shape.cachesPerRegion < 1 || shape.cachesPerRegion > 8)
        return bad("a region has 1 to 8 memcached servers");
    return {};
}

Settings toSettings(const Shape &shape)
{
    std::string regions;
    for (const std::string &region : shape.regions)
        regions += (regions.empty() ? "" : ",") + region;
    return {{"regions", regions},
            {"users_clusters", std::to_string(shape.usersClusters)},
            {"media_clusters", std::to_string(shape.mediaClusters)},
            {"home", shape.home},
            {"shards", std::to_string(shape.shards)},
            {"caches_per_region", std::to_string(shape.cachesPerRegion)},
            {"patroni", shape.patroni},
            {"repmgr", shape.repmgr},
            {"sentinel", shape.sentinel},
            {"latency_ms", std::to_string(shape.latencyMs)}};
}

base::Result<Shape> shapeFrom(const Settings &settings)
{
    Shape shape;
    if (const auto regions = settings.find("regions"); regions != settings.end())
        shape.regions = split(regions->second, ',');
    if (const auto home = settings.find("home"); home != settings.end())
        shape.home = home->second;
    if (const auto patroni = settings.find("patroni"); patroni != settings.end())
        shape.patroni = patroni->second;
    if (const auto repmgr = settings.find("repmgr"); repmgr != settings.end())
        shape.repmgr = repmgr->second;
    if (const auto sentinel = settings.find("sentinel"); sentinel != settings.end())
        shape.sentinel = sentinel->second;
    if (const auto latency = settings.find("latency_ms"); latency != settings.end())
        shape.latencyMs = std::strtod(latency->second.c_str(), nullptr);
    const auto users = number(settings, "users_clusters", shape.usersClusters);
    const auto media = number(settings, "media_clusters", shape.mediaClusters);
    const auto shards = number(settings, "shards", shape.shards);
    const auto caches = number(settings, "caches_per_region", shape.cachesPerRegion);
    for (const auto *value : {&users, &media, &shards, &caches}) {
        if (!*value)
            return base::fail(value->error());
    }
    shape.usersClusters = *users;
    shape.mediaClusters = *media;
    shape.shards = *shards;
    shape.cachesPerRegion = *caches;
    if (const auto well = check(shape); !well)
        return base::fail(well.error());
    return shape;
}

std::vector<Group> clusters(const Shape &shape)
{
    std::vector<Group> all;
    const auto append = [&](const char *stem, const char *partition, std::uint32_t count) {
        for (std::uint32_t i = 1; i <= count; ++i) {
            // Odd ones live in the first region, even ones in the last: each partition has writers on both shores.
            const std::string spread = i % 2 == 1 ? shape.regions.front() : shape.regions.back();
            all.push_back({stem + std::to_string(i), partition, shape.home.empty() ? spread : shape.home, "insta", {}});
        }
    };
    append("u", "users", shape.usersClusters);
    append("m", "media", shape.mediaClusters);
    all.push_back({"directory", "", shape.home.empty() ? shape.regions.front() : shape.home, "directory", {}});
    return all;
}

std::vector<Group> redisGroups(const Shape &shape)
{
    const std::string first = shape.home.empty() ? shape.regions.front() : shape.home;
    const std::string last = shape.home.empty() ? shape.regions.back() : shape.home;
    return {{"feeds", "", first, "", fleet::RedisRole::Feeds},
            {"mediamap", "", last, "", fleet::RedisRole::MediaMap},
            {"sessions", "", first, "", fleet::RedisRole::Sessions}};
}

std::vector<Instance> instances(const Shape &shape)
{
    std::vector<Instance> all;
    appendReplicated(all, shape, clusters(shape), fleet::ServerKind::Postgres, "db", 2);
    for (const std::string &region : shape.regions)
        all.push_back({"router-" + region, fleet::ServerKind::Pgbouncer, region, numbered("edge", 1, region), "", false});
    appendReplicated(all, shape, redisGroups(shape), fleet::ServerKind::Redis, "mem", 3);
    for (const std::string &region : shape.regions) {
        for (std::uint32_t i = 1; i <= shape.cachesPerRegion; ++i)
            all.push_back({"cache-" + region + "-" + std::to_string(i), fleet::ServerKind::Memcached, region, numbered("mem", 1, region),
                           "cache-" + region, false});
    }
    return all;
}

std::vector<Instance> membersOf(const Shape &shape, const std::string &group)
{
    std::vector<Instance> members;
    for (Instance &instance : instances(shape)) {
        if (instance.group == group)
            members.push_back(std::move(instance));
    }
    return members;
}

double latencyMs(const Shape &shape, const std::string &from, const std::string &to)
{
    if (from == to)
        return 0;
    if (shape.latencyMs >= 0)
        return shape.latencyMs;
    if (usualRegions.count(from) == 0 || usualRegions.count(to) == 0)
        return acrossContinent;
    const bool overAtlantic = from == "eu-west" || to == "eu-west";
    const bool fromWest = from == "us-west" || to == "us-west";
    return !overAtlantic ? acrossContinent : fromWest ? acrossBoth : acrossAtlantic;
}

std::vector<std::string> nearestFirst(const Shape &shape, const std::string &from)
{
    std::vector<std::string> regions = shape.regions;
    std::stable_sort(regions.begin(), regions.end(), [&](const std::string &a, const std::string &b) {
        const auto distance = [&](const std::string &to) { return from == to ? -1 : latencyMs(shape, from, to); };
        return distance(a) < distance(b);
    });
    return regions;
}

std::string slotName(const std::string &serverId)
{
    std::string name = serverId;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

} // namespace shardlens::localfleet
