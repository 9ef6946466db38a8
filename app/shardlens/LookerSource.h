// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/LookupWire.h"
#include "core/inspect/lookup/Looker.h"
#include "core/mend/Mender.h"

namespace shardlens::app {

/// A looker, and a mender for what it finds amiss, as such a source.
[[nodiscard]] LookupSource lookerSource(std::shared_ptr<const fleet::Fleet> fleet, inspect::lookup::LookerOptions options,
                                        std::shared_ptr<const base::Clock> clock);

} // namespace shardlens::app
