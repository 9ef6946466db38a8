// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ProblemDelegate.h"

#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/pages/overview/ProblemDetails.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

#include <cmath>

namespace shardlens::ui::pages {

namespace {

using theme::ColourRole;
using theme::FontRole;
using theme::scaled;
using theme::Shape;

constexpr int textLeft = 35;
constexpr int buttonWidth = 122;

void drawLine(QPainter &painter, const QRect &box, int flags, const QString &text, FontRole font, const QColor &colour)
{
    painter.setFont(theme::font(font));
    painter.setPen(colour);
    painter.drawText(box, flags | Qt::TextSingleLine | Qt::AlignVCenter, text);
}

void drawButton(QPainter &painter, const QRect &box, const QString &text, bool hovered, const QPalette &palette)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::colour(ColourRole::ControlEdge, palette), theme::size::kLine));
    const auto raised = theme::colour(ColourRole::Raised, palette);
    painter.setBrush(hovered ? theme::blend(theme::colour(ColourRole::Line, palette), raised, 0.5) : raised);
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme::size::kRadius, theme::size::kRadius);
    painter.setFont(theme::font(FontRole::Body));
    painter.setPen(theme::colour(ColourRole::Text, palette));
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
}

/// Cut at its end, but never inside a number: "has lost…" and not "has lost 1…".
QString elided(const QFontMetrics &metrics, const QString &text, int width)
{
    QString cut = metrics.elidedText(text, Qt::ElideRight, width);
    if (cut == text)
        return text;
    cut.chop(1);
    while (!cut.isEmpty() && (cut.back().isDigit() || cut.back().isSpace() || cut.back().isPunct()))
        cut.chop(1);
    return cut.isEmpty() ? cut : cut + QChar(0x2026);
}

/// The second line: how many consequences, as a link that opens the row, then the evidence.
void drawSecondLine(QPainter &painter, const QRect &box, const models::ProblemRow &row, bool opened, bool critical, const QPalette &palette)
{
    QRect rest = box;
    const QFontMetrics metrics(theme::font(FontRole::Small));
    QString folded = row.endedAt ? QString() : format::consequencesText(row.problem);
    if (metrics.horizontalAdvance(folded) + scaled(14) > rest.width())
        folded = format::count(static_cast<std::int64_t>(row.problem.consequences.size()));
    if (!folded.isEmpty()) {
        const int side = scaled(12);
        theme::paintShape(painter, opened ? Shape::ExpandDown : Shape::ExpandRight, QRectF(rest.left(), rest.center().y() - side / 2.0 + 1, side, side),
                          theme::colour(ColourRole::Accent, palette), theme::colour(ColourRole::Accent, palette));
        rest.setLeft(rest.left() + side + 2);
        drawLine(painter, rest, Qt::AlignLeft, folded, FontRole::Small, theme::colour(ColourRole::Accent, palette));
        rest.setLeft(rest.left() + metrics.horizontalAdvance(folded) + scaled(8));
    }
    const auto colour = theme::colour(critical ? ColourRole::Text : ColourRole::Muted, palette);
    drawLine(painter, rest, Qt::AlignLeft, elided(metrics, row.text.line2, rest.width()), FontRole::Small, colour);
}

} // namespace

ProblemDelegate::ProblemDelegate(ProblemListView *view) : QStyledItemDelegate(view), m_view(view) {}

QRect ProblemDelegate::buttonIn(const QRect &row)
{
    const int width = scaled(buttonWidth);
    const int height = scaled(theme::size::kButton);
    return {row.right() - scaled(12) - width + 1, row.top() + (scaled(ProblemListView::kRow) - height) / 2, width, height};
}

qreal ProblemDelegate::detailsWidth(qreal rowWidth)
{
    return rowWidth - scaled(textLeft) - scaled(12);
}

QSize ProblemDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Q_UNUSED(option)
    const int width = m_view->viewport()->width();
    int height = scaled(ProblemListView::kRow);
    if (const auto *model = qobject_cast<const models::ProblemModel *>(index.model()); model && m_view->isOpened(index))
        height += static_cast<int>(std::ceil(ProblemDetails(*model->rowAt(index), m_view->now(), detailsWidth(width)).height()));
    return {width, height};
}

