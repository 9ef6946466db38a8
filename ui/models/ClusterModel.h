// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/Fact.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

#include <optional>

namespace shardlens::ui::models {

struct ClusterRow {
    std::string id;      ///< the cluster's name
    QString note;        ///< "users, 512 shards"
    QString worstLag;    ///< "8.62 s", "not streaming", "not known", "asking, 0.8 s"
    QString where;       ///< the region where it is worst
    int standbys = 0;
    int streaming = 0;
    std::optional<int> level;
    std::optional<facts::Severity> severity;
    bool isAsking = false;
    bool isOld = false;
    std::optional<double> lagSeconds; ///< for export
    bool operator==(const ClusterRow &) const = default;
};

/// The clusters of a fleet in fleet order, each with its worst standby. GUI thread.
class ClusterModel : public RowModel<ClusterRow>
{
    Q_OBJECT

public:
    enum Column { Name, WorstLag, ColumnCount };

    using RowModel::RowModel;

    void showSnapshot(const facts::Snapshot &snapshot);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace shardlens::ui::models
