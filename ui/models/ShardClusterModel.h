// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ShardFrame.h"

#include <QAbstractTableModel>

#include <memory>
#include <set>

namespace shardlens::ui::models {

/// The clusters that hold shards, a row each in fleet order, with the lag of the standby in every region: what the shards of a
/// cluster share. Rows come and go only with the fleet file. GUI thread.
class ShardClusterModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Cluster, Primary, Shards, Size, Writes, FirstRegion }; ///< then a column a region, then Why

    explicit ShardClusterModel(QObject *parent = nullptr);

    void setFrame(std::shared_ptr<const ShardFrame> frame);
    /// Only clusters of these partitions; empty: all.
    void setPartitions(const std::set<base::PartitionName> &partitions);

    [[nodiscard]] base::ClusterName nameAt(int row) const;
    [[nodiscard]] int rowOf(const base::ClusterName &name) const; ///< -1 if it is not shown
    [[nodiscard]] int whyColumn() const { return FirstRegion + int(m_regions.size()); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Sum {
        std::int64_t bytes = 0;
        int unknownBytes = 0;
        double writes = 0;
        int unknownWrites = 0;
    };
    void showClusters();
    [[nodiscard]] const ShardCluster &at(int row) const { return m_frame->clusters[std::size_t(m_rows[std::size_t(row)])]; }
    [[nodiscard]] QVariant display(int row, int column) const;
    [[nodiscard]] QVariant colour(int row, int column) const;
    [[nodiscard]] const facts::StandbyLag *standbyIn(const ShardCluster &cluster, const base::RegionName &region) const;
    [[nodiscard]] QString lagIn(const ShardCluster &cluster, const base::RegionName &region) const;

    std::shared_ptr<const ShardFrame> m_frame;
    std::vector<int> m_rows; ///< indices of the frame's clusters
    std::vector<Sum> m_sums; ///< by the frame's clusters
    std::vector<base::RegionName> m_regions;
    std::set<base::PartitionName> m_partitions;
};

/// What holds a cluster's worst standby back, in a few words; "-" where nothing does.
[[nodiscard]] QString whyLag(const ShardCluster &cluster);

} // namespace shardlens::ui::models
