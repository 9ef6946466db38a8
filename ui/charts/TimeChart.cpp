// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TimeChart.h"

#include "ui/charts/ChartPrivate.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <set>

namespace shardlens::ui::charts {

TimeChart::TimeChart(Unit unit, Scale scale, QWidget *parent) : QWidget(parent), m_d(std::make_unique<Private>(*this, unit, scale))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_d->restyle();
}

TimeChart::~TimeChart()
{
    if (m_d->crossHair)
        m_d->crossHair->leave(*this);
}

void TimeChart::setTimeLabels(TimeLabels labels)
{
    m_d->labels = labels;
    m_d->queue();
}

void TimeChart::setRange(base::UtcTime from, base::UtcTime to)
{
    m_d->from = from;
    m_d->to = to;
    m_d->queue();
}

void TimeChart::setLines(std::vector<ChartLine> lines)
{
    if (lines.size() > kMaxLines)
        lines.resize(kMaxLines);
    m_d->lines = std::move(lines);
    m_d->queue();
    Q_EMIT readOutChanged();
}

const std::vector<ChartLine> &TimeChart::lines() const
{
    return m_d->lines;
}

void TimeChart::setMarks(std::vector<ChartMark> marks)
{
    std::stable_sort(marks.begin(), marks.end(), [](const ChartMark &a, const ChartMark &b) { return a.at < b.at; });
    if (m_d->marks == marks)
        return;
    m_d->marks = std::move(marks);
    m_d->overlay->update();
}

void TimeChart::setLimit(std::optional<ChartLimit> limit)
{
    if (m_d->limit == limit)
        return;
    m_d->limit = std::move(limit);
    m_d->overlay->update();
}

void TimeChart::setObservedSince(std::optional<base::UtcTime> since)
{
    if (m_d->observedSince == since)
        return;
    m_d->observedSince = since;
    m_d->overlay->update();
}

void TimeChart::setCrossHair(CrossHair *crossHair)
{
    if (m_d->crossHair) {
        m_d->crossHair->disconnect(this);
        m_d->crossHair->leave(*this);
    }
    m_d->crossHair = crossHair;
    if (crossHair) {
        connect(crossHair, &CrossHair::moved, this, [this] {
            m_d->overlay->update();
            Q_EMIT readOutChanged();
        });
        connect(crossHair, &CrossHair::sidesChanged, this, [this] { m_d->queue(); });
    }
}

std::optional<double> TimeChart::valueAt(std::size_t line, base::UtcTime at) const
{
    if (line >= m_d->lines.size())
        return std::nullopt;
    const facts::Series &points = m_d->lines[line].points;
    auto after = std::upper_bound(points.begin(), points.end(), at, [](base::UtcTime time, const facts::SeriesPoint &point) { return time < point.at; });
    if (after == points.begin())
        return std::nullopt;
    const facts::SeriesPoint &point = *std::prev(after);
    if (point.count == 0 || at - point.at > stepOf(points))
        return std::nullopt;
    return point.mean;
}

std::optional<TimeChart::ReadOut> TimeChart::readOut() const
{
    if (!m_d->crossHair || !m_d->crossHair->time())
        return std::nullopt;
    const auto at = *m_d->crossHair->time();
    if (at < m_d->from || at > m_d->to)
        return std::nullopt;
    ReadOut readOut;
    const bool seconds = m_d->to - m_d->from <= std::chrono::minutes(15);
    readOut.at = format::Words::tr("at %1").arg(seconds ? format::clockTime(at, m_d->to) : format::clockMinute(at, m_d->to));
    for (std::size_t i = 0; i < m_d->lines.size(); ++i) {
        const auto value = valueAt(i, at);
        readOut.values.emplace_back(m_d->lines[i].name, value ? valueText(*value, m_d->unit) : format::Words::tr("not observed"));
    }
    return readOut;
}

double TimeChart::axisTop() const { return m_d->plot->yAxis->range().upper; }
Unit TimeChart::unit() const { return m_d->unit; }

