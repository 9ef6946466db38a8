// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Answer.h"
#include "ui/operate/OutlineRow.h"

namespace shardlens::ui::pages {

/// An account's facts, a fact a row. In short: as the owner of something else.
[[nodiscard]] operate::OutlineRows userCard(const inspect::lookup::UserCard &user, bool inShort, base::UtcTime now);
[[nodiscard]] operate::OutlineRows mediaCard(const inspect::lookup::MediaCard &media, bool hasOwnerCard, base::UtcTime now);
[[nodiscard]] operate::OutlineRows shardCards(const std::vector<inspect::lookup::ShardCard> &shards);
/// Which cluster keeps the thing, and who was read.
[[nodiscard]] operate::OutlineRows keptRows(const inspect::lookup::ReadFrom &from);
[[nodiscard]] bool hasMasked(const inspect::lookup::Answer &answer);

} // namespace shardlens::ui::pages
