// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::operate {

/// What can be done on a host: to a Postgres server's process and files, or to a router's file.
enum class HostAct : std::uint8_t {
    Stop,        ///< fast, and immediate where that takes longer than half of the step's deadline
    AskStopped,  ///< answers "stopped" or "runs"
    Start,       ///< answers when it accepts connections
    Rewind,      ///< a stopped server back to where it parted from the one that `connection` leads to; nothing where they did not part
    MakeStandby, ///< a stopped server: it will come up as a standby of `connection`, by `slot`, without a brake
    PointRouter, ///< a new file, flushed, renamed over the old one, reloaded; answers what SHOW DATABASES then tells
    PointStable, ///< the stable address of a Redis group in the guard's region; answers as AskStable
    AskStable,   ///< answers "role:…" and "marker:…" of what that address leads to
};

/// One deed on a host, as data: whoever stands there (a region's guard) carries it out. All of it idempotent.
struct HostDeed {
    HostAct act = HostAct::AskStopped;
    std::string directory;  ///< Postgres: data_directory; empty: as whoever stands there last saw it
    std::string config;     ///< Postgres: config_file; likewise
    std::string connection; ///< Rewind, MakeStandby: a conninfo
    std::string slot;       ///< MakeStandby
    std::string database;   ///< PointRouter: the router's database
    std::string leadsTo;    ///< PointRouter: "host=… port=… dbname=…"; PointStable: a server
    std::string group = {}; ///< PointStable, AskStable
    bool operator==(const HostDeed &) const = default;
};

/// The key that a move of a Redis group writes on the new primary, to be read through every stable address and on every replica.
extern const char *const markerKey;

/// The commands that it stands for, as a person would type them.
[[nodiscard]] std::string textOf(const HostDeed &deed);
[[nodiscard]] std::string_view name(HostAct act); ///< stop, ask_stopped, start, rewind, make_standby, point_router, point_stable, ask_stable
[[nodiscard]] std::optional<HostAct> hostActNamed(std::string_view name);

} // namespace shardlens::operate
