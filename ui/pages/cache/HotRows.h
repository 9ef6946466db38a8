// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/HotKeys.h"
#include "core/fleet/Fleet.h"
#include "ui/models/FactRow.h"

namespace shardlens::ui::pages {

inline constexpr int mostHotRows = 20; ///< of each list

/// Keys by how often they were read or missed. Ids are the keys.
[[nodiscard]] std::vector<models::FactColumn> hotColumns(bool ofMisses);
[[nodiscard]] std::vector<models::FactRow> hotRows(const fleet::Fleet &fleet, const cacheflow::HotKeysReport &report, bool ofMisses);

/// Keys that many clients missed within a tenth of a second. Ids are the keys.
[[nodiscard]] std::vector<models::FactColumn> herdColumns();
[[nodiscard]] std::vector<models::FactRow> herdRows(const fleet::Fleet &fleet, const cacheflow::HotKeysReport &report);

/// What was seen, what it cost and what was lost: "eu-west, 15 s: 812,000 lines, 74 MiB; 0 lines lost; …".
[[nodiscard]] QString hotSummary(const base::RegionName &region, const cacheflow::HotKeysReport &report);

/// Whose a key is, by the fleet's patterns: "a user, shard 17"; nothing for any other key.
[[nodiscard]] QString keyOwner(const fleet::Fleet &fleet, const std::string &key);

} // namespace shardlens::ui::pages
