// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/OverviewPage.h"

#include "core/desk/Desk.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Headline.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Timeline.h"
#include "ui/format/Words.h"
#include "ui/pages/RowCopy.h"
#include "ui/pages/overview/CardActs.h"
#include "ui/pages/overview/EventsPanel.h"
#include "ui/pages/overview/HeadlineRow.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/pages/overview/ProblemsPanel.h"
#include "ui/pages/overview/QuietPopup.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/overview/ServingPanel.h"
#include "ui/pages/overview/TrafficCharts.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {

constexpr int oneColumnUnder = 1000;
constexpr int threeColumnsFrom = 1900;
constexpr int chartsWidth = 444;
constexpr int leastDrawing = 600; ///< of the middle of three columns

Subject subjectOf(const facts::Place &place)
{
    if (!place.cluster.isEmpty())
        return place.cluster;
    if (!place.server.isEmpty())
        return place.server;
    if (!place.group.isEmpty())
        return place.group;
    if (!place.pool.isEmpty())
        return place.pool;
    return place.region;
}

Subject subjectOf(const charts::TopologyKey &key)
{
    if (const auto *server = std::get_if<base::ServerId>(&key))
        return *server;
    if (const auto *pool = std::get_if<base::PoolName>(&key))
        return *pool;
    return {};
}

} // namespace

OverviewPage::OverviewPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_headline(new HeadlineRow(content())),
      m_problems(new ProblemsPanel(content())), m_regions(new RegionsPanel(tr("Regions"), content())), m_serving(new ServingPanel(content())),
      m_traffic(new TrafficCharts(this->context(), content())), m_events(new EventsPanel(content()))
{
    m_regions->setHistory(this->context().history);
    m_regions->setExplains(this->context().fleet->thresholds);

    connect(m_problems, &ProblemsPanel::heightChanged, this, &OverviewPage::arrangeNow);
    connect(m_problems, &ProblemsPanel::pressed, this, &OverviewPage::act);
    connect(m_problems, &ProblemsPanel::asked, this, &OverviewPage::ask);
    connect(m_problems, &ProblemsPanel::eventsAsked, this, [this] { setShowsEvents(!m_showsEvents); });
    connect(m_serving, &ServingPanel::heightChanged, this, &OverviewPage::arrangeNow);
    connect(m_serving, &ServingPanel::opened, this, &OverviewPage::openSubject);
    connect(m_events, &EventsPanel::opened, this, [this](const facts::Place &place) { openSubject(subjectOf(place)); });
    connect(m_traffic, &TrafficCharts::rangeChanged, this, [this] {
        if (snapshot())
            m_traffic->showSnapshot(*snapshot());
    });
    connect(m_regions->view(), &charts::TopologyView::opened, this, &OverviewPage::open);
    connect(m_regions->view(), &charts::TopologyView::selectionChanged, this, &Page::selectionChanged);
    connect(m_regions->view(), &charts::TopologyView::imageRequested, this, [this] {
        m_regions->savePicture(format::text(this->context().fleet->name));
    });
    connect(m_regions->view(), &charts::TopologyView::regionPressed, this, [this](const base::RegionName &region) { Q_EMIT inspectRequested(region); });
    connect(m_regions->view(), &charts::TopologyView::menuAboutToShow, this, &OverviewPage::addRegionActs);
    connect(m_regions->acts(), &CardActs::planRequested, this, &Page::planRequested);
    connect(m_regions->acts(), &CardActs::campaignPlanRequested, this, &Page::campaignPlanRequested);
    for (QAbstractItemView *view : std::initializer_list<QAbstractItemView *>{m_problems->list(), m_serving->table(), m_events->table()})
        new RowCopy(view, RowCopy::Copies::AsTheViewDoes);
    setTabOrder(m_problems->list(), m_serving->table());
    setTabOrder(m_serving->table(), m_regions->view());
    setTabOrder(m_regions->view(), m_events->table());
    setFocusProxy(m_regions->view()); // a focused problem list is held: the person decides when
}

void OverviewPage::fill()
{
    m_headline->showSnapshot(*snapshot());
    m_problems->showSnapshot(snapshot());
    m_regions->showSnapshot(snapshot());
    m_serving->showSnapshot(*snapshot());
    m_traffic->showSnapshot(*snapshot());
    m_events->showSnapshot(*snapshot());
    arrangeNow();
}

