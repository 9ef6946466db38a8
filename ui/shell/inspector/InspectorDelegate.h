// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/inspector/FactSheet.h"

#include <QStyledItemDelegate>

namespace shardlens::ui::shell {

/// Paints the inspector's rows: name, value, age in columns that stay; a long value takes more lines rather than being cut.
class InspectorDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// True if nothing of the row is cut at this width: for the test.
    [[nodiscard]] static bool fits(const InspectorRow &row, int width);
    /// Of a thing: what stands between its name and its number is whole, too.
    [[nodiscard]] static bool showsMiddle(const InspectorRow &row, int width);
};

} // namespace shardlens::ui::shell
