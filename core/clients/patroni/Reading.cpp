// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/patroni/Reading.h"

#include "core/base/Json.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace shardlens::patroni {

using base::Result;
using facts::ManagerMember;
using facts::ManagerReport;
using nlohmann::json;

namespace {

/// What Patroni takes when its configuration does not say.
constexpr std::int64_t usualTtl = 30;
constexpr std::int64_t usualLoopWait = 10;
constexpr std::int64_t usualMaximumLag = 1048576;

base::Result<json> objectIn(const std::string &text)
{
    json object = base::readJson(text);
    if (!object.is_object())
        return base::fail(base::ErrorCode::Protocol, "Patroni answered '" + text.substr(0, 80) + "'");
    return object;
}

std::string textIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool isSet(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::int64_t wholeIn(const json &object, const char *key, std::int64_t otherwise)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

ManagerMember::Role roleOf(const std::string &word)
{
    for (const auto role : {ManagerMember::Role::Leader, ManagerMember::Role::StandbyLeader, ManagerMember::Role::SyncStandby,
                            ManagerMember::Role::Replica}) {
        if (facts::name(role) == word)
            return role;
    }
    return ManagerMember::Role::Other;
}

ManagerMember memberOf(const json &object)
{
    ManagerMember member;
    member.name = textIn(object, "name");
    member.role = roleOf(textIn(object, "role"));
    member.state = textIn(object, "state");
    member.timeline = facts::unknown(facts::WhyUnknown::NoValue, "timeline");
    if (const auto timeline = object.find("timeline"); timeline != object.end() && timeline->is_number_integer())
        member.timeline = timeline->get<std::int32_t>();
    member.lag = facts::unknown(facts::WhyUnknown::NoValue, "lag"); // "unknown": it never wrote a position
    if (const auto lag = object.find("lag"); lag != object.end() && lag->is_number_integer())
        member.lag = base::Bytes{lag->get<std::int64_t>()};
    if (const auto tags = object.find("tags"); tags != object.end() && tags->is_object()) {
        member.isBarred = isSet(*tags, "nofailover") || (tags->contains("failover_priority") && wholeIn(*tags, "failover_priority", 1) <= 0);
        member.isSparedReads = isSet(*tags, "noloadbalance");
    }
    return member;
}

} // namespace

Result<void> readStatus(ManagerReport &into, const std::string &text)
{
    const auto object = objectIn(text);
    if (!object)
        return base::fail(object.error());
    const auto patroni = object->find("patroni");
    if (patroni == object->end() || !patroni->is_object())
        return base::fail(base::ErrorCode::Protocol, "what answers is no Patroni");
    into.scope = textIn(*patroni, "scope");
    into.version = textIn(*patroni, "version");
    into.state = textIn(*object, "state");
    into.systemIdentifier = textIn(*object, "database_system_identifier");
    into.isUnlocked = isSet(*object, "cluster_unlocked");
    return {};
}

Result<void> readCluster(ManagerReport &into, const std::string &text)
{
    const auto object = objectIn(text);
    if (!object)
        return base::fail(object.error());
    const auto members = object->find("members");
    if (members == object->end() || !members->is_array())
        return base::fail(base::ErrorCode::Protocol, "Patroni names no members: '" + text.substr(0, 80) + "'");
    into.members.clear();
    for (const json &member : *members) {
        if (member.is_object())
            into.members.push_back(memberOf(member));
    }
    into.isPaused = isSet(*object, "pause");
    into.scheduledAt.clear();
    if (const auto scheduled = object->find("scheduled_switchover"); scheduled != object->end() && scheduled->is_object())
        into.scheduledAt = textIn(*scheduled, "at");
    return {};
}

Result<void> readConfig(ManagerReport &into, const std::string &text)
{
    const auto object = objectIn(text);
    if (!object)
        return base::fail(object.error());
    into.maximumLag = base::Bytes{wholeIn(*object, "maximum_lag_on_failover", usualMaximumLag)};
    into.ttl = base::seconds(wholeIn(*object, "ttl", usualTtl));
    into.loopWait = base::seconds(wholeIn(*object, "loop_wait", usualLoopWait));
    into.isSynchronous = isSet(*object, "synchronous_mode") || textIn(*object, "synchronous_mode") == "on" || textIn(*object, "synchronous_mode") == "quorum";
    return {};
}

} // namespace shardlens::patroni
