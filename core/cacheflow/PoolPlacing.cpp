// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/PoolPlacing.h"

#include <algorithm>

namespace shardlens::cacheflow {

using base::ErrorCode;

namespace {

/// Well-spread numbers without a state (splitmix64): a sample must not differ from run to run.
std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

std::vector<std::string> membersOfKeys(const std::vector<memcached::Member> &members, const memcached::KeyPlacement &placement,
                                  const std::vector<std::string> &keys, std::vector<std::pair<std::string, std::size_t>> &spread)
{
    std::vector<std::string> places;
    for (const auto &member : members)
        spread.emplace_back(member.server, 0);
    for (const std::string &key : keys) {
        const auto at = placement.memberOf(key);
        ++spread.at(at).second;
        places.push_back(members.at(at).server);
    }
    return places;
}

} // namespace

std::vector<memcached::Member> membersWithin(const fleet::Fleet &fleet, const fleet::Pool &pool)
{
    std::vector<memcached::Member> members;
    for (const auto &id : pool.servers) {
        if (const auto *server = fleet.server(id))
            members.push_back({id.text(), server->address.from(pool.region)});
    }
    return members;
}

memcached::Member memberFrom(const fleet::Fleet &fleet, const base::ServerId &server)
{
    const fleet::Server *declared = fleet.server(server);
    return {server.text(), declared ? declared->address.from(fleet.ownRegion) : fleet::Endpoint{}};
}

std::vector<std::string> sampleKeys(const fleet::Fleet &fleet, std::size_t count)
{
    std::vector<std::string> patterns;
    for (const auto &[kind, pattern] : fleet.keys.cached)
        patterns.push_back(pattern);
    if (patterns.empty())
        patterns.emplace_back("{id}");
    std::vector<std::string> keys;
    keys.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back(fleet::expand(patterns[i % patterns.size()], "id", std::to_string(mixed(i) >> 1)));
    return keys;
}

base::Result<Moves> movesIf(const std::vector<memcached::Member> &members, fleet::Hashing hashing, const std::vector<std::string> &keys,
                            const std::optional<memcached::Member> &added, const std::string &removed)
{
    std::vector<memcached::Member> changed = members;
    const auto named = [](const std::string &name) { return [name](const memcached::Member &member) { return member.server == name; }; };
    if (!removed.empty() && std::erase_if(changed, named(removed)) == 0)
        return base::fail(ErrorCode::NotFound, "the pool has no member " + removed);
    if (added) {
        const auto isSame = [&](const memcached::Member &member) {
            return member.server == added->server || member.endpoint == added->endpoint;
        };
        if (std::any_of(changed.begin(), changed.end(), isSame))
            return base::fail(ErrorCode::BadInput, added->server + " is a member already");
        changed.push_back(*added);
    }
    const auto before = memcached::KeyPlacement::of(members, hashing);
    const auto after =
        before ? memcached::KeyPlacement::of(changed, hashing) : base::Result<memcached::KeyPlacement>(base::fail(before.error()));
    if (!after)
        return base::fail(after.error());
    Moves moves;
    moves.sampled = keys.size();
    const auto from = membersOfKeys(members, *before, keys, moves.before);
    const auto to = membersOfKeys(changed, *after, keys, moves.after);
    for (std::size_t i = 0; i < keys.size(); ++i)
        moves.moved += from[i] != to[i] ? 1 : 0;
    return moves;
}

} // namespace shardlens::cacheflow
