// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Answer.h"

namespace shardlens::inspect::lookup {

/// One of many finds, in short.
struct BulkLine {
    Find find;
    Outcome outcome = Outcome::NotKnown; ///< Exists, Deleted, NoTrace, NotMinted, NoSuchShard, NobodyHasName, NotKnown
    Entity entity = Entity::None;
    std::uint64_t id = 0;            ///< of a name, whose it is
    std::uint64_t owner = 0;         ///< of a media its owner, of a comment its media
    std::string name;                ///< of a user
    std::optional<base::UtcTime> at; ///< Exists: made; Deleted: when
    std::int64_t version = 0;
    bool operator==(const BulkLine &) const = default;
};

struct BulkLook {
    std::vector<BulkLine> lines; ///< one a find, in their order
    Recording recording;         ///< one entry for all, with every ID
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const BulkLook &) const = default;
};

} // namespace shardlens::inspect::lookup
