// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/PatroniReport.h"

#include <algorithm>

namespace shardlens::facts {

bool PatroniReport::isFresh(Instant now) const
{
    return hasAnswered && reach.state == ReachState::Answering && reach.lastAnswer && now - *reach.lastAnswer <= 3 * patroniInterval;
}

const PatroniMember *PatroniReport::member(const std::string &name) const
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const PatroniMember &one) { return one.name == name; });
    return found == members.end() ? nullptr : &*found;
}

const PatroniMember *PatroniReport::leader() const
{
    const auto found = std::find_if(members.begin(), members.end(), [](const PatroniMember &one) {
        return one.role == PatroniMember::Role::Leader || one.role == PatroniMember::Role::StandbyLeader;
    });
    return found == members.end() ? nullptr : &*found;
}

std::string_view name(PatroniMember::Role role)
{
    switch (role) {
    case PatroniMember::Role::Leader: return "leader";
    case PatroniMember::Role::StandbyLeader: return "standby_leader";
    case PatroniMember::Role::SyncStandby: return "sync_standby";
    case PatroniMember::Role::Replica: return "replica";
    case PatroniMember::Role::Other: return "other";
    }
    return "other";
}

} // namespace shardlens::facts
