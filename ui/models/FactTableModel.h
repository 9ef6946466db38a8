// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FactRow.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

namespace shardlens::ui::models {

/// Rows of facts under columns that are given once. Rows come and go by difference. GUI thread.
class FactTableModel : public RowModel<FactRow>
{
    Q_OBJECT

public:
    explicit FactTableModel(std::vector<FactColumn> columns, QObject *parent = nullptr) : RowModel(parent), m_columns(std::move(columns)) {}

    void show(std::vector<FactRow> rows) { assign(std::move(rows)); }

    [[nodiscard]] const std::vector<FactColumn> &columns() const { return m_columns; }
    [[nodiscard]] int columnOf(const QString &key) const; ///< -1 if there is none
    void setTitle(int column, const QString &title);      ///< of a line's column: the ends of its axis

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Every row with raw numbers under the columns' keys, the time of reading before them (ISO 8601 UTC). Lines are left out.
    [[nodiscard]] QString asCsv(const QString &at) const;

private:
    std::vector<FactColumn> m_columns;
};

} // namespace shardlens::ui::models
