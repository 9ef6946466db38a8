// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Readiness.h"
#include "core/operate/SentinelSum.h"

#include <QString>

namespace shardlens::ui::format {

// Words for what core/operate means.

/// What a check asks, as the sentence that holds where it passes: "The candidate's replay is close behind".
[[nodiscard]] QString checkTitle(operate::CheckId id);
[[nodiscard]] QString verdictWord(operate::Verdict verdict); ///< passed, warning, failed, unknown
/// What makes it pass; empty for Remedy::None.
[[nodiscard]] QString remedyText(operate::Remedy remedy);
/// Its readings with limit, source and age, or why it is not known; then names that the sentence needs.
[[nodiscard]] QString checkEvidence(const operate::Check &check, facts::Instant now);

[[nodiscard]] QString stepTitle(const operate::Step &step); ///< verb and target: "Promote m1-us-west"
[[nodiscard]] QString stepWhy(operate::StepKind kind);      ///< why it stands there
[[nodiscard]] QString stepWhy(const operate::Step &step);   ///< likewise, and of one that stands in for another, of which
[[nodiscard]] QString commandPlace(const operate::Command &command); ///< "SQL on m1-us-west, database insta"

[[nodiscard]] QString readyWord(operate::Ready ready);      ///< ready, ready with warnings, not ready
[[nodiscard]] QString rankingText(operate::Ranking ranking); ///< why it comes before the next
/// "0.82 s (from the present lag and links; no past run)", or why it is not known.
[[nodiscard]] QString pauseText(const operate::PauseEstimate &pause);
/// "0 B to 412 KiB (at most 3.2 s of commits)".
[[nodiscard]] QString lossText(const operate::LossWindow &loss);

/// "3 of 3 Sentinels answer, all lead to feeds-us-east, quorum 2"; what is amiss stands there in words.
[[nodiscard]] QString sentinelsText(const operate::SentinelSum &sum);
/// "3 of 3", "3 of 3, they disagree", "1 of 3": where there is little room.
[[nodiscard]] QString sentinelsShort(const operate::SentinelSum &sum);

} // namespace shardlens::ui::format
