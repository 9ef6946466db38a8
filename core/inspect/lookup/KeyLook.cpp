// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/KeyLook.h"

#include "core/inspect/lookup/CachedItem.h"
#include "core/inspect/lookup/MediaMap.h"

#include <algorithm>
#include <tuple>

namespace shardlens::inspect::lookup {

using base::Result;

namespace {

/// Whether the server has the schema, and how many rows the catalogs estimate in it.
const char *const shardQuery = "select pg_is_in_recovery(), n.oid is not null, coalesce((select sum(greatest(c.reltuples, 0))::bigint from "
                               "pg_class c where c.relnamespace = n.oid "
                               "and c.relkind = 'r'), 0) from (select 1) one left join pg_namespace n on n.nspname = $1";

void askPlace(Round &round, ShardCard &card, const fleet::Server &server, const fleet::Cluster &cluster)
{
    card.places.push_back({server.id, cluster.name, server.region, false, facts::notAsked<bool>(), facts::notAsked<std::int64_t>()});
    // The place is found by its index: the list may still grow.
    round.ask(server.id, [&card, at = card.places.size() - 1, database = cluster.database](Link &link) -> Result<void> {
        ShardCard::Place &place = card.places[at];
        const auto rows = link.query(database, shardQuery, {card.schema});
        if (!rows) {
            place.hasIt = tl::unexpected(whyUnknown(rows.error()));
            return base::fail(rows.error());
        }
        place.isPrimary = rows->at(0, 0) == "f";
        link.sawRole(place.isPrimary);
        place.hasIt = rows->at(0, 1) == "t";
        if (*place.hasIt)
            place.rows = std::strtoll(rows->at(0, 2).value_or("0").c_str(), nullptr, 10);
        return {};
    });
}

/// Whether a key could be of this pattern.
bool fits(std::string_view key, std::string_view pattern)
{
    const auto open = pattern.find('{');
    const auto close = pattern.find('}', open);
    return open != std::string_view::npos && close != std::string_view::npos && key.starts_with(pattern.substr(0, open)) &&
           key.ends_with(pattern.substr(close + 1));
}

fleet::RedisRole roleOf(const std::string &pattern)
{
    return pattern == "media_map" ? fleet::RedisRole::MediaMap
           : pattern == "session" ? fleet::RedisRole::Sessions
                                  : fleet::RedisRole::Feeds;
}

std::vector<const fleet::RedisGroup *> groupsOf(const fleet::Fleet &fleet, const std::string &key)
{
    std::vector<const fleet::RedisGroup *> groups;
    for (const auto &[name, pattern] : fleet.keys.redis) {
        const fleet::RedisGroup *group = groupWith(fleet, roleOf(name));
        if (group && fits(key, pattern) && std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    }
    if (groups.empty()) {
        for (const fleet::RedisGroup &group : fleet.redisGroups)
            groups.push_back(&group);
    }
    return groups;
}

/// Type and time to live first: how a length is asked for depends on the type.
Result<void> readRedisKey(Link &link, const std::string &key, KeyCopy &copy)
{
    const auto first = link.redis({{"TYPE", key}, {"TTL", key}});
    if (!first)
        return base::fail(first.error());
    copy.type = first->at(0).text;
    copy.exists = copy.type != "none";
    if (first->at(1).integer >= 0)
        copy.ttl = base::seconds(first->at(1).integer);
    const std::map<std::string, std::string> lengths{{"list", "LLEN"},  {"hash", "HLEN"},     {"set", "SCARD"},
                                                     {"zset", "ZCARD"}, {"string", "STRLEN"}, {"stream", "XLEN"}};
    const auto command = lengths.find(copy.type);
    if (command == lengths.end())
        return {};
    const auto length = link.redis({{command->second, key}});
    if (!length)
        return base::fail(length.error());
    copy.length = length->front().integer;
    return {};
}

} // namespace

void lookAtShard(Context &context, const Question &question, Answer &answer, Rounds &rounds)
{
    const fleet::Fleet &fleet = *context.fleet;
    {
        Round round(context.links, Stage::Place);
        context.places.askFor(round);
        round.run(rounds);
        context.places.settle(rounds);
    }
    const base::ShardNumber number{static_cast<std::uint32_t>(question.find.id)};
    answer.shards.reserve(fleet.partitions.size()); // jobs keep references
    Round round(context.links, Stage::Rows);
    for (const fleet::Partition &partition : fleet.partitions) {
        answer.shards.emplace_back();
        ShardCard &card = answer.shards.back();
        card.partition = partition.name;
        card.number = number;
        card.schema = context.places.schemaOf(partition, number);
        card.isInRange = context.places.isInRange(partition, number);
        const auto home = context.places.home(partition, number);
        if (home)
            card.declared = home->cluster->name;
        else if (fleet.directory && !context.places.hasMap())
            card.declared = facts::unknown(facts::WhyUnknown::ServerSilent, "directory");
        else
            card.declared = facts::unknown(fleet.directory ? facts::WhyUnknown::NoValue : facts::WhyUnknown::NotConfigured, "directory");
        for (const fleet::Cluster &cluster : fleet.clusters) {
            if (cluster.partition != partition.name)
                continue;
            for (const ServerId &id : cluster.servers) {
                if (const fleet::Server *server = fleet.server(id))
                    askPlace(round, card, *server, cluster);
            }
        }
    }
    round.run(rounds);
}

bool isOfSomebody(const fleet::KeyPatterns &keys, const Find &find)
{
    const auto isOf = [&](const std::map<std::string, std::string> &patterns, const char *word) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const auto &pattern) { return fleet::numberIn(pattern.second, word, find.text).has_value(); });
    };
    return find.kind == Kind::CachedKey ? isOf(keys.cached, "id") : find.kind == Kind::RedisKey && isOf(keys.redis, "user");
}

