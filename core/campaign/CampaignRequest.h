// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/execute/ActRequest.h"

#include <optional>
#include <string>
#include <vector>

namespace shardlens::campaign {

/// What a person asked for, from console and command line alike. Its JSON is told from an ActRequest's by the key "aim".
struct CampaignRequest {
    Goal goal;
    Options options;
    std::string fingerprint; ///< digest of the plan that was read; empty: none was
    std::string reason;
    std::string confirm;     ///< the name that was typed: the region's or host's
    std::string user;        ///< the database user to act as; empty: the fleet file's first that may
    std::vector<std::string> ticked; ///< manual steps that are done already, by ManualStep::id()
    bool operator==(const CampaignRequest &) const = default;
};

[[nodiscard]] std::string toJson(const CampaignRequest &request);
[[nodiscard]] bool isCampaignRequest(const std::string &json);
[[nodiscard]] base::Result<CampaignRequest> campaignRequestFrom(const std::string &json); ///< BadInput, with what is wrong

/// The core's own gate: acting, role, name, reason, changed, no_plan. What single moves need is asked by each of them again.
[[nodiscard]] std::optional<execute::Denied> denialOf(const fleet::Fleet &fleet, const CampaignRequest &request, const CampaignPlan &plan);

} // namespace shardlens::campaign
