// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/MediaMap.h"

#include "core/ids/Shortcode.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

namespace {

std::string usualKey(const std::string &pattern)
{
    if (pattern == "main_feed")
        return "feed:{user}";
    if (pattern == "activity_feed")
        return "activity:{user}";
    return pattern == "media_map" ? "mediamap:{bucket}" : "session:{token}";
}

std::uint32_t asBucket(std::uint64_t number)
{
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
}

} // namespace

std::string redisKey(const fleet::Fleet &fleet, const std::string &pattern, const std::string &word, const std::string &value)
{
    const auto found = fleet.keys.redis.find(pattern);
    return fleet::expand(found == fleet.keys.redis.end() ? usualKey(pattern) : found->second, word, value);
}

std::string cachedKey(const fleet::Fleet &fleet, const std::string &kind, std::uint64_t id)
{
    const auto found = fleet.keys.cached.find(kind);
    return fleet::expand(found == fleet.keys.cached.end() ? kind.substr(0, 1) + ":{id}" : found->second, "id", std::to_string(id));
}

const fleet::RedisGroup *groupWith(const fleet::Fleet &fleet, fleet::RedisRole role)
{
    const auto found =
        std::find_if(fleet.redisGroups.begin(), fleet.redisGroups.end(), [&](const auto &group) { return group.role == role; });
    return found == fleet.redisGroups.end() ? nullptr : &*found;
}

ServerId memberIn(const fleet::Fleet &fleet, const std::vector<ServerId> &members, const RegionName &region)
{
    for (const ServerId &id : members) {
        const fleet::Server *server = fleet.server(id);
        if (server && server->region == region)
            return id;
    }
    return {};
}

base::Result<MapCopy> readMap(Link &link, const fleet::Fleet &fleet, std::uint64_t media, std::uint32_t &buckets)
{
    const std::string field = std::to_string(media);
    const auto keyOf = [&](std::uint64_t bucket) { return redisKey(fleet, "media_map", "bucket", std::to_string(bucket)); };
    std::vector<std::vector<std::string>> commands{{"GET", redisKey(fleet, "media_map", "bucket", "buckets")}};
    const std::uint32_t guessed = bucketOf(media, buckets);
    if (buckets != 0)
        commands.push_back({"HGET", keyOf(guessed), field});
    auto replies = link.redis(commands);
    if (!replies)
        return base::fail(replies.error());
    if (replies->front().isError())
        return base::fail(base::ErrorCode::Rejected, replies->front().text, link.server().id.text());
    const auto told = ids::parseDecimal(replies->front().text);
    MapCopy copy;
    copy.server = link.server().id;
    // A map that tells no number of buckets is numbered by the ID itself.
    const std::uint32_t now = told ? asBucket(*told) : 0;
    copy.bucket = now != 0 ? bucketOf(media, now) : media / std::max(1U, fleet.keys.mediaMapBucket);
    const bool isGuessed = buckets != 0 && now != 0 && copy.bucket == guessed;
    buckets = now;
    if (!isGuessed) {
        replies = link.redis({{"HGET", keyOf(copy.bucket), field}});
        if (!replies)
            return base::fail(replies.error());
    }
    if (replies->back().isError())
        return base::fail(base::ErrorCode::Rejected, replies->back().text, link.server().id.text());
    const auto owner = ids::parseDecimal(replies->back().text);
    copy.state = owner ? CopyState::Exists : CopyState::Absent;
    copy.owner = owner.value_or(0);
    return copy;
}

} // namespace shardlens::inspect::lookup
