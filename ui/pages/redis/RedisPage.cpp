// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/redis/RedisPage.h"

#include "ui/charts/ChartPanel.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/FactsPanel.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/overview/CardActs.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/readiness/ReadinessRows.h"
#include "ui/pages/redis/RedisRows.h"
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
constexpr int redisWideFrom = 1900;
constexpr int detailsWidth = 400;
constexpr int leastChart = 90;
} // namespace

RedisPage::RedisPage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Redis"), TitleRow::Field::Find, content())), m_groups(new RowsPanel(tr("Groups"), redisColumns(*this->context().fleet), content())), m_table(m_groups->table()),
      m_readiness(new RowsPanel(tr("Could a primary be moved now?"), readinessColumns(*this->context().fleet, ReadinessOf::Groups), content())), m_details(new FactsPanel(content())), m_drawing(new RegionsPanel(QString(), content())),
      m_commands(new ChartPanel(tr("Commands"), Unit::PerSecond, TimeChart::Scale::FromZero, content())),
      m_behind(new ChartPanel(tr("Replicas behind"), Unit::Bytes, TimeChart::Scale::FromZero, content()))
{
    m_table->setAccessibleName(tr("Redis groups, a row a region"));
    m_readiness->table()->setAccessibleName(tr("Readiness of the Redis groups"));
    connectReadiness();
    m_drawing->setHistory(this->context().history);
    m_drawing->view()->setAccessibleName(tr("The group over the regions"));
    joinCharts({m_commands, m_behind});
    connect(m_title, &TitleRow::wordsChanged, m_table->ordered(), &models::OrderedRows::setWords);
    connect(m_title, &TitleRow::rangeChanged, this, &RedisPage::presentAgain);
    connect(m_table, &FactTable::chosen, this, [this](const std::string &id) { showServer(base::ServerId(id)); });
    connect(m_table, &FactTable::opened, this, [this] { m_details->table()->setFocus(); });
    connect(m_drawing->view(), &charts::TopologyView::selectionChanged, this, [this] {
        if (const auto key = m_drawing->view()->selected(); std::holds_alternative<base::ServerId>(key))
            select(std::get<base::ServerId>(key));
    });
    connect(m_drawing->acts(), &CardActs::planRequested, this, &Page::planRequested);
    connect(m_drawing->acts(), &CardActs::campaignPlanRequested, this, &Page::campaignPlanRequested);
    // A card's row is chosen already; its facts are the closer look.
    connect(m_drawing->view(), &charts::TopologyView::opened, this, [this](const charts::TopologyKey &key) {
        const auto *server = std::get_if<base::ServerId>(&key);
        if (server && select(*server))
            m_details->table()->setFocus();
    });
    connect(m_drawing->view(), &charts::TopologyView::imageRequested, this, [this] {
        const auto *group = this->context().fleet->redisGroupOf(m_server);
        m_drawing->savePicture(tr("%1, %2").arg(format::text(this->context().fleet->name), group ? format::text(group->name.text()) : QString()));
    });
    if (!this->context().fleet->redisGroups.empty() && !this->context().fleet->redisGroups.front().servers.empty())
        m_server = this->context().fleet->redisGroups.front().servers.front();
    setTabOrder(m_table, m_readiness->table());
    setTabOrder(m_readiness->table(), m_details->table());
    setTabOrder(m_details->table(), m_drawing->view());
    setFocusProxy(m_table);
}

void RedisPage::connectReadiness()
{
    FactTable *ready = m_readiness->table();
    connect(ready, &FactTable::opened, this, &RedisPage::openPlanOf);
    connect(ready, &QAbstractItemView::clicked, this, [this, ready](const QModelIndex &index) {
        if (index.column() == ready->facts()->columnOf(QStringLiteral("plan")))
            openPlanOf(ready->currentId());
    });
}

/// The plan that the row's words name.
void RedisPage::openPlanOf(const std::string &group)
{
    const auto row = std::find_if(m_ready.begin(), m_ready.end(), [&](const operate::Readiness &one) { return one.group.text() == group; });
    if (row != m_ready.end())
        Q_EMIT planRequested(operate::moveOf(row->act, {}, row->group, {}));
}

void RedisPage::fill()
{
    m_title->setNote(redisSummary(*snapshot()));
    m_ready = operate::readinessOfAllGroups(*snapshot());
    m_readiness->table()->showRows(readinessRows(*snapshot(), m_ready));
    m_table->showRows(redisRows(*snapshot(), feed(m_title->range())));
    if (m_table->currentId().empty())
        m_table->choose(m_server.text());
    fillServer();
}

