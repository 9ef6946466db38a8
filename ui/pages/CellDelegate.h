// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QTableView;

namespace shardlens::ui::pages {

/// Paints a cell by the roles every model of the console answers: shape, text in its colour, old values underlined. A number is never
/// elided; a name is, in its middle.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    /// The ground (selection, hover) and the focus ring; called by subclasses that paint their own content.
    static void paintGround(QPainter &painter, const QStyleOptionViewItem &option);
    static void paintContent(QPainter &painter, const QRect &box, const QPalette &palette, const QModelIndex &index);
};

/// Rows of 24, no grid, whole rows selected, no elided number: how every table of the console looks.
void dressTable(QTableView &table);

} // namespace shardlens::ui::pages
