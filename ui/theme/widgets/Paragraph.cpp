// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/Paragraph.h"

#include "ui/theme/Colours.h"

#include <QEvent>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace shardlens::ui::theme {

namespace {

/// Lays the lines out under each other; their height.
double layLines(QTextLayout &layout, const QString &strong, int width, const QColor &ink = {})
{
    QTextLayout::FormatRange range;
    range.start = 0;
    range.length = static_cast<int>(strong.size());
    range.format.setFont(theme::font(FontRole::BodyBold));
    if (ink.isValid())
        range.format.setForeground(ink);
    layout.setFormats({range});
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 20));
        line.setPosition(QPointF(0, height));
        height += line.height() + 2;
    }
    layout.endLayout();
    return height;
}

} // namespace

Paragraph::Paragraph(QWidget *parent, ColourRole strong, ColourRole rest) : QWidget(parent), m_strongColour(strong), m_restColour(rest)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void Paragraph::setText(const QString &strong, const QString &rest)
{
    if (m_strong == strong && m_rest == rest)
        return;
    m_strong = strong;
    m_rest = rest;
    setAccessibleName(text());
    updateGeometry();
    update();
}

QString Paragraph::text() const
{
    return m_strong.isEmpty() || m_rest.isEmpty() ? m_strong + m_rest : m_strong + QLatin1Char(' ') + m_rest;
}

int Paragraph::heightForWidth(int width) const
{
    if (text().isEmpty())
        return 0;
    QTextLayout layout(text(), theme::font(FontRole::Body));
    return static_cast<int>(std::ceil(layLines(layout, m_strong, width)));
}

QSize Paragraph::sizeHint() const
{
    const int wide = scaled(360);
    return {wide, heightForWidth(wide)};
}

void Paragraph::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    QTextLayout layout(text(), theme::font(FontRole::Body));
    layLines(layout, m_strong, width(), colour(m_strongColour, palette()));
    painter.setPen(colour(m_restColour, palette()));
    layout.draw(&painter, QPointF(0, 0));
}

bool Paragraph::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange) {
        updateGeometry();
        update();
    }
    return QWidget::event(event);
}

} // namespace shardlens::ui::theme

#include "moc_Paragraph.cpp"
