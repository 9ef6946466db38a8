// SPDX-License-Identifier: GPL-3.0-or-later
// From cells to the sentence that says what is refused, where, from where.
#include "ui/format/ServingText.h"

#include "ui/format/Words.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace shardlens::ui::format {

namespace {

using facts::ServingCell;
using facts::ServingOf;
using facts::ServingRow;
using facts::ServingVerdict;
using facts::Snapshot;

/// The rows of one sort that fail from the same regions.
struct Group {
    QStringList names;
    std::vector<base::ClusterName> clusters;
    std::vector<base::GroupName> groups;
    int rows = 0;          ///< of those that people are served by: the directory serves the console
    bool isPlural = false; ///< "Feeds fail", "Media map fails"
    bool everywhere = false;
    bool all = false; ///< every row of the sort
};
using Groups = std::map<QStringList, Group>;

QString regionNames(const QStringList &regions)
{
    return joinedNames(regions);
}

struct RowSort {
    Groups groups;
    int rows = 0;
    std::optional<facts::UtcTime> since;
};

/// Rows by the regions from which `fails` holds.
template <class Fails>
RowSort rowSortOf(const Snapshot &snapshot, ServingOf of, Fails fails)
{
    RowSort sort;
    for (const ServingRow &row : snapshot.serving.rows) {
        if (row.of != of)
            continue;
        sort.rows += isForPeople(row, snapshot);
        QStringList regions;
        for (const ServingCell &cell : row.cells) {
            if (!fails(cell))
                continue;
            regions << text(cell.region.text());
            if (cell.failingSince)
                sort.since = std::min(sort.since.value_or(*cell.failingSince), *cell.failingSince);
        }
        if (regions.isEmpty())
            continue;
        Group &group = sort.groups[regions];
        group.names << (of == ServingOf::Group || of == ServingOf::Cache ? servingRowName(row, snapshot) : text(row.cluster.text()));
        if (!row.cluster.isEmpty())
            group.clusters.push_back(row.cluster);
        if (!row.group.isEmpty())
            group.groups.push_back(row.group);
        group.rows += isForPeople(row, snapshot);
        group.isPlural = group.names.size() > 1 || !isSingular(row);
        group.everywhere = static_cast<std::size_t>(regions.size()) == row.cells.size();
    }
    for (auto &[regions, group] : sort.groups)
        group.all = group.rows >= sort.rows && sort.rows > 1;
    return sort;
}

/// From everywhere first, then from most regions, then what hits most rows: where there is no room for all, the first are told.
std::vector<std::pair<QStringList, Group>> worstFirst(const Groups &groups)
{
    std::vector<std::pair<QStringList, Group>> sorted(groups.begin(), groups.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
        return std::tuple(a.second.everywhere, a.first.size(), a.second.names.size()) > std::tuple(b.second.everywhere, b.first.size(), b.second.names.size());
    });
    return sorted;
}

QString clustersFail(const QStringList &regions, const Group &group, bool writes, bool refused)
{
    const QString names = group.all ? QString() : joinedNames(group.names);
    if (group.everywhere && group.all)
        return writes ? (refused ? Words::tr("All writes fail") : Words::tr("No write is answered")) : (refused ? Words::tr("All reads fail") : Words::tr("No read is answered"));
    if (group.everywhere)
        return (writes ? (refused ? Words::tr("Writes fail on %1") : Words::tr("Writes on %1 get no answer"))
                       : (refused ? Words::tr("Reads fail on %1") : Words::tr("Reads on %1 get no answer")))
            .arg(names);
    if (group.all)
        return (writes ? (refused ? Words::tr("All writes from %1 fail") : Words::tr("Writes from %1 get no answer"))
                       : (refused ? Words::tr("All reads from %1 fail") : Words::tr("Reads from %1 get no answer")))
            .arg(regionNames(regions));
    return (writes ? (refused ? Words::tr("Writes from %1 fail on %2") : Words::tr("Writes from %1 get no answer on %2"))
                   : (refused ? Words::tr("Reads from %1 fail on %2") : Words::tr("Reads from %1 get no answer on %2")))
        .arg(regionNames(regions), names);
}

QString othersFail(const QStringList &regions, const Group &group, bool refused)
{
    const QString names = joinedNames(group.names);
    const bool one = !group.isPlural;
    if (group.everywhere)
        return (refused ? (one ? Words::tr("%1 fails") : Words::tr("%1 fail")) : (one ? Words::tr("%1 gives no answer") : Words::tr("%1 give no answer"))).arg(names);
    return (refused ? (one ? Words::tr("%1 fails from %2") : Words::tr("%1 fail from %2")) : (one ? Words::tr("%1 gives no answer from %2") : Words::tr("%1 give no answer from %2")))
        .arg(names, regionNames(regions));
}

void tell(ServingTrouble &trouble, const QString &sentence, const Group &group, bool refused, bool writes)
{
    if (trouble.what.isEmpty()) {
        trouble.what = sentence;
        trouble.isRefused = refused;
        trouble.isWrites = writes;
        if (group.everywhere)
            trouble.clusters = group.clusters;
        trouble.ofClusters = group.clusters;
        trouble.ofGroups = group.groups;
        return;
    }
    trouble.more += (trouble.more.isEmpty() ? QString() : QStringLiteral(" ")) + sentence + QLatin1Char('.');
}

} // namespace

ServingTrouble servingTrouble(const Snapshot &snapshot)
{
    ServingTrouble trouble;
    for (const bool refused : {true, false}) {
        const auto fails = [refused](const ServingCell &cell) { return cell.verdict == (refused ? ServingVerdict::Refused : ServingVerdict::Late); };
        for (const ServingOf of : {ServingOf::Writes, ServingOf::Group, ServingOf::Reads, ServingOf::Cache}) {
            const RowSort sort = rowSortOf(snapshot, of, fails);
            if (sort.since)
                trouble.since = std::min(trouble.since.value_or(*sort.since), *sort.since);
            for (const auto &[regions, group] : worstFirst(sort.groups)) {
                const bool shards = of == ServingOf::Writes || of == ServingOf::Reads;
                tell(trouble, shards ? clustersFail(regions, group, of == ServingOf::Writes, refused) : othersFail(regions, group, refused), group, refused, of == ServingOf::Writes);
            }
        }
    }
    const auto reads = countForPeople(snapshot, ServingOf::Reads);
    trouble.readsWork = reads.paths > 0 && reads.working == reads.paths;
    return trouble;
}

} // namespace shardlens::ui::format
