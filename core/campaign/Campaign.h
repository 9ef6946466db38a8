// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/CampaignPlan.h"
#include "core/campaign/Warmth.h"
#include "core/execute/Operation.h"
#include "core/facts/Kernel.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::campaign {

enum class MoveState : std::uint8_t {
    Left,     ///< not part of it: not ready, by hand, or settled before it began
    Waiting,  ///< for its wave
    Starting, ///< its executor looks and takes its lock
    Moving,   ///< before its writes flow again
    Settling, ///< its new primary takes writes; the old one becomes a standby
    Done,
    Incomplete, ///< done, things left: its operation names them
    RolledBack,
    Failed, ///< refused, or failed: `said` tells
    InDoubt,
    NotBegun, ///< the campaign ended before its wave
};

/// One row of a running campaign.
struct Move {
    std::string subject; ///< the cluster's or group's name
    bool isGroup = false;
    bool isDirectory = false;
    operate::Act act = operate::Act::Switchover;
    base::ServerId from;
    base::ServerId to;
    unsigned wave = 0; ///< 0: not moved
    Fit fit = Fit::NotReady;
    std::vector<std::string> why; ///< of NotReady: names of the checks that block
    std::optional<base::microseconds> expectedPause;
    MoveState state = MoveState::Waiting;
    std::string operation;               ///< its newest operation's id; empty: none was started
    std::optional<base::microseconds> lag; ///< of its target when it was started
    std::optional<base::UtcTime> startedAt;
    std::optional<base::UtcTime> flowsAt; ///< its new primary takes writes since
    std::optional<base::microseconds> pause; ///< how long its writes were held
    std::optional<base::UtcTime> endedAt;
    std::string said;
    bool operator==(const Move &) const = default;
};

/// A manual step, and who ticked it.
struct Tick {
    ManualStep step;
    std::string by; ///< empty: not ticked
    std::optional<base::UtcTime> at;
    bool operator==(const Tick &) const = default;
};

/// What was looked at between two waves.
struct GateSeen {
    unsigned wave = 0; ///< after this one
    bool isPassed = false;
    std::string said; ///< what it waited for last; empty: it was open at the first look
    std::optional<base::UtcTime> at;
    bool operator==(const GateSeen &) const = default;
};

/// HostDown, HostUp: the host's kernel, as the host itself told. Nobody waits for it.
struct KernelSeen {
    std::optional<facts::Kernel> now;
    std::string unknown;                       ///< of no `now`: why
    std::optional<facts::Kernel> before;       ///< HostUp: as it was noted on this machine when the host was taken down
    std::optional<facts::KernelChange> change; ///< HostUp, with `now`
    bool operator==(const KernelSeen &) const = default;
};

enum class Outcome : std::uint8_t {
    Done,
    Incomplete, ///< done, things left: rows that could not be moved, a mark that could not be set
    Stopped,    ///< by a person: rows not begun stay where they were
    Failed,     ///< too many moves failed, or a gate did not open
    InDoubt,    ///< of a move it is not known what is so
    Abandoned,
};

/// How a person asked it to stop.
enum class Stop : std::uint8_t {
    No,
    AfterWave,
    Now, ///< moves under way are cancelled: undone before their point of no return, finished after it
};

enum class MarkState : std::uint8_t { None, Set, Lifted, Failed };

/// One campaign, as the entries of its journal tell it.
struct Campaign {
    std::string id; ///< "evacuate-us-east-20261128-220412-4f2a"
    Goal goal;
    Options options;
    execute::Author author;
    std::string reason;
    base::UtcTime beganAt;
    std::vector<Move> moves; ///< as the plan's rows
    unsigned waves = 0;
    std::vector<Tick> manual;
    unsigned wave = 0; ///< the newest that was begun; 0: none yet
    std::vector<GateSeen> gates;
    bool retries = false; ///< it had ended, and goes on: what failed or was not begun is tried again
    Stop stop = Stop::No;
    std::optional<base::UtcTime> stopAskedAt;
    bool setsMark = false;  ///< as the plan says
    bool liftsMark = false;
    MarkState mark = MarkState::None;
    std::string markSaid; ///< of Failed
    std::optional<KernelSeen> kernel;
    std::vector<PoolWarmth> pools; ///< Evacuate: of where users are sent
    Watch watch = Watch::None;
    std::vector<std::string> left; ///< things left, in words, once it ended
    std::optional<Outcome> outcome; ///< nothing: it runs, or whoever ran it is gone
    std::string said;
    std::optional<base::UtcTime> endedAt;
    base::UtcTime lastEntryAt;

    bool operator==(const Campaign &) const = default;
    [[nodiscard]] unsigned failures() const;                     ///< moves that ended otherwise than done or incomplete
    [[nodiscard]] unsigned moved() const;                        ///< moves whose new primary takes writes
    [[nodiscard]] std::optional<base::microseconds> longestPause() const;
    [[nodiscard]] const Move *move(const std::string &subject) const;
};

[[nodiscard]] bool hasEnded(MoveState state);
[[nodiscard]] bool hasFailed(MoveState state);

[[nodiscard]] std::string_view name(MoveState state); ///< left, waiting, starting, moving, settling, done, incomplete, rolled_back, failed, in_doubt, not_begun
[[nodiscard]] std::string_view name(Outcome outcome); ///< done, incomplete, stopped, failed, in_doubt, abandoned
[[nodiscard]] std::string_view name(Stop stop);       ///< no, after_wave, now
[[nodiscard]] std::string_view name(MarkState state); ///< none, set, lifted, failed

/// A campaign that begins with this plan; without id, author, reason and times.
[[nodiscard]] Campaign campaignFor(const CampaignPlan &plan);

/// One line of a journal, JSON without its line's end. Keys and kinds stay.
[[nodiscard]] std::string entryBegun(const Campaign &campaign); ///< the first line
[[nodiscard]] std::string entryWave(unsigned wave, base::UtcTime at);
[[nodiscard]] std::string entryMove(const Move &move, base::UtcTime at);
[[nodiscard]] std::string entryGate(const GateSeen &gate, base::UtcTime at);
[[nodiscard]] std::string entryTick(const std::string &step, const std::string &by, base::UtcTime at);
[[nodiscard]] std::string entryStop(Stop stop, base::UtcTime at);
[[nodiscard]] std::string entryMark(MarkState state, const std::string &said, base::UtcTime at);
[[nodiscard]] std::string entryKernel(const KernelSeen &seen, base::UtcTime at);
[[nodiscard]] std::string entryPools(Watch watch, const std::vector<PoolWarmth> &pools, base::UtcTime at);
[[nodiscard]] std::string entryTakenOver(const execute::Author &by, base::UtcTime at); ///< it has not ended yet, and was not asked to stop
[[nodiscard]] std::string entryOutcome(Outcome outcome, const std::string &said, const std::vector<std::string> &left, base::UtcTime at);

/// Reads a journal's lines, as execute::operationOf(). Errors: Protocol.
[[nodiscard]] base::Result<Campaign> campaignOf(const std::vector<std::string> &lines);
/// One line more, for whoever follows a journal. After an error `to` is not to be used.
[[nodiscard]] base::Result<void> addEntry(Campaign &to, const std::string &line);

} // namespace shardlens::campaign
