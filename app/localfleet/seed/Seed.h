// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::seed
{

/// What to fill a fleet with. What is not said is as the fleet was begun to be seeded, else the default.
struct Options {
    std::optional<std::uint32_t> users; ///< default 20,000
    std::optional<std::uint32_t> media; ///< default 100,000
    std::optional<std::uint64_t> seed;  ///< default 1: the same number makes the same people, and the same IDs at the same `nowMs`
    /// "Now" in the made-up world, Unix milliseconds: nothing is younger, and times, and with them IDs, count back from it. Default: the
    /// last full hour when it was begun.
    std::optional<std::int64_t> nowMs;
};

struct Progress {
    std::string doing;        ///< "making shards and rows", "filling feeds", …
    std::int64_t rows = 0;    ///< rows and Redis entries written so far
    std::int64_t total = 0;   ///< of those to write in this run; 0 while that is not known
    double rowsPerSecond = 0; ///< over the last moments
    std::uint32_t shards = 0; ///< logical shards made so far
    std::uint32_t shardsTotal = 0;

    int percent = 0; ///< of the work, in which a row of Postgres weighs more than an entry of Redis
};
using ProgressCallback = std::function<void(const Progress &)>;

struct Outcome {
    bool wasThere = false;   ///< nothing was missing: nothing was written
    std::uint32_t users = 0; ///< as it was seeded
    std::uint32_t media = 0;
    std::uint64_t seed = 0;
    std::int64_t nowMs = 0; ///< Unix milliseconds
    std::int64_t rows = 0;  ///< written in this run, Redis entries too
    std::uint32_t shardsMade = 0;
    base::milliseconds took{0};
};

/// Declares the shard map in the directory, makes every logical shard that is missing with its rows, then names, feeds, the
/// media map and sessions. Works straight on the primaries (their own region's addresses), as the fleet's operator and
/// application. Deterministic; each step is whole or absent, so that after a kill the next call does the rest, and a shard
/// dropped by hand comes back with its first rows. `progress` is called in the calling thread about twice a second.
/// Errors: BadInput when the fleet was seeded with other numbers, or `nowMs` lies in the future or so long ago that no ID tells it;
/// NotFound when it declares no directory or partitions; else
/// what a server said. `stop` ends it early (Cancelled).
[[nodiscard]] base::Result<Outcome> seed(const fleet::Fleet &fleet, const Options &options, const ProgressCallback &progress,
                                         std::shared_ptr<wire::Interrupt> stop = {});

} // namespace shardlens::seed
