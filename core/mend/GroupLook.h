// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Context.h"
#include "core/mend/Plan.h"

namespace shardlens::mend {

/// What one member of a Redis group says of itself.
struct MemberSaid {
    base::ServerId server;
    bool isPrimary = false;
    std::string term;                   ///< empty: no such key
    std::vector<std::string> operations; ///< channels of operations on the group
    std::int64_t wantsReplicas = 0;      ///< takes no write with fewer; 0 = does not care, or does not tell
    std::int64_t goodReplicas = 0;
    bool operator==(const MemberSaid &) const = default;
};

/// A group as its members and the directory say.
struct GroupSeen {
    const fleet::RedisGroup *group = nullptr;
    std::vector<MemberSaid> members;                             ///< those that answered, in the fleet file's order
    std::vector<std::pair<base::ServerId, base::Error>> silent;
    std::optional<std::int64_t> directoryTerm; ///< nothing: no operation has raised it yet
    std::string directoryTrouble;              ///< why that is not known; else empty

    [[nodiscard]] const MemberSaid *primary() const; ///< null unless exactly one says so
};

/// Asks all members and the directory at the same time. Blocking.
[[nodiscard]] GroupSeen lookAtGroup(inspect::lookup::Context &context, const fleet::RedisGroup &group);

/// The first four checks of a plan. Pure.
[[nodiscard]] std::vector<Check> groupChecks(const GroupSeen &seen);

} // namespace shardlens::mend
