// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

namespace shardlens::ui::models {

/// The rows of a model in the order that a person asked for, by raw values, unknown ones last; without an order, as the model has them.
/// While the order is held (the pointer is over the rows, or one has focus) new values move no row. GUI thread.
class OrderedRows : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit OrderedRows(QObject *parent = nullptr);

    void setHeld(bool held);
    [[nodiscard]] bool hasPendingOrder() const { return m_pending; } ///< values have changed places that are not shown yet
    /// New values have come: rows take their places, unless the order is held.
    void refresh();
    /// Shows the rows in which some text holds `words`; empty shows all.
    void setWords(const QString &words);
    /// The person asked: a held order gives way.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

Q_SIGNALS:
    void pendingOrderChanged(bool pending);

protected:
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    [[nodiscard]] bool isOrdered() const;
    void setPending(bool pending);

    QString m_words;
    bool m_held = false;
    bool m_pending = false;
};

} // namespace shardlens::ui::models
