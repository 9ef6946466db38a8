// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/FlowView.h"

#include "ui/charts/ChartPanel.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/pages/cache/FlowRows.h"
#include "ui/pages/cache/PublishPopup.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"

#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using charts::ChartPanel;
using charts::TimeChart;
using charts::Unit;
using facts::Measure;
using theme::scaled;

namespace {

constexpr int flowPoolRow = 32;
constexpr int flowLowPoolRow = 26;
constexpr int flowWideRow = 36;
constexpr int flowHighFrom = 640;
constexpr int leastFlowChart = 130;
constexpr int usualFlowChart = 240;
constexpr int leaseShare = 40; ///< of the width, in per cent
constexpr int leaseWide = 520;
constexpr int textMargin = 8;  ///< of a sentence under a table, beside the panel's own 4

/// A sentence under a panel's table; it takes no room while it is empty.
theme::Paragraph *sentenceUnder(RowsPanel *panel)
{
    auto *sentence = new theme::Paragraph(panel, theme::ColourRole::Text, theme::ColourRole::Text);
    auto *row = new QVBoxLayout;
    row->setContentsMargins(textMargin, theme::space::kXs, textMargin, theme::space::kXs);
    row->addWidget(sentence);
    panel->body()->addLayout(row);
    return sentence;
}

int heightOf(const RowsPanel &panel, const theme::Paragraph &sentence, int panelWidth)
{
    if (sentence.text().isEmpty())
        return 0;
    return sentence.heightForWidth(panelWidth - 2 * (textMargin + theme::space::kXs + 1)) + 2 * theme::space::kXs + std::max(0, panel.body()->spacing());
}

QString regionTitle(const fleet::Fleet &fleet, const fleet::Pool &pool)
{
    const bool alone = std::count_if(fleet.pools.begin(), fleet.pools.end(), [&](const auto &other) { return other.region == pool.region; }) == 1;
    return format::text(alone ? pool.region.text() : pool.name.text());
}

} // namespace

FlowView::FlowView(const fleet::Fleet &fleet, CacheBoard *board, QWidget *parent)
    : CacheView(parent), m_pools(new RowsPanel(tr("Pools"), poolColumns(fleet), this)), m_why(sentenceUnder(m_pools)),
      m_leases(new RowsPanel(tr("Leases"), leaseColumns(fleet), this)), m_lack(sentenceUnder(m_leases)),
      m_howTo(new theme::FlatButton(tr("How a client publishes them…"), m_leases, theme::FlatButton::Look::Link)),
      m_lag(new ChartPanel(tr("Invalidation lag"), Unit::Seconds, TimeChart::Scale::Log, this)),
      m_saved(new ChartPanel(tr("Reads saved by leases"), Unit::PerSecond, TimeChart::Scale::FromZero, this)),
      m_regions(new RowsPanel(tr("Deletes and measured staleness"), invalidationColumns(fleet), this)), m_remark(sentenceUnder(m_regions)),
      m_measure(new theme::FlatButton(tr("Measure staleness"), this, theme::FlatButton::Look::Link)), m_board(board)
{
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(0, 0, 0, theme::space::kXs);
    foot->addWidget(m_howTo, 0, Qt::AlignLeft);
    m_leases->body()->addLayout(foot);
    m_lack->hide();
    m_howTo->hide();
    connect(m_howTo, &QAbstractButton::clicked, this, &FlowView::explainPublishing);
    m_regions->titleRow()->addWidget(m_measure);
    m_measure->setToolTip(tr("Compares up to 200 cached items of each region with their rows there: each costs a get and a read of its row"));
    connectBoard();
    setTabOrder(m_pools->table(), m_leases->table());
    setTabOrder(m_leases->table(), m_howTo);
    setTabOrder(m_howTo, m_regions->table());
    setFocusProxy(m_pools->table());
}

