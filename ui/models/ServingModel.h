// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/ServingText.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

namespace shardlens::ui::models {

/// A row of "Can people use it?": a cluster's writes, the worst of its reads, a group, the caches.
struct ServingTableRow {
    std::string id; ///< stable: "writes/u1", "writes/users" where well clusters are folded
    QString name;
    base::ClusterName cluster; ///< empty where it sums several up
    base::GroupName group;
    bool isReads = false;
    std::vector<std::optional<format::ServingCellText>> cells; ///< by region of the fleet; nothing where there is no such way
    std::vector<QString> csv;                                  ///< region by region: verdict, proof, took_s, usual_s, since, error

    bool operator==(const ServingTableRow &) const = default;
};

/// Can people use it? Rows by what they use, a column a region. Over 10 rows the well clusters of a partition fold into one.
/// GUI thread.
class ServingModel : public RowModel<ServingTableRow>
{
    Q_OBJECT

public:
    enum OwnRole { CellRole = FirstOwnRole }; ///< int of ServingCellText::Look
    static constexpr std::size_t mostRows = 10;

    using RowModel::RowModel;

    /// `holdsRows`: somebody points at them; those that are there keep their places, and new ones come last.
    void showSnapshot(const facts::Snapshot &snapshot, bool holdsRows = false);
    [[nodiscard]] const format::ServingCellText *cellAt(const QModelIndex &index) const;
    [[nodiscard]] bool hasInferred() const { return m_hasInferred; }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 1 + static_cast<int>(m_regions.size()); }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A line a cell: what, region, verdict, proof, took and usual in seconds, failing since, error.
    [[nodiscard]] QString asCsv() const;

private:
    QStringList m_regions;
    bool m_hasInferred = false;
};

} // namespace shardlens::ui::models
