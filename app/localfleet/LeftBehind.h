// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Home.h"
#include "core/base/Result.h"

#include <filesystem>
#include <sys/types.h>
#include <vector>

namespace shardlens::localfleet
{

/// Processes of this fleet that nobody keeps a record of: tools of an `up` that was killed half-way, which go on by themselves, or of a
/// guard, and a server that was started just before its record would have been written. Known by their program, and by working in the
/// fleet's directory or on a file of it; a shell or an editor that stands there is none. Any thread.
[[nodiscard]] std::vector<pid_t> leftBehind(const Home &home);
/// Kills them all and waits until none is left. With `directory`, only those that work there or on a file of it: what is being made there
/// was given up, and is to be begun anew. Io if one does not end. Any thread.
[[nodiscard]] base::Result<void> endLeftBehind(const Home &home);
[[nodiscard]] base::Result<void> endLeftBehind(const std::filesystem::path &directory);

} // namespace shardlens::localfleet
