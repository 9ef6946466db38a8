// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/OperationJournal.h"

namespace shardlens::record {

/// Where this person's campaigns on the fleet are written down: $XDG_STATE_HOME/shardlens/campaigns/<fleetFileName>. Their
/// journals are OperationJournal's, and are listed and read by the same functions.
[[nodiscard]] QString campaignsFolder(const fleet::Fleet &fleet);

/// Tells a campaign's driver what a person wants of it: a line more in <id>.wishes, on disk when this returns. Errors: NotFound where
/// nobody drives it, Io.
[[nodiscard]] base::Result<void> wish(const QString &folder, const std::string &id, const std::string &line);
/// Lines from that offset on; none where nobody wished anything.
[[nodiscard]] JournalLines wishesOf(const QString &folder, const std::string &id, std::int64_t from);

} // namespace shardlens::record
