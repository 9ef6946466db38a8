// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartPrivate.h"

#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/Type.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace shardlens::ui::charts {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;

namespace {

constexpr int kHighEnoughForTexts = 110; ///< px of plot

theme::Shape shapeOf(ChartMark::Kind kind)
{
    switch (kind) {
    case ChartMark::Kind::Critical: return theme::Shape::Diamond;
    case ChartMark::Kind::Warning: return theme::Shape::Triangle;
    case ChartMark::Kind::Event: break;
    }
    return theme::Shape::None;
}

bool isWorse(ChartMark::Kind one, ChartMark::Kind other)
{
    const auto rank = [](ChartMark::Kind kind) { return kind == ChartMark::Kind::Critical ? 2 : kind == ChartMark::Kind::Warning ? 1 : 0; };
    return rank(one) > rank(other);
}

ColourRole inkOf(ChartMark::Kind kind)
{
    switch (kind) {
    case ChartMark::Kind::Critical: return ColourRole::CriticalFill;
    case ChartMark::Kind::Warning: return ColourRole::WarningText;
    case ChartMark::Kind::Event: break;
    }
    return ColourRole::Muted;
}

} // namespace

ChartOverlay::ChartOverlay(TimeChart::Private &chart, QWidget *parent) : QWidget(parent), m_chart(chart)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void ChartOverlay::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    if (m_chart.to <= m_chart.from)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHatches(painter);
    paintLimitLine(painter);
    const std::vector<QRectF> taken = paintMarks(painter);
    paintObservedSince(painter, taken);
    paintLimitText(painter, taken);
    paintEndLabels(painter);
    paintCrossHair(painter);
}

void ChartOverlay::paintHatches(QPainter &painter) const
{
    const QRectF plot = m_chart.plotRect();
    const auto hatch = [&](base::UtcTime from, base::UtcTime to) {
        const double left = std::max(plot.left(), m_chart.toX(from));
        const double right = std::min(plot.right(), m_chart.toX(to));
        if (right - left < 1)
            return QRectF();
        const QRectF area(left, plot.top(), right - left, plot.height());
        painter.save();
        painter.setOpacity(0.5);
        theme::paintHatch(painter, area, palette(), ColourRole::ControlEdge);
        painter.restore();
        return area;
    };
    const auto since = m_chart.observedSince;
    for (CrossHair::Span gap : m_chart.gaps()) {
        if (since)
            gap.from = std::max(gap.from, *since);
        if (gap.from < gap.to)
            hatch(gap.from, gap.to);
    }
    if (!since || *since <= m_chart.from)
        return;
    hatch(m_chart.from, *since);
}

