// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/RowFacts.h"

namespace shardlens::inspect::lookup {

/// Asks for one item: its metadata, then its value. `me` and `gets` take no lease and make no entry, also of an item that was
/// marked stale; `mg` would win its recache. Empty for a key that memcached does not take (spaces, over 250 bytes).
[[nodiscard]] std::string askForItem(const std::string &key);

/// The item out of the answer to askForItem(), which is taken off the front of `answer`. Protocol where it cannot be read.
[[nodiscard]] base::Result<CachedFacts> takeItem(std::string_view &answer, const std::string &key, base::UtcTime now);

/// The fleet's JSON of a user or a media into `item`: Exists, Deleted ("deleted": true, or null), or Garbled.
void readValue(CachedFacts &item, std::string_view value, base::UtcTime now);

} // namespace shardlens::inspect::lookup
