// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/CellDelegate.h"

#include "ui/charts/HeatTile.h"
#include "ui/charts/Sparkline.h"
#include "ui/models/FactRow.h"
#include "ui/models/Roles.h"
#include "ui/pages/TableHeader.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::ColourRole;

namespace {

constexpr int padding = CellDelegate::kPadding;
constexpr int shapeRoom = 20;

Qt::Alignment alignmentOf(const QModelIndex &index)
{
    const auto alignment = index.data(Qt::TextAlignmentRole);
    return alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeft | Qt::AlignVCenter;
}

/// The swatch's room is kept in every row, so that the numbers stay aligned.
bool hasSwatches(const QModelIndex &index)
{
    return index.model()->headerData(index.column(), Qt::Horizontal, models::LevelRole).toBool();
}

void paintSwatch(QPainter &painter, const QRect &rest, const QPalette &palette, int level, bool isOld)
{
    using Mark = charts::HeatStep::Mark;
    const charts::HeatStep step{theme::lagFill(level), level == 4 ? Mark::Diagonal : level == 5 ? Mark::Cross : Mark::None};
    const double ratio = painter.device()->devicePixelRatioF();
    const int device = qRound(CellDelegate::kSwatch * ratio);
    const QRect swatch(rest.right() - CellDelegate::kSwatch + 1, rest.center().y() - CellDelegate::kSwatch / 2, CellDelegate::kSwatch, CellDelegate::kSwatch);
    painter.drawImage(swatch, charts::heatTile({step, isOld, false, true}, QSize(device, device), ratio, palette));
    painter.setPen(theme::colour(ColourRole::Line, palette));
    painter.drawRect(swatch.adjusted(0, 0, -1, -1));
}

/// A patch of hatch beside the words, so that what is not known is seen before it is read.
void paintUnknown(QPainter &painter, const QRect &rest, bool isRight, int textWidth, const QPalette &palette)
{
    const int gap = theme::scaled(6);
    const int width = std::min(theme::scaled(20), rest.width() - textWidth - gap);
    if (width < theme::scaled(8))
        return;
    const int height = theme::scaled(12);
    const int left = isRight ? rest.right() + 1 - textWidth - gap - width : rest.left() + textWidth + gap;
    theme::paintHatch(painter, QRectF(left, rest.center().y() - height / 2, width, height), palette);
}

void paintLine(QPainter &painter, const QRect &box, const QPalette &palette, const models::CellLine &line)
{
    const int height = std::min(box.height() - theme::scaled(8), theme::scaled(22));
    const QRectF area(box.left() + padding, box.center().y() - height / 2.0, box.width() - 2 * padding, height);
    charts::paintSparkline(painter, area, line.points, line.series, palette, line.low, line.high);
}

} // namespace

void CellDelegate::paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter.fillRect(option.rect, theme::colour(ColourRole::Selection, option.palette));
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter.fillRect(option.rect, theme::colour(ColourRole::Alternate, option.palette));
    const auto *table = qobject_cast<const QTableView *>(option.widget);
    if (!table || !table->hasFocus() || table->currentIndex().row() != index.row() || table->horizontalHeader()->visualIndex(index.column()) != 0)
        return;
    painter.setPen(QPen(theme::colour(ColourRole::Accent, option.palette), theme::size::kFocusRing));
    painter.drawLine(option.rect.left() + 1, option.rect.top() + 2, option.rect.left() + 1, option.rect.bottom() - 2);
}

int CellDelegate::textRoom(const QModelIndex &index, int width)
{
    const int shape = index.data(models::ShapeRole).isValid() ? theme::scaled(shapeRoom) : 0;
    return width - 2 * padding - shape - (hasSwatches(index) ? kSwatch + theme::space::kS : 0);
}

QString CellDelegate::shownText(const QModelIndex &index, const QFontMetrics &metrics, int room)
{
    const QString text = index.data(Qt::DisplayRole).toString();
    if (metrics.horizontalAdvance(text) <= room)
        return text;
    const QVariant brief = index.data(models::BriefRole);
    if (brief.isValid())
        return brief.toString();
    if (alignmentOf(index).testFlag(Qt::AlignRight))
        return text;
    return metrics.elidedText(text, index.data(models::ElideEndRole).toBool() ? Qt::ElideRight : Qt::ElideMiddle, room);
}

void CellDelegate::paintContent(QPainter &painter, const QRect &box, const QPalette &palette, const QModelIndex &index)
{
    if (const QVariant line = index.data(models::LineRole); line.isValid()) {
        paintLine(painter, box, palette, line.value<models::CellLine>());
        return;
    }
    QRect rest = box.adjusted(padding, 0, -padding, 0);
    const auto shape = index.data(models::ShapeRole);
    if (shape.isValid()) {
        const int side = theme::scaled(14);
        theme::paintShape(painter, static_cast<theme::Shape>(shape.toInt()), QRectF(rest.left(), rest.center().y() - side / 2 + 0.5, side, side), palette);
        rest.setLeft(rest.left() + theme::scaled(shapeRoom));
    }
    const bool isOld = index.data(models::StaleRole).toBool();
    if (hasSwatches(index)) {
        if (const QVariant level = index.data(models::LevelRole); level.isValid())
            paintSwatch(painter, rest, palette, level.toInt(), isOld);
        rest.setRight(rest.right() - kSwatch - theme::space::kS);
    }
    const auto font = theme::font(theme::FontRole::Body);
    const QFontMetrics metrics(font);
    const auto alignment = alignmentOf(index);
    const bool isRight = alignment.testFlag(Qt::AlignRight);
    const QString text = shownText(index, metrics, rest.width());
    const int width = metrics.horizontalAdvance(text);
    if (index.data(models::UnknownRole).toBool())
        paintUnknown(painter, rest, isRight, width, palette);
    const auto role = index.data(models::ColourRoleRole);
    painter.setFont(font);
    painter.setPen(theme::colour(isOld ? ColourRole::Muted : role.isValid() ? static_cast<ColourRole>(role.toInt()) : ColourRole::Text, palette));
    painter.drawText(rest, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    if (isOld && !text.isEmpty()) {
        const int x = isRight ? rest.right() - width : rest.left();
        const int y = rest.center().y() + metrics.ascent() / 2 + 2;
        theme::paintStaleUnderline(painter, QPointF(x, y), QPointF(x + width, y), palette);
    }
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintGround(*painter, option, index);
    paintContent(*painter, option.rect, option.palette, index);
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Q_UNUSED(option)
    const QFontMetrics metrics(theme::font(theme::FontRole::Body));
    const int around = -textRoom(index, 0);
    return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + around + 1, theme::tableRow()};
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
    table.setMouseTracking(true);
    table.verticalHeader()->hide();
    table.verticalHeader()->setMinimumSectionSize(1);
    table.verticalHeader()->setDefaultSectionSize(theme::tableRow());
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.setHorizontalHeader(new TableHeader(&table));
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
}

} // namespace shardlens::ui::pages

#include "moc_CellDelegate.cpp"
