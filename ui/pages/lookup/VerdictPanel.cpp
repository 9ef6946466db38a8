// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/VerdictPanel.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::scaled;

namespace {
constexpr int verdictShape = 20;
constexpr int mostRunningText = 720; ///< px: longer lines are hard to read
constexpr int wraps = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
} // namespace

VerdictPanel::VerdictPanel(QWidget *parent)
    : Panel(QString(), parent), m_copy(new FlatButton(tr("Copy reply"), this, FlatButton::Look::Accent)),
      m_hand(new FlatButton(tr("Hand to on-call"), this)), m_pin(new FlatButton(tr("Pin"), this)),
      m_aside(new theme::Text(FontRole::Small, ColourRole::Muted, this))
{
    m_copy->setToolTip(tr("Copies the reply that is shown; it holds no personal data"));
    m_hand->setToolTip(tr("Copies a link to this look-up, its evidence and the case"));
    m_pin->setToolTip(tr("Keeps this look-up beside the next ones, at most four"));
    m_aside->setElide(theme::Text::Elide::End);
    m_buttons = {m_copy, m_hand, m_pin};
    setCanSend(false, false);
}

void VerdictPanel::showVerdict(theme::Shape shape, const QString &sentence, const QString &second)
{
    m_shape = shape;
    m_sentence = sentence;
    m_second = second;
    setAccessibleName(sentence);
    setAccessibleDescription(second);
    arrange();
    update();
}

void VerdictPanel::setCanSend(bool can, bool hasReply)
{
    m_copy->setVisible(can && hasReply);
    m_hand->setVisible(can);
    m_pin->setVisible(can);
    m_aside->setVisible(can);
    arrange();
}

void VerdictPanel::addButton(FlatButton *button)
{
    button->setParent(this);
    button->hide();
    m_buttons.push_back(button);
}

void VerdictPanel::setAside(const QString &words)
{
    m_aside->setText(words);
    arrange();
}

QString VerdictPanel::aside() const
{
    return m_aside->text();
}

QRect VerdictPanel::sentenceBox(int width) const
{
    const int left = theme::space::kM + theme::size::kLine + (m_shape == theme::Shape::None ? 0 : scaled(verdictShape) + theme::space::kM);
    const int room = std::clamp(width - left - theme::space::kM, 20, scaled(mostRunningText));
    const QRect needed = QFontMetrics(theme::font(FontRole::Headline)).boundingRect(QRect(0, 0, room, 10000), wraps, m_sentence);
    return {left, theme::space::kM, room, needed.height()};
}

QRect VerdictPanel::secondBox(int width) const
{
    const QRect above = sentenceBox(width);
    if (m_second.isEmpty())
        return {above.left(), above.bottom() + 1, above.width(), 0};
    const QRect needed = QFontMetrics(theme::font(FontRole::Body)).boundingRect(QRect(0, 0, above.width(), 10000), wraps, m_second);
    return {above.left(), above.bottom() + 1 + theme::space::kXs, above.width(), needed.height()};
}

int VerdictPanel::heightForWidth(int width) const
{
    return (m_hand->isHidden() ? secondBox(width).bottom() + 1 : flow(width, false).y()) + theme::space::kM;
}

void VerdictPanel::paintEvent(QPaintEvent *event)
{
    Panel::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect box = sentenceBox(width());
    const int line = QFontMetrics(theme::font(FontRole::Headline)).height();
    const int side = scaled(verdictShape);
    theme::paintShape(painter, m_shape, QRectF(theme::space::kM + theme::size::kLine, box.top() + (line - side) / 2.0, side, side), palette());
    painter.setFont(theme::font(FontRole::Headline));
    painter.setPen(theme::colour(ColourRole::Text, palette()));
    painter.drawText(box, wraps, m_sentence);
    painter.setFont(theme::font(FontRole::Body));
    painter.setPen(theme::colour(ColourRole::Muted, palette()));
    painter.drawText(secondBox(width()), wraps, m_second);
}

void VerdictPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    arrange();
}

void VerdictPanel::changeEvent(QEvent *event)
{
    Panel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

QPoint VerdictPanel::flow(int width, bool places) const
{
    const QRect words = secondBox(width);
    const int high = scaled(theme::size::kButton);
    int left = words.left();
    int top = words.bottom() + 1 + theme::space::kM;
    for (FlatButton *button : m_buttons) {
        if (button->isHidden())
            continue;
        const int wide = button->sizeHint().width();
        if (left > words.left() && left + wide + theme::space::kM > width) {
            left = words.left();
            top += high + theme::space::kS;
        }
        if (places)
            button->setGeometry(left, top, wide, high);
        left += wide + theme::space::kS;
    }
    return {left, top + high};
}

/// What is said of the buttons takes what room is left behind the last, or goes.
void VerdictPanel::arrange()
{
    const QPoint end = flow(width(), true);
    const int room = width() - end.x() - theme::space::kM - theme::space::kXs;
    const int high = scaled(theme::size::kButton);
    m_aside->setVisible(!m_hand->isHidden() && room >= m_aside->sizeHint().width());
    m_aside->setGeometry(end.x() + theme::space::kXs, end.y() - high, std::max(0, room), high);
}

} // namespace shardlens::ui::pages

#include "moc_VerdictPanel.cpp"
