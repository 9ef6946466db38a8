// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/Text.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::theme {

Text::Text(FontRole font, ColourRole colour, QWidget *parent) : QWidget(parent), m_font(font), m_colour(colour)
{
    setFont(theme::font(m_font));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void Text::setText(const QString &text)
{
    if (m_text == text)
        return;
    const int before = naturalWidth();
    m_text = text;
    setAccessibleName(text);
    updateToolTip();
    if (naturalWidth() != before)
        updateGeometry();
    update();
}

void Text::setColour(ColourRole colour)
{
    if (m_colour == colour)
        return;
    m_colour = colour;
    update();
}

void Text::setFontRole(FontRole font)
{
    m_font = font;
    setFont(theme::font(m_font));
    updateGeometry();
}

void Text::setElide(Elide elide)
{
    m_elide = elide;
    updateToolTip();
    updateGeometry();
}

void Text::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void Text::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

void Text::setWidest(const QString &widest)
{
    m_widest = widest;
    updateGeometry();
}

int Text::naturalWidth() const
{
    const QFontMetrics metrics(font());
    return std::max(metrics.horizontalAdvance(m_text), m_widest.isEmpty() ? 0 : metrics.horizontalAdvance(m_widest)) + 1;
}

QSize Text::sizeHint() const
{
    return {naturalWidth(), QFontMetrics(font()).height()};
}

QSize Text::minimumSizeHint() const
{
    return m_elide == Elide::None ? sizeHint() : QSize(QFontMetrics(font()).averageCharWidth() * 4, sizeHint().height());
}

bool Text::isElided() const
{
    return m_elide != Elide::None && QFontMetrics(font()).horizontalAdvance(m_text) > width();
}

QString Text::shownText() const
{
    if (!isElided())
        return m_text;
    const QFontMetrics metrics(font());
    if (m_elide != Elide::Phrases)
        return metrics.elidedText(m_text, m_elide == Elide::Middle ? Qt::ElideMiddle : Qt::ElideRight, width());
    QString shown = m_text;
    while (!shown.isEmpty() && metrics.horizontalAdvance(shown) > width())
        shown.truncate(std::max<qsizetype>(0, shown.lastIndexOf(QLatin1String(", "))));
    return shown;
}

void Text::updateToolTip()
{
    if (m_elide != Elide::None)
        setToolTip(isElided() ? m_text : QString());
}

void Text::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const ColourRole role = !isEnabled() ? ColourRole::Disabled : (m_stale ? ColourRole::Muted : m_colour);
    painter.setPen(colour(role, palette()));
    QRect drawn;
    painter.drawText(rect(), int(m_alignment) | Qt::TextSingleLine, shownText(), &drawn);
    if (m_stale)
        paintStaleUnderline(painter, QPointF(drawn.left(), drawn.bottom() + 0.5), QPointF(drawn.right(), drawn.bottom() + 0.5), palette());
}

bool Text::event(QEvent *event)
{
    // The application's font changed with the text size: take the role's font anew. Setting it raises this event again, with nothing to do.
    if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange) {
        const QFont wanted = theme::font(m_font);
        if (font() != wanted)
            setFont(wanted);
        updateGeometry();
    }
    return QWidget::event(event);
}

void Text::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateToolTip();
}

} // namespace shardlens::ui::theme

#include "moc_Text.cpp"
