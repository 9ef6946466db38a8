// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/ActRequest.h"

#include <QString>

namespace shardlens::ui::format {

/// Why nothing is begun, in one sentence, and what would let it: "Needs a user with the role on-call or ops. You are app (application)."
[[nodiscard]] QString denialText(const execute::Denied &denied, const fleet::Fleet &fleet);

} // namespace shardlens::ui::format
