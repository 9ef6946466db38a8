// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Name.h"
#include "core/base/Result.h"
#include "core/facts/Snapshot.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::clients
{

/// What a guard's probe of one server found.
struct GuardReach {
    bool isReachable = false;
    std::optional<base::microseconds> latency;
    std::string error; ///< why not
    bool operator==(const GuardReach &) const = default;
};

/// How a guard's beats on one cluster go.
struct GuardBeat {
    enum class State : std::uint8_t { Starting, Beating, StandingBy, Failing };
    State state = State::Starting;
    std::optional<std::int64_t> sequence;
    std::optional<base::microseconds> took; ///< of the newest committed beat, through the region's router
    std::optional<base::UtcTime> at;        ///< when that was answered, on the guard's clock
    std::string error;                      ///< of the newest attempt; empty when it committed
    std::string sqlState;
    base::ErrorCode errorCode = base::ErrorCode::Protocol;
    bool isErrorAtRouter = false;                   ///< an application's write would have failed too
    std::optional<base::UtcTime> waitingSince;      ///< when the attempt under way began, on the guard's clock
    bool waitsAtRouter = false;
    bool operator==(const GuardBeat &) const = default;
};

struct GuardRouter {
    bool isAnswering = false;
    std::map<std::string, bool> paused; ///< database -> paused, of its newest answer
    std::string error;
    bool operator==(const GuardRouter &) const = default;
};

/// What a guard's own probe of one way of serving found.
struct GuardWay {
    facts::ProbeKey key;
    facts::ReachState state = facts::ReachState::Asking;
    std::optional<base::microseconds> took;
    std::optional<base::microseconds> usual;
    std::optional<base::UtcTime> at;          ///< of the newest answer, on the guard's clock
    std::optional<base::UtcTime> silentSince;
    std::optional<bool> writable;
    std::optional<base::Error> error;
    bool operator==(const GuardWay &) const = default;
};

/// The newest operation on a cluster that a guard was told of (PROTOCOL.md: operations).
struct GuardOperationState {
    enum class State : std::uint8_t { Running, TakingOver, Waiting, TakenOver, Released };
    std::string operation;
    std::int64_t number = 0;
    std::int64_t term = 0;
    State state = State::Running; ///< Waiting: no primary is verified, and a person must act
    std::optional<base::UtcTime> since; ///< on the guard's clock
    std::string said;
    bool operator==(const GuardOperationState &) const = default;
};

struct GuardFenceState {
    std::optional<base::UtcTime> at; ///< on the guard's clock
    std::string said;                ///< what was done to it
    bool operator==(const GuardFenceState &) const = default;
};

/// What a guard found of a server's disk.
struct GuardDisk {
    std::optional<base::Bytes> free;
    std::optional<base::Bytes> total;
    std::optional<base::UtcTime> at; ///< on the guard's clock
    std::string error;               ///< why it could not be read
    bool operator==(const GuardDisk &) const = default;
};

/// Where a stopped server's log ends, as a guard found it.
struct GuardLogEnd {
    base::Lsn end;
    std::int32_t timeline = 0;
    base::UtcTime at; ///< on the guard's clock
    bool operator==(const GuardLogEnd &) const = default;
};

/// One answer of a guard, read.
struct GuardAnswer {
    base::RegionName region;
    std::optional<base::UtcTime> at; ///< on the guard's clock
    std::map<base::ServerId, GuardReach> reachable;
    std::map<base::ClusterName, GuardBeat> beats;
    std::map<base::ServerId, GuardRouter> routers;
    std::vector<GuardWay> ways;
    std::map<base::ClusterName, GuardOperationState> operations;
    std::map<base::ServerId, GuardFenceState> fenced; ///< returned as primaries of an older term, or while an operation has them stopped
    std::map<base::ServerId, GuardDisk> disks; ///< empty where it is an older guard
    std::map<base::ServerId, GuardLogEnd> logEnds;
    bool operator==(const GuardAnswer &) const = default;
};

/// The question, with its line's end: send it, and read up to the next '\n'.
inline constexpr std::string_view guardQuestion = "{\"ask\":\"report\"}\n";

/// Reads one line that a guard answered. Errors: Protocol when it is not a report. Unknown keys are passed over. Any thread.
[[nodiscard]] base::Result<GuardAnswer> parseGuardAnswer(std::string_view line);

/// Fills what a snapshot carries of it, with times by our clock, on which it was answered now. `report.reach`, `report.region` and
/// each beat's `usual` are the caller's.
void fill(facts::GuardReport &report, const GuardAnswer &answer, const base::Clock &clock);

/// Asks and waits: for commands and tests; the engine sends guardQuestion over its own loop. Blocks at most `timeout`.
[[nodiscard]] base::Result<GuardAnswer> askGuard(const fleet::Endpoint &endpoint, base::milliseconds timeout);

} // namespace shardlens::clients
