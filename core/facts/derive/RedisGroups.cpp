// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

/// A replica acknowledges each second: an age of so many seconds still means that nothing was missed.
constexpr base::seconds usualAck{2};
/// The primary pings an idle replica every 10 s; only that bounds the age of the last exchange as the replica tells it.
constexpr base::seconds usualPing{12};

Known<base::ServerId> electRedis(const Tick &tick, const fleet::RedisGroup &group, const std::vector<base::ServerId> &writable, GroupMemory &memory)
{
    if (!writable.empty()) {
        const bool stays = memory.primary && std::find(writable.begin(), writable.end(), *memory.primary) != writable.end();
        // Of two, the one that replicas follow; a server that came back as its own master has none.
        if (!stays || writable.size() > 1) {
            memory.primary = *std::max_element(writable.begin(), writable.end(), [&](const auto &a, const auto &b) {
                const auto rank = [&](const base::ServerId &id) { return std::tuple(tick.redis(id)->replicas.size(), memory.primary == id); };
                return rank(a) < rank(b);
            });
        }
        return *memory.primary;
    }
    if (memory.primary && !tick.isFresh(*memory.primary))
        return *memory.primary;
    memory.primary.reset();
    std::vector<base::ServerId> silent;
    for (const base::ServerId &id : group.servers) {
        const Observation *observation = tick.observation(id);
        if (!observation || observation->reach.state == ReachState::Asking)
            return unknown(WhyUnknown::NotAskedYet);
        if (!tick.isFresh(id))
            silent.push_back(id);
    }
    // Its replicas name the address they dial.
    for (const base::ServerId &id : group.servers) {
        const RedisSample *sample = tick.redis(id);
        if (!sample || !sample->link)
            continue;
        if (auto dialled = tick.atAddress(silent, sample->link->primaryHost, sample->link->primaryPort, tick.regionOf(id)); !dialled.isEmpty())
            return dialled;
    }
    if (silent.size() == 1 && group.servers.size() > 1)
        return silent.front();
    return unknown(silent.empty() ? WhyUnknown::NoValue : WhyUnknown::ServerSilent);
}

const ReplicaRow *rowOf(const Tick &tick, const RedisSample &primary, const base::ServerId &replica, const base::RegionName &viewer)
{
    const auto found = std::find_if(primary.replicas.begin(), primary.replicas.end(),
                                    [&](const ReplicaRow &row) { return tick.atAddress({replica}, row.host, row.port, viewer) == replica; });
    return found == primary.replicas.end() ? nullptr : &*found;
}

StandbyState stateOf(const RedisSample &sample)
{
    if (!sample.link)
        return StandbyState::Unknown;
    if (sample.link->syncing)
        return StandbyState::CatchingUp;
    return sample.link->up ? StandbyState::Streaming : StandbyState::NotStreaming;
}

void measureTime(StandbyLag &lag, const RedisSample &replica, const ReplicaRow *row, bool primaryFresh)
{
    lag.rule = LagRule::LastExchange;
    const bool byPrimary = row && primaryFresh;
    const base::seconds age{byPrimary ? row->secondsSinceAck : replica.link->secondsSinceLastIo};
    if (age < base::seconds(0) || (!replica.link->up && !byPrimary)) {
        const auto &down = replica.link->downSinceSeconds;
        lag.time = down ? Known<microseconds>(base::seconds(*down)) : unknown(WhyUnknown::NoValue, "not_linked");
        return;
    }
    lag.inputs.receiverMessageAge = microseconds(age);
    // Both sides tell whole seconds: an age of so many may be nearly one more.
    const bool usual = age <= (byPrimary ? usualAck : usualPing);
    lag.time = usual ? microseconds(0) : microseconds(age);
    lag.resolution = usual ? microseconds(age + base::seconds(1)) : microseconds(base::seconds(1));
}

StandbyLag measureReplica(const Tick &tick, const fleet::RedisGroup &group, const Known<base::ServerId> &primaryId, const base::ServerId &id, GroupMemory &memory)
{
    StandbyLag lag;
    lag.standby = id;
    const RedisSample *replica = tick.redis(id);
    const RedisSample *primary = primaryId ? tick.redis(*primaryId) : nullptr;
    const bool primaryFresh = primaryId && tick.isFresh(*primaryId);
    if (const auto age = tick.sampleAge(id))
        lag.inputs.standbySampleAge = *age;
    if (const auto age = primaryId ? tick.sampleAge(*primaryId) : std::nullopt)
        lag.inputs.primarySampleAge = *age;
    if (!replica || !replica->link) {
        lag.time = tl::unexpected(replica ? Unknown{WhyUnknown::NoValue, id.text()} : tick.whySilent(id));
        return lag;
    }
    const ReplicaRow *row = primary ? rowOf(tick, *primary, id, tick.regionOf(*primaryId)) : nullptr;
    lag.inputs.receiverStatus = replica->link->up ? "up" : "down";
    lag.inputs.senderState = row ? row->state : std::string();
    if (row)
        lag.inputs.repliedAt = *tick.observation(*primaryId)->sampledAt - base::seconds(row->secondsSinceAck);
    lag.upstream = tick.atAddress(group.servers, replica->link->primaryHost, replica->link->primaryPort, tick.regionOf(id));
    if (lag.upstream.isEmpty() && row)
        lag.upstream = *primaryId;
    if (tick.isFresh(id))
        lag.state = stateOf(*replica);
    else if (row && primaryFresh) // a replica silent for us alone: its primary still hears it
        lag.state = row->state == "online" && base::seconds(row->secondsSinceAck) < usualPing ? StandbyState::Streaming : StandbyState::NotStreaming;
    measureTime(lag, *replica, row, primaryFresh);
    if (!primary) {
        lag.behind = tl::unexpected(primaryId ? tick.whySilent(*primaryId) : Unknown{WhyUnknown::NotAskedYet, {}});
    } else if (!primaryFresh && tick.isFresh(id)) {
        lag.behind = unknown(WhyUnknown::ServerSilent, primaryId->text());
    } else {
        const std::int64_t reached = std::max(row ? row->offset : 0, replica->link->offset);
        lag.behind = Bytes{std::max<std::int64_t>(0, primary->offset - reached)};
        StandbyMemory &own = memory.replicas[id];
        addPoint(own.backlog, tick.input.takenAt, lag.behind->count);
        lag.backlogBytesPerSecond = slope(own.backlog);
    }
    return lag;
}

} // namespace

RedisGroupFacts redisGroupFacts(const Tick &tick, const fleet::RedisGroup &group, GroupMemory &memory)
{
    RedisGroupFacts facts;
    facts.name = group.name;
    for (const base::ServerId &id : group.servers) {
        const RedisSample *sample = tick.redis(id);
        if (sample && sample->isPrimary && tick.isFresh(id))
            facts.writable.push_back(id);
    }
    facts.primary = electRedis(tick, group, facts.writable, memory);
    if (facts.primary) {
        const Observation *primary = tick.observation(*facts.primary);
        if (primary && primary->redisRates())
            facts.commandsPerSecond = primary->redisRates()->commandsPerSecond;
        if (primary && primary->redis())
            facts.term = primary->redis()->term;
    } else {
        facts.commandsPerSecond = tl::unexpected<Unknown>(facts.primary.error());
    }
    for (const base::ServerId &id : group.servers) {
        if (!facts.primary || id != *facts.primary)
            facts.replicas.push_back(measureReplica(tick, group, facts.primary, id, memory));
    }
    return facts;
}

} // namespace shardlens::facts::derive
