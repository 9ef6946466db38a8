// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Result.h"
#include "core/cacheflow/OutboxCursor.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace shardlens::invalidator {

/// What outlives the process: how far each outbox is delivered, and which members must be flushed before they are trusted. A value.
struct Kept {
    std::map<base::ClusterName, cacheflow::OutboxCursor> cursors;
    std::set<std::string> mustFlush;
    bool operator==(const Kept &) const = default;
};

/// Nothing where there is no file yet. Errors: Protocol for one that cannot be read: it is then not known what was delivered.
[[nodiscard]] base::Result<Kept> readKept(const std::filesystem::path &file);
/// A new file in its place, flushed: after a crash there is the old one or the new one. Errors: Io.
[[nodiscard]] base::Result<void> writeKept(const std::filesystem::path &file, const Kept &kept);

} // namespace shardlens::invalidator
