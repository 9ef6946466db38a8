// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Trace.h"

namespace shardlens::inspect::lookup {

/// A media row in short.
struct MediaBrief {
    CopyState state = CopyState::Absent;
    bool isResolved = false;
    std::uint64_t owner = 0;
    bool isPrivate = false;
    std::string caption; ///< of public media alone
    base::UtcTime at;    ///< posted; of Deleted, deleted
    std::string by;      ///< of Deleted
    bool operator==(const MediaBrief &) const = default;
};

} // namespace shardlens::inspect::lookup
