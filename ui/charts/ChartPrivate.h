// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/QCustomPlotHeader.h"
#include "ui/charts/TimeChart.h"

namespace shardlens::ui::charts {

/// What lies over the lines: hatches, marks, end labels, the limit, the span and the cross-hair. Moving the cross-hair repaints this
/// alone, not the lines below.
class ChartOverlay : public QWidget // without a meta object of its own, so that moc's output need not read the heavy header
{
public:
    ChartOverlay(TimeChart::Private &chart, QWidget *parent);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintHatches(QPainter &painter) const;
    /// Gives what it took room for: texts, heads and lines.
    [[nodiscard]] std::vector<QRectF> paintMarks(QPainter &painter) const;
    void paintObservedSince(QPainter &painter, const std::vector<QRectF> &taken) const;
    void paintEndLabels(QPainter &painter) const;
    void paintLimitLine(QPainter &painter) const;
    void paintLimitText(QPainter &painter, const std::vector<QRectF> &taken) const;
    void paintCrossHair(QPainter &painter) const;

    TimeChart::Private &m_chart;
};

struct TimeChart::Private {
    explicit Private(TimeChart &chart, Unit unit, Scale scale);

    TimeChart &q;
    const Unit unit;
    const Scale scale;
    QCustomPlot *plot;
    ChartOverlay *overlay;
    std::vector<ChartLine> lines;
    std::vector<ChartMark> marks;
    std::optional<ChartLimit> limit;
    std::optional<base::UtcTime> observedSince;
    QPointer<CrossHair> crossHair;
    base::UtcTime from;
    base::UtcTime to;
    TimeLabels labels = TimeLabels::BeforeNow;
    StepwiseTop top;
    bool laterQueued = false;

    [[nodiscard]] QRect plotRect() const { return plot->axisRect()->rect(); }
    [[nodiscard]] double toX(base::UtcTime at) const;
    [[nodiscard]] base::UtcTime fromX(double x) const;
    [[nodiscard]] double toY(double value) const;
    [[nodiscard]] QString endLabel(const ChartLine &line) const;
    /// Spans in which at least one line was not observed, for 3 steps or more.
    [[nodiscard]] std::vector<CrossHair::Span> gaps() const;

    void queue();   ///< everything is built anew once, in the next turn of the event loop
    void rebuild(QCustomPlot::RefreshPriority when = QCustomPlot::rpQueuedReplot);
    void restyle();
    void fillGraphs();
    void scaleAxes();
    void layout();
};

/// A moment on the plot's axis: Unix seconds.
[[nodiscard]] double axisTime(base::UtcTime at);
/// The step of evenly spaced points; one second where there are too few to tell.
[[nodiscard]] base::microseconds stepOf(const facts::Series &series);

} // namespace shardlens::ui::charts
