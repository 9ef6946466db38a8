// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Plan.h"
#include "ui/operate/ActRequest.h"
#include "ui/operate/OutlineRow.h"

#include <QString>

#include <optional>

namespace shardlens::ui::operate {

// A plan as the rows of its three columns. Pure.

/// What blocks first, then warnings and what is not known, then what passed, folded by topic. A link's row id is "check:" and the
/// check's name.
[[nodiscard]] OutlineRows checkRows(const Plan &plan, base::Instant now);
[[nodiscard]] QString checkSummary(const Plan &plan); ///< "0 failed, 2 warnings, 43 passed"

/// Numbered, each with why, what runs, how it is verified and undone; the heavy line before the point of no return.
[[nodiscard]] OutlineRows stepRows(const Plan &plan);

/// Before and after, what is touched, how long writes pause or what is lost, the other candidates, the way back. Links' rows have
/// the id "candidate:" and the server's name.
[[nodiscard]] OutlineRows effectRows(const Plan &plan, const facts::Snapshot &snapshot);
[[nodiscard]] QString termText(const Plan &plan); ///< "term 7 to 8"; empty where the cluster keeps none

/// Where a link of a check or a candidate leads: another plan; nothing if it leads to none.
[[nodiscard]] std::optional<Intent> intentOfLink(const Plan &plan, const std::string &rowId);

/// What can be said of a step where it is opened; shared with a running operation.
[[nodiscard]] std::vector<OutlineDetail> detailsOf(const Step &step);
/// "usual 41 ms", or without a past run how long it may take: "within 2.00 s".
[[nodiscard]] QString usualText(const Step &step);
/// The members of the cluster, or of the Redis group of that name, as they are with this primary; `missing` is drawn in outline.
[[nodiscard]] std::vector<MemberMark> membersWith(const fleet::Fleet &fleet, const base::ClusterName &cluster, const base::ServerId &primary, const base::ServerId &missing = {});

/// Everything as text: title, checks, steps with what runs, effect.
[[nodiscard]] QString planAsText(const Plan &plan, const facts::Snapshot &snapshot);

} // namespace shardlens::ui::operate
