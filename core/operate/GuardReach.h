// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <cstdint>

namespace shardlens::operate {

/// Whether a region reaches a server, as its guard finds once a second.
enum class GuardReach : std::uint8_t {
    Reaches,
    Cut,      ///< it does not, though the server has run for long enough to be found
    NotYet,   ///< it did not, but the server was started anew only moments ago: the guard may have looked before
    NoGuard,  ///< none is declared or seen there
    Silent,   ///< the guard does not answer, or does not tell of that server
};

[[nodiscard]] GuardReach guardReach(const facts::Snapshot &snapshot, const base::RegionName &region, const base::ServerId &server);

} // namespace shardlens::operate
