// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Result.h"

#include <cstdint>

namespace shardlens::localfleet::diskfull
{

/// Whether this machine lets the program mount one; tried for real. The error says why not.
[[nodiscard]] base::Result<void> isAllowed(const Ground &ground);
/// Moves a stopped server's data onto a small file system of its own (a tmpfs) with `room` bytes left. The caller stops and starts the
/// server.
[[nodiscard]] base::Result<void> moveToSmallDisk(const Ground &ground, const Instance &server, std::int64_t room);
/// Fills what is left with ballast, so that the next write that needs space fails.
[[nodiscard]] base::Result<void> fill(const Ground &ground, const Instance &server);
/// Whether this machine lets the program mount one; tried for real. The error says why not.
[[nodiscard]] base::Result<void> isAllowed(const Ground &ground);
/// Moves a stopped server's data back, with what was written meanwhile. Nothing to do is fine.
[[nodiscard]] base::Result<void> takeBack(const Ground &ground, const Instance &server);
[[nodiscard]] bool isOnSmallDisk(const Ground &ground, const Instance &server);

} // namespace shardlens::localfleet::diskfull