int OverviewPage::columns() const
{
    return width() < theme::breakpoint(oneColumnUnder) ? 1 : width() < theme::breakpoint(threeColumnsFrom) ? 2 : 3;
}

void OverviewPage::setShowsEvents(bool shows)
{
    m_showsEvents = shows;
    arrangeNow();
}

void OverviewPage::arrange()
{
    const bool swaps = columns() == 2;
    m_problems->setOffersEvents(swaps, m_showsEvents);
    m_events->setVisible(!swaps || m_showsEvents);
    m_regions->setVisible(!swaps || !m_showsEvents);
    if (columns() == 1)
        arrangeStack();
    else
        arrangeColumns(room(), columns()); // the window keeps the margins
}

/// Two columns: problems over regions, serving over charts. Three: problems over events, regions, serving over charts.
void OverviewPage::arrangeColumns(const QRect &room, int columns)
{
    const int gap = columns == 3 ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    const QRect below = room.adjusted(0, head + gap, 0, 0);
    m_headline->setGeometry(room.left(), room.top(), room.width(), head);
    const int leastCharts = 3 * scaled(90) + 2 * gap;
    const int serving = std::min(m_serving->wantedHeight(), below.height() - gap - leastCharts);
    if (columns == 3) {
        m_problems->openWorstOnce();
        // What an inspector takes, it takes from the middle, as long as the drawing has room.
        const int whole = room.width() - 2 * gap;
        const int beside = (whole - scaled(leastDrawing)) / 2;
        const int left = std::max(whole * 640 / 2296, std::min(scaled(640), beside));
        const int right = std::max(whole * 616 / 2296, std::min(scaled(616), beside));
        const int problems = std::min(m_problems->wantedHeight(), below.height() * 3 / 5);
        m_problems->setGeometry(below.left(), below.top(), left, problems);
        m_events->setGeometry(below.left(), below.top() + problems + gap, left, below.height() - problems - gap);
        m_regions->setGeometry(below.left() + left + gap, below.top(), room.width() - left - right - 2 * gap, below.height());
        m_serving->setGeometry(room.right() + 1 - right, below.top(), right, serving);
        m_traffic->setGeometry(room.right() + 1 - right, below.top() + serving + gap, right, below.height() - serving - gap);
    } else {
        if (m_problems->model()->running() == 1)
            m_problems->openWorstOnce(); // alone it has the room
        else
            m_problems->closeWhatOpenedItself();
        const int right = scaled(chartsWidth) + std::max(0, room.width() - 1088) * 2 / 5;
        const int left = room.width() - gap - right;
        const int leastRegions = m_regions->titleHeight() + m_regions->view()->compactHeight();
        int problems = m_problems->oneLineHeight();
        if (!m_problems->isOneLine()) {
            // As high as the panel beside it, where the drawing leaves that.
            const int most = std::max(below.height() - gap - leastRegions, scaled(150));
            problems = std::min(most, std::max(m_problems->wantedHeight(), std::min(most, serving)));
        }
        const QRect rest(below.left(), below.top() + problems + gap, left, below.height() - problems - gap);
        m_problems->setGeometry(below.left(), below.top(), left, problems);
        m_regions->setGeometry(rest);
        m_events->setGeometry(rest);
        m_serving->setGeometry(below.left() + left + gap, below.top(), right, serving);
        m_traffic->setGeometry(below.left() + left + gap, below.top() + serving + gap, right, below.height() - serving - gap);
    }
}

/// One column, which may scroll: problems, serving, regions, charts, events.
void OverviewPage::arrangeStack()
{
    const int gap = theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    const int charts = 3 * scaled(140) + 2 * gap;
    const int events = scaled(theme::size::kTitleRow + 8 * theme::size::kTableRow) + gap;
    const int problems = m_problems->isOneLine() ? m_problems->oneLineHeight() : std::min(m_problems->wantedHeight(), scaled(34 + 4 * ProblemListView::kRow));
    const int serving = m_serving->wantedHeight();
    const int regions = m_regions->titleHeight() + std::max(m_regions->view()->compactHeight(), std::min(m_regions->view()->fullHeight(), height() / 2));
    const int width = room(head + problems + serving + regions + charts + events + 5 * gap).width();
    int y = 0;
    const auto place = [&](QWidget *widget, int height) {
        widget->setGeometry(0, y, width, height);
        y += height + gap;
    };
    place(m_headline, head);
    place(m_problems, problems);
    place(m_serving, serving);
    place(m_regions, regions);
    place(m_traffic, charts);
    place(m_events, events);
}

