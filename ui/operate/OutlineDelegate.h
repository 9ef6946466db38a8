// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineRow.h"

#include <QStyledItemDelegate>

namespace shardlens::ui::operate {

/// Paints the rows of a plan's columns. Words take more lines rather than being cut; what stands at the right keeps its room. Rows
/// are as wide as their view's property "rowWidth" says.
class OutlineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Where a row's link stands, in the row's own place; empty without one.
    [[nodiscard]] static QRect linkIn(const QRect &box, const OutlineRow &row);
};

} // namespace shardlens::ui::operate
