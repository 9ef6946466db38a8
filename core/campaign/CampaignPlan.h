// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/campaign/Goal.h"
#include "core/campaign/Hosted.h"
#include "core/operate/Plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::campaign {

/// How a row stands before anything is begun.
enum class Fit : std::uint8_t {
    Ready,
    Warnings, ///< it would work; something is amiss, or not known
    NotReady, ///< a check blocks, or nobody elsewhere is eligible: it is left where it is
    ByHand,   ///< a person moves it: see the manual steps
    Settled,  ///< nothing to move: it is already where this would bring it
};

/// What becomes of a server that comes back: where its own log and its primary's tell.
enum class Comeback : std::uint8_t {
    Now,     ///< it streams and is caught up
    CatchUp, ///< it streams, or could, and is behind
    Rebuild, ///< it parted from its primary's log, or what it lacks was removed
    Silent,  ///< it does not answer: not known
};

/// One cluster or Redis group of it.
struct Row {
    operate::Intent intent; ///< the move, with the chosen target; of Settled and ByHand without meaning
    std::string subject;    ///< the cluster's or group's name
    bool isGroup = false;   ///< a Redis group
    bool isDirectory = false;
    base::ServerId from; ///< the primary now; empty if not known
    base::ServerId to;   ///< the target; empty: nobody
    base::RegionName toRegion;
    unsigned wave = 0; ///< from 1; 0: not moved
    Fit fit = Fit::NotReady;
    operate::Checks blocking;     ///< of NotReady: why
    operate::Checks amiss;        ///< warnings, and what is not known
    operate::PauseEstimate pause; ///< of writes
    operate::LossWindow loss;     ///< of a failover
    facts::Known<base::Bytes> behind = facts::notAsked<base::Bytes>();            ///< the target, now
    facts::Known<base::microseconds> lag = facts::notAsked<base::microseconds>(); ///< likewise
    facts::Known<double> commitsPerSecond = facts::notAsked<double>();            ///< of the primary
    std::uint32_t shards = 0;
    std::vector<base::ServerId> seconds; ///< who stands by for the target afterwards, outside of what is left; empty: it has no second
    facts::Known<base::microseconds> logKeptFor = facts::notAsked<base::microseconds>(); ///< at today's pace, for what is left should it fall silent; NoValue: without a limit
    std::optional<Comeback> comeback;    ///< Return, HostUp: of the server there
    bool operator==(const Row &) const = default;
    [[nodiscard]] bool failsOver() const { return operate::actOf(intent) == operate::Act::Failover; } ///< its primary does not answer
};

/// What a person does, and ticks off.
struct ManualStep {
    enum class Kind : std::uint8_t {
        MoveUsers, ///< user traffic of that region goes elsewhere; on return, comes back
        MoveGroup, ///< `subject` is a Redis group, from `from`
        MoveDead,  ///< the primary of the cluster or group `subject` is dead, and its failover is blocked
        PointReads, ///< `subject` is a router's database for reads, "u2_read at router-eu-west", that leads to `from`, in what is left; no row moves it
        Rebuild,   ///< the server `subject` is made anew from its primary
        WorkOnHost,
    };
    Kind kind = Kind::MoveUsers;
    std::string subject;
    base::ServerId from;
    bool isBefore = false; ///< better done before the first wave; nothing waits for it
    bool operator==(const ManualStep &) const = default;
    [[nodiscard]] std::string id() const; ///< "move_users us-east": by which it is ticked
};

/// What a server that becomes a primary takes on.
struct TargetLoad {
    base::HostName host;
    base::RegionName region;
    std::vector<std::string> takes; ///< clusters and groups
    facts::Known<double> commitsNow = facts::notAsked<double>(); ///< a second, of the primaries there
    facts::Known<double> commitsThen = facts::notAsked<double>();
    std::int32_t connections = 0;     ///< of those its servers allow, now; the least room of the targets there
    std::int32_t connectionsMost = 0; ///< 0: not known
    bool operator==(const TargetLoad &) const = default;
};

