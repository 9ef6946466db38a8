// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/ManagerReport.h"

#include <algorithm>

namespace shardlens::facts {

const char *const repmgrText =
    "SELECT json_build_object('version', extversion, 'runs', repmgr.repmgrd_is_running(), 'paused', repmgr.repmgrd_is_paused(), 'nodes', "
    "(SELECT json_agg(one ORDER BY node_id) FROM (SELECT node_id, node_name, type, active, priority FROM repmgr.nodes) one)) "
    "FROM pg_extension WHERE extname = 'repmgr'";

bool ManagerReport::isFresh(Instant now) const
{
    return hasAnswered && reach.state == ReachState::Answering && reach.lastAnswer && now - *reach.lastAnswer <= 3 * managerInterval;
}

const ManagerMember *ManagerReport::member(const std::string &name) const
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const ManagerMember &one) { return one.name == name; });
    return found == members.end() ? nullptr : &*found;
}

const ManagerMember *ManagerReport::leader() const
{
    const auto found = std::find_if(members.begin(), members.end(), [](const ManagerMember &one) {
        return one.role == ManagerMember::Role::Leader || one.role == ManagerMember::Role::StandbyLeader;
    });
    return found == members.end() ? nullptr : &*found;
}

std::string linesOf(const ManagerReport &report)
{
    const ManagerMember *leader = report.leader();
    std::string lines = "leader:" + (leader ? leader->name : std::string()) + "\npaused:" + (report.isPaused ? "yes" : "no") +
                        "\nscheduled:" + (report.scheduledAt.empty() ? std::string("no") : report.scheduledAt);
    for (const ManagerMember &member : report.members)
        lines += "\n" + member.name + ":" + std::string(name(member.role)) + " " + member.state;
    return lines;
}

std::string_view name(ManagerMember::Role role)
{
    switch (role) {
    case ManagerMember::Role::Leader: return "leader";
    case ManagerMember::Role::StandbyLeader: return "standby_leader";
    case ManagerMember::Role::SyncStandby: return "sync_standby";
    case ManagerMember::Role::Replica: return "replica";
    case ManagerMember::Role::Other: return "other";
    }
    return "other";
}

} // namespace shardlens::facts
