// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ProblemModel.h"

#include <QString>

#include <vector>

namespace shardlens::ui::pages {

/// What a person does about a problem besides going to where it is mended.
enum class ProblemAction : std::uint8_t { Claim, Release, Quiet, Unquiet, CopyTimeline, CopyEvidence };

/// Those that make sense for a row now, in the order they are shown in; never one that would be refused.
[[nodiscard]] std::vector<ProblemAction> actionsFor(const models::ProblemRow &row);
/// "I'm on it", "Quiet for 30 min…"
[[nodiscard]] QString actionText(ProblemAction action);

} // namespace shardlens::ui::pages
