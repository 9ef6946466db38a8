// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatTile.h"

#include "ui/theme/Colours.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace shardlens::ui::charts {

namespace {

using theme::ColourRole;

constexpr double kStaleOpacity = 0.45;
constexpr double kDimOpacity = 0.25;
constexpr double kHatchPitch = 4;

void hatch(QImage &image, QRgb ink, double ratio)
{
    const int period = std::max(2, qRound(kHatchPitch * ratio));
    const int width = std::max(1, qRound(ratio));
    for (int y = 0; y < image.height(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            if ((x + y) % period < width)
                line[x] = ink;
        }
    }
}

void dotEdge(QImage &image, QRgb ink, double ratio)
{
    const int dot = std::max(1, qRound(ratio));
    for (int y = 0; y < image.height(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const bool isEdge = x < dot || y < dot || x >= image.width() - dot || y >= image.height() - dot;
            if (isEdge && (x / dot + y / dot) % 2 == 0)
                line[x] = ink;
        }
    }
}

/// A corner folded over, as of a page that someone wants to find again: ink over the fill, with an edge that parts it from any fill.
void flagCorner(QImage &image, const HeatLook &look, double ratio, const QPalette &palette)
{
    const double side = std::max(4 * ratio, image.width() * 0.45);
    const double right = image.width();
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(heatGround(look.step, palette), ratio));
    painter.setBrush(theme::colour(ColourRole::Text, palette));
    painter.drawPolygon(QPolygonF({QPointF(right - side, -ratio), QPointF(right + ratio, -ratio), QPointF(right + ratio, side)}));
}

} // namespace

QColor heatGround(const HeatStep &step, const QPalette &palette)
{
    return theme::colour(step.mark == HeatStep::Mark::Hatch ? ColourRole::Surface : step.fill, palette);
}

QColor heatInk(const HeatStep &step, const QPalette &palette)
{
    const QColor fill = heatGround(step, palette);
    const QColor text = theme::colour(ColourRole::Text, palette);
    const QColor ground = theme::colour(ColourRole::Window, palette);
    return theme::contrast(text, fill) >= theme::contrast(ground, fill) ? text : ground;
}

QImage heatTile(const HeatLook &look, QSize size, double ratio, const QPalette &palette)
{
    const QColor window = theme::colour(ColourRole::Window, palette);
    const QColor fill = heatGround(look.step, palette);
    QImage image(size, QImage::Format_RGB32);
    image.fill(look.isStale ? theme::blend(fill, window, kStaleOpacity) : fill);
    if (look.step.mark == HeatStep::Mark::Hatch) {
        hatch(image, theme::colour(ColourRole::UnknownFill, palette).rgb(), ratio);
    } else if (look.step.mark != HeatStep::Mark::None && look.hasMarks) {
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(heatInk(look.step, palette), ratio));
        painter.drawLine(QPointF(0, size.height()), QPointF(size.width(), 0));
        if (look.step.mark == HeatStep::Mark::Cross)
            painter.drawLine(QPointF(0, 0), QPointF(size.width(), size.height()));
    }
    if (look.isFlagged)
        flagCorner(image, look, ratio, palette);
    if (look.isStale)
        dotEdge(image, theme::colour(ColourRole::Muted, palette).rgb(), ratio);
    if (look.isDim) {
        QPainter painter(&image);
        QColor veil = window;
        veil.setAlphaF(float(1 - kDimOpacity));
        painter.fillRect(image.rect(), veil);
    }
    return image;
}

} // namespace shardlens::ui::charts