QImage TimeChart::toImage(double scale)
{
    // The lines are kept in a buffer of the screen's resolution; for the picture they are drawn anew in its own.
    const double screen = m_d->plot->bufferDevicePixelRatio();
    m_d->plot->setBufferDevicePixelRatio(scale);
    m_d->rebuild(QCustomPlot::rpImmediateRefresh);
    QImage image(size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(theme::colour(theme::ColourRole::Surface, palette()));
    render(&image);
    m_d->plot->setBufferDevicePixelRatio(screen);
    m_d->queue();
    return image;
}

QString TimeChart::asCsv() const
{
    std::set<base::UtcTime> times;
    const auto span = m_d->crossHair ? m_d->crossHair->span() : std::nullopt;
    for (const ChartLine &line : m_d->lines) {
        for (const facts::SeriesPoint &point : line.points) {
            if (!span || (point.at >= span->from && point.at <= span->to))
                times.insert(point.at);
        }
    }
    QStringList header{QStringLiteral("time")};
    for (const ChartLine &line : m_d->lines)
        header << line.name;
    QString csv = models::csvLine(header);
    for (const base::UtcTime at : times) {
        QStringList fields{format::iso8601(at)};
        for (std::size_t i = 0; i < m_d->lines.size(); ++i) {
            const auto value = valueAt(i, at);
            fields << (value ? QString::number(*value, 'g', 10) : QString());
        }
        csv += models::csvLine(fields);
    }
    return csv;
}

QSize TimeChart::sizeHint() const { return {theme::scaled(420), theme::scaled(92)}; }
QSize TimeChart::minimumSizeHint() const { return {theme::scaled(200), theme::scaled(64)}; }

void TimeChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_d->plot->setGeometry(rect());
    m_d->overlay->setGeometry(rect());
    m_d->queue();
}

void TimeChart::changeEvent(QEvent *event)
{
    if (m_d && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)) {
        m_d->restyle();
        m_d->queue();
    }
    QWidget::changeEvent(event);
}

void TimeChart::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_d->crossHair)
        return;
    const auto at = m_d->fromX(event->position().x());
    if (event->buttons() & Qt::LeftButton)
        m_d->crossHair->extendTo(std::clamp(at, m_d->from, m_d->to));
    else if (!m_d->crossHair->span())
        m_d->crossHair->setTime(m_d->plotRect().contains(event->position().toPoint()) ? std::optional(at) : std::nullopt);
}

void TimeChart::mousePressEvent(QMouseEvent *event)
{
    if (!m_d->crossHair || event->button() != Qt::LeftButton)
        return;
    m_d->crossHair->clearSpan();
    m_d->crossHair->setTime(m_d->fromX(event->position().x()));
}

void TimeChart::leaveEvent(QEvent *event)
{
    if (m_d->crossHair && !m_d->crossHair->span() && !hasFocus())
        m_d->crossHair->setTime(std::nullopt);
    QWidget::leaveEvent(event);
}

void TimeChart::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy values"), QKeySequence(QKeySequence::Copy), this, [this] { QGuiApplication::clipboard()->setText(asCsv()); });
    menu->addAction(tr("Copy picture"), this, [this] { QGuiApplication::clipboard()->setImage(toImage()); });
    menu->popup(event->globalPos());
}

void TimeChart::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(asCsv());
        return;
    }
    const bool left = event->key() == Qt::Key_Left;
    if (!m_d->crossHair || (!left && event->key() != Qt::Key_Right) || (event->modifiers() & ~Qt::ShiftModifier)) {
        if (event->key() == Qt::Key_Escape && m_d->crossHair && (m_d->crossHair->span() || m_d->crossHair->time())) {
            m_d->crossHair->clearSpan();
            m_d->crossHair->setTime(std::nullopt);
            return;
        }
        QWidget::keyPressEvent(event);
        return;
    }
    // One step of the data, but never less than a pixel.
    base::microseconds step = m_d->lines.empty() ? base::seconds(1) : stepOf(m_d->lines.front().points);
    step = std::max(step, base::microseconds((m_d->to - m_d->from) / std::max(1, m_d->plotRect().width())));
    const auto now = m_d->crossHair->time().value_or(m_d->to);
    const auto next = std::clamp(left ? now - step : now + step, m_d->from, m_d->to);
    if (event->modifiers() & Qt::ShiftModifier) {
        m_d->crossHair->extendTo(next);
    } else {
        m_d->crossHair->clearSpan();
        m_d->crossHair->setTime(next);
    }
}

void TimeChart::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    m_d->overlay->update();
}

void TimeChart::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    m_d->overlay->update();
}

} // namespace shardlens::ui::charts

#include "moc_TimeChart.cpp"
