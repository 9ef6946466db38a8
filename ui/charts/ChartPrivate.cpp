// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartPrivate.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <limits>

namespace shardlens::ui::charts {

using theme::colour;
using theme::ColourRole;

namespace {

constexpr double kLogBottom = 0.01;

/// Two graphs a line: the line with its lone points, and "was".
QPen linePen(const QColor &ink, double width, bool dashed)
{
    QPen pen(ink, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    if (dashed) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({3.2, 2.0});
    }
    return pen;
}

void setTicks(QCPAxis &axis, const std::vector<Tick> &ticks)
{
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (const Tick &tick : ticks)
        ticker->addTick(tick.at, tick.label);
    axis.setTicker(ticker);
}

} // namespace

double axisTime(base::UtcTime at)
{
    return double(at.time_since_epoch().count()) / 1e6;
}

base::microseconds stepOf(const facts::Series &series)
{
    return series.size() < 2 ? base::microseconds(base::seconds(1)) : base::microseconds(series[1].at - series[0].at);
}

TimeChart::Private::Private(TimeChart &chart, Unit wantedUnit, Scale wantedScale)
    : q(chart), unit(wantedUnit), scale(wantedScale), plot(new QCustomPlot(&chart)), overlay(new ChartOverlay(*this, &chart)), top(wantedUnit)
{
    plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setNoAntialiasingOnDrag(false);
    plot->axisRect()->setAutoMargins(QCP::msNone);
    for (QCPAxis *axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLength(0, 0);
        axis->setSubTicks(false);
        axis->grid()->setSubGridVisible(false);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    plot->xAxis->grid()->setVisible(false);
    plot->yAxis->setBasePen(Qt::NoPen);
    plot->yAxis->setTickLabelPadding(4);
    plot->xAxis->setTickLabelPadding(3);
    if (scale == Scale::Log)
        plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
}

double TimeChart::Private::toX(base::UtcTime at) const
{
    const QRect rect = plotRect();
    const double span = double((to - from).count());
    return span <= 0 ? rect.left() : rect.left() + double((at - from).count()) / span * rect.width();
}

base::UtcTime TimeChart::Private::fromX(double x) const
{
    const QRect rect = plotRect();
    const double part = rect.width() > 0 ? (x - rect.left()) / rect.width() : 0;
    return from + base::microseconds(std::llround(part * double((to - from).count())));
}

double TimeChart::Private::toY(double value) const
{
    const QRect rect = plotRect();
    const QCPRange range = plot->yAxis->range();
    double part = 0;
    if (scale == Scale::Log)
        part = std::log10(std::max(value, range.lower) / range.lower) / std::log10(range.upper / range.lower);
    else
        part = (value - range.lower) / range.size();
    return rect.bottom() + 1 - part * rect.height();
}

QString TimeChart::Private::endLabel(const ChartLine &line) const
{
    return line.endText.isEmpty() ? line.name : line.name + QLatin1Char(' ') + line.endText;
}

std::vector<CrossHair::Span> TimeChart::Private::gaps() const
{
    std::vector<CrossHair::Span> spans;
    for (const ChartLine &line : lines) {
        const auto step = stepOf(line.points);
        std::size_t i = 0;
        while (i < line.points.size()) {
            const std::size_t first = i;
            while (i < line.points.size() && line.points[i].count == 0)
                ++i;
            if (i - first >= 3)
                spans.push_back({line.points[first].at, line.points[i - 1].at + step});
            i = std::max(i, first + 1);
        }
    }
    // Joined, so that what several lines lack is hatched once.
    std::sort(spans.begin(), spans.end(), [](const auto &a, const auto &b) { return a.from < b.from; });
    std::vector<CrossHair::Span> joined;
    for (const auto &span : spans) {
        if (!joined.empty() && span.from <= joined.back().to)
            joined.back().to = std::max(joined.back().to, span.to);
        else
            joined.push_back(span);
    }
    return joined;
}

void TimeChart::Private::queue()
{
    if (laterQueued)
        return;
    laterQueued = true;
    QTimer::singleShot(0, &q, [this] { rebuild(); });
}

void TimeChart::Private::rebuild(QCustomPlot::RefreshPriority when)
{
    laterQueued = false;
    if (to <= from || q.size().isEmpty() || plot->size().isEmpty()) // in a page that is not laid out yet there is nothing to paint on
        return;
    fillGraphs();
    scaleAxes();
    layout();
    plot->replot(when);
    overlay->update();
}

void TimeChart::Private::restyle()
{
    const QPalette &palette = q.palette();
    plot->setBackground(Qt::NoBrush);
    plot->setAttribute(Qt::WA_OpaquePaintEvent, false);
    plot->setAttribute(Qt::WA_NoSystemBackground);
    const QPen line(colour(ColourRole::Line, palette), 1);
    for (QCPAxis *axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLabelFont(theme::font(theme::FontRole::Caption));
        axis->setTickLabelColor(colour(ColourRole::Muted, palette));
        axis->grid()->setPen(line);
    }
    plot->xAxis->setBasePen(QPen(colour(ColourRole::ControlEdge, palette), 1));
}

void TimeChart::Private::fillGraphs()
{
    plot->clearGraphs();
    const QPalette &palette = q.palette();
    const QColor ground = colour(ColourRole::Surface, palette);
    const auto add = [&](const facts::Series &points, base::microseconds shift, const QPen &pen, bool lonePoints) {
        QVector<double> x;
        QVector<double> y;
        QVector<double> loneX;
        QVector<double> loneY;
        const auto seen = [&](std::size_t i) { return i < points.size() && points[i].count > 0; };
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double at = axisTime(points[i].at + shift);
            double value = std::numeric_limits<double>::quiet_NaN();
            if (seen(i))
                value = scale == Scale::Log ? std::max(points[i].mean, kLogBottom) : points[i].mean;
            x << at;
            y << value;
            // A point between two gaps has no line to lie on.
            if (lonePoints && seen(i) && !seen(i + 1) && (i == 0 || !seen(i - 1))) {
                loneX << at;
                loneY << value;
            }
        }
        QCPGraph *graph = plot->addGraph();
        graph->setData(x, y, true);
        graph->setPen(pen);
        if (loneX.isEmpty())
            return;
        QCPGraph *dots = plot->addGraph();
        dots->setData(loneX, loneY, true);
        dots->setLineStyle(QCPGraph::lsNone);
        dots->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, pen.color(), 2.5));
    };
    for (const ChartLine &line : lines) {
        if (!line.was.empty())
            add(line.was, line.wasShift, linePen(theme::blend(colour(theme::series(line.series), palette), ground, 0.4), 1.25, line.series >= 2), false);
    }
    for (const ChartLine &line : lines)
        add(line.points, base::microseconds(0), linePen(colour(theme::series(line.series), palette), 1.5, line.series >= 2), true);
}