void OverviewPage::act(const models::ProblemRow &row)
{
    if (!snapshot())
        return;
    if (const auto intent = row.endedAt ? std::nullopt : format::planOf(row.problem)) {
        Q_EMIT planRequested(*intent);
        return;
    }
    if (const auto goal = row.endedAt ? std::nullopt : format::campaignOf(row.problem)) {
        Q_EMIT campaignPlanRequested(*goal);
        return;
    }
    const QString page = format::pageOf(row.problem);
    if (page != QLatin1String("overview"))
        Q_EMIT openRequested(page, subjectOf(row.problem.place));
    else
        QApplication::clipboard()->setText(format::problemReport(row.problem, *snapshot()));
}

void OverviewPage::ask(const models::ProblemRow &row, ProblemAction action)
{
    desk::Desk *desk = context().desk;
    const std::string id = row.problem.id();
    switch (action) {
    case ProblemAction::Claim:
        if (desk)
            desk->claim(id);
        break;
    case ProblemAction::Release:
        if (desk)
            desk->release(id, facts::Claim::Kind::Claimed);
        break;
    case ProblemAction::Quiet: askQuiet(row); break;
    case ProblemAction::Unquiet:
        if (desk)
            desk->release(id, facts::Claim::Kind::Quieted);
        break;
    case ProblemAction::CopyTimeline:
        if (snapshot())
            QApplication::clipboard()->setText(format::timelineText(row.problem, row.endedAt, *snapshot()));
        break;
    case ProblemAction::CopyEvidence:
        if (snapshot())
            QApplication::clipboard()->setText(format::problemReport(row.problem, *snapshot()));
        break;
    }
}

void OverviewPage::askQuiet(const models::ProblemRow &row)
{
    auto *popup = new QuietPopup(row.problem.id(), row.text.line1, this);
    connect(popup, &QuietPopup::chosen, this, [this](const std::string &problem, const QString &reason) {
        if (context().desk)
            context().desk->quiet(problem, reason.toStdString());
    });
    const auto *list = m_problems->list();
    const int at = m_problems->model()->rowOf(row.id);
    const QRect button = at < 0 ? QRect() : list->actionRect(m_problems->model()->index(at, 0), ProblemAction::Quiet);
    popup->move(list->viewport()->mapToGlobal(button.isNull() ? list->viewport()->rect().center() : button.bottomLeft() + QPoint(0, theme::space::kXs)));
    popup->show();
}

void OverviewPage::open(const charts::TopologyKey &key)
{
    const auto *server = std::get_if<base::ServerId>(&key);
    if (server && context().fleet->clusterOf(*server))
        Q_EMIT openRequested(QStringLiteral("replication"), *server);
    else if (server && context().fleet->redisGroupOf(*server))
        Q_EMIT openRequested(QStringLiteral("redis"), *server);
    else if (const auto *pool = std::get_if<base::PoolName>(&key))
        Q_EMIT openRequested(QStringLiteral("cache"), *pool);
    else if (const auto *partition = std::get_if<base::PartitionName>(&key))
        openFold(*partition);
    else if (const Subject subject = subjectOf(key); !std::holds_alternative<std::monostate>(subject))
        Q_EMIT inspectRequested(subject); // a router has no page of its own
}

/// What was folded because it is well is looked at from its first cluster on.
void OverviewPage::openFold(const base::PartitionName &partition)
{
    const auto &clusters = context().fleet->clusters;
    const auto first = std::find_if(clusters.begin(), clusters.end(), [&](const fleet::Cluster &cluster) { return cluster.partition == partition; });
    if (first != clusters.end())
        Q_EMIT openRequested(QStringLiteral("replication"), first->name);
}

/// The way away; home once it is marked.
void OverviewPage::addRegionActs(QMenu *menu, const base::RegionName &region)
{
    const bool isEvacuated = snapshot() && facts::evacuationOf(snapshot()->shared.get(), region);
    const campaign::Goal goal{isEvacuated ? campaign::Aim::Return : campaign::Aim::Evacuate, region.text()};
    menu->addAction(tr("Look at %1").arg(format::text(region.text())), this, [this, region] { Q_EMIT inspectRequested(region); });
    menu->addAction(format::campaignLink(goal), this, [this, goal] { Q_EMIT campaignPlanRequested(goal); });
}

