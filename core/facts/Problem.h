// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Units.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace shardlens::facts {

enum class Severity : std::uint8_t {
    Critical, ///< people are refused, see wrong data, or data can be lost, now
    Warning,  ///< will be, without action; or redundancy is gone
    Unknown,  ///< something that matters cannot be judged
};

/// Which rule found it. The stable name is name(rule).
enum class Rule : std::uint8_t {
    PrimaryDown,
    NoPrimary,
    TwoPrimaries,
    WrongServer,
    StandbyDown,
    StandbyNotStreaming,
    ReplayPaused,
    Lag,
    SlotFilling,
    ClockSkew,
    ShardDrift,
    RouterDown,
    RouterMisdirected,
    RouterPaused,
    RedisPrimaryDown,
    RedisTwoPrimaries,
    RedisReplicaDown,
    RedisUnlinked,
    RedisMemoryFull,
    RedisNotSaved,
    MediaMapEncoding,
    CacheServerDown,
    ServerSlow,
    ServerLate,
    RegionSilent,
    FactUnknown,
    RegionSlow,    ///< every answering server of a region is slow: the link, not the servers; no region: this console's own link
    RouterWaiting, ///< clients wait at a router for a connection
    PrimaryCutOff, ///< silent here alone: its standbys, guards or routers still see it
    ReadOnly,      ///< a primary with default_transaction_read_only left on: a brake
    DiskFull,      ///< a primary that said so when a write failed
    Connections,   ///< none left, or nearly
    LockPileUp,    ///< many wait for locks that few hold
    LongTransaction, ///< open for long: it holds back clean-up
    SyncStandbyLost, ///< commits wait for a synchronous standby that is not there
    WritesFailing, ///< a real write through a router failed, and no other rule tells why
    RouterSuspectedPaused, ///< clients wait, no server is used, nothing else is wrong: a global PAUSE shows in no other way
    RouterRetrying,        ///< it dials a server that refused it only each server_login_retry
    LinkCut,       ///< between two regions that both answer this console
    LinkSlow,      ///< between two regions other than our own: to ours, RegionSlow tells it
    CacheCold,     ///< a memcached that was started anew
    CacheEvictingYoung, ///< it evicts what was used moments ago: too small for what is asked of it
    CacheRefusing, ///< it turned connections away, or stopped listening for a while
    GuardDown,
    MaintenanceOverdue, ///< a mark whose time is over
    RegionEvacuated,    ///< what is wrong in a region that was evacuated, as expected: its consequences
    InvalidatorDown,       ///< a region's: what changes is not deleted from its pools
    InvalidationFailing,   ///< it cannot follow a cluster's outbox
    InvalidationLate,      ///< its deletes take much longer than usual
    CacheMustFlush,        ///< rows were pruned before a region had delivered them
    CacheHeldBack,         ///< a pool member that is not read until its backlog is delivered, or it is flushed
    CacheStale,            ///< cached items older than their rows, measured
    LeaseStampede,         ///< clients wait in vain for fills, or nearly every fill is refused
    MemberDown,            ///< of a cluster whose primary nobody here has seen: whether it leads is not known
    RedisReplicasMissing,  ///< a primary that refuses writes while fewer replicas acknowledge than it is set to want
};
inline constexpr Rule lastRule = Rule::RedisReplicasMissing;

/// What people feel of a problem, worst first: the order in which problems are told.
enum class Harm : std::uint8_t {
    WritesRefused,  ///< refused, or held back until they are given up
    DataWrong,      ///< wrong data is shown, or what is written now can be lost
    ReadsRefused,
    NotSeen,        ///< only this console cannot judge it, as far as others tell: it may be any of the above
    RedundancyLost, ///< all is served; after the next failure it would not be
    Slow,           ///< served later than usual, or from old copies
    WillFail,       ///< at a time that is known: `failsAt`
    Untidy,
};

/// What the thing at fault serves.
enum class Service : std::uint8_t { Shards, Directory, Feeds, MediaMap, Sessions, Keys, Cache, None };

/// Logical shards of one partition.
struct ShardsHit {
    base::PartitionName partition;
    std::uint32_t shards = 0;
    std::uint32_t of = 0; ///< of the partition's shards; 0 = not known
    bool operator==(const ShardsHit &) const = default;
};

/// What is refused or wrong, how much of it, for whom and where.
struct Impact {
    Harm harm = Harm::Untidy;
    Service service = Service::None;
    std::vector<ShardsHit> shards;             ///< in the fleet's order of partitions; empty where no shard is hit
    std::optional<double> userShare;           ///< 0 to 1: users whose shard is among them, by the row estimates of the users tables. "About"; nothing where they are not known
    std::optional<Instant> usersCountedAt;     ///< the oldest reading that `userShare` rests on
    std::vector<base::RegionName> regions;     ///< where people feel it; empty: everywhere
    std::optional<UtcTime> failsAt;
    bool operator==(const Impact &) const = default;

    /// All shards hit, over the partitions.
    [[nodiscard]] std::uint32_t shardCount() const
    {
        std::uint32_t sum = 0;
        for (const ShardsHit &hit : shards)
            sum += hit.shards;
        return sum;
    }
};

/// The thing a problem is about.
struct Place {
    base::RegionName region; ///< empty where it spans regions
    base::ServerId server;
    base::ClusterName cluster;
    base::GroupName group;
    base::PoolName pool;
    auto operator<=>(const Place &) const = default;
};

/// A reading that a rule used: what, its value, its limit, where it came from and how old it is.
struct Evidence {
    using Value = std::variant<std::string, std::int64_t, double, microseconds, base::Bytes, UtcTime>;
    std::string reading;        ///< stable snake_case name: "replay_lag", "last_message_age"
    Value value;
    std::optional<Value> limit;
    base::ServerId source;      ///< who said it; empty = this console
    std::optional<Instant> readAt;
    bool operator==(const Evidence &) const = default;
};

/// Since when. Exact where a server's own evidence tells, else "before" the time observing began.
struct Since {
    UtcTime at;
    bool exact = false;
    bool operator==(const Since &) const = default;
};

/// One cause with what follows from it. Core gives meaning; words are the ui's.
struct Problem {
    Rule rule = Rule::FactUnknown;
    Severity severity = Severity::Warning;
    Place place;
    Since since;
    std::optional<UtcTime> notSeenSince;    ///< what found it no longer does since then; it is told until it has stayed away for a while
    std::vector<Evidence> evidence;
    std::vector<base::ServerId> alsoSeenBy; ///< servers that lost it too, or agree
    Impact impact;
    std::vector<Problem> consequences;      ///< symptoms folded into this cause
    std::string subject;                    ///< tells two problems of one rule and place apart: a database, a slot; else empty
    std::string detail;                     ///< a name or two the sentence needs: a database, a schema, another server

    bool operator==(const Problem &) const = default;
    /// Stays the same while the problem lasts: rule, place and subject.
    [[nodiscard]] std::string id() const;
};

[[nodiscard]] std::string_view name(Rule rule);         ///< snake_case, stable: "primary_down"
[[nodiscard]] std::string_view name(Severity severity); ///< critical, warning, unknown
[[nodiscard]] std::string_view name(Harm harm);         ///< writes_refused, data_wrong, reads_refused, redundancy_lost, slow, will_fail, not_seen, untidy
[[nodiscard]] std::string_view name(Service service);   ///< shards, directory, feeds, media_map, sessions, keys, cache, none

} // namespace shardlens::facts
