// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// fleet check: every complaint of a fleet file, or what it declares.
[[nodiscard]] Exit checkFleet(const Options &options);

/// `fleet discover`: asks addresses and drafts a fleet file. Needs a QCoreApplication. Problem: an address did not answer.
[[nodiscard]] Exit discoverFleet(const Options &options);

/// `fleet access`: what may be read on every server. Needs a QCoreApplication. Problem: something may not.
[[nodiscard]] Exit showAccess(const Options &options);

} // namespace shardlens::ctl
