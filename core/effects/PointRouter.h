// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/effects/RouterFile.h"
#include "core/effects/RouterHands.h"
#include "core/operate/HostDeed.h"

#include <string>

namespace shardlens::effects {

/// Leads one database of a router elsewhere: its file replaced, RELOAD, and asked until SHOW DATABASES tells so, which it answers. Errors: those of the
/// means, and TimedOut; with their Effect.
[[nodiscard]] base::Result<std::string> pointRouter(RouterHands &router, const operate::HostDeed &deed, const RouterFiles &files, base::Instant deadline);

} // namespace shardlens::effects
