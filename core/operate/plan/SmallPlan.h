// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Plan.h"

namespace shardlens::operate {

/// The plan of a smaller act. Errors: NotFound for a server or router that is not the cluster's, BadInput for what is not said.
[[nodiscard]] base::Result<Plan> planForSmall(const Sight &sight, const SmallAct &act);

} // namespace shardlens::operate
