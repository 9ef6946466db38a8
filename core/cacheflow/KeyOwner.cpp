// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyOwner.h"

namespace shardlens::cacheflow {

std::optional<CachedEntity> entityOf(const fleet::KeyPatterns &keys, const std::string &key)
{
    for (const char *kind : {"user", "media"}) {
        const auto pattern = keys.cached.find(kind);
        const auto id = pattern == keys.cached.end() ? std::nullopt : fleet::numberIn(pattern->second, "id", key);
        if (id)
            return CachedEntity{kind, *id};
    }
    return std::nullopt;
}

std::uint32_t shardOf(const ids::IdLayout &layout, std::uint64_t id)
{
    return static_cast<std::uint32_t>((id >> layout.sequenceBits) & ((std::uint64_t(1) << layout.shardBits) - 1));
}

} // namespace shardlens::cacheflow
