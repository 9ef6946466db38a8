// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardDelegate.h"

#include "ui/charts/HeatTile.h"
#include "ui/models/Roles.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QPainter>

namespace shardlens::ui::pages {

using theme::ColourRole;

ShardDelegate::ShardDelegate(int levelRole, QObject *parent) : QStyledItemDelegate(parent), m_levelRole(levelRole) {}

QSize ShardDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Q_UNUSED(index)
    return {option.rect.width(), theme::scaled(theme::size::kTableRow)};
}

void ShardDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme::colour(ColourRole::Selection, option.palette));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, theme::colour(ColourRole::Alternate, option.palette));

    QRect box = option.rect.adjusted(theme::space::kS, 0, -theme::space::kS, 0);
    const QVariant level = index.data(m_levelRole);
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    const bool isRight = alignment & Qt::AlignRight;
    const bool isStale = index.data(models::StaleRole).toBool();
    if (index.model()->headerData(index.column(), Qt::Horizontal, m_levelRole).toBool()) {
        // The swatch's room is kept in every row, so that the numbers stay aligned.
        if (level.isValid()) {
            using Mark = charts::HeatStep::Mark;
            const int value = level.toInt();
            const charts::HeatStep step{theme::lagFill(value), value == 4 ? Mark::Diagonal : value == 5 ? Mark::Cross : Mark::None};
            const double ratio = painter->device()->devicePixelRatioF();
            const int device = qRound(kSwatch * ratio);
            const QRect swatch(box.right() - kSwatch + 1, box.center().y() - kSwatch / 2, kSwatch, kSwatch);
            painter->drawImage(swatch, charts::heatTile({step, isStale, false, true}, QSize(device, device), ratio, option.palette));
            painter->setPen(theme::colour(ColourRole::Line, option.palette));
            painter->drawRect(swatch.adjusted(0, 0, -1, -1));
        }
        box.setRight(box.right() - kSwatch - theme::space::kS);
    }
    const QVariant colour = index.data(models::ColourRoleRole);
    const ColourRole role = isStale ? ColourRole::Muted : colour.isValid() ? ColourRole(colour.toInt()) : ColourRole::Text;
    painter->setFont(option.font);
    painter->setPen(theme::colour(role, option.palette));
    const QString text = option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(), isRight ? Qt::ElideRight : Qt::ElideMiddle, box.width());
    QRect drawn;
    painter->drawText(box, int(alignment) | Qt::TextSingleLine, text, &drawn);
    if (isStale)
        theme::paintStaleUnderline(*painter, QPointF(drawn.left(), drawn.bottom() + 0.5), QPointF(drawn.right(), drawn.bottom() + 0.5), option.palette);
    if ((option.state & QStyle::State_HasFocus) && index.column() == 0) {
        painter->setPen(QPen(theme::colour(ColourRole::Accent, option.palette), theme::size::kFocusRing));
        painter->drawLine(option.rect.left() + 1, option.rect.top() + 2, option.rect.left() + 1, option.rect.bottom() - 2);
    }
}

} // namespace shardlens::ui::pages
