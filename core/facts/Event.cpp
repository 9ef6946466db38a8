// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Event.h"

namespace shardlens::facts {

bool Event::operator==(const Event &other) const
{
    const bool sameProblem = problem == other.problem || (problem && other.problem && *problem == *other.problem);
    return sameProblem && kind == other.kind && when == other.when && place == other.place && subject == other.subject && before == other.before && after == other.after;
}

std::string_view name(EventKind kind)
{
    switch (kind) {
    case EventKind::ServerRestarted: return "server_restarted";
    case EventKind::RoleChanged: return "role_changed";
    case EventKind::TimelineChanged: return "timeline_changed";
    case EventKind::SettingChanged: return "setting_changed";
    case EventKind::RouterTargetChanged: return "router_target_changed";
    case EventKind::RouterPauseChanged: return "router_pause_changed";
    case EventKind::ProblemBegan: return "problem_began";
    case EventKind::ProblemEnded: return "problem_ended";
    case EventKind::ServerLost: return "server_lost";
    case EventKind::ServerBack: return "server_back";
    case EventKind::ProblemClaimed: return "problem_claimed";
    case EventKind::ProblemReleased: return "problem_released";
    case EventKind::ProblemQuieted: return "problem_quieted";
    case EventKind::ProblemUnquieted: return "problem_unquieted";
    case EventKind::ConsoleStalled: return "console_stalled";
    }
    return "console_stalled";
}

} // namespace shardlens::facts