void FlowView::connectBoard()
{
    if (!m_board)
        return showMeasuring();
    connect(m_measure, &QAbstractButton::clicked, this, [this] {
        m_isMeasuring = true;
        showMeasuring();
        m_board->measureStaleness();
    });
    connect(m_board, &CacheBoard::stalenessTold, this, [this](const base::RegionName &region, const facts::Known<facts::MeasuredStaleness> &found) {
        m_measured.insert_or_assign(region, found);
        if (m_shown)
            fillRegions(*m_shown);
    });
    connect(m_board, &CacheBoard::measured, this, [this] {
        m_isMeasuring = false;
        showMeasuring();
    });
}

void FlowView::showMeasuring()
{
    m_measure->setVisible(m_board && m_board->isAnswered());
    m_measure->setEnabled(!m_isMeasuring);
    m_measure->setText(m_isMeasuring ? tr("Measuring") : tr("Measure staleness"));
}

void FlowView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    m_shown = snapshot;
    showMeasuring();
    fillPools(*snapshot, feed);
    fillLeases(*snapshot);
    fillLag(*snapshot, feed);
    fillSaved(*snapshot, feed);
    fillRegions(*snapshot);
}

void FlowView::fillPools(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    auto pools = poolRows(snapshot, feed);
    auto *facts = m_pools->table()->facts();
    facts->setTitle(facts->columnOf(QStringLiteral("hit_line")), pools.lineTitle);
    m_pools->table()->showRows(std::move(pools.rows));
    m_why->setText(coldPools(snapshot, feed), whyTwoHitRates(snapshot));
}

void FlowView::fillLeases(const facts::Snapshot &snapshot)
{
    m_leases->table()->showRows(leaseRows(snapshot));
    m_leases->setNote(leaseNote(snapshot));
    const SilentPools silent = silentPools(snapshot);
    m_lack->setText(silent.what, silent.since);
    m_lack->setVisible(!silent.names.empty());
    m_howTo->setVisible(!silent.names.empty());
}

void FlowView::explainPublishing()
{
    if (!m_shown)
        return;
    auto *popup = new PublishPopup(*m_shown->fleet, silentPools(*m_shown).names, this);
    popup->adjustSize();
    popup->move(m_howTo->mapToGlobal(m_howTo->rect().bottomLeft()));
    popup->show();
}

