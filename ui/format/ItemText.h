// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/ItemLook.h"
#include "core/cacheflow/ItemValue.h"
#include "core/facts/HerdCounts.h"

#include <QString>

namespace shardlens::ui::format {

/// A cached item in words. Any thread.

[[nodiscard]] QString leaseText(cacheflow::ItemLook::Lease lease);      ///< "value, stale bit unknown"
[[nodiscard]] QString leaseMeaning(cacheflow::ItemLook::Lease lease);   ///< the same in a sentence: what it means for readers
[[nodiscard]] QString valueKindText(cacheflow::ItemValue::Kind kind);   ///< "JSON", "MessagePack", "empty"
/// "up to 20": the size of a herd by its bucket; "over 500" of the last one.
[[nodiscard]] QString herdSizeText(std::size_t bucket);
/// What a look cost each server, and what it did to leases: a sentence.
/// `withRow`: a look-up read the item too, to compare it with its row.
[[nodiscard]] QString lookCostText(bool tookWins, bool withRow);

} // namespace shardlens::ui::format