void RedisPage::showServer(const base::ServerId &server)
{
    if (server == m_server)
        return;
    m_server = server;
    Q_EMIT selectionChanged();
    if (snapshot() && isVisible())
        fillServer();
}

void RedisPage::fillServer()
{
    const auto *group = context().fleet->redisGroupOf(m_server);
    const auto *server = context().fleet->server(m_server);
    if (!group || !server)
        return;
    const auto *observation = snapshot()->observation(m_server);
    const auto &own = server->address.from(context().fleet->ownRegion);
    const QString address = format::text(own.host) + QLatin1Char(':') + QString::number(own.port);
    m_details->showFacts(format::text(m_server.text()), observation && observation->redis() ? address : tr("%1, no answer yet").arg(address),
                         redisDetails(*snapshot(), m_server));
    m_drawing->setTitle(format::text(group->name.text()));
    m_drawing->setNote(tr("holds %1, on the lines: since the last exchange").arg(roleWords(group->role)));
    m_drawing->view()->setOnlyGroup(group->name);
    m_drawing->showSnapshot(snapshot());
    m_drawing->view()->select(m_server);
    fillCharts();
    arrangeAnew();
}

/// Where rows, or lines of cards, have come or gone since the panels got their heights: the first answers bring most of them.
void RedisPage::arrangeAnew()
{
    const std::array wanted{m_groups->wantedHeight(), m_readiness->wantedHeight(), m_drawing->view()->fullHeight(), m_details->wantedHeight()};
    if (wanted == m_arrangedFor)
        return;
    m_arrangedFor = wanted;
    arrangeNow();
}

void RedisPage::fillCharts()
{
    const auto &fleet = *context().fleet;
    const auto *group = fleet.redisGroupOf(m_server);
    const auto *facts = snapshot()->redisGroup(group->name);
    const ChartFeed feed = this->feed(m_title->range());
    std::vector<charts::ChartLine> commands;
    std::vector<charts::ChartLine> behind;
    for (const auto &id : group->servers) {
        const auto *server = fleet.server(id);
        const QString name = format::text(server->region.text());
        const int series = theme::regionIndex(fleet, server->region);
        const bool fresh = format::ageOf(*snapshot(), id).freshness == facts::Freshness::Fresh;
        if (commands.size() < TimeChart::kMaxLines) {
            commands.push_back(feed.line(name, series, {Measure::RedisCommands, id.text()}));
            const auto *observation = snapshot()->observation(id);
            const auto *rates = observation ? observation->redisRates() : nullptr;
            if (fresh && rates && rates->commandsPerSecond)
                commands.back().endText = format::rate(*rates->commandsPerSecond);
        }
        const auto *lag = facts ? replicaOf(*facts, id) : nullptr;
        if (lag && behind.size() < TimeChart::kMaxLines) {
            behind.push_back(feed.line(name, series, {Measure::LagBytes, id.text()}));
            if (fresh && lag->behind)
                behind.back().endText = m_behindUnits[id].bytes(*lag->behind);
        }
    }
    m_commands->chart()->setLines(std::move(commands));
    m_behind->chart()->setLines(std::move(behind));
    m_commands->setTitle(tr("Commands, %1").arg(format::text(group->name.text())));
    m_behind->setTitle(tr("Replicas behind, %1").arg(format::text(group->name.text())));
    for (auto *panel : {m_commands, m_behind})
        feed.dress(*panel->chart(), feed.marks({.region = {}, .server = {}, .cluster = {}, .group = group->name, .pool = {}}));
}

