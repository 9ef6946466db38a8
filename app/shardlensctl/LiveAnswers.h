// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Options.h"
#include "core/facts/Snapshot.h"
#include "core/record/HistoryFile.h"

namespace shardlens::ctl {

// What each command that asks the fleet says of one snapshot, as text or (options.json) as an object a line.

[[nodiscard]] Answer statusOf(const facts::Snapshot &snapshot,
                              const Options &options); ///< the headline, who answered, the problems in short
[[nodiscard]] Answer problemsOf(const facts::Snapshot &snapshot, const Options &options); ///< every problem in full sentences
[[nodiscard]] Answer serversOf(const facts::Snapshot &snapshot, const Options &options);  ///< a line a server: role, state, latency
[[nodiscard]] Answer replicationOf(const facts::Snapshot &snapshot,
                                   const Options &options); ///< a line a cluster's member: state, lag, slot
[[nodiscard]] Answer shardsOf(const facts::Snapshot &snapshot,
                              const Options &options); ///< a line a logical shard; options.partition, options.driftOnly
[[nodiscard]] Answer routersOf(const facts::Snapshot &snapshot, const Options &options); ///< a line a database of each router
[[nodiscard]] Answer redisOf(const facts::Snapshot &snapshot, const Options &options);   ///< a line a redis server
[[nodiscard]] Answer cacheOf(const facts::Snapshot &snapshot, const Options &options);   ///< a line a pool and each of its servers
/// The same, with how fast cold pools come back by the hit rates that the console of this machine kept.
[[nodiscard]] Answer cacheAnswer(const facts::Snapshot &snapshot, const Options &options);
void addColdPools(Answer &answer, const facts::Snapshot &snapshot, const std::vector<record::KeptSeries> &kept, const Options &options);
[[nodiscard]] Answer servingOf(const facts::Snapshot &snapshot, const Options &options); ///< a line a way that people use, a column a region
[[nodiscard]] Answer readinessAnswer(const facts::Snapshot &snapshot, const Options &options); ///< a line a cluster, then what is amiss
[[nodiscard]] Answer planAnswer(const facts::Snapshot &snapshot, const Options &options); ///< checks, candidates, steps with every command
[[nodiscard]] Answer eventLine(const facts::Event &event, const facts::Snapshot &snapshot, bool asJson);

} // namespace shardlens::ctl
