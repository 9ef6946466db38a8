// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/CellDelegate.h"

#include "ui/models/Roles.h"
#include "ui/pages/TableHeader.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

namespace shardlens::ui::pages {

namespace {
constexpr int padding = 8;
}

void CellDelegate::paintGround(QPainter &painter, const QStyleOptionViewItem &option)
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter.fillRect(option.rect, theme::colour(theme::ColourRole::Selection, option.palette));
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter.fillRect(option.rect, theme::colour(theme::ColourRole::Alternate, option.palette));
}

void CellDelegate::paintContent(QPainter &painter, const QRect &box, const QPalette &palette, const QModelIndex &index)
{
    QRect rest = box.adjusted(padding, 0, -padding, 0);
    const auto shape = index.data(models::ShapeRole);
    if (shape.isValid()) {
        const int side = theme::scaled(14);
        theme::paintShape(painter, static_cast<theme::Shape>(shape.toInt()), QRectF(rest.left(), rest.center().y() - side / 2 + 0.5, side, side), palette);
        rest.setLeft(rest.left() + theme::scaled(20));
    }
    const auto font = theme::font(theme::FontRole::Body);
    const QFontMetrics metrics(font);
    const auto role = index.data(models::ColourRoleRole);
    const auto colour = role.isValid() ? static_cast<theme::ColourRole>(role.toInt()) : theme::ColourRole::Text;
    const auto alignmentData = index.data(Qt::TextAlignmentRole);
    const auto alignment = alignmentData.isValid() ? Qt::Alignment(alignmentData.toInt()) : Qt::AlignLeft | Qt::AlignVCenter;
    QString text = index.data(Qt::DisplayRole).toString();
    if (!alignment.testFlag(Qt::AlignRight))
        text = metrics.elidedText(text, Qt::ElideMiddle, rest.width());
    painter.setFont(font);
    painter.setPen(theme::colour(colour, palette));
    painter.drawText(rest, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    if (index.data(models::StaleRole).toBool() && !text.isEmpty()) {
        const int width = metrics.horizontalAdvance(text);
        const int x = alignment.testFlag(Qt::AlignRight) ? rest.right() - width : rest.left();
        const int y = rest.center().y() + metrics.ascent() / 2 + 2;
        theme::paintStaleUnderline(painter, QPointF(x, y), QPointF(x + width, y), palette);
    }
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintGround(*painter, option);
    paintContent(*painter, option.rect, option.palette, index);
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Q_UNUSED(option)
    const QFontMetrics metrics(theme::font(theme::FontRole::Body));
    const int mark = index.data(models::ShapeRole).isValid() ? theme::scaled(20) : 0;
    return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + mark + 2 * padding + 1, theme::scaled(theme::size::kTableRow)};
}

void dressTable(QTableView &table)
{
    table.setFrameShape(QFrame::NoFrame);
    table.setShowGrid(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setWordWrap(false);
    table.setTextElideMode(Qt::ElideMiddle);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(theme::scaled(theme::size::kTableRow));
    table.verticalHeader()->setMinimumSectionSize(theme::scaled(theme::size::kTableRow));
    table.setHorizontalHeader(new TableHeader(&table));
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
}

} // namespace shardlens::ui::pages
