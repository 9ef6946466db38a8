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
    const int left = theme::space::kM + (m_shape == theme::Shape::None ? 0 : scaled(verdictShape) + theme::space::kM);
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
    int height = secondBox(width).bottom() + 1 + theme::space::kM;
    if (!m_hand->isHidden())
        height += scaled(theme::size::kButton) + theme::space::kM;
    return height;
}

void VerdictPanel::paintEvent(QPaintEvent *event)
{
    Panel::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect box = sentenceBox(width());
    const int line = QFontMetrics(theme::font(FontRole::Headline)).height();
    const int side = scaled(verdictShape);
    theme::paintShape(painter, m_shape, QRectF(theme::space::kM, box.top() + (line - side) / 2.0, side, side), palette());
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

/// The buttons under the words; what is said of them takes what room is left, or goes.
void VerdictPanel::arrange()
{
    const QRect words = secondBox(width());
    int left = words.left();
    const int top = words.bottom() + 1 + theme::space::kM;
    for (FlatButton *button : {m_copy, m_hand, m_pin}) {
        if (button->isHidden())
            continue;
        const QSize size = button->sizeHint();
        button->setGeometry(left, top, size.width(), size.height());
        left += size.width() + theme::space::kS;
    }
    const int room = width() - left - theme::space::kM - theme::space::kXs;
    m_aside->setVisible(!m_hand->isHidden() && room >= m_aside->sizeHint().width());
    m_aside->setGeometry(left + theme::space::kXs, top, std::max(0, room), m_copy->sizeHint().height());
}

} // namespace shardlens::ui::pages

#include "moc_VerdictPanel.cpp"