void TimeChart::Private::scaleAxes()
{
    double largest = 0;
    for (const ChartLine &line : lines) {
        for (const facts::Series *series : {&line.points, &line.was}) {
            for (const facts::SeriesPoint &point : *series)
                largest = std::max(largest, point.count > 0 ? point.mean : 0);
        }
    }
    const int rows = std::max(2, q.height() / theme::scaled(26));
    if (scale == Scale::Log) {
        // From 10 ms to at least 10 s, or the limit: the levels of the fleet's thresholds lie inside.
        double end = limit ? std::max(10.0, limit->value) : 10.0;
        end = std::pow(10.0, std::ceil(std::log10(std::max(end, largest)) - 1e-9));
        end = std::max(end, top.top());
        plot->yAxis->setRange(kLogBottom, end);
        setTicks(*plot->yAxis, ticksLog(kLogBottom, end, rows, unit));
    } else {
        const double end = top.update(largest);
        plot->yAxis->setRange(0, end);
        setTicks(*plot->yAxis, ticksTo(end, rows, unit));
    }
    const double start = axisTime(from);
    const double stop = axisTime(to);
    plot->xAxis->setRange(start, stop);
    const int columns = std::max(2, q.width() / theme::scaled(80));
    std::vector<Tick> ticks = labels == TimeLabels::Clock ? ticksOfTime(start, stop, columns) : ticksBeforeNow(stop - start, std::min(columns, 6));
    if (labels == TimeLabels::BeforeNow) {
        for (Tick &tick : ticks)
            tick.at += stop;
    }
    setTicks(*plot->xAxis, ticks);
}

void TimeChart::Private::layout()
{
    const QFontMetrics metrics(theme::font(theme::FontRole::Caption));
    int right = theme::scaled(16);
    for (const ChartLine &line : lines)
        right = std::max(right, metrics.horizontalAdvance(endLabel(line)) + 18);
    int left = 0;
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot->yAxis->ticker());
    if (ticker) {
        for (const QString &label : ticker->ticks())
            left = std::max(left, metrics.horizontalAdvance(label));
    }
    // In steps: a value that is a digit longer now shall not move the plot.
    const int step = theme::scaled(12);
    right = (right + step - 1) / step * step;
    CrossHair::Sides sides{std::max(left + 8, theme::scaled(24)), std::min(right, q.width() * 2 / 5)};
    if (crossHair)
        sides = crossHair->agreeOn(q, sides);
    plot->axisRect()->setMargins(QMargins(sides.left, theme::scaled(9), sides.right, metrics.height() + 4));
    plot->setViewport(QRect(QPoint(0, 0), q.size()));
    plot->plotLayout()->update(QCPLayoutElement::upPreparation);
    plot->plotLayout()->update(QCPLayoutElement::upMargins);
    plot->plotLayout()->update(QCPLayoutElement::upLayout);
}

} // namespace shardlens::ui::charts
