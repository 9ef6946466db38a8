// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ServingDelegate.h"

#include "ui/models/ServingModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

using theme::ColourRole;
using theme::FontRole;
using theme::scaled;
using theme::Shape;
using Look = format::ServingCellText::Look;

struct Dress {
    Shape shape = Shape::None;
    ColourRole text = ColourRole::Text;
    std::optional<ColourRole> ground;
};

Dress dressOf(Look look)
{
    switch (look) {
    case Look::Asking: return {Shape::None, ColourRole::Muted, {}};
    case Look::Well: return {Shape::Dot, ColourRole::Text, {}};
    case Look::Inferred: return {Shape::Ring, ColourRole::Text, {}};
    case Look::Warning: return {Shape::Triangle, ColourRole::WarningText, ColourRole::WarningGround};
    case Look::Critical: return {Shape::Diamond, ColourRole::CriticalText, ColourRole::CriticalGround};
    case Look::Unknown: return {Shape::DashedRing, ColourRole::UnknownText, ColourRole::UnknownGround};
    case Look::Old: return {Shape::Clock, ColourRole::Muted, {}};
    }
    return {};
}

void paintFrame(QPainter &painter, const QRect &box, Look look, const Dress &dress, const QPalette &palette)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(box).adjusted(0.5, 1.5, -0.5, -1.5);
    if (dress.ground) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::colour(*dress.ground, palette));
        painter.drawRoundedRect(frame, theme::size::kRadius, theme::size::kRadius);
    }
    if (look == Look::Old) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme::colour(ColourRole::ControlEdge, palette), theme::size::kLine, Qt::DotLine));
        painter.drawRoundedRect(frame, theme::size::kRadius, theme::size::kRadius);
    }
}

} // namespace

void ServingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const models::ServingModel *>(index.model());
    const auto *cell = model ? model->cellAt(index) : nullptr;
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected) || (index.column() == 0 && option.state.testFlag(QStyle::State_MouseOver)))
        paintGround(*painter, option, index);
    if (index.column() == 0) {
        painter->setFont(theme::font(FontRole::Body));
        painter->setPen(theme::colour(ColourRole::Text, option.palette));
        const QFontMetrics metrics(painter->font());
        painter->drawText(option.rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, metrics.elidedText(index.data().toString(), Qt::ElideMiddle, option.rect.width() - scaled(4)));
    } else if (cell) {
        const Dress dress = dressOf(cell->look);
        const QRect box = option.rect.adjusted(0, 0, -scaled(4), 0);
        paintFrame(*painter, box, cell->look, dress, option.palette);
        const QFontMetrics metrics(theme::font(FontRole::Body));
        const int width = metrics.horizontalAdvance(cell->value);
        const bool small = dress.shape == Shape::Dot || dress.shape == Shape::Ring;
        const int side = scaled(small ? 8 : 14);
        const int left = box.left() + scaled(4);
        const int middle = left + scaled(7);
        if (dress.shape != Shape::None)
            theme::paintShape(*painter, dress.shape, QRectF(middle - side / 2.0, box.center().y() - side / 2.0 + 0.5, side, side), option.palette);
        QRect rest = box;
        rest.setLeft(left + scaled(dress.shape == Shape::None ? 2 : 17));
        if (cell->look == Look::Unknown) {
            const QRectF frame = QRectF(box).adjusted(0.5, 1.5, -0.5, -1.5);
            const double end = rest.left() + width + scaled(6);
            theme::paintHatch(*painter, QRectF(end, frame.top(), std::max(0.0, frame.right() - 1 - end), frame.height()), option.palette);
        }
        painter->setFont(theme::font(FontRole::Body));
        painter->setPen(theme::colour(dress.text, option.palette));
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, cell->value);
        if (cell->look == Look::Old) {
            const double y = rest.center().y() + metrics.ascent() / 2.0 + 2;
            theme::paintStaleUnderline(*painter, QPointF(rest.left(), y), QPointF(rest.left() + width, y), option.palette);
        }
        const QFontMetrics caption(theme::font(FontRole::Caption));
        rest.setLeft(rest.left() + width + scaled(4));
        // What does not fit whole is left to the tooltip: half a number misleads.
        if (!cell->aside.isEmpty() && caption.horizontalAdvance(cell->aside) <= rest.width()) {
            painter->setFont(theme::font(FontRole::Caption));
            painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, cell->aside);
        }
    } else {
        painter->setFont(theme::font(FontRole::Body));
        painter->setPen(theme::colour(ColourRole::Muted, option.palette));
        painter->drawText(option.rect.adjusted(scaled(10), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, QStringLiteral("-"));
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme::colour(ColourRole::Accent, option.palette), theme::size::kFocusRing));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1 - scaled(index.column() == 0 ? 0 : 4), -1), theme::size::kRadius, theme::size::kRadius);
    }
    painter->restore();
}

} // namespace shardlens::ui::pages

#include "moc_ServingDelegate.cpp"
