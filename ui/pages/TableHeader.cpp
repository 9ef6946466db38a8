// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/TableHeader.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

namespace {
constexpr int padding = 8; // as the cells have it
}

TableHeader::TableHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setSectionsClickable(false);
}

void TableHeader::setIndent(int section, int px)
{
    m_indents.insert(section, px);
}

QSize TableHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), theme::scaled(26)};
}

QSize TableHeader::sectionSizeFromContents(int section) const
{
    const QFontMetrics metrics(theme::font(theme::FontRole::Small));
    const auto text = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    return {metrics.horizontalAdvance(text) + 2 * padding + m_indents.value(section), theme::scaled(26)};
}

void TableHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    painter->save();
    painter->fillRect(rect, theme::colour(theme::ColourRole::Surface, palette()));
    painter->setPen(theme::colour(theme::ColourRole::Line, palette()));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    const auto alignment = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole);
    const int flags = (alignment.isValid() ? alignment.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine;
    painter->setFont(theme::font(theme::FontRole::Small));
    painter->setPen(theme::colour(theme::ColourRole::Muted, palette()));
    painter->drawText(rect.adjusted(padding + m_indents.value(section), 0, -padding, 0), flags, model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString());
    painter->restore();
}

} // namespace shardlens::ui::pages
