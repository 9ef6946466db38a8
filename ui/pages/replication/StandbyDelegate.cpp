// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/StandbyDelegate.h"

#include "ui/charts/StageBar.h"
#include "ui/models/StandbyModel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using models::StandbyModel;
using theme::ColourRole;
using theme::FontRole;

namespace {

constexpr int barPadding = CellDelegate::kPadding;

QString why()
{
    return StandbyDelegate::tr("why?");
}

charts::StageBar barOf(const QModelIndex &index)
{
    charts::StageBar bar;
    const auto stages = index.data(StandbyModel::StagesRole).toList();
    for (int i = 0; i < charts::kStages && i < stages.size(); ++i)
        if (stages.at(i).isValid())
            bar.bytes[static_cast<std::size_t>(i)] = stages.at(i).toDouble();
    bar.full = index.data(StandbyModel::ScaleRole).toDouble();
    bar.isOld = index.data(models::StaleRole).toBool();
    return bar;
}

} // namespace

QRect StandbyDelegate::whyIn(const QRect &cell, const QModelIndex &index)
{
    const QFontMetrics small(theme::font(FontRole::Small));
    const QFontMetrics body(theme::font(FontRole::Body));
    const int right = cell.right() - barPadding - body.horizontalAdvance(index.data().toString()) - 8;
    const int width = small.horizontalAdvance(why());
    return {right - width, cell.top(), width, cell.height()};
}

void StandbyDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintGround(*painter, option, index);
    const auto &palette = option.palette;
    switch (index.column()) {
    case StandbyModel::Stages:
        charts::paintStageBar(*painter, QRectF(option.rect).adjusted(barPadding, 0, -barPadding, 0), barOf(index), palette);
        break;
    case StandbyModel::Lag:
        paintContent(*painter, option.rect, palette, index);
        painter->setFont(theme::font(FontRole::Small));
        painter->setPen(theme::colour(ColourRole::Accent, palette));
        painter->drawText(whyIn(option.rect, index), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, why());
        break;
    case StandbyModel::Direction: {
        const auto arrow = static_cast<theme::Shape>(index.data(StandbyModel::ArrowRole).toInt());
        QRect rest = option.rect.adjusted(theme::scaled(kDirectionIndent), 0, 0, 0);
        if (arrow != theme::Shape::None) {
            const int side = theme::scaled(12);
            const auto colour = theme::colour(static_cast<ColourRole>(index.data(models::ColourRoleRole).toInt()), palette);
            theme::paintShape(*painter, arrow, QRectF(rest.left() + barPadding, rest.center().y() - side / 2.0 + 0.5, side, side), colour, colour);
            rest.setLeft(rest.left() + theme::scaled(16));
        }
        paintContent(*painter, rest, palette, index);
        break;
    }
    default:
        paintContent(*painter, option.rect, palette, index);
    }
    painter->restore();
}

} // namespace shardlens::ui::pages

#include "moc_StandbyDelegate.cpp"
