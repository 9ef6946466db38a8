// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ShardClusterModel.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/models/Roles.h"
#include "ui/models/ShardCells.h"

#include <algorithm>

namespace shardlens::ui::models {

namespace {

bool isShown(const ShardCluster &cluster, const std::set<base::PartitionName> &partitions)
{
    return partitions.empty() || partitions.count(cluster.partition) > 0;
}

/// "≥ 7.44 GiB": how many are not known stands in the tooltip, where a column has no room for it.
QString shortSum(const QString &sum, int unknown, int all)
{
    if (unknown == 0)
        return sum;
    return unknown >= all ? ShardClusterModel::tr("unknown") : QString(format::kAtLeast) + format::kNarrowSpace + sum;
}

} // namespace

QString whyLag(const ShardCluster &cluster)
{
    using State = facts::StandbyState;
    if (!cluster.worst) {
        return cluster.whyNoLag.why == facts::WhyUnknown::NotAskedYet ? QString(QChar(0x2026)) : format::unknownText(cluster.whyNoLag);
    }
    const facts::StandbyLag &lag = *cluster.worst;
    const QString region = format::text(cluster.worstRegion.text());
    switch (lag.state) {
    case State::Paused: return ShardClusterModel::tr("replay paused on %1").arg(region);
    case State::NotStreaming: return ShardClusterModel::tr("%1 does not stream").arg(region);
    case State::Diverged: return ShardClusterModel::tr("%1 has diverged").arg(region);
    default: break;
    }
    if (cluster.lagLevel.value_or(1) < 2 && lag.state != State::CatchingUp)
        return QStringLiteral("-");
    if (lag.backlogBytesPerSecond && *lag.backlogBytesPerSecond > 1024)
        return ShardClusterModel::tr("%1 falls behind by %2").arg(region, format::bytesRate(*lag.backlogBytesPerSecond));
    if (lag.backlogBytesPerSecond && *lag.backlogBytesPerSecond < -1024 && lag.behind) {
        const double left = double(lag.behind->count) / -*lag.backlogBytesPerSecond;
        return ShardClusterModel::tr("%1 catches up, about %2 left").arg(region, format::age(microseconds(std::int64_t(left * 1e6))));
    }
    if (lag.behind && lag.behind->count > 0)
        return ShardClusterModel::tr("%1 is %2 behind").arg(region, format::bytes(*lag.behind));
    return ShardClusterModel::tr("%1 is late").arg(region);
}

ShardClusterModel::ShardClusterModel(QObject *parent) : QAbstractTableModel(parent), m_frame(std::make_shared<ShardFrame>()) {}

void ShardClusterModel::setFrame(std::shared_ptr<const ShardFrame> frame)
{
    const auto &fleet = *frame->snapshot->fleet;
    std::vector<base::RegionName> regions;
    for (const fleet::Region &region : fleet.regions)
        regions.push_back(region.name);
    const auto sameName = [](const ShardCluster &a, const ShardCluster &b) { return a.name == b.name; };
    const bool sameShape = regions == m_regions
        && std::equal(frame->clusters.begin(), frame->clusters.end(), m_frame->clusters.begin(), m_frame->clusters.end(), sameName);
    if (!sameShape)
        beginResetModel(); // another fleet file: nothing of the old picture holds
    m_frame = std::move(frame);
    m_regions = std::move(regions);
    m_sums.assign(m_frame->clusters.size(), {});
    for (const ShardEntry &entry : m_frame->entries) {
        if (entry.cluster < 0)
            continue;
        Sum &sum = m_sums[std::size_t(entry.cluster)];
        sum.bytes += entry.shard->size ? entry.shard->size->count : 0;
        sum.unknownBytes += !entry.shard->size;
        sum.writes += entry.shard->writesPerSecond.value_or(0);
        sum.unknownWrites += !entry.shard->writesPerSecond;
    }
    if (!sameShape) {
        showClusters();
        endResetModel();
    } else if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

void ShardClusterModel::setPartitions(const std::set<base::PartitionName> &partitions)
{
    if (partitions == m_partitions)
        return;
    beginResetModel();
    m_partitions = partitions;
    showClusters();
    endResetModel();
}

void ShardClusterModel::showClusters()
{
    m_rows.clear();
    for (int i = 0; i < int(m_frame->clusters.size()); ++i) {
        if (isShown(m_frame->clusters[std::size_t(i)], m_partitions))
            m_rows.push_back(i);
    }
}

base::ClusterName ShardClusterModel::nameAt(int row) const
{
    return at(row).name;
}

int ShardClusterModel::rowOf(const base::ClusterName &name) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row).name == name)
            return row;
    }
    return -1;
}

int ShardClusterModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ShardClusterModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : whyColumn() + 1;
}

