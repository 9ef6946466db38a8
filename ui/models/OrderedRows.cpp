// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/OrderedRows.h"

#include "ui/models/Roles.h"

namespace shardlens::ui::models {

OrderedRows::OrderedRows(QObject *parent) : QSortFilterProxyModel(parent)
{
    // Not by itself: a tick would move rows under the pointer.
    setDynamicSortFilter(false);
}

void OrderedRows::setHeld(bool held)
{
    m_held = held;
    refresh();
}

void OrderedRows::refresh()
{
    const bool ordered = sortColumn() < 0 || isOrdered();
    if (!ordered && !m_held)
        QSortFilterProxyModel::sort(sortColumn(), sortOrder());
    setPending(!ordered && m_held);
}

void OrderedRows::setWords(const QString &words)
{
    m_words = words.trimmed();
    invalidateFilter();
}

void OrderedRows::sort(int column, Qt::SortOrder order)
{
    QSortFilterProxyModel::sort(column, order);
    setPending(false);
}

bool OrderedRows::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(RawRole);
    const QVariant b = right.data(RawRole);
    const bool descending = sortOrder() == Qt::DescendingOrder;
    if (a.isValid() != b.isValid()) // unknown ones last in both directions
        return a.isValid() != descending;
    int order = 0;
    if (a.isValid()) {
        if (a.metaType().id() == QMetaType::QString)
            order = QString::compare(a.toString(), b.toString());
        else
            order = a.toDouble() < b.toDouble() ? -1 : (a.toDouble() > b.toDouble() ? 1 : 0);
    }
    if (order != 0)
        return order < 0;
    return descending ? left.row() > right.row() : left.row() < right.row();
}

bool OrderedRows::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.isEmpty())
        return true;
    for (int column = 0; column < sourceModel()->columnCount(parent); ++column)
        if (sourceModel()->index(row, column, parent).data().toString().contains(m_words, Qt::CaseInsensitive))
            return true;
    return false;
}

bool OrderedRows::isOrdered() const
{
    const bool descending = sortOrder() == Qt::DescendingOrder;
    for (int row = 1; row < rowCount(); ++row) {
        const QModelIndex above = mapToSource(index(row - 1, sortColumn()));
        const QModelIndex below = mapToSource(index(row, sortColumn()));
        if (descending ? lessThan(above, below) : lessThan(below, above))
            return false;
    }
    return true;
}

void OrderedRows::setPending(bool pending)
{
    if (m_pending == pending)
        return;
    m_pending = pending;
    Q_EMIT pendingOrderChanged(pending);
}

} // namespace shardlens::ui::models

#include "moc_OrderedRows.cpp"
