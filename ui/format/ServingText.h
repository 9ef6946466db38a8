// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace shardlens::ui::format {

/// How one cell of "Can people use it?" reads.
struct ServingCellText {
    enum class Look : std::uint8_t {
        Asking,   ///< muted
        Well,     ///< filled dot: proven by a write, or a read
        Inferred, ///< ring
        Warning,  ///< triangle, tinted: slow, late, partly
        Critical, ///< diamond, tinted: refused
        Unknown,  ///< dashed ring, hatch
        Old,      ///< clock, dotted
    };
    Look look = Look::Asking;
    QString value;  ///< "88 ms", "fails 33 s", "1 of 2", "asking, 0.8 s"
    QString aside;  ///< "was 88", or the age of an old value; small, behind it
    QString detail; ///< the whole of it in sentences: for the tooltip and a screen reader
    bool operator==(const ServingCellText &) const = default;
};

[[nodiscard]] ServingCellText servingCellText(const facts::ServingRow &row, const facts::ServingCell &cell, const facts::Snapshot &snapshot);

/// "Writes u1", "Reads u1", "Feeds", "Cache"; a group's own name where several share a role.
[[nodiscard]] QString servingRowName(const facts::ServingRow &row, const facts::Snapshot &snapshot);

/// Whether that name takes a verb in the singular: "Cache", "Media map".
[[nodiscard]] bool isSingular(const facts::ServingRow &row);

/// What people use: every cluster of a partition, groups, caches. The directory is the console's own, and is left out while
/// there is anything else; it is told where it fails.
[[nodiscard]] bool isForPeople(const facts::ServingRow &row, const facts::Snapshot &snapshot);

/// How all paths of one sort stand, over the rows that people use.
[[nodiscard]] facts::ServingCount countForPeople(const facts::Snapshot &snapshot, facts::ServingOf of);

/// "All 12 write paths and 12 read paths work."; empty unless every one of them does, and there is one.
[[nodiscard]] QString allPathsWork(const facts::Snapshot &snapshot);

/// What is refused, or gets no answer, in sentences; empty if nothing is. Without shares of shards or users.
struct ServingTrouble {
    QString what;                                  ///< "Writes fail on u1", without a full stop
    QString more;                                  ///< further sentences: "Feeds fail from eu-west."
    std::vector<base::ClusterName> clusters;       ///< whose writes or reads `what` is about, from everywhere
    std::vector<base::ClusterName> ofClusters;     ///< the same, from anywhere
    std::vector<base::GroupName> ofGroups;         ///< the Redis groups that `what` is about
    bool isRefused = false;                        ///< else it only has no answer yet
    bool isWrites = false;
    bool readsWork = false;                        ///< every read path is known to work
    std::optional<facts::UtcTime> since;           ///< the earliest
};
[[nodiscard]] ServingTrouble servingTrouble(const facts::Snapshot &snapshot);

/// "u1, u2 and 3 more"
[[nodiscard]] QString joinedNames(QStringList names, int most = 3);

} // namespace shardlens::ui::format
