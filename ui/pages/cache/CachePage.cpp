// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/CachePage.h"

#include "ui/charts/ChartPanel.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using charts::ChartPanel;
using charts::TimeChart;
using charts::Unit;
using facts::Measure;
using theme::scaled;

namespace {

constexpr int wideFrom = 1900;
constexpr int poolRow = 40;
constexpr int wideRow = 30;
constexpr int leastChart = 130;

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

CachePage::CachePage(PageContext context, QWidget *parent)
    : Page(std::move(context), parent), m_title(new TitleRow(tr("Cache"), TitleRow::Field::Find, this)), m_pools(new RowsPanel(tr("Pools"), poolColumns(*this->context().fleet), this)),
      m_servers(new RowsPanel(tr("Servers"), cacheServerColumns(*this->context().fleet), this)),
      m_gets(new ChartPanel(tr("Gets"), Unit::PerSecond, TimeChart::Scale::FromZero, this)),
      m_misses(new ChartPanel(tr("Misses, which go to the databases"), Unit::PerSecond, TimeChart::Scale::FromZero, this))
{
    m_pools->table()->setRowHeight(poolRow);
    for (auto *panel : {m_gets, m_misses}) {
        panel->chart()->setCrossHair(&m_crossHair);
        panel->chart()->setTimeLabels(TimeChart::TimeLabels::Clock);
    }
    connect(m_title, &TitleRow::wordsChanged, m_servers->table()->ordered(), &models::OrderedRows::setWords);
    connect(m_title, &TitleRow::rangeChanged, this, [this] {
        m_isPresented = false;
        present();
    });
    // A pool leads to its servers.
    connect(m_pools->table(), &FactTable::chosen, this, [this](const std::string &id) {
        const auto *pool = this->context().fleet->pool(base::PoolName(id));
        if (pool && !pool->servers.empty() && m_pools->table()->hasFocus())
            m_servers->table()->choose(pool->servers.front().text());
    });
    connect(m_pools->table(), &FactTable::opened, this, [this] { m_servers->table()->setFocus(); });
    setTabOrder(m_pools->table(), m_servers->table());
    setFocusProxy(m_pools->table());
}

void CachePage::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    m_isPresented = false;
    if (isVisible())
        present();
}

void CachePage::present()
{
    if (!m_snapshot || m_isPresented)
        return;
    m_isPresented = true;
    m_title->setNote(cacheSummary(*m_snapshot));
    const auto rowsBefore = m_pools->table()->facts()->rowCount() + m_servers->table()->facts()->rowCount();
    auto pools = poolRows(*m_snapshot, ChartFeed(context().history, *m_snapshot, m_title->range()));
    auto *facts = m_pools->table()->facts();
    facts->setTitle(facts->columnOf(QStringLiteral("hit_line")), pools.lineTitle);
    m_pools->table()->showRows(std::move(pools.rows));
    m_servers->table()->showRows(cacheServerRows(*m_snapshot));
    if (rowsBefore != facts->rowCount() + m_servers->table()->facts()->rowCount())
        arrange();
    fillCharts();
}

void CachePage::fillCharts()
{
    const ChartFeed feed(context().history, *m_snapshot, m_title->range());
    std::vector<charts::ChartLine> gets;
    std::vector<charts::ChartLine> misses;
    for (const auto &pool : context().fleet->pools) {
        if (gets.size() == TimeChart::kMaxLines)
            break;
        const bool alone = std::count_if(context().fleet->pools.begin(), context().fleet->pools.end(), [&](const auto &other) { return other.region == pool.region; }) == 1;
        const QString name = format::text(alone ? pool.region.text() : pool.name.text());
        const int series = theme::regionIndex(*context().fleet, pool.region);
        gets.push_back(feed.line(name, series, {Measure::CacheGets, pool.name.text()}));
        const auto hits = feed.line(name, series, {Measure::CacheHitRatio, pool.name.text()});
        misses.push_back(gets.back());
        misses.back().points = missesOf(gets.back().points, hits.points);
        misses.back().was = missesOf(gets.back().was, hits.was);
        const auto *facts = m_snapshot->pool(pool.name);
        if (facts && facts->getsPerSecond && facts->answering == facts->declared) {
            gets.back().endText = format::rate(*facts->getsPerSecond);
            if (facts->hitRatio)
                misses.back().endText = format::rate(*facts->getsPerSecond * (1 - *facts->hitRatio));
        }
    }
    m_gets->chart()->setLines(std::move(gets));
    m_misses->chart()->setLines(std::move(misses));
    std::vector<charts::ChartMark> marks;
    for (const auto &pool : context().fleet->pools) {
        const auto own = feed.marks({.region = {}, .server = {}, .cluster = {}, .group = {}, .pool = pool.name});
        marks.insert(marks.end(), own.begin(), own.end());
    }
    for (auto *panel : {m_gets, m_misses}) {
        panel->chart()->setRange(feed.from(), feed.to());
        panel->chart()->setMarks(marks);
        panel->chart()->setObservedSince(feed.observedSince());
    }
}

