// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/ReplicationPage.h"

#include "core/operate/Readiness.h"
#include "ui/charts/ChartPanel.h"
#include "ui/format/Numbers.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/overview/CardActs.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/replication/ClusterList.h"
#include "ui/pages/replication/ReplicationCsv.h"
#include "ui/pages/replication/StagesPanel.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QListView>

#include <algorithm>

namespace shardlens::ui::pages {

using charts::ChartPanel;
using charts::TimeChart;
using charts::Unit;
using facts::Measure;
using theme::scaled;

namespace {

constexpr int listWidth = 240;
constexpr int narrowListWidth = 204;
constexpr int chartsBesideFrom = 1900;
constexpr int leastLagChart = 100;

QString titleNote(const facts::Snapshot &snapshot)
{
    int standbys = 0;
    int streaming = 0;
    for (const auto &cluster : snapshot.clusters) {
        // While no primary is known, each member is listed as one that may stream.
        standbys += static_cast<int>(cluster.standbys.size()) - (!cluster.primary && !cluster.standbys.empty());
        for (const auto &lag : cluster.standbys) {
            if (lag.state != facts::StandbyState::NotStreaming && lag.state != facts::StandbyState::Diverged && lag.state != facts::StandbyState::Unknown)
                ++streaming;
        }
    }
    const QString count = ReplicationPage::tr("%1 clusters, %2 standbys").arg(snapshot.clusters.size()).arg(standbys);
    if (standbys > 0 && streaming == standbys)
        return ReplicationPage::tr("%1, all stream").arg(count);
    return ReplicationPage::tr("%1, %2 known to stream").arg(count).arg(streaming);
}

} // namespace

ReplicationPage::ReplicationPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Replication"), TitleRow::Field::None, content())),
      m_clusters(new ClusterList(this->context().fleet->thresholds, content())),
      m_topology(new RegionsPanel(QString(), content())), m_plan(new theme::FlatButton(format::planButton(operate::Act::Switchover), m_topology)), m_stages(new StagesPanel(tr("Where the lag is"), content())), m_all(new StagesPanel(tr("All standbys"), content())),
      m_time(new ChartPanel(tr("Lag in time"), Unit::Seconds, TimeChart::Scale::Log, content())),
      m_bytes(new ChartPanel(tr("Lag in bytes"), Unit::Bytes, TimeChart::Scale::FromZero, content()))
{
    m_topology->setHistory(this->context().history);
    m_topology->view()->setAccessibleName(tr("Topology of the cluster"));
    m_topology->setTitleWidget(m_plan);
    m_plan->setToolTip(tr("Shows every check and step first; changes nothing yet"));
    connect(m_plan, &QAbstractButton::clicked, this, [this] { askPlan(m_cluster, {}); });
    joinCharts({m_time, m_bytes});
    if (!this->context().fleet->clusters.empty())
        m_cluster = this->context().fleet->clusters.front().name;

    connect(m_clusters, &ClusterList::chosen, this, &ReplicationPage::showCluster);
    connect(m_title, &TitleRow::rangeChanged, this, &ReplicationPage::fillCharts);
    connect(m_topology->view(), &charts::TopologyView::selectionChanged, this, [this] {
        if (const auto key = m_topology->view()->selected(); std::holds_alternative<base::ServerId>(key))
            m_stages->selectStandby(std::get<base::ServerId>(key));
        Q_EMIT selectionChanged();
    });
    connect(m_topology->view(), &charts::TopologyView::imageRequested, this, [this] {
        m_topology->savePicture(tr("%1, %2").arg(format::text(this->context().fleet->name), format::text(m_cluster.text())));
    });
    connect(m_topology->view(), &charts::TopologyView::opened, this, [this](const charts::TopologyKey &key) {
        const auto *server = std::get_if<base::ServerId>(&key);
        if (!server)
            return;
        if (!this->context().fleet->clusterOf(*server)) {
            Q_EMIT inspectRequested(*server);
            return;
        }
        m_stages->selectStandby(*server);
        if (const int row = m_stages->model()->rowOf(server->text()); row >= 0)
            m_stages->explain(m_stages->model()->index(row, models::StandbyModel::Lag));
    });
    connect(m_topology->acts(), &CardActs::planRequested, this, &Page::planRequested);
    connect(m_topology->acts(), &CardActs::campaignPlanRequested, this, &Page::campaignPlanRequested);
    setTabOrder(m_clusters->list(), m_plan);
    setTabOrder(m_plan, m_topology->view());
    setFocusProxy(m_clusters->list());
    for (const StagesPanel *panel : {m_stages, m_all})
        connect(panel, &StagesPanel::planAsked, this, [this](const base::ServerId &standby) {
            if (const auto *cluster = this->context().fleet->clusterOf(standby))
                askPlan(cluster->name, standby);
        });
    connect(m_all, &StagesPanel::chosen, this, [this](const base::ServerId &standby) { select(standby); });
}

void ReplicationPage::fill()
{
    m_clusters->showSnapshot(*snapshot());
    m_clusters->choose(m_cluster);
    m_title->setNote(titleNote(*snapshot()));
    m_topology->view()->setOnly(m_cluster);
    m_topology->showSnapshot(snapshot());
    fillTopologyTitle();
    m_stages->showCluster(*snapshot(), m_cluster);
    if (m_all->isVisible())
        m_all->showAll(*snapshot());
    fillCharts();
    arrangeNow();
}

/// The act that fits: a switchover, and while the primary does not answer a failover. No standby: the best one.
void ReplicationPage::askPlan(const base::ClusterName &cluster, const base::ServerId &standby)
{
    if (!snapshot() || !context().fleet->cluster(cluster))
        return;
    Q_EMIT planRequested(operate::moveOf(operate::readinessOf(*snapshot(), cluster).act, cluster, {}, standby));
}

void ReplicationPage::showCluster(const base::ClusterName &cluster)
{
    if (cluster == m_cluster)
        return;
    m_cluster = cluster;
    presentAgain();
    Q_EMIT selectionChanged();
}

Subject ReplicationPage::selection() const
{
    const charts::TopologyKey selected = m_topology->view()->selected();
    const auto *server = std::get_if<base::ServerId>(&selected);
    return server && m_topology->view()->picture().graph.find(selected) >= 0 ? Subject(*server) : Subject(m_cluster);
}

void ReplicationPage::fillTopologyTitle()
{
    m_topology->setTitle(format::text(m_cluster.text()));
    QStringList parts;
    if (const auto *facts = snapshot()->cluster(m_cluster)) {
        if (facts->systemIdentifier)
            parts << tr("system %1").arg(*facts->systemIdentifier);
        if (facts->timeline)
            parts << tr("timeline %1").arg(*facts->timeline);
        if (facts->term)
            parts << tr("term %1").arg(*facts->term);
    }
    m_topology->setNote(parts.join(QStringLiteral(", ")));
    m_plan->setVisible(context().fleet->cluster(m_cluster) != nullptr);
    m_plan->setText(format::planButton(operate::readinessOf(*snapshot(), m_cluster).act));
    m_plan->setAccessibleName(tr("%1 of %2").arg(m_plan->text(), format::text(m_cluster.text())));
}

void ReplicationPage::fillCharts()
{
    if (!snapshot())
        return;
    const ChartFeed feed = this->feed(m_title->range());
    const auto *facts = snapshot()->cluster(m_cluster);
    std::vector<charts::ChartLine> time;
    std::vector<charts::ChartLine> bytes;
    if (facts) {
        for (const auto &lag : facts->standbys) {
            if (time.size() == TimeChart::kMaxLines)
                break;
            const auto *server = context().fleet->server(lag.standby);
            const auto sameRegion = std::count_if(facts->standbys.begin(), facts->standbys.end(), [&](const facts::StandbyLag &other) {
                const auto *there = context().fleet->server(other.standby);
                return server && there && there->region == server->region;
            });
            const QString name = format::text(server && sameRegion == 1 ? server->region.text() : lag.standby.text());
            const int series = server ? theme::regionIndex(*context().fleet, server->region) : 0;
            // Without its primary a standby cannot be measured: the line ends, and so does its value.
            const bool measured = facts->primary && format::ageOf(*snapshot(), *facts->primary).freshness == facts::Freshness::Fresh;
            const bool fresh = measured && format::ageOf(*snapshot(), lag.standby).freshness == facts::Freshness::Fresh;
            time.push_back(feed.line(name, series, {Measure::LagSeconds, lag.standby.text()}));
            bytes.push_back(feed.line(name, series, {Measure::LagBytes, lag.standby.text()}));
            if (fresh && lag.time)
                time.back().endText = format::lagOf(lag);
            if (fresh && lag.behind)
                bytes.back().endText = m_behindUnits[lag.standby].bytes(*lag.behind);
        }
    }
    m_time->chart()->setLines(std::move(time));
    m_bytes->chart()->setLines(std::move(bytes));
    const auto last = std::chrono::duration<double>(context().fleet->thresholds.lagTime.back()).count();
    m_time->chart()->setLimit(charts::ChartLimit{last, tr("level 5 from %1 s").arg(last), theme::ColourRole::WarningText});
    for (auto *panel : {m_time, m_bytes})
        feed.dress(*panel->chart(), feed.marks({.region = {}, .server = {}, .cluster = m_cluster, .group = {}, .pool = {}}));
}

/// List at the left; drawing, stages and charts stacked beside it, or the charts in a third column of their own.
void ReplicationPage::arrange()
{
    const bool wide = width() >= theme::breakpoint(chartsBesideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    m_topology->view()->setMayBeRoomy(wide);
    const int topology = m_topology->titleHeight() + m_topology->view()->fullHeight() + theme::space::kXs;
    const int stages = m_stages->wantedHeight();
    const int head = scaled(theme::size::kTitleRow);
    const QRect room = this->room(head + topology + stages + 4 * gap + (wide ? 0 : 2 * scaled(leastLagChart)));
    m_title->setGeometry(room.left(), room.top(), room.width(), head);
    const QRect below = room.adjusted(0, head + gap, 0, 0);
    const int list = scaled(room.width() < theme::breakpoint(1000) ? narrowListWidth : listWidth);
    m_clusters->setGeometry(below.left(), below.top(), list, below.height());
    const QRect rest = below.adjusted(list + gap, 0, 0, 0);
    const int middle = wide ? (rest.width() - gap) * 1040 / (1040 + 900) : rest.width();

    m_all->setVisible(wide);
    int y = rest.top();
    m_topology->setGeometry(rest.left(), y, middle, topology);
    y += topology + gap;
    m_stages->setGeometry(rest.left(), y, middle, stages);
    y += stages + gap;
    if (wide) {
        if (snapshot() && m_all->model()->rowCount() == 0)
            m_all->showAll(*snapshot());
        m_all->setGeometry(rest.left(), y, middle, std::min(m_all->wantedHeight(), rest.bottom() + 1 - y));
    }
    const QRect charts = wide ? QRect(rest.left() + middle + gap, rest.top(), rest.width() - middle - gap, rest.height())
                              : QRect(rest.left(), y, rest.width(), rest.bottom() + 1 - y);
    const int half = (charts.height() - gap) / 2;
    m_time->setGeometry(charts.left(), charts.top(), charts.width(), half);
    m_bytes->setGeometry(charts.left(), charts.top() + half + gap, charts.width(), charts.height() - half - gap);
}

bool ReplicationPage::select(const Subject &subject)
{
    base::ClusterName cluster;
    base::ServerId server;
    if (const auto *name = std::get_if<base::ClusterName>(&subject))
        cluster = *name;
    else if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        if (const auto *of = context().fleet->clusterOf(*id)) {
            cluster = of->name;
            server = *id;
        }
    }
    if (!context().fleet->cluster(cluster))
        return false;
    showCluster(cluster);
    m_clusters->choose(cluster);
    if (!server.isEmpty()) {
        present();
        m_topology->view()->select(server);
        m_stages->selectStandby(server);
    }
    return true;
}

QVariantMap ReplicationPage::viewState() const
{
    QVariantMap state;
    state.insert(QStringLiteral("cluster"), format::text(m_cluster.text()));
    state.insert(QStringLiteral("range"), m_title->rangeIndex());
    state.insert(QStringLiteral("table"), m_topology->isTable());
    return state;
}

void ReplicationPage::restoreViewState(const QVariantMap &state)
{
    select(base::ClusterName(state.value(QStringLiteral("cluster")).toString().toStdString()));
    if (state.contains(QStringLiteral("range")))
        m_title->setRangeIndex(state.value(QStringLiteral("range")).toInt());
    if (state.value(QStringLiteral("table")).toBool() != m_topology->isTable())
        toggleTable();
}

void ReplicationPage::focusFind()
{
    m_clusters->list()->setFocus();
}

void ReplicationPage::toggleTable()
{
    m_topology->setTable(!m_topology->isTable());
}

QString ReplicationPage::asCsv() const
{
    return snapshot() ? replicationCsv(*snapshot()) : QString();
}

bool ReplicationPage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->postgres(); });
}

} // namespace shardlens::ui::pages

#include "moc_ReplicationPage.cpp"