/// What a region's caches are still to forget: until then who reads there may see what was so before.
struct InvalidationBacklog {
    base::RegionName region;
    facts::Known<std::int64_t> keys = facts::notAsked<std::int64_t>(); ///< read from the outboxes, and not deleted yet
    bool isLeast = false;                                              ///< more are visible than were read: `keys` is a least value
    std::optional<base::microseconds> lag;                             ///< of the deletes lately, the slowest cluster's; nothing: none came
    std::string trouble; ///< why it does not keep up: "does not answer", or what it said; empty: it does
    bool operator==(const InvalidationBacklog &) const = default;
};

/// All rows together.
struct Effect {
    unsigned clusters = 0; ///< that are moved
    unsigned groups = 0;
    unsigned left = 0; ///< rows that cannot be moved by this
    std::uint32_t shards = 0;
    std::optional<base::microseconds> longestPause; ///< of those that are known
    std::optional<base::microseconds> longestLag;   ///< of the targets
    std::vector<TargetLoad> loads;
    std::vector<InvalidationBacklog> backlogs; ///< Evacuate: of the other regions that have an invalidator
    std::vector<std::string> withoutSecond; ///< clusters that nobody stands by for afterwards
    std::vector<base::ServerId> coldMembers; ///< HostDown: memcacheds on it; their keys are read from the databases
    std::vector<base::ServerId> routers;     ///< that stop with it, or stand in the region
    facts::Known<double> extraReads = facts::notAsked<double>(); ///< a second, of the cold members' hits
    bool operator==(const Effect &) const = default;
};

/// A host's or region's server that is seen to stand by again, or is not. HostUp, Return.
struct ServerBack {
    base::ServerId server;
    Comeback comeback = Comeback::Silent;
    facts::Known<base::Bytes> behind = facts::notAsked<base::Bytes>();
    std::string detail; ///< why: "timeline 3 of 5"
    bool operator==(const ServerBack &) const = default;
};

/// The whole of what would be done, as data. Made by a pure function from one snapshot.
struct CampaignPlan {
    Goal goal;
    Options options;
    std::vector<Row> rows; ///< by wave, then what is not moved
    unsigned waves = 0;
    std::vector<ManualStep> manual;
    std::vector<ServerBack> servers; ///< HostUp, Return: those that come back
    std::vector<Hosted> hosted;      ///< HostDown: all that goes with it
    Effect effect;
    bool isMarked = false;  ///< the region is evacuated, the host in maintenance, now
    bool setsMark = false;  ///< once the last wave is through
    bool liftsMark = false; ///< Return: before the first wave; HostUp: once its servers are seen to stand by
    operate::Fingerprint fingerprint; ///< of all rows, and of their waves and targets
    base::Instant takenAt;
    base::UtcTime takenUtc;

    bool operator==(const CampaignPlan &) const = default;
    /// There is nothing that it could do: no row moves, and no mark is to be set or lifted.
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] std::vector<const Row *> wave(unsigned number) const;
};

/// The region's caches keep up: who is sent there reads what is so.
[[nodiscard]] bool keepsUp(const InvalidationBacklog &backlog);

[[nodiscard]] inline bool moves(const Row &row) ///< it could
{
    return row.fit == Fit::Ready || row.fit == Fit::Warnings;
}

/// Errors: NotFound where the fleet has no such region or host; BadInput for options that make no sense.
///
/// Waves: first the canary, one row alone; then at most `atOnce` rows at a time, ready ones before those with warnings, fleet order.
/// The canary is the directory where it moves: no shards are at stake in it, and every other move is then written down in a directory
/// that stands still and is where it will stay. Else it is the ready row with the fewest commits a second.
[[nodiscard]] base::Result<CampaignPlan> planFor(const facts::Snapshot &snapshot, const Goal &goal, const Options &options);

[[nodiscard]] std::string_view name(Fit fit);               ///< ready, ready_with_warnings, not_ready, by_hand, settled
[[nodiscard]] std::string_view name(Comeback comeback);     ///< now, catch_up, rebuild, silent
[[nodiscard]] std::string_view name(ManualStep::Kind kind); ///< move_users, move_group, move_dead, point_reads, rebuild, work_on_host

} // namespace shardlens::campaign
