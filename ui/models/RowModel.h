// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::ui::models {

/// A flat model whose rows have a stable `std::string id` and `==`. New rows are brought in by difference, never by a reset, so that
/// selection, scroll and what is under the pointer stay. GUI thread. Subclasses answer columnCount, data and headerData.
template <class Row>
class RowModel : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }
    [[nodiscard]] const Row *rowAt(const QModelIndex &index) const
    {
        return index.isValid() && index.row() < rowCount() ? &m_rows[static_cast<std::size_t>(index.row())] : nullptr;
    }
    [[nodiscard]] int rowOf(const std::string &id) const
    {
        const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.id == id; });
        return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
    }

protected:
    void assign(std::vector<Row> next)
    {
        removeMissing(next);
        for (std::size_t at = 0; at < next.size(); ++at)
            place(static_cast<int>(at), std::move(next[at]));
    }

    /// Replaces a row's content in its place.
    void update(int at, Row row)
    {
        if (m_rows[static_cast<std::size_t>(at)] == row)
            return;
        m_rows[static_cast<std::size_t>(at)] = std::move(row);
        Q_EMIT dataChanged(index(at, 0), index(at, std::max(0, columnCount() - 1)));
    }

private:
    void removeMissing(const std::vector<Row> &next)
    {
        for (int at = rowCount() - 1; at >= 0; --at) {
            const auto &id = m_rows[static_cast<std::size_t>(at)].id;
            if (std::any_of(next.begin(), next.end(), [&](const Row &row) { return row.id == id; }))
                continue;
            beginRemoveRows({}, at, at);
            m_rows.erase(m_rows.begin() + at);
            endRemoveRows();
        }
    }

    void place(int at, Row row)
    {
        const int now = rowOf(row.id);
        if (now < 0) {
            beginInsertRows({}, at, at);
            m_rows.insert(m_rows.begin() + at, std::move(row));
            endInsertRows();
            return;
        }
        if (now != at) { // what stands before `at` is in its final place, so the row comes from below
            beginMoveRows({}, now, now, {}, at);
            std::rotate(m_rows.begin() + at, m_rows.begin() + now, m_rows.begin() + now + 1);
            endMoveRows();
        }
        update(at, std::move(row));
    }

    std::vector<Row> m_rows;
};

} // namespace shardlens::ui::models
