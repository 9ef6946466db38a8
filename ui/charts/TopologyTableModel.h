// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyText.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

namespace shardlens::ui::charts {

struct TopologyTableRow {
    std::string id;
    TopologyNode node;
    QString region;
    QString part;  ///< cluster, group, "Routers" or "Cache"
    QString state; ///< "fresh", "down 33 s", "unknown: needs pg_monitor"
    QString role;
    bool operator==(const TopologyTableRow &) const = default;
};

/// The table twin of the drawing: a row a card, in the drawing's order. GUI thread.
class TopologyTableModel : public models::RowModel<TopologyTableRow>
{
    Q_OBJECT

public:
    enum Column { Name, Part, Region, Role, State, PerSecond, LagTime, LagBytes, Detail, Age, ColumnCount };

    using RowModel::RowModel;

    void showGraph(const TopologyGraph &graph, const TopologyText &text);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString shown(const TopologyTableRow &row, int column);
    [[nodiscard]] static QVariant raw(const TopologyTableRow &row, int column);
};

} // namespace shardlens::ui::charts
