// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/TrafficCharts.h"

#include "ui/format/Words.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/ChartRanges.h"
#include "ui/pages/overview/TrafficFigures.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QHBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using charts::ChartPanel;
using charts::Unit;
using facts::Measure;

namespace {
enum Which : std::size_t { Writes, Lag, Waiting };
} // namespace

TrafficCharts::TrafficCharts(const PageContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_panels{new ChartPanel(tr("Writes through the routers"), Unit::PerSecond, charts::TimeChart::Scale::FromZero, this),
                                                    new ChartPanel(tr("Worst replay lag"), Unit::Seconds, charts::TimeChart::Scale::FromZero, this),
                                                    new ChartPanel(tr("Waiting clients"), Unit::Count, charts::TimeChart::Scale::FromZero, this)}
{
    for (auto *panel : m_panels)
        panel->chart()->setCrossHair(&m_crossHair);
    // All charts share the range; the last one's title leaves the room for it.
    // A day is looked at on the other pages, whose charts are wider.
    m_ranges = new theme::SegmentedControl(chartRangeNames().mid(0, chartRanges.size() - 1), this);
    m_ranges->setCurrent(usualChartRange);
    m_ranges->setAccessibleName(tr("Time that the charts span"));
    m_panels[Waiting]->titleRow()->insertWidget(1, m_ranges);
    connect(m_ranges, &theme::SegmentedControl::currentChanged, this, [this](int index) { setRange(chartRanges[static_cast<std::size_t>(index)]); });
}

void TrafficCharts::setRange(std::chrono::minutes range)
{
    const auto found = std::find(chartRanges.begin(), chartRanges.end() - 1, range);
    if (found == chartRanges.end() - 1 || range == m_range)
        return;
    m_range = range;
    m_ranges->setCurrent(static_cast<int>(found - chartRanges.begin()));
    Q_EMIT rangeChanged();
}

void TrafficCharts::showSnapshot(const facts::Snapshot &snapshot)
{
    const ChartFeed feed(m_context.history, m_context.kept, snapshot, m_range);
    std::vector<facts::SeriesKey> writes;
    std::vector<charts::ChartLine> waiting;
    std::vector<charts::ChartLine> lag;
    for (const auto &router : snapshot.fleet->routers) {
        writes.push_back({Measure::RouterWrites, router.server.text()});
        waiting.push_back(feed.line(format::text(router.region.text()), theme::regionIndex(*snapshot.fleet, router.region), {Measure::RouterWaiting, router.server.text()}));
    }
    for (const auto &region : snapshot.fleet->regions)
        lag.push_back(feed.line(format::text(region.name.text()), theme::regionIndex(*snapshot.fleet, region.name), {Measure::WorstLagSeconds, region.name.text()}));
    waiting.resize(std::min(waiting.size(), charts::TimeChart::kMaxLines));
    lag.resize(std::min(lag.size(), charts::TimeChart::kMaxLines));
    m_panels[Writes]->chart()->setLines({feed.sum(tr("all"), 0, writes)});
    m_panels[Lag]->chart()->setLines(std::move(lag));
    m_panels[Waiting]->chart()->setLines(std::move(waiting));

    const std::array<TrafficFigure, 3> figures{writesFigure(snapshot, m_context.history), lagFigure(snapshot, m_context.history), waitingFigure(snapshot, m_context.history)};
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        auto *panel = m_panels[i];
        feed.dress(*panel->chart(), feed.marks());
        panel->setNow(figures[i].now);
        panel->setWas(figures[i].was, figures[i].wasAt);
        panel->setRemark(figures[i].missing);
    }
}

void TrafficCharts::resizeEvent(QResizeEvent *)
{
    arrange();
}

void TrafficCharts::arrange()
{
    const int gap = width() > 500 && height() > 900 ? theme::space::kL : theme::space::kM;
    const int count = static_cast<int>(m_panels.size());
    int top = 0;
    for (int i = 0; i < count; ++i) {
        const int bottom = (height() + gap) * (i + 1) / count - gap; // what does not divide goes to the later ones
        m_panels[static_cast<std::size_t>(i)]->setGeometry(0, top, width(), bottom - top);
        top = bottom + gap;
    }
}

} // namespace shardlens::ui::pages

#include "moc_TrafficCharts.cpp"
