// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/OperationsPage.h"

#include "core/execute/PastRuns.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RunBar.h"
#include "ui/operate/RunningView.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/operations/CampaignRows.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/HostsView.h"
#include "ui/pages/operations/OperationsRows.h"
#include "ui/pages/operations/SavedPlanRows.h"
#include "ui/pages/readiness/ReadinessRows.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QLineEdit>
#include <QMenu>

#include <algorithm>

namespace shardlens::ui::pages {

using operate::Act;
using operate::Intent;
using operate::OperationSeen;
using theme::scaled;

namespace {

constexpr int operationsWideFrom = 1900;
constexpr int leastOperations = 3;
constexpr int leastPlan = 440;

Intent intentFor(Act act, const base::ClusterName &cluster, const base::ServerId &to)
{
    return act == Act::Switchover ? Intent(operate::SwitchCluster{cluster, to}) : Intent(operate::FailCluster{cluster, to});
}

} // namespace

OperationsPage::OperationsPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Operations"), TitleRow::Field::Find, content())),
      m_openBar(new operate::RunBar(content())),
      m_readiness(new RowsPanel(tr("Readiness"), readinessColumns(*this->context().fleet, ReadinessOf::Clusters), content())),
      m_operations(new RowsPanel(tr("Operations"), operationColumns(*this->context().fleet), content())),
      m_saved(new RowsPanel(tr("Saved plans"), savedPlanColumns(*this->context().fleet), content())),
      m_none(new theme::Text(theme::FontRole::Body, theme::ColourRole::Muted, m_operations)), m_plan(new operate::PlanView(content())),
      m_running(new operate::RunningView(this->context().clock, this->context().fleet, content())),
      m_campaign(new CampaignView(this->context().clock, this->context().fleet, content())),
      m_hosts(new HostsView(*this->context().fleet, content()))
{
    m_readiness->table()->setAccessibleName(tr("Readiness of the clusters"));
    m_operations->table()->setAccessibleName(tr("Operations, running and past"));
    buildLists();
    buildSaved();
    buildPlan();
    buildOperation();
    buildCampaign();
    buildHosts();
    turnTo(Showing::Lists);
    if (auto *board = this->context().operations) {
        connect(board, &operate::OperationBoard::changed, this, &OperationsPage::followBoard);
        connect(board, &operate::OperationBoard::refused, this, &OperationsPage::tellRefused);
        rememberPast();
    }
}

void OperationsPage::buildLists()
{
    m_title->setHasRange(false);
    connect(m_title, &TitleRow::wordsChanged, m_readiness->table()->ordered(), &models::OrderedRows::setWords);
    connect(m_title, &TitleRow::wordsChanged, m_operations->table()->ordered(), &models::OrderedRows::setWords);
    auto *ready = m_readiness->table();
    connect(ready, &FactTable::chosen, this, &OperationsPage::selectionChanged);
    connect(ready, &FactTable::opened, this, &OperationsPage::openCluster);
    connect(ready, &QAbstractItemView::clicked, this, [this, ready](const QModelIndex &index) {
        if (index.column() == ready->facts()->columnOf(QStringLiteral("plan")))
            openCluster(ready->currentId());
    });
    connect(ready, &FactTable::menuAboutToShow, this, [this](QMenu *menu, const std::string &id) {
        const base::ClusterName cluster(id);
        menu->addSeparator();
        for (const Act act : {Act::Switchover, Act::Failover}) {
            menu->addAction(format::planButton(act), this, [this, act, cluster] {
                goDeeper(Showing::Plan);
                showPlan(intentFor(act, cluster, {}));
            });
        }
    });
    auto *past = m_operations->table();
    connect(past, &FactTable::opened, this, &OperationsPage::openOperation);
    connect(past, &QAbstractItemView::clicked, this, [this, past](const QModelIndex &index) {
        if (index.column() == past->facts()->columnOf(QStringLiteral("open")))
            openOperation(past->currentId());
    });
    m_openBar->setShowsOpen(true);
    connect(m_openBar, &operate::RunBar::openAsked, this, [this] {
        if (const auto *board = context().operations; board && board->open())
            openOperation(board->open()->operation.id);
    });
    const auto onOpen = [this](void (operate::OperationBoard::*what)(const std::string &)) {
        if (auto *board = context().operations; board && board->open())
            (board->*what)(board->open()->operation.id);
    };
    connect(m_openBar, &operate::RunBar::resumeAsked, this, [onOpen] { onOpen(&operate::OperationBoard::resume); });
    connect(m_openBar, &operate::RunBar::undoAsked, this, [onOpen] { onOpen(&operate::OperationBoard::undo); });
    connect(m_openBar, &operate::RunBar::abandonAsked, this, [this] {
        if (const auto *board = context().operations; board && board->open()) {
            openOperation(board->open()->operation.id); // what it would leave stands there, and is confirmed there
            m_running->askToAbandon();
        }
    });
    setTabOrder(ready, m_saved->table());
    setTabOrder(m_saved->table(), past);
}

void OperationsPage::buildPlan()
{
    connect(m_plan, &operate::PlanView::backRequested, this, [this] { goDeeper(Showing::Lists); });
    const auto openPlan = [this](const Intent &intent) {
        goDeeper(Showing::Plan);
        showPlan(intent);
    };
    connect(m_plan, &operate::PlanView::otherPlanAsked, this, openPlan);
    connect(m_running, &operate::RunningView::planAsked, this, openPlan);
    connect(m_plan, &operate::PlanView::started, this, &OperationsPage::startWhat);
}

void OperationsPage::buildOperation()
{
    connect(m_running, &operate::RunningView::backRequested, this, [this] { goDeeper(Showing::Lists); });
    if (auto *board = context().operations) {
        connect(m_running, &operate::RunningView::cancelAsked, board, &operate::OperationBoard::cancel);
        connect(m_running, &operate::RunningView::resumeAsked, board, &operate::OperationBoard::resume);
        connect(m_running, &operate::RunningView::undoAsked, board, &operate::OperationBoard::undo);
        connect(m_running, &operate::RunningView::abandonAsked, board, &operate::OperationBoard::abandon);
    }
}

const operate::OperationList &OperationsPage::list() const
{
    static const operate::OperationList none;
    return context().operations ? context().operations->latest() : none;
}

/// Why this console's person may not act; the grants on the servers have the last word.
QString OperationsPage::refusal() const
{
    const std::string user = snapshot() && snapshot()->shared ? snapshot()->shared->you : std::string();
    return format::actingRefusal(*context().fleet, user);
}

void OperationsPage::fill()
{
    m_ready = operate::readinessOfAll(*snapshot(), m_past);
    if (m_showing != Showing::Hosts)
        m_title->setNote(readinessSummary(*snapshot(), m_ready, ReadinessOf::Clusters));
    m_readiness->table()->showRows(readinessRows(*snapshot(), m_ready));
    fillOperations();
    fillSaved();
    if (m_showing == Showing::Plan)
        fillPlan();
    else if (m_showing == Showing::Campaign)
        fillCampaign();
    else if (m_showing == Showing::Hosts)
        fillHosts();
    arrangeNow();
}

void OperationsPage::fillOperations()
{
    m_operations->table()->showRows(operationRows(list(), campaigns(), context().clock->utcNow()));
    m_operations->setNote(list().trouble.isEmpty() ? campaigns().trouble : list().trouble);
    m_none->setText(list().trouble.isEmpty() ? tr("No operation is known: none was carried out from this machine.") : tr("No operation can be shown."));
    m_none->setVisible(list().operations.empty() && campaigns().campaigns.empty());
    const OperationSeen *open = context().operations ? context().operations->open() : nullptr;
    if (open)
        m_openBar->showOperation(*open, refusal().isEmpty());
    m_openBar->setVisible(open && m_showing == Showing::Lists);
}

/// Once a change of the journals, not once a tick.
void OperationsPage::rememberPast()
{
    std::vector<const execute::Operation *> past;
    for (const OperationSeen &seen : list().operations)
        past.push_back(&seen.operation);
    m_past = execute::pastOf(past, context().fleet);
    m_plan->remember(m_past);
}

void OperationsPage::followBoard()
{
    rememberPast();
    if (!m_awaited.isEmpty()) {
        // The one that was asked for may be over before it was ever seen to run.
        for (const OperationSeen &seen : list().operations) {
            if (seen.operation.subject() != m_awaited.text() || m_knownThen.count(seen.operation.id) > 0)
                continue;
            m_awaited = {};
            goDeeper(Showing::Operation);
            showOperation(seen.operation.id);
            break;
        }
    }
    if (m_showing == Showing::Operation) {
        if (const OperationSeen *seen = context().operations->operation(m_operation))
            m_running->showOperation(*seen);
    }
    if (!isVisible() || !snapshot())
        return;
    fillOperations();
    if (m_showing == Showing::Lists)
        arrangeNow();
    else if (m_showing == Showing::Plan)
        fillPlan();
}

/// The person went on inside the page: back leads to where they were.
void OperationsPage::goDeeper(Showing showing)
{
    Q_EMIT viewLeft(viewState());
    turnTo(showing);
}

void OperationsPage::turnTo(Showing showing)
{
    const bool hadFocus = isAncestorOf(focusWidget()) || hasFocus();
    m_showing = showing;
    const bool lists = showing == Showing::Lists;
    const bool hosts = showing == Showing::Hosts;
    m_title->setVisible(lists || hosts);
    m_hosts->setVisible(hosts);
    if (lists || hosts) {
        const QSignalBlocker quiet(m_title);
        m_title->setView(hosts ? 1 : 0);
    }
    m_readiness->setVisible(lists);
    m_operations->setVisible(lists);
    m_saved->setVisible(lists && m_saved->table()->facts()->rowCount() > 0);
    m_openBar->setVisible(lists && context().operations && context().operations->open());
    m_plan->setVisible(showing == Showing::Plan);
    m_running->setVisible(showing == Showing::Operation);
    m_campaign->setVisible(showing == Showing::Campaign);
    QWidget *first = lists ? static_cast<QWidget *>(m_readiness->table()) : whole();
    setFocusProxy(first);
    if (hosts && snapshot())
        fillHosts(); // nothing was filled in while it was hidden
    else if (lists && snapshot())
        m_title->setNote(readinessSummary(*snapshot(), m_ready, ReadinessOf::Clusters));
    arrangeNow();
    if (hadFocus && isVisible())
        first->setFocus(Qt::OtherFocusReason);
    if (showing != Showing::Plan) // else fillPlan() does, once it knows what hinders it
        tellExpected();
    Q_EMIT selectionChanged();
}

bool OperationsPage::showPlan(const Intent &intent)
{
    if (!context().fleet->cluster(operate::clusterOf(intent)) && !context().fleet->redisGroup(operate::groupOf(intent)))
        return false;
    m_plan->ask(intent);
    m_plan->setMayBeSaved(context().plans && context().plans->isAnswered());
    turnTo(Showing::Plan);
    if (snapshot())
        fillPlan();
    if (isVisible())
        m_plan->setFocus(Qt::OtherFocusReason);
    return true;
}

bool OperationsPage::showOperation(const std::string &id)
{
    const OperationSeen *seen = context().operations ? context().operations->operation(id) : nullptr;
    if (!seen)
        return false;
    m_operation = id;
    m_running->setMayAct(refusal().isEmpty());
    m_running->showOperation(*seen);
    turnTo(Showing::Operation);
    return true;
}

/// The plan that the row's words name.
void OperationsPage::openCluster(const std::string &cluster)
{
    const auto row = std::find_if(m_ready.begin(), m_ready.end(), [&](const operate::Readiness &one) { return one.cluster.text() == cluster; });
    if (row == m_ready.end())
        return;
    const Intent intent = intentFor(row->act, row->cluster, {});
    goDeeper(Showing::Plan);
    showPlan(intent);
}

void OperationsPage::openOperation(const std::string &id)
{
    if (context().campaigns && context().campaigns->campaign(id)) {
        goDeeper(Showing::Campaign);
        showCampaign(id);
        return;
    }
    if (!context().operations || !context().operations->operation(id))
        return;
    goDeeper(Showing::Operation);
    showOperation(id);
}

void OperationsPage::arrange()
{
    if (m_showing == Showing::Lists) {
        const int gap = width() >= theme::breakpoint(operationsWideFrom) ? theme::space::kL : theme::space::kM;
        const int head = scaled(theme::size::kTitleRow);
        const int bar = m_openBar->isHidden() ? 0 : m_openBar->heightFor(width()) + gap;
        const int saved = m_saved->isHidden() ? 0 : m_saved->heightFor(1) + gap;
        arrangeLists(room(head + gap + bar + m_readiness->heightFor(2) + gap + saved + m_operations->heightFor(leastOperations)));
        return;
    }
    if (m_showing == Showing::Hosts) {
        arrangeHosts();
        return;
    }
    const int least = m_showing == Showing::Campaign ? m_campaign->leastHeight(width()) : scaled(leastPlan);
    whole()->setGeometry(room(least));
}

/// Readiness takes what its rows need, at most three fifths, then what was put aside, at most a fifth; the operations take the rest.
void OperationsPage::arrangeLists(const QRect &room)
{
    const bool wide = width() >= theme::breakpoint(operationsWideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    for (RowsPanel *panel : {m_readiness, m_saved, m_operations})
        panel->table()->setRowHeight(wide ? 30 : 28);
    const int head = scaled(theme::size::kTitleRow);
    m_title->setGeometry(0, 0, room.width(), head);
    int top = head + gap;
    if (!m_openBar->isHidden()) {
        const int bar = m_openBar->heightFor(room.width());
        m_openBar->setGeometry(0, top, room.width(), bar);
        top += bar + gap;
    }
    const bool hasSaved = !m_saved->isHidden();
    const int whole = room.height() - top;
    const int saved = hasSaved ? std::min(m_saved->wantedHeight(), std::max(m_saved->heightFor(1), whole / 5)) : 0;
    const int left = whole - (hasSaved ? saved + gap : 0);
    const int ready = std::min(m_readiness->wantedHeight(), std::max(left - gap - m_operations->heightFor(leastOperations), left * 3 / 5));
    m_readiness->setGeometry(0, top, room.width(), ready);
    top += ready + gap;
    if (hasSaved) {
        m_saved->setGeometry(0, top, room.width(), saved);
        top += saved + gap;
    }
    m_operations->setGeometry(0, top, room.width(), room.height() - top);
    const int none = m_operations->heightFor(0);
    m_none->setGeometry(theme::space::kM, none, room.width() - 2 * theme::space::kM, scaled(theme::size::kTableRow));
}

bool OperationsPage::select(const Subject &subject)
{
    if (const auto *host = std::get_if<base::HostName>(&subject))
        return showHost(*host);
    base::ClusterName cluster;
    if (const auto *name = std::get_if<base::ClusterName>(&subject))
        cluster = *name;
    else if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        if (const auto *of = context().fleet->clusterOf(*id))
            cluster = of->name;
    }
    if (!context().fleet->cluster(cluster))
        return false;
    present();
    if (m_showing != Showing::Lists)
        turnTo(Showing::Lists);
    m_readiness->table()->choose(cluster.text());
    return true;
}

Subject OperationsPage::selection() const
{
    if (m_showing == Showing::Plan)
        return operate::groupOf(m_plan->intent()).isEmpty() ? Subject(operate::clusterOf(m_plan->intent())) : Subject(operate::groupOf(m_plan->intent()));
    if (m_showing == Showing::Hosts)
        return m_hosts->host().isEmpty() ? Subject() : Subject(m_hosts->host());
    const std::string chosen = m_readiness->table()->currentId();
    return chosen.empty() || m_showing == Showing::Operation ? Subject() : Subject(base::ClusterName(chosen));
}

QVariantMap OperationsPage::viewState() const
{
    QVariantMap state{{QStringLiteral("words"), m_title->find()->text()},
                      {QStringLiteral("readiness"), m_readiness->table()->order()},
                      {QStringLiteral("operations"), m_operations->table()->order()}};
    if (m_showing == Showing::Plan) {
        const Intent &intent = m_plan->intent();
        state.insert(QStringLiteral("plan"), format::text(std::string(operate::name(operate::actOf(intent)))));
        state.insert(QStringLiteral("cluster"), format::text(operate::clusterOf(intent).text()));
        state.insert(QStringLiteral("group"), format::text(operate::groupOf(intent).text()));
        state.insert(QStringLiteral("server"), format::text(operate::wantedOf(intent).text()));
        if (const auto *small = std::get_if<operate::SmallAct>(&intent)) {
            state.insert(QStringLiteral("on"), format::text(small->on.text()));
            state.insert(QStringLiteral("object"), format::text(small->object));
            state.insert(QStringLiteral("began"), format::text(small->began));
        }
        if (operate::warmsOf(intent))
            state.insert(QStringLiteral("warms"), true);
        if (!m_plan->savedAs().empty())
            state.insert(QStringLiteral("saved"), format::text(m_plan->savedAs()));
    } else if (m_showing == Showing::Operation) {
        state.insert(QStringLiteral("operation"), format::text(m_operation));
    } else if (m_showing == Showing::Campaign) {
        keepCampaign(state);
    } else if (m_showing == Showing::Hosts) {
        state.insert(QStringLiteral("host"), format::text(m_hosts->host().text()));
    }
    return state;
}

void OperationsPage::restoreViewState(const QVariantMap &state)
{
    m_title->find()->setText(state.value(QStringLiteral("words")).toString());
    m_readiness->table()->restoreOrder(state.value(QStringLiteral("readiness")).toMap());
    m_operations->table()->restoreOrder(state.value(QStringLiteral("operations")).toMap());
    const auto textOf = [&](const char *key) { return state.value(QLatin1String(key)).toString().toStdString(); };
    const base::ClusterName cluster(textOf("cluster"));
    const base::ServerId server(textOf("server"));
    if (const std::string saved = textOf("saved"); !saved.empty() && showSaved(saved))
        return;
    const auto act = operate::actNamed(textOf("plan"));
    if (act && showPlan(operate::isMove(*act)
                            ? operate::moveOf(*act, cluster, base::GroupName(textOf("group")), server, state.value(QStringLiteral("warms")).toBool())
                            : operate::SmallAct{*act, cluster, base::ServerId(textOf("on")), textOf("object"), server, textOf("began")}))
        return;
    if (const std::string id = textOf("operation"); !id.empty() && showOperation(id))
        return;
    if (const std::string host = textOf("host"); !host.empty() && showHost(base::HostName(host)))
        return;
    turnTo(Showing::Lists);
    restoreCampaign(state);
}

void OperationsPage::focusFind()
{
    if (m_showing != Showing::Lists && m_showing != Showing::Hosts)
        return;
    m_title->find()->setFocus();
    m_title->find()->selectAll();
}

QString OperationsPage::asCsv() const
{
    if (!snapshot() || (m_showing != Showing::Lists && m_showing != Showing::Hosts))
        return {};
    if (m_showing == Showing::Hosts) {
        const auto *hosts = m_hosts->servers()->table()->hasFocus() ? m_hosts->servers()->table() : m_hosts->hosts()->table();
        return hosts->facts()->asCsv(format::iso8601(snapshot()->takenUtc));
    }
    const auto *table = m_operations->table()->hasFocus() ? m_operations->table() : m_saved->table()->hasFocus() ? m_saved->table() : m_readiness->table();
    return table->facts()->asCsv(format::iso8601(snapshot()->takenUtc));
}

bool OperationsPage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->postgres(); });
}

} // namespace shardlens::ui::pages

#include "moc_OperationsPage.cpp"
