// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

enum class EventKind : std::uint8_t {
    ServerRestarted,     ///< before, after: start times in ISO 8601; before is empty where it was first read after that start, which may be its very first
    RoleChanged,         ///< place: a server; before, after: "primary", "standby", "replica"
    TimelineChanged,     ///< place: a cluster; before, after: numbers
    SettingChanged,      ///< place: a server; subject: the setting
    RouterTargetChanged, ///< place: a router; subject: the database; before, after: servers, else addresses
    RouterPauseChanged,  ///< place: a router; subject: the database; after: "paused", "resumed"
    ProblemBegan,        ///< `problem` tells
    ProblemEnded,        ///< `problem` tells; before: its beginning in ISO 8601
    ServerLost,          ///< it answers no more; after: the error in its own words
    ServerBack,          ///< before: since when it was lost, in ISO 8601
    ProblemClaimed,      ///< somebody is on it; subject: the problem's id; after: who; before: the reason
    ProblemReleased,     ///< nobody is on it any more; subject: its id; before: who was
    ProblemQuieted,      ///< subject: its id; after: who; before: the reason
    ProblemUnquieted,    ///< subject: its id; before: who had quieted it
    ConsoleStalled,      ///< this console did not look; before: since when, in ISO 8601
};

/// Something that changed. What happened on a server is timed by its own evidence where there is any.
struct Event {
    EventKind kind = EventKind::ServerRestarted;
    Since when;          ///< exact, or the latest it can have been
    Place place;
    std::string subject; ///< a setting, a database; else empty
    std::string before;  ///< empty if not known
    std::string after;
    std::shared_ptr<const Problem> problem; ///< of what happened to a problem, without its consequences; may be missing of a claim

    bool operator==(const Event &other) const;
};

/// Newest first; at most 12 hours and 2,000 of them.
using EventList = std::vector<Event>;
using EventListPtr = std::shared_ptr<const EventList>;

[[nodiscard]] std::string_view name(EventKind kind); ///< snake_case, stable: "server_restarted"

} // namespace shardlens::facts
