// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"

#include <QString>

namespace shardlens::ui::format {

// Words for what core/campaign means.

[[nodiscard]] QString campaignTitle(const campaign::Goal &goal); ///< "Evacuate us-east"
[[nodiscard]] QString fitWord(campaign::Fit fit);                ///< ready, ready with warnings, not ready, by hand, is there
[[nodiscard]] QString moveStateWord(campaign::MoveState state);  ///< waiting, starting, moving, writes flow, done, …
[[nodiscard]] QString comebackWord(campaign::Comeback comeback); ///< can return, must catch up, must be rebuilt, does not answer
[[nodiscard]] QString manualStepText(const campaign::ManualStep &step, campaign::Aim aim);
/// "Done.", "Done, 2 things left.", "Stopped: 3 of 7 moved." and the like; of one without an outcome, whether it `runs`.
[[nodiscard]] QString campaignOutcome(const campaign::Campaign &campaign, bool runs);
/// "6 of 7 moved in 4 waves. The longest pause of writes was 0.13 s."
[[nodiscard]] QString campaignTotal(const campaign::Campaign &campaign);

} // namespace shardlens::ui::format