void CachePage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

void CachePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    present();
    arrange();
}

void CachePage::changeEvent(QEvent *event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

/// Both tables over the whole width, the charts side by side under them. Where rows do not fit, tables scroll and charts keep their least.
void CachePage::arrange()
{
    if (width() < 100 || height() < 100)
        return;
    const bool wide = width() >= wideFrom;
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    m_title->setGeometry(0, 0, width(), head);
    m_servers->table()->setRowHeight(wide ? wideRow : theme::size::kTableRow);
    const int top = head + gap;
    const int forTables = std::max(0, height() - top - 2 * gap - scaled(leastChart));
    const int poolsWanted = m_pools->wantedHeight();
    const int serversWanted = m_servers->wantedHeight();
    const int pools = std::min(poolsWanted, std::max(forTables - serversWanted, forTables / 2));
    const int servers = std::min(serversWanted, forTables - pools);
    m_pools->setGeometry(0, top, width(), pools);
    m_servers->setGeometry(0, top + pools + gap, width(), servers);
    const int chartTop = top + pools + gap + servers + gap;
    const int half = (width() - gap) / 2;
    m_gets->setGeometry(0, chartTop, half, height() - chartTop);
    m_misses->setGeometry(half + gap, chartTop, width() - half - gap, height() - chartTop);
}

bool CachePage::select(const Subject &subject)
{
    if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        const auto *pool = context().fleet->poolOf(*id);
        if (!pool)
            return false;
        present();
        m_pools->table()->choose(pool->name.text());
        m_servers->table()->choose(id->text());
        return true;
    }
    const auto *name = std::get_if<base::PoolName>(&subject);
    const auto *pool = name ? context().fleet->pool(*name) : nullptr;
    if (!pool)
        return false;
    present();
    m_pools->table()->choose(name->text());
    if (!pool->servers.empty())
        m_servers->table()->choose(pool->servers.front().text());
    return true;
}

QVariantMap CachePage::viewState() const
{
    return {{QStringLiteral("server"), format::text(m_servers->table()->currentId())},
            {QStringLiteral("range"), m_title->rangeIndex()},
            {QStringLiteral("words"), m_title->find()->text()},
            {QStringLiteral("pools"), m_pools->table()->order()},
            {QStringLiteral("servers"), m_servers->table()->order()}};
}

void CachePage::restoreViewState(const QVariantMap &state)
{
    if (state.contains(QStringLiteral("range")))
        m_title->setRangeIndex(state.value(QStringLiteral("range")).toInt());
    m_title->find()->setText(state.value(QStringLiteral("words")).toString());
    m_pools->table()->restoreOrder(state.value(QStringLiteral("pools")).toMap());
    m_servers->table()->restoreOrder(state.value(QStringLiteral("servers")).toMap());
    select(base::ServerId(state.value(QStringLiteral("server")).toString().toStdString()));
}

void CachePage::focusFind()
{
    m_title->find()->setFocus();
    m_title->find()->selectAll();
}

QString CachePage::asCsv() const
{
    if (!m_snapshot)
        return {};
    const auto *table = m_pools->table()->hasFocus() ? m_pools->table() : m_servers->table();
    return table->facts()->asCsv(format::iso8601(m_snapshot->takenUtc));
}

bool CachePage::hasLiveData() const
{
    return m_snapshot && std::any_of(m_snapshot->servers.begin(), m_snapshot->servers.end(), [](const auto &entry) { return entry.second && entry.second->memcached(); });
}

} // namespace shardlens::ui::pages
