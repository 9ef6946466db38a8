// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/campaign/CampaignRequest.h"

namespace shardlens::executor {

/// Looks at the whole fleet, plans, passes the gate, and drives the campaign through its waves: each move is an executor of its own.
/// Blocks until it ended. Needs a QCoreApplication.
[[nodiscard]] End beginCampaign(const Setting &setting, const campaign::CampaignRequest &request);

/// One whose driver is gone, or that ended with things left.
[[nodiscard]] End goOnWithCampaign(const Setting &setting, const std::string &user);

/// "evacuate-us-east-20261128-220412-4f2a"
[[nodiscard]] std::string campaignId(const campaign::Goal &goal);

/// Whether there is a campaign of that id.
[[nodiscard]] bool isCampaign(const Setting &setting);

} // namespace shardlens::executor
