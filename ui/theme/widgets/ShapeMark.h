// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Shapes.h"

#include <QWidget>

namespace shardlens::ui::theme {

/// A shape as a widget, 14 px at text size 100 %.
class ShapeMark : public QWidget
{
    Q_OBJECT

public:
    explicit ShapeMark(Shape shape, QWidget *parent = nullptr, int px = 14);

    void setShape(Shape shape);
    [[nodiscard]] Shape shape() const { return m_shape; }
    void setFaint(bool faint); ///< at 40 %: a count of zero, an ended problem

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Shape m_shape;
    int m_px;
    bool m_faint = false;
};

} // namespace shardlens::ui::theme
