// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "core/facts/Snapshot.h"

#include <QString>

#include <string>
#include <vector>

namespace shardlens::ctl {

/// One thing that changed between two snapshots.
struct Change {
    std::string kind;    ///< server_state, role, primary, problem_began, problem_ended, drift
    std::string subject; ///< the server, cluster, group, shard or problem id
    std::string before;  ///< empty where there was none
    std::string after;
    QString words; ///< one line for a person

    bool operator==(const Change &) const = default;
};

/// All changes from `before` to `after`, problems last. Without `before` (the first look): the problems that are there.
[[nodiscard]] std::vector<Change> changesBetween(const facts::Snapshot *before, const facts::Snapshot &after);

/// The same as lines with their time, for watch; without `before` a first line that says how things stand.
[[nodiscard]] Answer changesSince(const facts::Snapshot *before, const facts::Snapshot &after, bool asJson);

} // namespace shardlens::ctl