const facts::StandbyLag *ShardClusterModel::standbyIn(const ShardCluster &cluster, const base::RegionName &region) const
{
    const facts::ClusterFacts *facts = m_frame->snapshot->cluster(cluster.name);
    if (!facts)
        return nullptr;
    for (const facts::StandbyLag &lag : facts->standbys) {
        const fleet::Server *server = m_frame->snapshot->fleet->server(lag.standby);
        if (server && server->region == region)
            return &lag;
    }
    return nullptr;
}

QString ShardClusterModel::lagIn(const ShardCluster &cluster, const base::RegionName &region) const
{
    if (const facts::StandbyLag *lag = standbyIn(cluster, region)) {
        if (lag->time)
            return format::lagOf(*lag);
        if (lag->behind)
            return format::bytes(*lag->behind);
        return lag->time.error().why == facts::WhyUnknown::NotAskedYet ? QString(QChar(0x2026)) : tr("unknown");
    }
    return cluster.primary && cluster.primaryRegion == region ? tr("primary") : QStringLiteral("-");
}

QVariant ShardClusterModel::display(int row, int column) const
{
    const ShardCluster &cluster = at(row);
    const Sum &sum = m_sums[std::size_t(m_rows[std::size_t(row)])];
    switch (column) {
    case Cluster: return format::text(cluster.name.text());
    case Primary: return cluster.primary ? format::text(cluster.primary->text()) : format::unknownText(cluster.primary.error());
    case Shards: return format::count(cluster.shards);
    case Size: return shortSum(format::bytes(base::Bytes{sum.bytes}), sum.unknownBytes, cluster.shards);
    case Writes: return shortSum(format::rate(sum.writes), sum.unknownWrites, cluster.shards);
    default: break;
    }
    return column == whyColumn() ? whyLag(cluster) : lagIn(cluster, m_regions[std::size_t(column - FirstRegion)]);
}

QVariant ShardClusterModel::colour(int row, int column) const
{
    using theme::ColourRole;
    const ShardCluster &cluster = at(row);
    const Sum &sum = m_sums[std::size_t(m_rows[std::size_t(row)])];
    if ((column == Primary && !cluster.primary) || (column == Size && sum.unknownBytes > 0) || (column == Writes && sum.unknownWrites > 0))
        return int(ColourRole::UnknownText);
    if (column == whyColumn())
        return int(cluster.worst ? ColourRole::Text : ColourRole::UnknownText);
    if (column >= FirstRegion) {
        const facts::StandbyLag *lag = standbyIn(cluster, m_regions[std::size_t(column - FirstRegion)]);
        if (!lag)
            return int(ColourRole::Muted);
        if (!lag->time && !lag->behind)
            return int(ColourRole::UnknownText);
    }
    return {};
}

QVariant ShardClusterModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int column = index.column();
    const bool isRegion = column >= FirstRegion && column < whyColumn();
    switch (role) {
    case Qt::DisplayRole: return display(index.row(), column);
    case Qt::TextAlignmentRole: return headerData(column, Qt::Horizontal, role);
    case ColourRoleRole: return colour(index.row(), column);
    case StaleRole: {
        const facts::StandbyLag *lag = isRegion ? standbyIn(at(index.row()), m_regions[std::size_t(column - FirstRegion)]) : nullptr;
        return lag && format::ageOf(*m_frame->snapshot, lag->standby).freshness >= facts::Freshness::Stale;
    }
    case Qt::ToolTipRole: {
        const Sum &sum = m_sums[std::size_t(m_rows[std::size_t(index.row())])];
        const int shards = at(index.row()).shards;
        if (column == Size && sum.unknownBytes > 0)
            return format::sumOf(format::bytes(base::Bytes{sum.bytes}), sum.unknownBytes, shards);
        if (column == Writes && sum.unknownWrites > 0)
            return format::sumOf(format::rate(sum.writes), sum.unknownWrites, shards);
        const facts::StandbyLag *lag = isRegion ? standbyIn(at(index.row()), m_regions[std::size_t(column - FirstRegion)]) : nullptr;
        return lag && !lag->time ? QVariant(format::unknownText(lag->time.error())) : QVariant();
    }
    case LevelRole: {
        const facts::StandbyLag *lag = isRegion ? standbyIn(at(index.row()), m_regions[std::size_t(column - FirstRegion)]) : nullptr;
        const auto level = lag ? facts::lagLevel(*lag, m_frame->snapshot->fleet->thresholds) : std::nullopt;
        return level ? QVariant(*level) : QVariant();
    }
    default: return {};
    }
}

QVariant ShardClusterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isText = section == Cluster || section == Primary || section == whyColumn();
        return QVariant::fromValue(Qt::Alignment((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    }
    if (role == LevelRole)
        return section >= FirstRegion && section < whyColumn();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Cluster: return tr("Cluster");
    case Primary: return tr("Primary");
    case Shards: return tr("Shards");
    case Size: return tr("Size, about");
    case Writes: return tr("Writes");
    default: return section == whyColumn() ? tr("Why") : format::text(m_regions[std::size_t(section - FirstRegion)].text());
    }
}

} // namespace shardlens::ui::models

#include "moc_ShardClusterModel.cpp"
