// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/RailButton.h"

#include "ui/format/Numbers.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QPainter>

namespace shardlens::ui::shell {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;

RailButton::RailButton(const QString &id, const QString &title, const QString &icon, QWidget *parent) : QAbstractButton(parent), m_id(id)
{
    setText(title);
    setIcon(theme::icon(icon));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    describe();
}

void RailButton::setCurrent(bool current)
{
    m_current = current;
    describe();
    update();
}

void RailButton::setBadge(const Badge &badge)
{
    if (m_badge == badge)
        return;
    m_badge = badge;
    describe();
    update();
}

void RailButton::setIconsOnly(bool iconsOnly)
{
    m_iconsOnly = iconsOnly;
    describe();
    updateGeometry();
}

void RailButton::describe()
{
    QString name = text();
    if (m_badge.count > 0)
        name += QStringLiteral(", ") + (m_badge.count == 1 ? tr("1 problem") : tr("%1 problems").arg(format::count(m_badge.count)));
    setAccessibleName(name);
    setAccessibleDescription(m_current ? tr("shown") : QString());
    setToolTip(m_iconsOnly ? name : QString());
}

QSize RailButton::sizeHint() const
{
    return {theme::scaled(m_iconsOnly ? 32 : 120), theme::scaled(32)};
}

void RailButton::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_current || underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour(m_current ? ColourRole::Selection : ColourRole::Raised, palette()));
        painter.drawRoundedRect(rect(), theme::size::kRadius, theme::size::kRadius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colour(ColourRole::Accent, palette()), theme::size::kFocusRing));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::size::kRadius, theme::size::kRadius);
    }
    const int side = theme::scaled(16);
    icon().paint(&painter, QRect(theme::scaled(8), (height() - side) / 2, side, side));
    if (!m_iconsOnly) {
        painter.setFont(theme::font(m_current ? FontRole::BodyBold : FontRole::Body));
        painter.setPen(colour(ColourRole::Text, palette()));
        const int left = theme::scaled(34);
        const int room = width() - left - (m_badge.count > 0 ? theme::scaled(44) : theme::scaled(8));
        painter.drawText(QRect(left, 0, room, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(painter.font()).elidedText(text(), Qt::ElideRight, room));
    }
    paintBadge(painter);
}

void RailButton::paintBadge(QPainter &painter) const
{
    if (m_badge.count <= 0)
        return;
    const double side = theme::scaled(m_iconsOnly ? 10 : 12);
    if (m_iconsOnly) {
        theme::paintShape(painter, theme::shapeOf(m_badge.worst), QRectF(width() - side - 1, 2, side, side), palette());
        return;
    }
    const QString count = format::count(m_badge.count);
    painter.setFont(theme::font(FontRole::Caption));
    const int textWidth = QFontMetrics(painter.font()).horizontalAdvance(count);
    const double right = width() - theme::scaled(8);
    painter.setPen(colour(theme::coloursOf(m_badge.worst).text, palette()));
    painter.drawText(QRectF(right - textWidth, 0, textWidth + 1, height()), Qt::AlignVCenter | Qt::AlignLeft, count);
    theme::paintShape(painter, theme::shapeOf(m_badge.worst), QRectF(right - textWidth - 4 - side, (height() - side) / 2, side, side), palette());
}

bool RailButton::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    else if (event->type() == QEvent::FontChange)
        updateGeometry();
    return QAbstractButton::event(event);
}

} // namespace shardlens::ui::shell

#include "moc_RailButton.cpp"
