// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/fleet/FleetFile.h"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace shardlens::ctl {

/// The fleet that --fleet or SHARDLENS_FLEET names, with --from as its own region. What is wrong is printed on standard
/// error, and the exit code is the answer.
[[nodiscard]] tl::expected<std::shared_ptr<const fleet::Fleet>, Exit> loadFleet(const Options &options);

} // namespace shardlens::ctl
