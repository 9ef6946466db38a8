// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <cstdint>
#include <optional>
#include <string>

namespace shardlens::cacheflow {

/// The key of a user or of a media, taken apart by the fleet's patterns; nothing for any other.
struct CachedEntity {
    std::string kind; ///< "user" or "media"
    std::uint64_t id = 0;
    bool operator==(const CachedEntity &) const = default;
};
[[nodiscard]] std::optional<CachedEntity> entityOf(const fleet::KeyPatterns &keys, const std::string &key);

/// The logical shard that an ID names.
[[nodiscard]] std::uint32_t shardOf(const ids::IdLayout &layout, std::uint64_t id);

} // namespace shardlens::cacheflow
