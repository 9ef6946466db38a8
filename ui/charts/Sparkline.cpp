// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/Sparkline.h"

#include "ui/theme/Colours.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace shardlens::ui::charts {

namespace {

void paint(QPainter &painter, const QRectF &area, const facts::Series &series, const QPen &pen, const QPalette &palette, double low, double high)
{
    if (series.size() < 2 || area.height() < 4)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::colour(theme::ColourRole::Line, palette), 1));
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));
    painter.setPen(pen);
    QPolygonF run;
    const auto flush = [&] {
        if (run.size() == 1)
            painter.drawPoint(run.first());
        else if (run.size() > 1)
            painter.drawPolyline(run);
        run.clear();
    };
    const double step = area.width() / static_cast<double>(series.size() - 1);
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (series[i].count == 0) {
            flush();
            continue;
        }
        const double share = std::clamp((series[i].mean - low) / (high - low), 0.0, 1.0);
        run << QPointF(area.left() + step * static_cast<double>(i), area.bottom() - area.height() * share);
    }
    flush();
    painter.restore();
}

QPen penOf(const QColor &colour)
{
    return {colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
}

} // namespace

void paintSparkline(QPainter &painter, const QRectF &area, const facts::Series &series, const QColor &colour, const QPalette &palette, double least)
{
    double top = least;
    for (const auto &point : series)
        if (point.count > 0)
            top = std::max(top, point.mean * 1.5);
    paint(painter, area, series, penOf(colour), palette, 0, top);
}

void paintSparkline(QPainter &painter, const QRectF &area, const facts::Series &series, int line, const QPalette &palette, double low, double high)
{
    if (high <= low)
        return;
    QPen pen = penOf(theme::colour(theme::series(line), palette));
    if (line >= 2) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({3, 2});
    }
    paint(painter, area, series, pen, palette, low, high);
}

} // namespace shardlens::ui::charts
