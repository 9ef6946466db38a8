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
constexpr int lowPoolRow = 28;
constexpr int highFrom = 640; ///< lower pages have lower rows
constexpr int leastPools = 4;
constexpr int leastServers = 6;
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
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Cache"), TitleRow::Field::Find, content())), m_pools(new RowsPanel(tr("Pools"), poolColumns(*this->context().fleet), content())),
      m_servers(new RowsPanel(tr("Servers"), cacheServerColumns(*this->context().fleet), content())),
      m_gets(new ChartPanel(tr("Gets"), Unit::PerSecond, TimeChart::Scale::FromZero, content())),
      m_misses(new ChartPanel(tr("Misses, which go to the databases"), Unit::PerSecond, TimeChart::Scale::FromZero, content()))
{
    joinCharts({m_gets, m_misses});
    connect(m_title, &TitleRow::wordsChanged, m_servers->table()->ordered(), &models::OrderedRows::setWords);
    connect(m_title, &TitleRow::rangeChanged, this, &CachePage::presentAgain);
    // A pool leads to its servers.
    connect(m_pools->table(), &FactTable::chosen, this, [this](const std::string &id) {
        const auto *pool = this->context().fleet->pool(base::PoolName(id));
        if (pool && !pool->servers.empty() && m_pools->table()->hasFocus())
            m_servers->table()->choose(pool->servers.front().text());
        setSelection(base::PoolName(id));
    });
    connect(m_servers->table(), &FactTable::chosen, this, [this](const std::string &id) { setSelection(base::ServerId(id)); });
    // A click on the row that was chosen before is a choice too.
    connect(m_pools->table(), &QAbstractItemView::clicked, this, [this] { setSelection(base::PoolName(m_pools->table()->currentId())); });
    connect(m_servers->table(), &QAbstractItemView::clicked, this, [this] { setSelection(base::ServerId(m_servers->table()->currentId())); });
    connect(m_pools->table(), &FactTable::opened, this, [this] { m_servers->table()->setFocus(); });
    connect(m_servers->table(), &FactTable::opened, this, [this](const std::string &id) { Q_EMIT inspectRequested(base::ServerId(id)); });
    setTabOrder(m_pools->table(), m_servers->table());
    setFocusProxy(m_pools->table());
}

void CachePage::fill()
{
    m_title->setNote(cacheSummary(*snapshot()));
    const auto rowsBefore = m_pools->table()->facts()->rowCount() + m_servers->table()->facts()->rowCount();
    auto pools = poolRows(*snapshot(), feed(m_title->range()));
    auto *facts = m_pools->table()->facts();
    facts->setTitle(facts->columnOf(QStringLiteral("hit_line")), pools.lineTitle);
    m_pools->table()->showRows(std::move(pools.rows));
    m_servers->table()->showRows(cacheServerRows(*snapshot()));
    if (rowsBefore != facts->rowCount() + m_servers->table()->facts()->rowCount())
        arrangeNow();
    fillCharts();
}

void CachePage::fillCharts()
{
    const ChartFeed feed = this->feed(m_title->range());
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
        const auto *facts = snapshot()->pool(pool.name);
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
    for (auto *panel : {m_gets, m_misses})
        feed.dress(*panel->chart(), marks);
}

/// Both tables over the whole width, the charts side by side under them. Where rows do not fit, tables scroll and charts keep their least.
void CachePage::arrange()
{
    const bool wide = width() >= theme::breakpoint(wideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    m_servers->table()->setRowHeight(wide ? wideRow : theme::size::kTableRow);
    m_pools->table()->setRowHeight(height() >= scaled(highFrom) ? poolRow : lowPoolRow);
    const int poolsWanted = m_pools->wantedHeight();
    const int serversWanted = m_servers->wantedHeight();
    const int top = head + gap;
    const QRect room = this->room(top + std::min(poolsWanted, m_pools->heightFor(leastPools)) + std::min(serversWanted, m_servers->heightFor(leastServers)) + 2 * gap + scaled(leastChart));
    m_title->setGeometry(0, 0, room.width(), head);
    const int forTables = std::max(0, room.height() - top - 2 * gap - scaled(leastChart));
    const int pools = std::min(poolsWanted, std::max(forTables - serversWanted, forTables / 2));
    const int servers = std::min(serversWanted, forTables - pools);
    m_pools->setGeometry(0, top, room.width(), pools);
    m_servers->setGeometry(0, top + pools + gap, room.width(), servers);
    const int chartTop = top + pools + gap + servers + gap;
    const int half = (room.width() - gap) / 2;
    m_gets->setGeometry(0, chartTop, half, room.height() - chartTop);
    m_misses->setGeometry(half + gap, chartTop, room.width() - half - gap, room.height() - chartTop);
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
        setSelection(*id);
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
    setSelection(*name);
    return true;
}

void CachePage::setSelection(const Subject &selection)
{
    if (selection == m_selection)
        return;
    m_selection = selection;
    Q_EMIT selectionChanged();
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
    if (!snapshot())
        return {};
    const auto *table = m_pools->table()->hasFocus() ? m_pools->table() : m_servers->table();
    return table->facts()->asCsv(format::iso8601(snapshot()->takenUtc));
}

bool CachePage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->memcached(); });
}

} // namespace shardlens::ui::pages

#include "moc_CachePage.cpp"
