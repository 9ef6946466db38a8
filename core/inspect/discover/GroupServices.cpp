// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Grouper.h"

#include <algorithm>

namespace shardlens::inspect::discover {

namespace {

std::string patternOf(const std::string &database, const std::string &cluster)
{
    const auto at = database.find(cluster);
    return at == std::string::npos ? std::string() : database.substr(0, at) + "{cluster}" + database.substr(at + cluster.size());
}

/// The pattern that most follow, with how many.
Reasoned mostOf(const std::map<std::string, int> &counts, const std::string &otherwise, const std::string &whyOtherwise,
                const std::string &what)
{
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
    if (most == counts.end())
        return {otherwise, whyOtherwise};
    return {most->first, std::to_string(most->second) + (most->second == 1 ? " database leads" : " databases lead") + what};
}

} // namespace

void Grouper::formRouters()
{
    std::set<std::string> served;
    for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
        const auto *told = of(i).as<RouterTold>();
        if (!told)
            continue;
        DraftRouter router;
        router.server = i;
        std::map<std::string, int> writes;
        std::map<std::string, int> reads;
        for (std::size_t c = 0; c < m_out.clusters.size(); ++c) {
            const Ways ways = waysTo(c, *told, of(i));
            for (const auto &[names, counts] : {std::pair{&ways.toPrimary, &writes}, std::pair{&ways.toStandby, &reads}}) {
                for (const std::string &name : *names) {
                    const std::string pattern = patternOf(name, m_out.clusters[c].name.value);
                    if (pattern.empty())
                        router.leftOut.push_back("database " + name + " leads to " + m_out.clusters[c].name.value +
                                                 " and does not hold its name");
                    else
                        ++(*counts)[pattern];
                }
            }
        }
        for (const RouterTarget &target : told->targets) {
            if (!serverAt(target.host, target.port, of(i)))
                router.leftOut.push_back("database " + target.name + " leads to " + (target.host.empty() ? "a socket there" : target.host) +
                                         ":" + std::to_string(target.port) + ", which was not asked");
        }
        router.primaryPattern = mostOf(writes, "{cluster}", "guess: none of its databases leads to a known primary", " to a primary by it");
        reads.erase(router.primaryPattern.value);
        const bool isUsual = router.primaryPattern.value != "{cluster}_read";
        router.readPattern = mostOf(reads, isUsual ? "{cluster}_read" : "{cluster}_ro",
                                    "guess: none of its databases leads to a known standby", " to a standby by it");
        router.isSecond = !served.insert(m_out.servers[i].region.value).second;
        m_out.routers.push_back(std::move(router));
    }
}

void Grouper::formRedisGroups()
{
    std::map<std::string, std::size_t> byReplication;
    std::vector<std::size_t> replicas;
    const auto add = [&](std::size_t server, std::size_t group) { m_out.redisGroups[group].servers.push_back(server); };
    // Primaries first. Replicas join whom they name; a replication id settles it where addresses do not.
    for (const bool primaries : {true, false}) {
        for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
            const auto *redis = of(i).as<RedisTold>();
            if (!redis || redis->isPrimary != primaries)
                continue;
            const auto known = byReplication.find(redis->replicationId);
            if (!primaries && known != byReplication.end()) {
                add(i, known->second);
                continue;
            }
            const auto primary = primaries ? std::nullopt : serverAt(redis->primaryHost, redis->primaryPort, of(i));
            const auto joined = std::find_if(m_out.redisGroups.begin(), m_out.redisGroups.end(), [&](const DraftRedisGroup &group) {
                return primary && std::find(group.servers.begin(), group.servers.end(), *primary) != group.servers.end();
            });
            if (joined != m_out.redisGroups.end()) {
                add(i, static_cast<std::size_t>(joined - m_out.redisGroups.begin()));
                continue;
            }
            byReplication.emplace(redis->replicationId, m_out.redisGroups.size());
            m_out.redisGroups.emplace_back();
            m_out.redisGroups.back().hasPrimary = primaries;
            m_out.redisGroups.back().memberWhy = "INFO: replication id " + redis->replicationId.substr(0, 12) + "…";
            add(i, m_out.redisGroups.size() - 1);
        }
    }
    std::set<std::string> taken;
    for (DraftRedisGroup &group : m_out.redisGroups) {
        const auto *redis = of(group.servers.front()).as<RedisTold>();
        const std::string prefix = redis->prefixes.empty() ? std::string() : redis->prefixes.front().first;
        group.role = {"other",
                      redis->keysLookedAt == 0 ? "guess: it holds no keys" : "guess: its keys tell none of feeds, media_map and sessions"};
        for (const auto &[begin, role] : {std::pair{"feed", "feeds"}, std::pair{"activity", "feeds"}, std::pair{"mediamap", "media_map"},
                                          std::pair{"session", "sessions"}}) {
            if (prefix.starts_with(begin))
                group.role = {role, std::to_string(redis->prefixes.front().second) + " of " + std::to_string(redis->keysLookedAt) +
                                        " keys looked at begin with " + prefix + ":"};
        }
        const std::string wanted = group.role.value == "other" ? "redis" : group.role.value;
        std::string name = wanted;
        for (int number = 2; taken.contains(name); ++number)
            name = wanted + std::to_string(number);
        taken.insert(name);
        group.name = {name, group.role.value == "other" ? "made up" : "for its role"};
    }
}

/// A memcached knows no pool: all of a region are taken as one.
void Grouper::formPools()
{
    for (const Reasoned &region : m_out.regions) {
        DraftPool pool{m_out.regions.size() > 1 ? "cache-" + region.value : "cache", region.value, {}};
        for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
            if (of(i).kind == Kind::Memcached && m_out.servers[i].region.value == region.value)
                pool.servers.push_back(i);
        }
        if (!pool.servers.empty())
            m_out.pools.push_back(std::move(pool));
    }
}

} // namespace shardlens::inspect::discover
