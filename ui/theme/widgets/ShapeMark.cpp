// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/ShapeMark.h"

#include "ui/theme/Type.h"

#include <QPainter>

namespace shardlens::ui::theme {

ShapeMark::ShapeMark(Shape shape, QWidget *parent, int px) : QWidget(parent), m_shape(shape), m_px(px)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ShapeMark::setShape(Shape shape)
{
    if (m_shape == shape)
        return;
    m_shape = shape;
    update();
}

void ShapeMark::setFaint(bool faint)
{
    if (m_faint == faint)
        return;
    m_faint = faint;
    update();
}

QSize ShapeMark::sizeHint() const
{
    return {scaled(m_px), scaled(m_px)};
}

void ShapeMark::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    if (m_faint)
        painter.setOpacity(0.4);
    paintShape(painter, m_shape, rect(), palette());
}

} // namespace shardlens::ui::theme

#include "moc_ShapeMark.cpp"
