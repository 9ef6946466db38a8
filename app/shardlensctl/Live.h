// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/facts/Snapshot.h"

#include <tl/expected.hpp>

#include <functional>

namespace shardlens::ctl {

/// What a command must have seen before it answers.
enum class Need : std::uint8_t {
    Answers,  ///< every server answered, or its deadline passed
    Rates,    ///< besides it: a second answer of every server that answers, so that counters have a pace
    Plans,    ///< besides the answers: of every Postgres server that answers, its settings and what else matters for a move
    Moves,    ///< Plans, and the catalogs of the cluster named, if its primary answers: how many shards it holds
    ShardMap, ///< besides the answers: the catalogs of the primaries, and the directory where one is declared
};

/// Whether problems are judged with what the directory holds of claims and marks.
enum class Directory : std::uint8_t { LeftOut, Asked };

/// Observes the fleet until what is needed is seen or its time is over; what was not seen by then is unknown in the snapshot.
/// Needs a QCoreApplication.
[[nodiscard]] tl::expected<facts::SnapshotPtr, Exit> observe(const Options &options, Need need, Directory directory = Directory::LeftOut);

/// Observes on and hands every snapshot over until the person interrupts, or options.seconds have passed.
[[nodiscard]] Exit observeOn(const Options &options, const std::function<void(const facts::SnapshotPtr &)> &onSnapshot);

} // namespace shardlens::ctl
