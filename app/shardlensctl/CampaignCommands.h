// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/base/Result.h"
#include "core/campaign/Campaign.h"
#include "core/facts/Snapshot.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace shardlens::ctl {

/// evacuate, return, host down, host up: starts an executor that drives it, and tells what becomes of each row. Interrupted once it
/// stops after its wave, twice at once; this program stays until it ended.
[[nodiscard]] Exit startCampaign(const Options &options);
/// operations resume, of a campaign.
[[nodiscard]] Exit resumeCampaign(const Options &options, const std::string &id);
/// --plan and --waves: what it would do; changes nothing.
[[nodiscard]] Answer campaignPlanAnswer(const facts::Snapshot &snapshot, const Options &options);

/// operations tick.
[[nodiscard]] Exit tickCampaign(const Options &options);
/// operations show, cancel, abandon, where the id is a campaign's; nothing: it is none.
[[nodiscard]] std::optional<Exit> campaignCommand(const Options &options, const fleet::Fleet &fleet);

/// A campaign as its journal tells.
[[nodiscard]] base::Result<campaign::Campaign> readCampaign(const fleet::Fleet &fleet, const std::string &id);
struct KeptCampaign {
    campaign::Campaign campaign;
    bool isDriven = false;
};
[[nodiscard]] std::vector<KeptCampaign> campaignsOf(const fleet::Fleet &fleet); ///< newest first
[[nodiscard]] std::string jsonOf(const campaign::Campaign &campaign, bool isDriven);
[[nodiscard]] Exit exitOf(const campaign::Campaign &campaign);
/// "wave 2  u1  u1-us-east to u1-us-west  writes flow, held for 0.118 s"
[[nodiscard]] QString moveLine(const campaign::Move &move);
void addCampaignReport(Answer &answer, const campaign::Campaign &campaign, bool isDriven);

} // namespace shardlens::ctl
