// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/Sparkline.h"

#include "ui/theme/Colours.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace shardlens::ui::charts {

void paintSparkline(QPainter &painter, const QRectF &area, const facts::Series &series, const QColor &colour, const QPalette &palette, double least)
{
    if (series.size() < 2 || area.height() < 4)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::colour(theme::ColourRole::Line, palette), 1));
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));

    double top = least;
    for (const auto &point : series)
        if (point.count > 0)
            top = std::max(top, point.mean * 1.5);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
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
        run << QPointF(area.left() + step * static_cast<double>(i), area.bottom() - area.height() * std::clamp(series[i].mean / top, 0.0, 1.0));
    }
    flush();
    painter.restore();
}

} // namespace shardlens::ui::charts