/// At the end of the hatch; left of a mark that stands there.
void ChartOverlay::paintObservedSince(QPainter &painter, const std::vector<QRectF> &taken) const
{
    const auto since = m_chart.observedSince;
    if (!since || *since <= m_chart.from)
        return;
    const QRectF plot = m_chart.plotRect();
    const QString words = format::Words::tr("observed since %1").arg(format::clockMinute(*since, m_chart.to));
    painter.setFont(theme::font(FontRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const double width = metrics.horizontalAdvance(words) + 2 * theme::space::kXs;
    double right = std::min(plot.right(), m_chart.toX(*since)) - 4;
    const auto plate = [&] { return QRectF(right - width, plot.bottom() - metrics.height() - 6, width, metrics.height() + 2); };
    // The marks come in the order of time: from the last one back.
    for (auto mark = taken.rbegin(); mark != taken.rend(); ++mark) {
        if (mark->intersects(plate().adjusted(0, 0, 4, 0)))
            right = mark->left() - 4;
    }
    if (plate().left() < plot.left() + 4)
        return;
    painter.fillRect(plate(), colour(ColourRole::Surface, palette()));
    painter.setPen(colour(ColourRole::Muted, palette()));
    painter.drawText(plate(), Qt::AlignCenter, words);
}

void ChartOverlay::paintLimitLine(QPainter &painter) const
{
    if (!m_chart.limit)
        return;
    const QRectF plot = m_chart.plotRect();
    const double y = m_chart.toY(m_chart.limit->value);
    if (y < plot.top() || y > plot.bottom())
        return;
    QPen pen(colour(m_chart.limit->role, palette()), 1, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({5, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
}

/// At the right end above its line; where a mark is in the way, below it or further left. Where there is no room it goes unsaid: the
/// line stands, and the page's legend tells the levels.
void ChartOverlay::paintLimitText(QPainter &painter, const std::vector<QRectF> &taken) const
{
    if (!m_chart.limit)
        return;
    const QRectF plot = m_chart.plotRect();
    const double y = m_chart.toY(m_chart.limit->value);
    if (y < plot.top() || y > plot.bottom())
        return;
    painter.setFont(theme::font(FontRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const QSizeF size(metrics.horizontalAdvance(m_chart.limit->text) + 1, metrics.height());
    constexpr double kStep = 16;
    for (double right = plot.right(); right - size.width() >= plot.left(); right -= kStep) {
        for (const double top : {y - size.height(), y + 1}) {
            const QRectF box(QPointF(right - size.width(), top), size);
            const bool inside = top >= 0 && box.bottom() <= plot.bottom();
            if (!inside || std::any_of(taken.begin(), taken.end(), [&](const QRectF &other) { return other.intersects(box.adjusted(-3, 0, 3, 0)); }))
                continue;
            painter.setPen(colour(m_chart.limit->role, palette()));
            painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, m_chart.limit->text);
            return;
        }
    }
}

std::vector<QRectF> ChartOverlay::paintMarks(QPainter &painter) const
{
    std::vector<QRectF> taken;
    const QRectF plot = m_chart.plotRect();
    painter.setFont(theme::font(FontRole::Caption));
    const QFontMetricsF metrics(painter.font());
    double textFreeFrom = plot.left();
    const double side = theme::scaled(10);
    // Where several stand so close that their heads would cover each other, the worst one's head stands for them.
    const auto yields = [&](const ChartMark &mark) {
        return std::any_of(m_chart.marks.begin(), m_chart.marks.end(), [&](const ChartMark &other) {
            const bool isClose = std::abs(m_chart.toX(other.at) - m_chart.toX(mark.at)) < side;
            const bool isSame = other.kind == mark.kind && other.at == mark.at;
            return &other != &mark && isClose && (isWorse(other.kind, mark.kind) || (isSame ? &other < &mark : other.kind == mark.kind && other.at < mark.at));
        });
    };
    for (const ChartMark &mark : m_chart.marks) {
        const double x = m_chart.toX(mark.at);
        if (mark.at < m_chart.from || x < plot.left() || x > plot.right())
            continue;
        const QColor ink = colour(inkOf(mark.kind), palette());
        QPen pen(ink, 1, Qt::CustomDashLine, Qt::FlatCap);
        pen.setDashPattern({2, 2});
        painter.setPen(pen);
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        taken.emplace_back(x - 1, plot.top(), 2, plot.height());
        if (yields(mark))
            continue;
        taken.emplace_back(x - side / 2, plot.top() - side / 2, side, side);
        if (mark.kind == ChartMark::Kind::Event) {
            const QPointF head[] = {{x - 4, plot.top() - 4}, {x + 4, plot.top() - 4}, {x, plot.top() + 2}};
            painter.setPen(Qt::NoPen);
            painter.setBrush(ink);
            painter.drawConvexPolygon(head, 3);
        } else {
            theme::paintShape(painter, shapeOf(mark.kind), QRectF(x - side / 2, plot.top() - side / 2, side, side), palette());
        }
        const double width = metrics.horizontalAdvance(mark.text);
        const double left = x + side / 2 + 4;
        if (mark.text.isEmpty() || plot.height() < kHighEnoughForTexts || left < textFreeFrom || left + width > plot.right())
            continue;
        painter.setPen(colour(ColourRole::Muted, palette()));
        painter.drawText(QRectF(left, plot.top(), width + 1, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter, mark.text);
        taken.emplace_back(left, plot.top(), width + 1, metrics.height());
        textFreeFrom = left + width + 8;
    }
    return taken;
}

void ChartOverlay::paintEndLabels(QPainter &painter) const
{
    struct Label {
        double y;
        std::size_t line;
    };
    const QRectF plot = m_chart.plotRect();
    painter.setFont(theme::font(FontRole::Caption));
    const double height = QFontMetricsF(painter.font()).height() - 1;
    std::vector<Label> labels;
    for (std::size_t i = 0; i < m_chart.lines.size(); ++i) {
        // At the height of the last value seen; a line never seen has its label at the bottom, where it would start.
        double y = plot.bottom();
        const auto &points = m_chart.lines[i].points;
        const auto last = std::find_if(points.rbegin(), points.rend(), [](const facts::SeriesPoint &point) { return point.count > 0; });
        if (last != points.rend())
            y = std::clamp(m_chart.toY(last->mean), plot.top(), plot.bottom());
        labels.push_back({y, i});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const Label &a, const Label &b) { return a.y < b.y; });
    // Pushed apart downwards, then back up from the bottom: none covers another, and none comes down to the time axis's labels.
    double free = plot.top() - height / 2;
    for (Label &label : labels) {
        label.y = std::max(label.y, free + height / 2);
        free = label.y + height / 2;
    }
    double end = plot.bottom() + 3;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        label->y = std::min(label->y, end - height / 2);
        end = label->y - height / 2;
    }
    for (const Label &label : labels) {
        if (label.y < height / 2)
            continue; // more lines than a low chart has room for: the cross-hair names them
        const ChartLine &line = m_chart.lines[label.line];
        QPen pen(colour(theme::series(line.series), palette()), 1.5, Qt::SolidLine, Qt::FlatCap);
        if (line.series >= 2)
            pen.setDashPattern({2.4, 1.6});
        painter.setPen(pen);
        const double left = plot.right() + 4;
        painter.drawLine(QPointF(left, label.y), QPointF(left + 8, label.y));
        painter.setPen(colour(ColourRole::Text, palette()));
        painter.drawText(QRectF(left + 12, label.y - height / 2, width() - left - 12, height), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                         m_chart.endLabel(line));
    }
}

void ChartOverlay::paintCrossHair(QPainter &painter) const
{
    if (!m_chart.crossHair)
        return;
    const QRectF plot = m_chart.plotRect();
    if (const auto span = m_chart.crossHair->span()) {
        const double left = std::clamp(m_chart.toX(span->from), plot.left(), plot.right());
        const double right = std::clamp(m_chart.toX(span->to), plot.left(), plot.right());
        QColor tint = colour(ColourRole::Selection, palette());
        tint.setAlphaF(0.5F);
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), tint);
    }
    const auto at = m_chart.crossHair->time();
    if (!at || *at < m_chart.from || *at > m_chart.to)
        return;
    const double x = m_chart.toX(*at);
    painter.setPen(QPen(colour(ColourRole::Text, palette()), 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    for (std::size_t i = 0; i < m_chart.lines.size(); ++i) {
        if (const auto value = m_chart.q.valueAt(i, *at)) {
            painter.setPen(QPen(colour(ColourRole::Surface, palette()), 1.5));
            painter.setBrush(colour(theme::series(m_chart.lines[i].series), palette()));
            painter.drawEllipse(QPointF(x, std::clamp(m_chart.toY(*value), plot.top(), plot.bottom())), 3.5, 3.5);
        }
    }
}

} // namespace shardlens::ui::charts
