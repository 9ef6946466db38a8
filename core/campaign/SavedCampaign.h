// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/CampaignPlan.h"

#include <optional>
#include <string>

namespace shardlens::campaign {

/// A campaign's plan put aside for later, as execute::SavedPlan is a single act's: what is wanted, and what the fleet was like. It is planned
/// anew when it is opened. The two lie in one folder, and are told apart by what they hold.
struct SavedCampaign {
    std::string name;
    execute::Author owner;
    base::UtcTime savedAt;
    std::optional<base::UtcTime> intendedAt; ///< when it is meant to be carried out
    Goal goal;
    Options options;                         ///< optionsToSave()
    operate::Fingerprint fingerprint;        ///< of the plan of these
    bool operator==(const SavedCampaign &) const = default;
};

/// Without forced checks and a mark's end: they are of the day on which it is carried out.
[[nodiscard]] Options optionsToSave(Options options);

[[nodiscard]] std::string toJson(const SavedCampaign &plan);
[[nodiscard]] bool isSavedCampaign(const std::string &json);
[[nodiscard]] base::Result<SavedCampaign> savedCampaignFrom(const std::string &json); ///< Protocol, with what is wrong

} // namespace shardlens::campaign
