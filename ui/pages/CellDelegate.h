// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QFontMetrics;
class QTableView;

namespace shardlens::ui::pages {

/// Paints a cell by the roles every model of the console answers: shape, text in its colour, old values underlined, the hatch of
/// what is not known, a swatch of a lag level, a small line. A number is never elided; a name is, in its middle.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    static constexpr int kPadding = 8; ///< left and right of every cell
    static constexpr int kSwatch = 11; ///< of a lag level

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Room for the text of a cell that is `width` wide: less the padding, its shape and its column's swatch.
    [[nodiscard]] static int textRoom(const QModelIndex &index, int width);
    /// What a cell says in so much room: the whole, its brief form, or a name with its middle left out.
    [[nodiscard]] static QString shownText(const QModelIndex &index, const QFontMetrics &metrics, int room);

protected:
    /// The ground (selection, hover) and the mark of the row that has the keyboard; called by subclasses that paint their own content.
    static void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index);
    static void paintContent(QPainter &painter, const QRect &box, const QPalette &palette, const QModelIndex &index);
};

/// Rows of 24, no grid, whole rows selected, no elided number: how every table of the console looks.
void dressTable(QTableView &table);

} // namespace shardlens::ui::pages
