// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/FlatButton.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::theme {

FlatButton::FlatButton(const QString &text, QWidget *parent, Look look) : QAbstractButton(parent), m_look(look)
{
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void FlatButton::setLook(Look look)
{
    m_look = look;
    updateGeometry();
    update();
}

void FlatButton::setMinimumTextWidth(int px)
{
    m_minimumWidth = px;
    updateGeometry();
}

QSize FlatButton::sizeHint() const
{
    const int padding = m_look == Look::Link ? 0 : (text().isEmpty() ? space::kXs : space::kM);
    int width = 2 * padding;
    if (!text().isEmpty())
        width += QFontMetrics(font()).horizontalAdvance(text()) + 1;
    if (!icon().isNull())
        width += scaled(16) + (text().isEmpty() ? 0 : space::kS);
    const int least = m_look == Look::Link ? 0 : scaled(size::kButton);
    return {std::max({width, scaled(m_minimumWidth), least}), scaled(m_look == Look::Link ? size::kTarget : size::kButton)};
}

void FlatButton::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto of = [this](ColourRole role) { return colour(role, palette()); };
    const QRectF edge = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool pressed = isDown() || isChecked();
    if (m_look == Look::Raised || (m_look == Look::Bare && isEnabled() && (underMouse() || pressed))) {
        QColor ground = of(pressed ? ColourRole::Line : ColourRole::Raised);
        if (!pressed && underMouse() && isEnabled() && m_look == Look::Raised)
            ground = blend(of(ColourRole::Line), ground, 0.5);
        painter.setPen(m_look == Look::Bare ? QPen(Qt::NoPen) : QPen(of(isEnabled() ? ColourRole::ControlEdge : ColourRole::Line), size::kLine));
        painter.setBrush(ground);
        painter.drawRoundedRect(edge, size::kRadius, size::kRadius);
    }
    const bool filled = m_look == Look::Accent && isEnabled();
    if (m_look == Look::Accent) {
        painter.setPen(filled ? QPen(Qt::NoPen) : QPen(of(ColourRole::Line), size::kLine));
        QColor ground = of(filled ? ColourRole::Accent : ColourRole::Raised);
        if (filled && (pressed || underMouse()))
            ground = blend(of(ColourRole::OnAccent), ground, pressed ? 0.25 : 0.12);
        painter.setBrush(ground);
        painter.drawRoundedRect(edge, size::kRadius, size::kRadius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(of(filled ? ColourRole::Text : ColourRole::Accent), size::kFocusRing));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), size::kRadius, size::kRadius);
    }
    ColourRole ink = m_look == Look::Link ? ColourRole::Accent : ColourRole::Text;
    if (filled)
        ink = ColourRole::OnAccent;
    if (!isEnabled())
        ink = ColourRole::Disabled;
    painter.setPen(of(ink));
    const int iconSide = icon().isNull() ? 0 : scaled(16);
    const int textWidth = text().isEmpty() ? 0 : QFontMetrics(font()).horizontalAdvance(text());
    const int gap = iconSide && textWidth ? space::kS : 0;
    int x = (width() - iconSide - gap - textWidth) / 2;
    if (iconSide) {
        icon().paint(&painter, QRect(x, (height() - iconSide) / 2, iconSide, iconSide), Qt::AlignCenter,
                     isEnabled() ? QIcon::Normal : QIcon::Disabled);
        x += iconSide + gap;
    }
    QFont shown = font();
    shown.setUnderline(m_look == Look::Link && underMouse() && isEnabled());
    painter.setFont(shown);
    painter.drawText(QRect(x, 0, textWidth + 1, height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text());
}

bool FlatButton::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    else if (event->type() == QEvent::FontChange)
        updateGeometry();
    return QAbstractButton::event(event);
}

} // namespace shardlens::ui::theme

#include "moc_FlatButton.cpp"
