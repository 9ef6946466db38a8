// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FactRow.h"
#include "ui/operate/Arming.h"
#include "ui/pages/cache/CacheBoard.h"

namespace shardlens::ui::pages {

/// What is planned and how far it is: a line each, beside each other.
[[nodiscard]] std::vector<models::FactColumn> warmColumns();
/// `done`: so far, or what came of it; nothing: it has not begun.
[[nodiscard]] std::vector<models::FactRow> warmRows(const WarmAsk &ask, const cacheflow::WarmPlan &plan,
                                                    const std::optional<cacheflow::Warmed> &done);

[[nodiscard]] operate::ConfirmWords warmWords(const WarmAsk &ask, const cacheflow::WarmPlan &plan);

/// "1,190 of 1,200 filled, 6 not of their row’s version, 4 deleted meanwhile.", ended early or not.
[[nodiscard]] QString warmedText(const cacheflow::Warmed &done);

} // namespace shardlens::ui::pages
