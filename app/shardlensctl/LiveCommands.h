// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

// Commands that ask the fleet. Each observes for a moment, prints, and ends; watch goes on.

[[nodiscard]] Exit showStatus(const Options &options);      ///< the headline, who answered, the problems in short
[[nodiscard]] Exit showProblems(const Options &options);    ///< every problem in full sentences
[[nodiscard]] Exit showServers(const Options &options);     ///< a line a server: role, state, latency
[[nodiscard]] Exit showReplication(const Options &options); ///< a line a cluster's member: state, lag, slot
[[nodiscard]] Exit showShards(const Options &options);      ///< a line a logical shard; options.partition, options.driftOnly
[[nodiscard]] Exit showRouters(const Options &options);     ///< a line a database of each router
[[nodiscard]] Exit showRedis(const Options &options);       ///< a line a redis server
[[nodiscard]] Exit showCache(const Options &options);       ///< a line a pool and each of its servers
[[nodiscard]] Exit watchFleet(const Options &options);      ///< a line a change, until interrupted

} // namespace shardlens::ctl
