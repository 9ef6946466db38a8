// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardHeader.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using theme::ColourRole;

ShardHeader::ShardHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setSectionsClickable(true);
}

QSize ShardHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), theme::scaled(theme::size::kButton)};
}

void ShardHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, theme::colour(ColourRole::Surface, palette()));
    painter->setPen(theme::colour(ColourRole::Line, palette()));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());

    const auto alignment = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
    const QString text = model()->headerData(section, Qt::Horizontal).toString();
    const QFont font = theme::font(theme::FontRole::Small);
    const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const QRect box = rect.adjusted(kPadding, 0, -kPadding, 0);
    painter->setFont(font);
    painter->setPen(theme::colour(isSorted ? ColourRole::Text : ColourRole::Muted, palette()));
    painter->drawText(box, int(alignment) | Qt::TextSingleLine, text);
    if (isSorted) {
        // On the side where no text can be: numbers keep their right edge.
        const int width = QFontMetrics(font).horizontalAdvance(text);
        const int side = theme::scaled(10);
        const int left = (alignment & Qt::AlignRight) ? box.right() - width - side - 4 : box.left() + width + 4;
        const QColor ink = theme::colour(ColourRole::Muted, palette());
        theme::paintShape(*painter, sortIndicatorOrder() == Qt::AscendingOrder ? theme::Shape::ArrowUp : theme::Shape::ArrowDown,
                          QRectF(left, box.center().y() - side / 2, side, side), ink, ink);
    }
    painter->restore();
}

} // namespace shardlens::ui::pages
