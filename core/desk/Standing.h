// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Shared.h"
#include "core/fleet/Fleet.h"

#include <string>
#include <vector>

namespace shardlens::desk {

/// As whom this console's person writes into the directory, and what keeps them from it before anything is tried. The grants
/// in the directory have the last word.
struct Standing {
    facts::ClaimRefusal refusal = facts::ClaimRefusal::None;
    const fleet::DatabaseUser *user = nullptr; ///< of the fleet; null if there is none
    std::vector<std::string> whoMay;           ///< users of the fleet file whose role may
};

/// `wanted` is the database user that the person named; empty: the observer where its role says that it is a person's, else the
/// first with role on-call, else ops, else support.
[[nodiscard]] Standing standingOf(const fleet::Fleet &fleet, const std::string &wanted);

} // namespace shardlens::desk