Subject OverviewPage::selection() const
{
    return subjectOf(m_regions->view()->selected());
}

bool OverviewPage::showProblem(const std::string &problemId)
{
    present();
    const int row = m_problems->model()->rowOf(problemId);
    if (row < 0)
        return false;
    const QModelIndex index = m_problems->model()->index(row, 0);
    m_problems->list()->setCurrentIndex(index);
    m_problems->list()->scrollTo(index);
    m_problems->list()->setFocus(Qt::ShortcutFocusReason);
    return true;
}

void OverviewPage::openSubject(const Subject &subject)
{
    if (const auto *cluster = std::get_if<base::ClusterName>(&subject))
        Q_EMIT openRequested(QStringLiteral("replication"), *cluster);
    else
        select(subject);
}

bool OverviewPage::select(const Subject &subject)
{
    present();
    const auto &graph = m_regions->view()->picture().graph;
    const auto matches = [&](const charts::TopologyNode &node) {
        if (const auto *server = std::get_if<base::ServerId>(&subject))
            return node.key == charts::TopologyKey(*server);
        if (const auto *pool = std::get_if<base::PoolName>(&subject))
            return node.key == charts::TopologyKey(*pool);
        if (const auto *cluster = std::get_if<base::ClusterName>(&subject))
            return node.cluster == *cluster;
        if (const auto *group = std::get_if<base::GroupName>(&subject))
            return node.group == *group;
        return false;
    };
    // A cluster is shown by its primary, else by its first member.
    const charts::TopologyNode *found = nullptr;
    for (const auto &node : graph.nodes)
        if (matches(node) && (!found || node.role == charts::NodeRole::Primary))
            found = &node;
    if (!found)
        return false;
    m_regions->setTable(false);
    m_regions->view()->select(found->key);
    return true;
}

QVariantMap OverviewPage::viewState() const
{
    QVariantMap state;
    state.insert(QStringLiteral("table"), m_regions->isTable());
    state.insert(QStringLiteral("ended"), m_problems->showsEnded());
    state.insert(QStringLiteral("problem"), QString::fromStdString(m_problems->list()->openedId()));
    const auto selected = m_regions->view()->selected();
    if (const auto *server = std::get_if<base::ServerId>(&selected))
        state.insert(QStringLiteral("server"), QString::fromStdString(server->text()));
    state.insert(QStringLiteral("events"), m_showsEvents);
    state.insert(QStringLiteral("minutes"), static_cast<int>(m_traffic->range().count()));
    return state;
}

void OverviewPage::restoreViewState(const QVariantMap &state)
{
    m_problems->setShowsEnded(state.value(QStringLiteral("ended")).toBool());
    setShowsEvents(state.value(QStringLiteral("events")).toBool());
    m_traffic->setRange(std::chrono::minutes(state.value(QStringLiteral("minutes"), 15).toInt()));
    if (const auto problem = state.value(QStringLiteral("problem")).toString(); !problem.isEmpty())
        m_problems->list()->open(problem.toStdString());
    if (const auto server = state.value(QStringLiteral("server")).toString(); !server.isEmpty())
        m_regions->view()->select(base::ServerId(server.toStdString()));
    if (state.value(QStringLiteral("table")).toBool() != m_regions->isTable())
        toggleTable();
}

void OverviewPage::focusFind()
{
    m_problems->list()->setFocus();
}

void OverviewPage::toggleTable()
{
    m_regions->setTable(!m_regions->isTable());
}

QString OverviewPage::asCsv() const
{
    // What the person stands in, else the drawing's table.
    const QWidget *focus = focusWidget();
    if (focus && m_serving->isAncestorOf(focus))
        return m_serving->model()->asCsv();
    if (focus && m_events->isAncestorOf(focus))
        return m_events->model()->asCsv();
    if (focus && m_problems->isAncestorOf(focus))
        return m_problems->model()->asCsv();
    return m_regions->isVisible() ? m_regions->asCsv() : m_events->model()->asCsv();
}

bool OverviewPage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->sampledAt; });
}

} // namespace shardlens::ui::pages

#include "moc_OverviewPage.cpp"
