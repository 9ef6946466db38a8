// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::operate {

/// What can be done on a host: to a Postgres server's process and files, or to a router's file.
enum class HostAct : std::uint8_t {
    Stop,           ///< fast, and immediate where that takes longer than half of the step's deadline
    AskStopped,     ///< answers "stopped" or "runs"
    Start,          ///< answers when it accepts connections
    Rewind,         ///< a stopped server back to where it parted from the one that `connection` leads to; nothing where they did not part
    MakeStandby,    ///< a stopped server: it will come up as a standby of `connection`, by `slot`, without a brake
    PointRouter,    ///< a new file, flushed, renamed over the old one, reloaded; answers what SHOW DATABASES then tells
    PointStable,    ///< the stable address of a Redis group in the guard's region; answers as AskStable
    AskStable,      ///< answers "role:…" and "marker:…" of what that address leads to
    BeginCopy,      ///< a base backup of whom `connection` leads to, by `slot`, into a folder beside the data, a standby's from its first moment; answers at once
    AskCopied,      ///< answers "copied", "none", "so far: …", or "failed: …"
    EndCopy,        ///< stopped, and what there is of it removed
    TakeCopy,       ///< a stopped server: the copy takes its data's place; they stay beside it
    ReturnData,     ///< a stopped server: the data that were replaced take their place again
    DropReplaced,   ///< those are removed
    RepmgrRehearse, ///< repmgr, on the candidate's host: what it would refuse, by its --dry-run. Answers at once, as the next three
    RepmgrSwitch,   ///< repmgr, on the candidate's host: stops the primary, promotes, lets all follow
    RepmgrPromote,  ///< repmgr, on the candidate's host: promotes, lets the other standbys follow
    RepmgrRejoin,   ///< repmgr, on a stopped server's host: rewound where it must be, it follows whom `connection` leads to
    AskRepmgr,      ///< of the last of these there: answers "runs: …", "ended: …", "failed 18: …" with its exit code, or "none"
};
inline constexpr HostAct lastHostAct = HostAct::AskRepmgr;

/// One deed on a host, as data: whoever stands there (a region's guard) carries it out. All of it idempotent.
struct HostDeed {
    HostAct act = HostAct::AskStopped;
    std::string directory;  ///< Postgres: data_directory; empty: as whoever stands there last saw it
    std::string config;     ///< Postgres: config_file; likewise. Repmgr…: repmgr.conf
    std::string connection; ///< Rewind, MakeStandby, BeginCopy, RepmgrRejoin: a conninfo
    std::string slot;       ///< MakeStandby, BeginCopy
    std::string database;   ///< PointRouter: the router's database
    std::string leadsTo;    ///< PointRouter: "host=… port=… dbname=…"; PointStable: a server
    std::string group = {}; ///< PointStable, AskStable
    bool operator==(const HostDeed &) const = default;
};

/// The key that a move of a Redis group writes on the new primary, to be read through every stable address and on every replica.
extern const char *const markerKey;

/// Beside a data directory: what becomes its copy, and the data that a copy replaced.
extern const char *const copySuffix;
extern const char *const replacedSuffix;

/// Done by repmgr, which goes on beside what is asked next.
[[nodiscard]] bool isRepmgrs(HostAct act);
/// The commands that it stands for, as a person would type them.
[[nodiscard]] std::string textOf(const HostDeed &deed);
[[nodiscard]] std::string_view name(HostAct act); ///< stop, ask_stopped, start, rewind, make_standby, point_router, point_stable, ask_stable, begin_copy, …
[[nodiscard]] std::optional<HostAct> hostActNamed(std::string_view name);

} // namespace shardlens::operate
