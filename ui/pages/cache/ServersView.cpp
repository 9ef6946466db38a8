// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/ServersView.h"

#include "ui/charts/ChartPanel.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <algorithm>

namespace shardlens::ui::pages {

using charts::ChartPanel;
using charts::TimeChart;
using charts::Unit;
using facts::Measure;
using theme::scaled;

namespace {

constexpr int leastServers = 6;
constexpr int leastServerChart = 150;

/// Gets that found nothing: of each step the gets times the share that missed.
facts::Series missesOf(const facts::Series &gets, const facts::Series &hits)
{
    facts::Series misses = gets;
    misses.resize(std::min(gets.size(), hits.size()));
    for (std::size_t i = 0; i < misses.size(); ++i) {
        const double share = 1 - hits[i].mean;
        misses[i].min *= share;
        misses[i].mean *= share;
        misses[i].max *= share;
        misses[i].count = std::min(gets[i].count, hits[i].count);
    }
    return misses;
}

} // namespace

ServersView::ServersView(const fleet::Fleet &fleet, QWidget *parent)
    : CacheView(parent), m_servers(new RowsPanel(tr("Servers"), cacheServerColumns(fleet), this)),
      m_gets(new ChartPanel(tr("Gets"), Unit::PerSecond, TimeChart::Scale::FromZero, this)),
      m_misses(new ChartPanel(tr("Misses, as memcached counts them"), Unit::PerSecond, TimeChart::Scale::FromZero, this))
{
    setFocusProxy(m_servers->table());
}

void ServersView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    m_servers->table()->showRows(cacheServerRows(*snapshot));
    fillCharts(*snapshot, feed);
}

void ServersView::fillCharts(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    std::vector<charts::ChartLine> gets;
    std::vector<charts::ChartLine> misses;
    for (const auto &pool : snapshot.fleet->pools) {
        if (gets.size() == TimeChart::kMaxLines)
            break;
        const bool alone = std::count_if(snapshot.fleet->pools.begin(), snapshot.fleet->pools.end(), [&](const auto &other) { return other.region == pool.region; }) == 1;
        const QString name = format::text(alone ? pool.region.text() : pool.name.text());
        const int series = theme::regionIndex(*snapshot.fleet, pool.region);
        gets.push_back(feed.line(name, series, {Measure::CacheGets, pool.name.text()}));
        const auto hits = feed.line(name, series, {Measure::CacheHitRatio, pool.name.text()});
        misses.push_back(gets.back());
        misses.back().points = missesOf(gets.back().points, hits.points);
        misses.back().was = missesOf(gets.back().was, hits.was);
        const auto *facts = snapshot.pool(pool.name);
        if (facts && facts->getsPerSecond && facts->answering == facts->declared) {
            gets.back().endText = format::rate(*facts->getsPerSecond);
            if (facts->hitRatio)
                misses.back().endText = format::rate(*facts->getsPerSecond * (1 - *facts->hitRatio));
        }
    }
    m_gets->chart()->setLines(std::move(gets));
    m_misses->chart()->setLines(std::move(misses));
    std::vector<charts::ChartMark> marks;
    for (const auto &pool : snapshot.fleet->pools) {
        const auto own = feed.marks({.region = {}, .server = {}, .cluster = {}, .group = {}, .pool = pool.name});
        marks.insert(marks.end(), own.begin(), own.end());
    }
    for (auto *panel : {m_gets, m_misses})
        feed.dress(*panel->chart(), marks);
}

int ServersView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    return std::min(m_servers->wantedHeight(), m_servers->heightFor(leastServers)) + gap + scaled(leastServerChart);
}

/// The table over the whole width, the charts side by side under it. Where rows do not fit, it scrolls and charts keep their least.
void ServersView::arrange(bool wide)
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    m_servers->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    const int servers = std::min(m_servers->wantedHeight(), height() - gap - scaled(leastServerChart));
    m_servers->setGeometry(0, 0, width(), servers);
    const int top = servers + gap;
    const int half = (width() - gap) / 2;
    m_gets->setGeometry(0, top, half, height() - top);
    m_misses->setGeometry(half + gap, top, width() - half - gap, height() - top);
}

} // namespace shardlens::ui::pages

#include "moc_ServersView.cpp"
