// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/repmgr/Reading.h"

#include "core/base/Json.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace shardlens::repmgr {

using base::ErrorCode;
using base::Result;
using facts::ManagerMember;
using nlohmann::json;

namespace {

std::string textIn(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Without its library in shared_preload_libraries repmgr answers NULL.
bool isSet(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

ManagerMember memberOf(const json &node)
{
    ManagerMember member;
    member.name = textIn(node, "node_name");
    const bool isActive = isSet(node, "active");
    const std::string type = textIn(node, "type");
    // Whoever was the primary keeps that type after another was promoted, until it has rejoined.
    member.role = type == "primary" && isActive ? ManagerMember::Role::Leader
                  : type == "standby"           ? ManagerMember::Role::Replica
                                                : ManagerMember::Role::Other;
    member.state = isActive ? "running" : "inactive";
    member.timeline = facts::unknown(facts::WhyUnknown::NotSupported, "timeline");
    member.lag = facts::unknown(facts::WhyUnknown::NotSupported, "lag");
    const auto priority = node.find("priority");
    member.isBarred = priority != node.end() && priority->is_number_integer() && priority->get<std::int64_t>() <= 0;
    return member;
}

} // namespace

Result<void> readNodes(facts::ManagerReport &into, const std::string &answer)
{
    if (answer.empty())
        return base::fail(ErrorCode::Protocol, "that database has no extension repmgr");
    const json object = base::readJson(answer);
    const auto nodes = object.is_object() ? object.find("nodes") : object.end();
    if (!object.is_object() || nodes == object.end() || !nodes->is_array())
        return base::fail(ErrorCode::Protocol, "repmgr names no nodes: '" + answer.substr(0, 80) + "'");
    into.version = textIn(object, "version");
    into.isAutomatic = isSet(object, "runs");
    into.isPaused = into.isAutomatic && isSet(object, "paused");
    into.state = into.isAutomatic ? "repmgrd runs" : "no repmgrd";
    into.members.clear();
    for (const json &node : *nodes) {
        if (node.is_object() && textIn(node, "type") != "witness")
            into.members.push_back(memberOf(node));
    }
    return {};
}

} // namespace shardlens::repmgr
