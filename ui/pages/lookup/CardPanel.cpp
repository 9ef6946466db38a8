// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/CardPanel.h"

#include "ui/operate/OutlineDelegate.h"
#include "ui/operate/OutlineModel.h"
#include "ui/pages/lookup/CopyMask.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using operate::OutlineRow;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

/// Paints facts with a mark; all else as any outline does.
class CardDelegate : public operate::OutlineDelegate
{
public:
    using OutlineDelegate::OutlineDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const OutlineRow *row = static_cast<const operate::OutlineModel *>(index.model())->rowAt(index);
        if (!row || row->kind != OutlineRow::Kind::Fact || row->shape == theme::Shape::None) {
            OutlineDelegate::paint(painter, option, index);
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QPalette &palette = option.palette;
        if (option.state.testFlag(QStyle::State_Selected) && option.state.testFlag(QStyle::State_Active))
            painter->fillRect(option.rect, theme::colour(ColourRole::Selection, palette));
        const QRect inside = option.rect.adjusted(theme::space::kM, 0, -theme::space::kM, 0);
        const bool isMasked = row->shape == theme::Shape::Lock;
        painter->setFont(theme::font(FontRole::Body));
        painter->setPen(theme::colour(ColourRole::Muted, palette));
        painter->drawText(QRect(inside.left(), inside.top(), inside.width(), lineOf()), Qt::AlignLeft | Qt::AlignVCenter, row->title);
        const int wide = QFontMetrics(painter->font()).horizontalAdvance(row->right) + scaled(20 + 16);
        const QRect pill(inside.right() + 1 - wide, option.rect.bottom() + 1 - lineOf() + scaled(2), wide, lineOf() - scaled(4));
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme::colour(isMasked ? ColourRole::Raised : ColourRole::WarningGround, palette));
        painter->drawRoundedRect(pill, theme::size::kRadius, theme::size::kRadius);
        const int side = scaled(14);
        theme::paintShape(*painter, row->shape, QRectF(pill.left() + scaled(8), pill.center().y() - side / 2.0 + 1, side, side), palette);
        painter->setPen(theme::colour(isMasked ? ColourRole::Muted : ColourRole::WarningText, palette));
        painter->drawText(pill.adjusted(scaled(28), 0, -scaled(8), 0), Qt::AlignLeft | Qt::AlignVCenter, row->right);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(theme::colour(ColourRole::Accent, palette), theme::size::kFocusRing));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(scaled(4), 1, -3, -1), theme::size::kRadius, theme::size::kRadius);
        }
        painter->restore();
    }

    /// Name and pill in one line, else under each other.
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const OutlineRow *row = static_cast<const operate::OutlineModel *>(index.model())->rowAt(index);
        const QSize usual = OutlineDelegate::sizeHint(option, index);
        if (!row || row->kind != OutlineRow::Kind::Fact || row->shape == theme::Shape::None)
            return usual;
        const QFontMetrics body(theme::font(FontRole::Body));
        const int needed = body.horizontalAdvance(row->title) + theme::space::kS + body.horizontalAdvance(row->right) + scaled(36);
        return {usual.width(), needed <= usual.width() - 2 * theme::space::kM ? lineOf() : 2 * lineOf()};
    }

private:
    static int lineOf() { return scaled(24); }
};

} // namespace

CardPanel::CardPanel(const QString &title, QWidget *parent) : OutlinePanel(title, parent)
{
    list()->setItemDelegate(new CardDelegate(list()));
    new CopyMask(list());
}

OutlineRow cardFact(const std::string &id, const QString &name, const QString &value)
{
    OutlineRow row;
    row.id = id;
    row.kind = OutlineRow::Kind::Fact;
    row.title = name;
    row.right = value;
    return row;
}

OutlineRow cardMasked(const std::string &id, const QString &name)
{
    OutlineRow row = cardFact(id, name, CardPanel::tr("masked"));
    row.shape = theme::Shape::Lock;
    return row;
}

OutlineRow cardNote(const std::string &id, const QString &sentence)
{
    OutlineRow row;
    row.id = id;
    row.kind = OutlineRow::Kind::Note;
    row.title = sentence;
    return row;
}

} // namespace shardlens::ui::pages

#include "moc_CardPanel.cpp"
