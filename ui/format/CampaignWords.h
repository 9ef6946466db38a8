// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "ui/format/PlanText.h"

#include <QString>
#include <QStringList>

namespace shardlens::ui::format {

// What a person reads where a campaign is confirmed, followed and reported.

[[nodiscard]] QString campaignWord(campaign::Aim aim);                ///< evacuation, return, host down, host up
[[nodiscard]] QString campaignLink(const campaign::Goal &goal);       ///< "Evacuate us-east…": opens a plan
/// "5 clusters, 1 group": what moves.
[[nodiscard]] QString thingsText(unsigned clusters, unsigned groups);
[[nodiscard]] QString wavesText(unsigned waves);                      ///< "1 wave", "3 waves"
/// What a person confirms: the act, then what it costs and what becomes of the mark.
[[nodiscard]] Confirmation campaignConfirmation(const campaign::CampaignPlan &plan, bool typesName);
/// Why there is nothing to start; empty if there is.
[[nodiscard]] QString campaignMissing(const campaign::CampaignPlan &plan);
[[nodiscard]] QString whyNotReady(const campaign::Row &row);          ///< the first that blocks and how many more; empty if nothing does
[[nodiscard]] QString whyNotMoved(const campaign::Move &move);        ///< of a move that was left, or failed; empty if nothing is said
[[nodiscard]] QString pausesText(const campaign::Options &options);   ///< "2 at once, stops after 1 failure"

[[nodiscard]] QString campaignOutcomeWord(const campaign::Campaign &campaign, bool runs); ///< running, unfinished, done, "done, 2 things left", stopped, …
/// "Evacuate us-east: wave 2 of 3, 3 of 6 moved, by oncall1 since 22:04:12Z: storm", or that it waits for a person.
[[nodiscard]] QString campaignStrip(const campaign::Campaign &campaign, bool runs);
/// What it does now, or what came of it; then what can still be done, or what is so.
[[nodiscard]] Confirmation campaignState(const campaign::Campaign &campaign, bool runs);
/// Everything as text to paste: who, why, when, each row with its pause, gates, what is left.
[[nodiscard]] QString campaignReport(const campaign::Campaign &campaign, bool runs);

} // namespace shardlens::ui::format
