// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"

#include <vector>

namespace shardlens::operate {

/// How a cluster stands after an operation of which no journal is to be had, by what its members and routers say themselves, and what puts
/// it right, in the order in which it is to be done.
struct Aftermath {
    std::vector<base::ServerId> primaries; ///< members out of recovery that answer, the one with the highest term first; of two the others have to be stopped
    std::vector<base::ServerId> silent;    ///< members that do not answer: what they are is not known
    std::vector<Intent> remedies;          ///< empty with one primary: nothing is left of it
    bool operator==(const Aftermath &) const = default;
};

/// Of a cluster that the snapshot does not have: nothing.
[[nodiscard]] Aftermath aftermathOf(const facts::Snapshot &snapshot, const base::ClusterName &cluster);

} // namespace shardlens::operate
