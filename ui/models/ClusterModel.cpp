// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ClusterModel.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"

namespace shardlens::ui::models {

namespace {

using facts::Severity;
using facts::StandbyLag;
using facts::StandbyState;

void worstAt(const std::vector<facts::Problem> &problems, const base::ClusterName &cluster, std::optional<Severity> &worst)
{
    for (const auto &problem : problems) {
        if (problem.place.cluster == cluster && (!worst || problem.severity < *worst))
            worst = problem.severity;
        worstAt(problem.consequences, cluster, worst);
    }
}

bool isBroken(const StandbyLag &lag)
{
    return lag.state == StandbyState::NotStreaming || lag.state == StandbyState::Diverged;
}

/// Broken before unknown before late: what hides a number is worse than any number.
bool isWorse(const StandbyLag &a, const StandbyLag &b)
{
    if (isBroken(a) != isBroken(b))
        return isBroken(a);
    if (a.time.has_value() != b.time.has_value())
        return !a.time.has_value();
    if (a.time && b.time && *a.time != *b.time)
        return *a.time > *b.time;
    return a.behind && b.behind && *a.behind > *b.behind;
}

void describeWorst(ClusterRow &row, const StandbyLag &lag, const facts::Snapshot &snapshot)
{
    const auto age = format::ageOf(snapshot, lag.standby);
    if (const auto *server = snapshot.fleet->server(lag.standby))
        row.where = format::text(server->region.text());
    row.isAsking = age.freshness == facts::Freshness::Asking;
    row.isOld = age.freshness == facts::Freshness::Stale || age.freshness == facts::Freshness::Down;
    row.level = facts::lagLevel(lag, snapshot.fleet->thresholds);
    if (row.isAsking)
        row.worstLag = format::formattedValue({}, age).text;
    else if (isBroken(lag))
        row.worstLag = ClusterModel::tr("not streaming");
    else if (lag.time) {
        row.worstLag = format::lagOf(lag);
        row.lagSeconds = std::chrono::duration<double>(*lag.time).count();
    } else {
        row.worstLag = ClusterModel::tr("not known");
    }
}

ClusterRow rowOf(const fleet::Cluster &cluster, const facts::Snapshot &snapshot)
{
    ClusterRow row;
    row.id = cluster.name.text();
    const auto *facts = snapshot.cluster(cluster.name);
    const QString partition = format::text(cluster.partition.text());
    if (cluster.partition.isEmpty())
        row.note = ClusterModel::tr("shard map, names");
    else if (facts && facts->shardCount > 0)
        row.note = ClusterModel::tr("%1, %2 shards").arg(partition, format::count(facts->shardCount));
    else
        row.note = partition;
    worstAt(snapshot.problems, cluster.name, row.severity);
    if (!facts || facts->standbys.empty()) {
        row.worstLag = facts ? ClusterModel::tr("no standby") : QString(QChar(0x2026));
        return row;
    }
    row.standbys = static_cast<int>(facts->standbys.size());
    row.streaming = static_cast<int>(std::count_if(facts->standbys.begin(), facts->standbys.end(), [](const StandbyLag &lag) {
        return lag.state == StandbyState::Streaming || lag.state == StandbyState::CatchingUp || lag.state == StandbyState::Paused;
    }));
    const auto worst = std::min_element(facts->standbys.begin(), facts->standbys.end(), isWorse);
    describeWorst(row, *worst, snapshot);
    return row;
}

} // namespace

void ClusterModel::showSnapshot(const facts::Snapshot &snapshot)
{
    std::vector<ClusterRow> next;
    for (const auto &cluster : snapshot.fleet->clusters)
        next.push_back(models::rowOf(cluster, snapshot));
    assign(std::move(next));
}

QVariant ClusterModel::data(const QModelIndex &index, int role) const
{
    const auto *row = rowAt(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == WorstLag ? row->worstLag : format::text(row->id);
    case Qt::AccessibleTextRole:
        return tr("%1, %2, worst lag %3 %4").arg(format::text(row->id), row->note, row->worstLag, row->where);
    case RawRole:
        if (index.column() == WorstLag)
            return row->lagSeconds ? QVariant(*row->lagSeconds) : QVariant();
        return format::text(row->id);
    case ColourRoleRole: {
        if (index.column() != WorstLag)
            return static_cast<int>(theme::ColourRole::Text);
        if (row->isOld || row->isAsking)
            return static_cast<int>(theme::ColourRole::Muted);
        const bool shows = row->severity && (!row->lagSeconds || row->level.value_or(1) >= 3);
        return static_cast<int>(shows ? theme::coloursOf(*row->severity).text : theme::ColourRole::Text);
    }
    case ShapeRole:
        if (row->isAsking)
            return static_cast<int>(theme::Shape::Ellipsis);
        if (row->severity)
            return static_cast<int>(theme::shapeOf(*row->severity));
        return static_cast<int>(row->isOld ? theme::Shape::Clock : theme::Shape::Dot);
    case StaleRole:
        return row->isOld;
    default:
        return {};
    }
}

QVariant ClusterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == WorstLag ? tr("Worst lag, s") : tr("Cluster");
}

} // namespace shardlens::ui::models

#include "moc_ClusterModel.cpp"