/// The table over the whole width; under it the facts of the chosen row, and beside them readiness, its group and its charts, as there is room.
/// A wide page has readiness over its whole width, too.
void RedisPage::arrange()
{
    room();
    const bool wide = width() >= theme::breakpoint(redisWideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    m_title->setGeometry(0, 0, width(), head);
    for (FactTable *table : {m_table, m_readiness->table()})
        table->setRowHeight(wide ? 30 : 28);
    m_drawing->view()->setMayBeRoomy(wide);
    const int top = head + gap;
    const int table = std::min(m_groups->wantedHeight(), (height() - top - gap) * 58 / 100);
    m_groups->setGeometry(0, top, width(), table);

    QRect rest(0, top + table + gap, width(), height() - top - table - gap);
    if (wide) {
        const int ready = std::min(m_readiness->wantedHeight(), rest.height() / 3);
        m_readiness->setGeometry(0, rest.top(), width(), ready);
        rest.setTop(rest.top() + ready + gap);
    }
    const int details = std::min(scaled(detailsWidth), (rest.width() - gap) / 2);
    m_details->setGeometry(rest.left(), rest.top(), details, wide ? std::min(rest.height(), m_details->wantedHeight()) : rest.height());
    arrangeRight(rest.adjusted(details + gap, 0, 0, 0), wide, gap);
}

void RedisPage::arrangeRight(QRect right, bool wide, int gap)
{
    const int drawing = m_drawing->titleHeight() + m_drawing->view()->fullHeight() + theme::space::kXs;
    m_behind->setVisible(wide);
    if (wide) {
        const int half = (right.width() - gap) / 2;
        const int group = std::min(drawing, right.height());
        const int charts = right.top() + group + gap;
        m_drawing->setVisible(true);
        m_commands->setVisible(true);
        m_drawing->setGeometry(right.left(), right.top(), right.width(), group);
        m_commands->setGeometry(right.left(), charts, half, right.bottom() + 1 - charts);
        m_behind->setGeometry(right.left() + half + gap, charts, right.width() - half - gap, right.bottom() + 1 - charts);
        return;
    }
    const int ready = std::min(m_readiness->wantedHeight(), right.height());
    m_readiness->setGeometry(right.left(), right.top(), right.width(), ready);
    right.setTop(right.top() + ready + gap);
    const bool roomForChart = right.height() >= scaled(leastChart);
    const bool roomForDrawing = right.height() >= drawing + gap + scaled(130);
    m_drawing->setVisible(roomForDrawing);
    m_commands->setVisible(roomForChart);
    m_drawing->setGeometry(right.left(), right.top(), right.width(), drawing);
    const int chartTop = roomForDrawing ? right.top() + drawing + gap : right.top();
    m_commands->setGeometry(right.left(), chartTop, right.width(), right.bottom() + 1 - chartTop);
}

bool RedisPage::select(const Subject &subject)
{
    base::ServerId server;
    if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        if (context().fleet->redisGroupOf(*id))
            server = *id;
    } else if (const auto *name = std::get_if<base::GroupName>(&subject)) {
        const auto *group = context().fleet->redisGroup(*name);
        const auto *facts = snapshot() && group ? snapshot()->redisGroup(*name) : nullptr;
        if (facts && facts->primary)
            server = *facts->primary;
        else if (group && !group->servers.empty())
            server = group->servers.front();
    }
    if (server.isEmpty())
        return false;
    showServer(server);
    m_table->choose(server.text());
    return true;
}

Subject RedisPage::selection() const
{
    return m_server.isEmpty() ? Subject() : Subject(m_server);
}

QVariantMap RedisPage::viewState() const
{
    return {{QStringLiteral("server"), format::text(m_server.text())},
            {QStringLiteral("range"), m_title->rangeIndex()},
            {QStringLiteral("words"), m_title->find()->text()},
            {QStringLiteral("table"), m_drawing->isTable()},
            {QStringLiteral("order"), m_table->order()},
            {QStringLiteral("readiness"), m_readiness->table()->order()}};
}

void RedisPage::restoreViewState(const QVariantMap &state)
{
    select(base::ServerId(state.value(QStringLiteral("server")).toString().toStdString()));
    if (state.contains(QStringLiteral("range")))
        m_title->setRangeIndex(state.value(QStringLiteral("range")).toInt());
    m_title->find()->setText(state.value(QStringLiteral("words")).toString());
    m_table->restoreOrder(state.value(QStringLiteral("order")).toMap());
    m_readiness->table()->restoreOrder(state.value(QStringLiteral("readiness")).toMap());
    if (state.value(QStringLiteral("table")).toBool() != m_drawing->isTable())
        toggleTable();
}

void RedisPage::focusFind()
{
    m_title->find()->setFocus();
    m_title->find()->selectAll();
}

/// The rows are the twin of the charts; the drawing has one of its own.
void RedisPage::toggleTable()
{
    m_drawing->setTable(!m_drawing->isTable());
}

QString RedisPage::asCsv() const
{
    const FactTable *table = m_readiness->table()->hasFocus() ? m_readiness->table() : m_table;
    return snapshot() ? table->facts()->asCsv(format::iso8601(snapshot()->takenUtc)) : QString();
}

bool RedisPage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->redis(); });
}

} // namespace shardlens::ui::pages

#include "moc_RedisPage.cpp"
