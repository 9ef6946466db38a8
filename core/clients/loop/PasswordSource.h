// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <functional>
#include <string>

namespace shardlens::clients {

/// Gives a password when it is needed, so that a changed one is found at the next connection; an empty one where none is
/// needed. Called in the loop's thread: it may read a small file, and never waits.
using PasswordSource = std::function<base::Result<std::string>()>;

} // namespace shardlens::clients
