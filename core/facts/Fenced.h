// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <optional>

namespace shardlens::facts {

/// A server that a guard keeps from taking writes, because it is outlived.
struct Fenced {
    base::RegionName by;  ///< the guard's region
    GuardFence fence;
};

/// The newest fence that still holds; nothing where there is none. It is over once the server was seen as a standby or replica after it,
/// or is the primary again.
[[nodiscard]] std::optional<Fenced> fencedBy(const Snapshot &snapshot, const base::ServerId &server);

} // namespace shardlens::facts
