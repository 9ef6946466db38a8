// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/Roles.h"
#include "ui/models/ShardFrame.h"

#include <QAbstractTableModel>

#include <functional>
#include <memory>
#include <vector>

namespace shardlens::ui::models {

/// The logical shards as a table, the twin of the heat grid: sorted and filtered here, and brought from frame to frame by stable
/// id, without a reset, so that selection and scroll position stay. GUI thread.
class ShardModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Schema, Partition, Cluster, Declared, DriftState, Size, Rows, Writes, Growth, Lag, ProblemState, Read, ColumnCount };

    using Filter = std::function<bool(const ShardFrame &, const ShardEntry &)>;

    explicit ShardModel(QObject *parent = nullptr);

    /// The frame is shared with the page; the model keeps it until the next one.
    void setFrame(std::shared_ptr<const ShardFrame> frame);
    [[nodiscard]] const std::shared_ptr<const ShardFrame> &frame() const { return m_frame; }

    /// Shows only what passes; empty shows all.
    void setFilter(Filter filter);
    void applyFilter(); ///< what the filter reads has changed
    /// While the order is held (the pointer is over the rows, or one has focus) new values change no row's place.
    void setOrderHeld(bool held);
    [[nodiscard]] bool hasPendingOrder() const { return m_orderPending; } ///< values have changed places that are not shown yet

    [[nodiscard]] facts::ShardKey keyAt(int row) const;
    [[nodiscard]] int rowOf(const facts::ShardKey &key) const; ///< -1 if it is not shown
    [[nodiscard]] const ShardEntry &entryAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    [[nodiscard]] int sortColumn() const { return m_sortColumn; }
    [[nodiscard]] Qt::SortOrder sortOrder() const { return m_sortOrder; }

    /// All rows shown, in their order: raw numbers, ISO 8601 UTC, empty where not known, with the reason in the last column.
    [[nodiscard]] QString asCsv() const;
    /// Only the given rows, without a header where `header` is false.
    [[nodiscard]] QString asCsv(const std::vector<facts::ShardKey> &keys) const;

Q_SIGNALS:
    void orderPendingChanged(bool pending);

private:
    struct Row {
        facts::ShardKey key;
        int entry = -1;
    };
    [[nodiscard]] bool passes(const ShardFrame &frame, int entry) const { return !m_filter || m_filter(frame, frame.entries[std::size_t(entry)]); }
    void removeRowsWhere(const std::function<bool(const Row &)> &gone);
    void rearrange(const std::function<void()> &change);
    void appendMissing();
    void tellChanged(const std::vector<int> &rows);
    void putInOrder();
    void reindex();

    std::shared_ptr<const ShardFrame> m_frame;
    Filter m_filter;
    std::vector<Row> m_rows;      ///< as shown
    std::vector<int> m_rowOfEntry;///< -1: not shown
    int m_sortColumn = -1;        ///< -1: by partition and number
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    bool m_orderHeld = false;
    bool m_orderPending = false;
};

} // namespace shardlens::ui::models