QPointF ProblemDelegate::detailsAt(const QRect &row)
{
    return {static_cast<qreal>(row.left() + scaled(textLeft)), static_cast<qreal>(row.top() + scaled(ProblemListView::kRow))};
}

void ProblemDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const models::ProblemModel *>(index.model());
    const auto *row = model ? model->rowAt(index) : nullptr;
    if (!row)
        return;
    painter->save();
    const auto &palette = option.palette;
    const QRect all = option.rect;
    const QRect head(all.topLeft(), QSize(all.width(), scaled(ProblemListView::kRow)));
    const bool opened = m_view->isOpened(index);
    const bool isQuiet = !row->endedAt && row->claim.isQuiet;
    const bool critical = !row->endedAt && !isQuiet && row->problem.severity == facts::Severity::Critical;
    const bool tinted = critical && index.row() == 0;
    const bool current = option.state.testFlag(QStyle::State_HasFocus) && m_view->hasFocus();
    if (tinted)
        painter->fillRect(head, theme::colour(ColourRole::CriticalGround, palette));
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(head, theme::colour(ColourRole::Alternate, palette));
    painter->setPen(theme::colour(ColourRole::Line, palette));
    painter->drawLine(all.left(), all.bottom(), all.right(), all.bottom());

    const QRect button = buttonIn(head);
    const QFontMetrics bold(theme::font(FontRole::BodyBold));
    const QFontMetrics body(theme::font(FontRole::Body));
    const QFontMetrics small(theme::font(FontRole::Small));
    const int sinceWidth = std::max(body.horizontalAdvance(row->lasts), small.horizontalAdvance(row->since)) + 2;
    const int sinceRight = row->endedAt ? all.right() - scaled(12) : button.left() - scaled(16);
    const int left = head.left() + scaled(textLeft);
    const QRect first(left, head.top() + scaled(6), sinceRight - sinceWidth - scaled(12) - left, scaled(19));
    const QRect second(left, head.top() + scaled(26), first.width(), scaled(17));
    const QRect since(sinceRight - sinceWidth, first.top(), sinceWidth, first.height());
    const QRect sinceUtc(sinceRight - sinceWidth, second.top(), sinceWidth, second.height());

    const int mark = scaled(14);
    const QRectF markBox(head.left() + scaled(12), first.center().y() - mark / 2.0 + 0.5, mark, mark);
    const auto muted = theme::colour(ColourRole::Muted, palette);
    const auto text = row->endedAt || isQuiet ? muted : theme::colour(ColourRole::Text, palette);
    if (!row->endedAt)
        theme::paintShape(*painter, theme::shapeOf(row->problem.severity), markBox, palette);
    else
        theme::paintShape(*painter, Shape::Ring, markBox.adjusted(2, 2, -2, -2), muted, muted);
    const auto titleFont = row->endedAt || isQuiet ? FontRole::Body : FontRole::BodyBold;
    drawLine(*painter, first, Qt::AlignLeft, elided(row->endedAt || isQuiet ? body : bold, row->text.line1, first.width()), titleFont, text);
    drawSecondLine(*painter, second, *row, opened, tinted, palette);
    drawLine(*painter, since, Qt::AlignRight, row->lasts, FontRole::Body, text);
    drawLine(*painter, sinceUtc, Qt::AlignRight, row->since, FontRole::Small, tinted ? text : muted);
    if (!row->endedAt)
        drawButton(*painter, button, row->text.button, m_view->isOverButton(index), palette);
    if (opened)
        ProblemDetails(*row, m_view->now(), detailsWidth(all.width())).paint(*painter, detailsAt(all), palette, m_view->overAction(index));
    if (current) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme::colour(ColourRole::Accent, palette), theme::size::kFocusRing));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(head).adjusted(1, 1, -1, -2), theme::size::kRadius, theme::size::kRadius);
    }
    painter->restore();
}

} // namespace shardlens::ui::pages

#include "moc_ProblemDelegate.cpp"
