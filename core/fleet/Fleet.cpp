// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/Fleet.h"

#include <algorithm>
#include <charconv>

namespace shardlens::fleet {

namespace {

template <class List, class Is>
auto findWhere(const List &list, Is is) -> decltype(list.data())
{
    const auto found = std::find_if(list.begin(), list.end(), is);
    return found == list.end() ? nullptr : &*found;
}

template <class List>
auto findHolding(const List &list, const ServerId &id) -> decltype(list.data())
{
    return findWhere(list, [&](const auto &item) {
        return std::find(item.servers.begin(), item.servers.end(), id) != item.servers.end();
    });
}

} // namespace

const Endpoint &Address::from(const RegionName &viewer) const
{
    const auto found = seenFrom.find(viewer);
    return found == seenFrom.end() ? own : found->second;
}

const Server *Fleet::server(const ServerId &wanted) const
{
    return findWhere(servers, [&](const Server &s) { return s.id == wanted; });
}

const Host *Fleet::hostOf(const ServerId &wanted) const
{
    const Server *standing = server(wanted);
    return standing ? findWhere(hosts, [&](const Host &h) { return h.name == standing->host; }) : nullptr;
}

const Cluster *Fleet::cluster(const ClusterName &wanted) const
{
    return findWhere(clusters, [&](const Cluster &c) { return c.name == wanted; });
}

const Partition *Fleet::partition(const PartitionName &wanted) const
{
    return findWhere(partitions, [&](const Partition &p) { return p.name == wanted; });
}

const RedisGroup *Fleet::redisGroup(const GroupName &wanted) const
{
    return findWhere(redisGroups, [&](const RedisGroup &g) { return g.name == wanted; });
}

const Pool *Fleet::pool(const PoolName &wanted) const
{
    return findWhere(pools, [&](const Pool &p) { return p.name == wanted; });
}

const Router *Fleet::routerOf(const RegionName &region) const
{
    return findWhere(routers, [&](const Router &r) { return r.region == region; });
}

const Guard *Fleet::guardOf(const RegionName &region) const
{
    return findWhere(guards, [&](const Guard &g) { return g.region == region; });
}

const Invalidator *Fleet::invalidatorOf(const RegionName &region) const
{
    return findWhere(invalidators, [&](const Invalidator &i) { return i.region == region; });
}

const Cluster *Fleet::clusterOf(const ServerId &member) const
{
    return findHolding(clusters, member);
}

const RedisGroup *Fleet::redisGroupOf(const ServerId &member) const
{
    return findHolding(redisGroups, member);
}

const Pool *Fleet::poolOf(const ServerId &member) const
{
    return findHolding(pools, member);
}

const DatabaseUser *Access::user(const std::string &wanted) const
{
    return findWhere(users, [&](const DatabaseUser &u) { return u.name == wanted; });
}

const DatabaseUser *Access::firstWith(Role role) const
{
    return findWhere(users, [&](const DatabaseUser &u) { return u.role == role; });
}

std::string expand(const std::string &pattern, const std::string &word, const std::string &value)
{
    std::string result = pattern;
    if (const auto hole = holeOf(pattern, word)) {
        const std::size_t zeros = value.size() < hole->digits ? hole->digits - value.size() : 0;
        result.replace(hole->at, hole->length, std::string(zeros, '0') + value);
    }
    return result;
}

std::optional<Hole> holeOf(std::string_view pattern, std::string_view word, std::size_t from)
{
    const std::string begin = "{" + std::string(word);
    for (auto at = pattern.find(begin, from); at != std::string_view::npos; at = pattern.find(begin, at + 1)) {
        const std::string_view rest = pattern.substr(at + begin.size());
        if (rest.starts_with('}'))
            return Hole{at, begin.size() + 1, 0};
        // One digit of width is all that a number of nine digits needs.
        if (rest.size() >= 3 && rest[0] == ':' && rest[1] >= '1' && rest[1] <= '9' && rest[2] == '}')
            return Hole{at, begin.size() + 3, static_cast<unsigned>(rest[1] - '0')};
    }
    return std::nullopt;
}

std::optional<std::uint64_t> numberIn(std::string_view pattern, std::string_view word, std::string_view text)
{
    const auto hole = holeOf(pattern, word);
    if (!hole)
        return std::nullopt;
    const std::string_view before = pattern.substr(0, hole->at);
    const std::string_view after = pattern.substr(hole->at + hole->length);
    if (text.size() <= before.size() + after.size() || !text.starts_with(before) || !text.ends_with(after))
        return std::nullopt;
    std::uint64_t number = 0;
    const char *end = text.data() + text.size() - after.size();
    const auto [stop, error] = std::from_chars(text.data() + before.size(), end, number);
    return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::string textOf(const Endpoint &endpoint)
{
    const bool isIpv6 = endpoint.host.find(':') != std::string::npos;
    return (isIpv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> endpointOf(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.front() == '[') {
        if (host.size() < 3 || host.back() != ']')
            return std::nullopt;
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return std::nullopt; // an IPv6 address needs its brackets: else its last part reads as a port
    }
    if (host.find_first_of(" \t/@[]") != std::string_view::npos)
        return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port == 0)
        return std::nullopt;
    return Endpoint{std::string(host), port};
}

std::string_view name(Environment environment)
{
    switch (environment) {
    case Environment::Local: return "local";
    case Environment::Staging: return "staging";
    case Environment::Production: return "production";
    }
    return "production";
}

std::string_view name(ServerKind kind)
{
    switch (kind) {
    case ServerKind::Postgres: return "postgres";
    case ServerKind::Pgbouncer: return "pgbouncer";
    case ServerKind::Redis: return "redis";
    case ServerKind::Memcached: return "memcached";
    }
    return "postgres";
}

std::string_view name(Manager manager)
{
    switch (manager) {
    case Manager::None: return "none";
    case Manager::Patroni: return "patroni";
    case Manager::Repmgr: return "repmgr";
    case Manager::Sentinel: return "sentinel";
    }
    return "none";
}

std::string_view name(RedisRole role)
{
    switch (role) {
    case RedisRole::Feeds: return "feeds";
    case RedisRole::MediaMap: return "media_map";
    case RedisRole::Sessions: return "sessions";
    case RedisRole::Other: return "other";
    }
    return "other";
}

std::string_view name(StableSwitch::Kind kind)
{
    switch (kind) {
    case StableSwitch::Kind::None: return "none";
    case StableSwitch::Kind::Socket: return "socket";
    case StableSwitch::Kind::Program: return "program";
    }
    return "";
}

std::string_view name(Hashing hashing)
{
    return hashing == Hashing::Modulo ? "modulo" : "ketama";
}

} // namespace shardlens::fleet
