// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyOwner.h"

#include <charconv>

namespace shardlens::cacheflow {

std::optional<CachedEntity> entityOf(const fleet::KeyPatterns &keys, const std::string &key)
{
    for (const char *kind : {"user", "media"}) {
        const auto pattern = keys.cached.find(kind);
        const auto hole = pattern == keys.cached.end() ? std::nullopt : fleet::holeOf(pattern->second, "id");
        if (!hole)
            continue;
        const std::string before = pattern->second.substr(0, hole->at);
        const std::string after = pattern->second.substr(hole->at + hole->length);
        if (key.size() <= before.size() + after.size() || !key.starts_with(before) || !key.ends_with(after))
            continue;
        CachedEntity entity{kind, 0};
        const char *end = key.data() + key.size() - after.size();
        const auto [stop, error] = std::from_chars(key.data() + before.size(), end, entity.id);
        if (error == std::errc() && stop == end)
            return entity;
    }
    return std::nullopt;
}

std::uint32_t shardOf(const ids::IdLayout &layout, std::uint64_t id)
{
    return static_cast<std::uint32_t>((id >> layout.sequenceBits) & ((std::uint64_t(1) << layout.shardBits) - 1));
}

} // namespace shardlens::cacheflow
