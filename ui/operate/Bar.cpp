// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/Bar.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QPainter>

namespace shardlens::ui::operate {

void Bar::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::colour(theme::ColourRole::Line, palette()), theme::size::kLine));
    painter.setBrush(theme::colour(theme::ColourRole::Surface, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::size::kRadius, theme::size::kRadius);
}

void Bar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void Bar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace shardlens::ui::operate

#include "moc_Bar.cpp"
