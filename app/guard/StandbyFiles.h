// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <string>

namespace shardlens::guard
{

/// Makes a stopped server's data those of a standby: standby.signal, its settings, no recovery.signal, and no slots, which would
/// keep WAL for nobody. All of it flushed. May be done again. Errors: Io.
[[nodiscard]] base::Result<void> makeStandby(const std::filesystem::path &directory, const std::string &connection, const std::string &slot);

} // namespace shardlens::guard
