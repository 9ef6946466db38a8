// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/GroupSight.h"

#include <algorithm>
#include <charconv>

namespace shardlens::operate {

using base::ServerId;
using facts::RedisSample;

GroupSight::GroupSight(const facts::Snapshot &snapshot, const base::GroupName &group)
    : SightBase(snapshot), m_group(snapshot.fleet->redisGroup(group)), m_facts(snapshot.redisGroup(group))
{
}

const RedisSample *GroupSight::last(const ServerId &id) const
{
    const facts::Observation *observation = m_snapshot.observation(id);
    return observation ? observation->redis() : nullptr;
}

const RedisSample *GroupSight::fresh(const ServerId &id) const
{
    return isFresh(id) ? last(id) : nullptr;
}

const facts::StandbyLag *GroupSight::lag(const ServerId &id) const
{
    const auto found = std::find_if(m_facts->replicas.begin(), m_facts->replicas.end(), [&](const facts::StandbyLag &one) { return one.standby == id; });
    return found == m_facts->replicas.end() ? nullptr : &*found;
}

const facts::RedisMoveReading *GroupSight::move(const ServerId &id) const
{
    const RedisSample *sample = last(id);
    return sample && sample->move ? &*sample->move : nullptr;
}

facts::Unknown GroupSight::whyNoMove(const ServerId &id) const
{
    const RedisSample *sample = last(id);
    return sample && !sample->move ? sample->move.error() : whySilent(id);
}

std::optional<std::string> GroupSight::setting(const ServerId &id, const std::string &name) const
{
    const facts::RedisMoveReading *reading = move(id);
    if (!reading)
        return std::nullopt;
    const auto found = reading->settings.find(name);
    return found == reading->settings.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t GroupSight::settingNumber(const ServerId &id, const std::string &name, std::int64_t otherwise) const
{
    const std::string text = setting(id, name).value_or(std::string());
    std::int64_t number = otherwise;
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc() ? number : otherwise;
}

std::int64_t GroupSight::offset(const ServerId &id) const
{
    const RedisSample *sample = last(id);
    if (!sample)
        return 0;
    return sample->link ? sample->link->offset : sample->offset;
}

facts::Known<std::int64_t> GroupSight::term() const
{
    facts::Known<std::int64_t> highest = m_facts->term;
    for (const ServerId &id : m_group->servers) {
        const RedisSample *sample = last(id);
        if (sample && sample->term && (!highest || *sample->term > *highest))
            highest = sample->term;
    }
    return highest;
}

std::vector<ServerId> GroupSight::replicas() const
{
    return othersThan(ServerId());
}

std::vector<ServerId> GroupSight::othersThan(const ServerId &candidate) const
{
    std::vector<ServerId> others;
    for (const ServerId &id : m_group->servers) {
        if (id != primary() && id != candidate)
            others.push_back(id);
    }
    return others;
}

bool GroupSight::hasLostItsData() const
{
    const RedisSample *own = fresh(primary());
    if (!own || !own->isPrimary || own->keys > 0)
        return false;
    return std::any_of(m_group->servers.begin(), m_group->servers.end(), [&](const ServerId &id) {
        const RedisSample *other = id == primary() ? nullptr : fresh(id);
        return other && other->keys > 0 && other->replicationId != own->replicationId;
    });
}

std::vector<const facts::SentinelReport *> GroupSight::sentinels() const
{
    auto all = m_snapshot.sentinelsOf(m_group->name);
    std::erase_if(all, [&](const facts::SentinelReport *one) { return !one->isFresh(m_snapshot.takenAt); });
    return all;
}

ServerId memberAt(const fleet::Fleet &fleet, const fleet::RedisGroup &group, const fleet::Endpoint &endpoint)
{
    std::vector<ServerId> samePort;
    for (const ServerId &id : group.servers) {
        const fleet::Server *server = fleet.server(id);
        if (!server)
            continue;
        const auto &seen = server->address.seenFrom;
        if (server->address.own == endpoint || std::any_of(seen.begin(), seen.end(), [&](const auto &one) { return one.second == endpoint; }))
            return id;
        if (server->address.own.port == endpoint.port)
            samePort.push_back(id);
    }
    return samePort.size() == 1 ? samePort.front() : ServerId();
}

fleet::Endpoint GroupSight::calledBySentinels(const ServerId &id) const
{
    for (const facts::SentinelReport *report : sentinels()) {
        if (memberAt(report->primary) == id)
            return report->primary;
        for (const facts::SentinelReplica &replica : report->replicas) {
            if (memberAt(replica.address) == id)
                return replica.address;
        }
    }
    const fleet::Server *server = fleet().server(id);
    return server ? server->address.own : fleet::Endpoint();
}

ServerId sentinelId(const fleet::Endpoint &sentinel)
{
    return ServerId(fleet::textOf(sentinel));
}

ServerId stableId(const base::GroupName &group, const base::RegionName &region)
{
    return ServerId(group.text() + "@" + region.text());
}

std::optional<base::RegionName> regionOfStable(const ServerId &id)
{
    const std::size_t at = id.text().find('@');
    return at == std::string::npos ? std::nullopt : std::optional(base::RegionName(id.text().substr(at + 1)));
}

} // namespace shardlens::operate