void FlowView::fillLag(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    std::vector<charts::ChartLine> lines;
    std::optional<base::microseconds> worst;
    for (const auto &report : snapshot.invalidators) {
        if (lines.size() == TimeChart::kMaxLines)
            break;
        lines.push_back(feed.line(format::text(report.region.text()), theme::regionIndex(*snapshot.fleet, report.region), {Measure::InvalidationLag, report.region.text()}));
        const bool fresh = facts::freshnessOf(report, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
        if (const auto lag = report.worstLag(); lag && fresh) {
            lines.back().endText = format::duration(*lag);
            worst = std::max(worst.value_or(*lag), *lag);
        }
    }
    m_lag->setNow(worst ? format::duration(*worst) : QString());
    m_lag->setRemark(snapshot.invalidators.empty()    ? tr("no invalidator is declared")
                     : worst                          ? tr("worst region, 99 of 100 deletes")
                     : isAskingInvalidators(snapshot) ? tr("asking")
                                                      : tr("nothing was deleted in the last 10 s"));
    m_lag->chart()->setLines(std::move(lines));
    std::vector<charts::ChartMark> marks;
    for (const auto &pool : snapshot.fleet->pools) {
        const auto own = feed.marks({.region = {}, .server = {}, .cluster = {}, .group = {}, .pool = pool.name});
        marks.insert(marks.end(), own.begin(), own.end());
    }
    feed.dress(*m_lag->chart(), marks);
    feed.dress(*m_saved->chart(), std::move(marks));
}

void FlowView::fillSaved(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    std::vector<charts::ChartLine> lines;
    for (const auto &pool : snapshot.fleet->pools) {
        if (lines.size() == TimeChart::kMaxLines)
            break;
        lines.push_back(feed.line(regionTitle(*snapshot.fleet, pool), theme::regionIndex(*snapshot.fleet, pool.region), {Measure::CacheReadsSaved, pool.name.text()}));
    }
    const SavedReads reads = savedReads(snapshot);
    m_saved->setNow(reads.known > 0 ? format::sumOf(format::rate(reads.saved), reads.pools - reads.known, reads.pools) : QString());
    m_saved->setRemark(reads.known > 0                  ? tr("%1 happen").arg(format::rate(reads.happen))
                       : isAskingInvalidators(snapshot) ? tr("asking")
                                                        : tr("no client has published any"));
    m_saved->chart()->setLines(std::move(lines));
}

void FlowView::fillRegions(const facts::Snapshot &snapshot)
{
    m_regions->table()->showRows(invalidationRows(snapshot, m_measured));
    const QString remark = invalidationRemark(snapshot);
    m_remark->setText({}, remark);
    m_remark->setVisible(!remark.isEmpty());
    const bool told = std::any_of(snapshot.invalidators.begin(), snapshot.invalidators.end(), [](const auto &report) { return report.staleness.has_value(); });
    std::optional<facts::Instant> oldest;
    for (const auto &[region, found] : m_measured) {
        if (found)
            oldest = std::min(oldest.value_or(found->at), found->at);
    }
    m_regions->setNote(told && !oldest ? tr("a sample of cached items, compared with the region’s rows")
                       : oldest        ? tr("staleness measured %1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(std::max(snapshot.takenAt, *oldest) - *oldest)))
                                       : QString());
}

int FlowView::poolsHeight(int width) const
{
    return m_pools->wantedHeight() + heightOf(*m_pools, *m_why, width);
}

int FlowView::regionsHeight(int width) const
{
    return m_regions->wantedHeight() + heightOf(*m_regions, *m_remark, width);
}

int FlowView::leasesWidth(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    return wide ? scaled(leaseWide) : std::max((width() - gap) * leaseShare / 100, m_leases->leastWidth());
}

int FlowView::leasesHeight(bool wide) const
{
    const int lack = heightOf(*m_leases, *m_lack, leasesWidth(wide));
    const int foot = theme::space::kXs + std::max(0, m_leases->body()->spacing()); // its row keeps its margin while it is hidden
    return m_leases->wantedHeight() + foot + (lack > 0 ? lack + m_howTo->sizeHint().height() : 0);
}

int FlowView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int low = m_pools->heightFor(3) + heightOf(*m_pools, *m_why, width());
    return std::min(poolsHeight(width()), low) + gap + leasesHeight(wide) + gap + std::max(regionsHeight(width() / 2), scaled(leastFlowChart));
}

int FlowView::wanted(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    return poolsHeight(width()) + gap + leasesHeight(wide) + gap + std::max(regionsHeight(width() / 2), scaled(usualFlowChart));
}

/// Pools over the whole width; leases beside the lag of deletes; reads saved beside the regions.
void FlowView::arrange(bool wide)
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const bool high = height() >= scaled(flowHighFrom);
    m_pools->table()->setRowHeight(wide ? flowWideRow : high ? flowPoolRow : flowLowPoolRow);
    for (auto *panel : {m_leases, m_regions})
        panel->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    const int left = leasesWidth(wide);
    const int right = width() - gap - left;
    const int leases = leasesHeight(wide);
    const int regionsLeast = std::max(regionsHeight(width() - gap - left), scaled(leastFlowChart));
    const int pools = std::min(poolsHeight(width()), std::max(m_pools->heightFor(2), height() - 2 * gap - leases - regionsLeast));
    m_pools->setGeometry(0, 0, width(), pools);
    const int top = pools + gap;
    m_leases->setGeometry(0, top, left, leases);
    m_lag->setGeometry(left + gap, top, right, leases);
    const int below = top + leases + gap;
    m_saved->setGeometry(0, below, left, height() - below);
    m_regions->setGeometry(left + gap, below, right, height() - below);
}

} // namespace shardlens::ui::pages

#include "moc_FlowView.cpp"
