// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/ActRequest.h"

#include <QString>

namespace shardlens::ctl {

/// Why nothing was begun, with the option of the command line that would pass it: --confirm, --reason, --force.
[[nodiscard]] QString denialWords(const execute::Denied &denied, const fleet::Fleet &fleet);

} // namespace shardlens::ctl
