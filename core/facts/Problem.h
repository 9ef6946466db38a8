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
    RegionSlow,    ///< every answering server of a region is slow: the link, not the servers
    RouterWaiting, ///< clients wait at a router for a connection
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
    std::vector<Evidence> evidence;
    std::vector<base::ServerId> alsoSeenBy; ///< servers that lost it too, or agree
    std::uint32_t shardsAffected = 0;       ///< logical shards whose writes or reads suffer
    std::uint32_t shardsInPartition = 0;
    std::vector<Problem> consequences;      ///< symptoms folded into this cause
    std::string subject;                    ///< tells two problems of one rule and place apart: a database, a slot; else empty
    std::string detail;                     ///< a name or two the sentence needs: a database, a schema, another server

    bool operator==(const Problem &) const = default;
    /// Stays the same while the problem lasts: rule, place and subject.
    [[nodiscard]] std::string id() const;
};

[[nodiscard]] std::string_view name(Rule rule);         ///< snake_case, stable: "primary_down"
[[nodiscard]] std::string_view name(Severity severity); ///< critical, warning, unknown

} // namespace shardlens::facts
