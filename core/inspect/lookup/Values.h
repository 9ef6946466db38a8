// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/base/Name.h"
#include "core/facts/Known.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::inspect::lookup {

using base::ClusterName;
using base::PartitionName;
using base::PoolName;
using base::RegionName;
using base::ServerId;
using facts::Known;

/// A personal field. Unless it was unmasked for a recorded reason, its value was not read from any server.
template <class T>
struct Masked {
    bool isMasked = true;
    std::optional<T> value; ///< nothing while masked; unmasked, nothing = there is none
    bool operator==(const Masked &) const = default;
};

/// A stretch of a list, newest first.
template <class T>
struct Page {
    std::vector<T> items;
    std::string next; ///< what Span::after asks for the next page with; empty = this was the last
    bool operator==(const Page &) const = default;
};

/// Rows are counted so far and no further: those of somebody with millions would cost the whole look its deadline.
inline constexpr std::int64_t mostCounted = 100'000;

/// A number kept beside the rows that it counts. A difference is a miscount. A row deleted while it is read is no miscount, but shows as
/// one.
struct Count {
    std::int64_t stored = 0;
    Known<std::int64_t> actual = facts::notAsked<std::int64_t>();
    bool isAtLeast = false; ///< there are more rows than `actual`: whether they are as many as stored is not known
    [[nodiscard]] bool isMiscount() const { return actual && !isAtLeast && *actual != stored; }
    bool operator==(const Count &) const = default;
};

/// What a row leaves behind when it is deleted, where a table tells it.
struct Tombstone {
    base::UtcTime at;
    std::string by; ///< as the table has it: "user:4711", "moderation"; empty where no column tells
    bool operator==(const Tombstone &) const = default;
};

/// A server that was asked and did not answer, and what it said.
struct Trouble {
    ServerId server;
    base::Error error;
    bool operator==(const Trouble &) const = default;
};

/// Rounds of questions: those of one round are asked at the same time, the next needs the answers of the one before.
enum class Stage : std::uint8_t { Connect, Record, Place, Rows, Owner, Lists, Sessions };

/// How long a server took to answer in a round.
struct ServerTiming {
    ServerId server;
    base::microseconds took{0};
    bool answered = true;
    bool operator==(const ServerTiming &) const = default;
};
struct StageTiming {
    Stage stage = Stage::Rows;
    base::microseconds took{0};
    std::vector<ServerTiming> servers; ///< in the fleet file's order
    bool operator==(const StageTiming &) const = default;
};

/// Whether this look stands in the directory's audit log.
struct Recording {
    enum class State : std::uint8_t {
        Recorded,    ///< before anything of it was read
        NotNeeded,   ///< nobody was looked at: a shard, a key pattern
        NoDirectory, ///< the fleet has none: nothing is recorded, and nothing can be unmasked
        Failed,      ///< the directory did not take it: `error`; nothing can be unmasked
    };
    State state = State::NotNeeded;
    std::int64_t number = 0; ///< of the entry, when recorded
    base::Error error;       ///< when failed
    bool operator==(const Recording &) const = default;
};

[[nodiscard]] std::string_view name(Stage stage);            ///< connect, record, place, rows, owner, lists, sessions
[[nodiscard]] std::string_view name(Recording::State state); ///< recorded, not_needed, no_directory, failed

} // namespace shardlens::inspect::lookup