void lookAtKey(Context &context, const Question &question, Answer &answer, Rounds &rounds)
{
    const fleet::Fleet &fleet = *context.fleet;
    const std::string &key = question.find.text;
    const bool isRedis = question.find.kind == Kind::RedisKey;
    std::vector<std::pair<ServerId, PoolName>> servers;
    if (isRedis) {
        for (const fleet::RedisGroup *group : groupsOf(fleet, key)) {
            for (const ServerId &id : group->servers)
                servers.emplace_back(id, PoolName());
        }
    } else {
        for (const fleet::Pool &pool : fleet.pools)
            servers.emplace_back(context.pools.memberOf(pool, key), pool.name);
    }
    answer.keys.resize(servers.size());
    const std::string lines = askForItem(key);
    Round round(context.links, Stage::Rows);
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const fleet::Server *server = fleet.server(servers[i].first);
        KeyCopy &copy = answer.keys[i];
        std::tie(copy.server, copy.pool) = servers[i];
        copy.region = server ? server->region : RegionName();
        if (!isRedis && lines.empty()) { // memcached takes no such key
            copy.exists = false;
            continue;
        }
        round.ask(servers[i].first, [&copy, &key, isRedis, lines](Link &link) -> Result<void> {
            Result<void> done;
            if (isRedis) {
                done = readRedisKey(link, key, copy);
            } else {
                const auto text = link.memcached(lines);
                std::string_view left = text ? std::string_view(*text) : std::string_view();
                const auto item = text ? takeItem(left, key, {}) : Result<CachedFacts>(base::fail(text.error()));
                if (item) {
                    copy.exists = item->copy.state != CopyState::Absent;
                    copy.type = *copy.exists ? "item" : "none";
                    copy.length = item->copy.bytes;
                    copy.ttl = item->copy.ttl;
                } else {
                    done = base::fail(item.error());
                }
            }
            if (!done)
                copy.exists = tl::unexpected(whyUnknown(done.error()));
            return done;
        });
    }
    round.run(rounds);
}

} // namespace shardlens::inspect::lookup
