// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <string>

namespace shardlens::keychain
{

/// Reads the entry `entry` of service "shardlens" from the desktop's keychain. Needs a QCoreApplication; runs an event loop
/// until the keychain answers or `timeout` passes (it may ask the person to unlock it). Errors: NotFound, NoRights,
/// Unavailable (no keychain here), TimedOut.
[[nodiscard]] base::Result<std::string> read(const std::string &entry, base::milliseconds timeout = base::seconds(60));

} // namespace shardlens::keychain
