// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/TableHeader.h"

#include "ui/models/Roles.h"
#include "ui/pages/CellDelegate.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using theme::ColourRole;

namespace {
constexpr int headPadding = CellDelegate::kPadding;
constexpr int arrow = 10;
constexpr int arrowGap = 4;
} // namespace

TableHeader::TableHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setSectionsClickable(false);
    setMinimumSectionSize(1);
}

void TableHeader::setIndent(int section, int px)
{
    m_indents.insert(section, px);
}

int TableHeader::widthOf(int section) const
{
    const QFontMetrics metrics(theme::font(theme::FontRole::Small));
    const auto text = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    const int sign = sectionsClickable() ? theme::scaled(arrow) + arrowGap : 0;
    const int swatch = model()->headerData(section, Qt::Horizontal, models::LevelRole).toBool() ? CellDelegate::kSwatch + theme::space::kS : 0;
    return metrics.horizontalAdvance(text) + 2 * headPadding + 1 + m_indents.value(section) + std::max(sign, swatch);
}

QSize TableHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), theme::scaled(26)};
}

QSize TableHeader::sectionSizeFromContents(int section) const
{
    return {widthOf(section), theme::scaled(26)};
}

void TableHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, theme::colour(ColourRole::Surface, palette()));
    painter->setPen(theme::colour(ColourRole::Line, palette()));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    const auto answered = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole);
    const auto alignment = answered.isValid() ? Qt::Alignment(answered.toInt()) : Qt::AlignLeft | Qt::AlignVCenter;
    const QFont font = theme::font(theme::FontRole::Small);
    QString text = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    const QVariant brief = model()->headerData(section, Qt::Horizontal, models::BriefRole);
    if (brief.isValid() && QFontMetrics(font).horizontalAdvance(text) > rect.width() - 2 * headPadding - m_indents.value(section))
        text = brief.toString();
    const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const QRect box = rect.adjusted(headPadding + m_indents.value(section), 0, -headPadding, 0);
    painter->setFont(font);
    painter->setPen(theme::colour(isSorted ? ColourRole::Text : ColourRole::Muted, palette()));
    painter->drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    if (isSorted) {
        // On the side where no text can be: numbers keep their right edge.
        const int width = QFontMetrics(font).horizontalAdvance(text);
        const int side = theme::scaled(arrow);
        const int left = alignment.testFlag(Qt::AlignRight) ? box.right() - width - side - arrowGap : box.left() + width + arrowGap;
        const QColor ink = theme::colour(ColourRole::Muted, palette());
        theme::paintShape(*painter, sortIndicatorOrder() == Qt::AscendingOrder ? theme::Shape::ArrowUp : theme::Shape::ArrowDown,
                          QRectF(left, box.center().y() - side / 2, side, side), ink, ink);
    }
    painter->restore();
}

} // namespace shardlens::ui::pages

#include "moc_TableHeader.cpp"
