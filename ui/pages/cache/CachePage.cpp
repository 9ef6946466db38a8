// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/CachePage.h"

#include "ui/charts/ChartPanel.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/TitleRow.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/pages/cache/FlowView.h"
#include "ui/pages/cache/HotKeysView.h"
#include "ui/pages/cache/KeyView.h"
#include "ui/pages/cache/MemoryView.h"
#include "ui/pages/cache/ServersView.h"
#include "ui/pages/cache/WarmView.h"
#include "ui/theme/Type.h"

#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {
constexpr int cacheWideFrom = 1900;

/// A pool is filled from another region's.
bool hasSource(const fleet::Fleet &fleet)
{
    return std::any_of(fleet.pools.begin(), fleet.pools.end(), [&](const auto &pool) { return pool.region != fleet.pools.front().region; });
}

}

CachePage::CachePage(PageContext context, QWidget *parent)
    : LivePage(std::move(context), parent), m_title(new TitleRow(tr("Cache"), TitleRow::Field::Find, content())), m_flow(new FlowView(*this->context().fleet, this->context().caches, content())),
      m_servers(new ServersView(*this->context().fleet, content())), m_memory(new MemoryView(*this->context().fleet, content())),
      m_hot(new HotKeysView(this->context().fleet, this->context().caches, content())), m_key(new KeyView(this->context(), content())),
      m_warm(hasSource(*this->context().fleet) ? new WarmView(this->context().fleet, this->context().caches, content()) : nullptr)
{
    QStringList views{tr("Pools"), tr("Servers"), tr("Memory"), tr("Hot keys"), tr("Key")};
    if (m_warm)
        views << tr("Fill");
    m_title->setViews(views);
    auto charts = m_flow->charts();
    for (auto *chart : m_servers->charts())
        charts.push_back(chart);
    joinCharts(charts);
    connect(m_title, &TitleRow::viewChanged, this, &CachePage::viewChanged);
    connect(m_title, &TitleRow::rangeChanged, this, &CachePage::presentAgain);
    connect(m_title, &TitleRow::wordsChanged, this, [this](const QString &words) {
        for (auto *panel : {servers(), m_memory->misses()})
            panel->table()->ordered()->setWords(words);
    });
    connectChoices();
    connectKeys();
    viewChanged();
}

/// A hot key leads to what lies under it, and to whom it belongs.
void CachePage::connectKeys()
{
    const auto lookUp = [this](const QString &text) { Q_EMIT lookUpRequested(QStringLiteral("lookup"), text); };
    connect(m_hot, &HotKeysView::needsRoom, this, &CachePage::arrangeNow);
    connect(m_hot, &HotKeysView::lookUpAsked, this, lookUp);
    connect(m_hot, &HotKeysView::keyOpened, this, [this](const std::string &key) {
        showView(Key);
        m_key->ask(format::text(key));
    });
    connect(m_key, &KeyView::needsRoom, this, &CachePage::arrangeNow);
    if (m_warm)
        connect(m_warm, &WarmView::needsRoom, this, &CachePage::arrangeNow);
    connect(m_key, &KeyView::lookUpAsked, this, lookUp);
}

bool CachePage::showKeyDelete(const std::string &key, const base::RegionName &region)
{
    showView(Key);
    return m_key->openDeleteOf(key, region);
}

/// A pool leads to its servers; a server is the same one in every view.
void CachePage::connectChoices()
{
    auto *pools = this->pools()->table();
    auto *servers = this->servers()->table();
    connect(pools, &FactTable::chosen, this, [this, pools, servers](const std::string &id) {
        const auto *pool = context().fleet->pool(base::PoolName(id));
        if (pool && !pool->servers.empty() && pools->hasFocus())
            servers->choose(pool->servers.front().text());
        setSelection(base::PoolName(id));
    });
    connect(servers, &FactTable::chosen, this, [this](const std::string &id) {
        m_memory->choose(base::ServerId(id));
        setSelection(base::ServerId(id));
    });
    connect(m_memory, &MemoryView::chosen, this, [this](const std::string &id) {
        if (view() == Memory)
            select(base::ServerId(id));
    });
    // A click on the row that was chosen before is a choice too.
    connect(pools, &QAbstractItemView::clicked, this, [this, pools] { setSelection(base::PoolName(pools->currentId())); });
    connect(servers, &QAbstractItemView::clicked, this, [this, servers] { setSelection(base::ServerId(servers->currentId())); });
    connect(pools, &FactTable::opened, this, [this, servers] {
        showView(Servers);
        servers->setFocus();
    });
    connect(servers, &FactTable::opened, this, [this](const std::string &id) { Q_EMIT inspectRequested(base::ServerId(id)); });
    connect(m_flow->regions()->table(), &FactTable::opened, this, [this](const std::string &id) { Q_EMIT inspectRequested(base::RegionName(id)); });
}

RowsPanel *CachePage::pools() const
{
    return m_flow->pools();
}

RowsPanel *CachePage::servers() const
{
    return m_servers->servers();
}

std::vector<CacheView *> CachePage::views() const
{
    std::vector<CacheView *> all{m_flow, m_servers, m_memory, m_hot, m_key};
    if (m_warm)
        all.push_back(m_warm);
    return all;
}

CachePage::View CachePage::view() const
{
    return static_cast<View>(m_title->view());
}

CacheView *CachePage::shownView() const
{
    return views().at(static_cast<std::size_t>(m_title->view()));
}

void CachePage::showView(View view)
{
    m_title->setView(view);
}

void CachePage::viewChanged()
{
    m_title->setHasField(view() == Servers || view() == Memory);
    m_title->setHasRange(view() == Flow || view() == Servers);
    setFocusProxy(shownView());
    for (auto *view : views())
        view->setVisible(view == shownView());
    presentAgain();
    arrangeNow();
}

void CachePage::fill()
{
    m_title->setNote(cacheSummary(*snapshot()));
    const int before = shownView()->least(false);
    const ChartFeed feed = this->feed(m_title->range());
    for (auto *view : views()) { // tables keep what was chosen while they are hidden
        if (view == shownView() || view != m_memory)
            view->fill(snapshot(), feed);
    }
    if (before != shownView()->least(false))
        arrangeNow();
}

/// Where there is room, the servers stand under what is told of the pools.
void CachePage::arrange()
{
    const bool wide = width() >= theme::breakpoint(cacheWideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int top = scaled(theme::size::kTitleRow) + gap;
    auto *view = shownView();
    const bool withServers = wide && view == m_flow;
    for (auto *one : views())
        one->setVisible(one == view || (withServers && one == m_servers));
    const int below = withServers ? gap + m_servers->least(wide) : 0;
    const QRect room = this->room(top + view->least(wide) + below);
    m_title->setGeometry(0, 0, room.width(), scaled(theme::size::kTitleRow));
    view->setGeometry(0, top, room.width(), room.height() - top); // its wishes follow its width
    if (withServers) {
        const int flow = std::min(m_flow->wanted(wide), room.height() - top - below);
        m_flow->resize(room.width(), flow);
        m_servers->setGeometry(0, top + flow + gap, room.width(), room.height() - top - flow - gap);
        m_servers->arrange(wide);
    }
    view->arrange(wide);
}

bool CachePage::select(const Subject &subject)
{
    if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        const auto *pool = context().fleet->poolOf(*id);
        if (!pool)
            return false;
        if (view() == Flow)
            showView(Servers);
        present();
        pools()->table()->choose(pool->name.text());
        servers()->table()->choose(id->text());
        setSelection(*id);
        return true;
    }
    if (const auto *region = std::get_if<base::RegionName>(&subject)) {
        if (!context().fleet->invalidatorOf(*region))
            return false;
        showView(Flow);
        present();
        return m_flow->regions()->table()->choose(region->text());
    }
    const auto *name = std::get_if<base::PoolName>(&subject);
    const auto *pool = name ? context().fleet->pool(*name) : nullptr;
    if (!pool)
        return false;
    showView(Flow);
    present();
    pools()->table()->choose(name->text());
    if (!pool->servers.empty())
        servers()->table()->choose(pool->servers.front().text());
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
    return {{QStringLiteral("view"), m_title->view()},
            {QStringLiteral("server"), format::text(servers()->table()->currentId())},
            {QStringLiteral("range"), m_title->rangeIndex()},
            {QStringLiteral("words"), m_title->find()->text()},
            {QStringLiteral("key"), m_key->field()->text()},
            {QStringLiteral("pools"), pools()->table()->order()},
            {QStringLiteral("servers"), servers()->table()->order()}};
}

void CachePage::restoreViewState(const QVariantMap &state)
{
    if (state.contains(QStringLiteral("range")))
        m_title->setRangeIndex(state.value(QStringLiteral("range")).toInt());
    m_title->find()->setText(state.value(QStringLiteral("words")).toString());
    m_key->field()->setText(state.value(QStringLiteral("key")).toString()); // asked for by hand: a look costs
    pools()->table()->restoreOrder(state.value(QStringLiteral("pools")).toMap());
    servers()->table()->restoreOrder(state.value(QStringLiteral("servers")).toMap());
    select(base::ServerId(state.value(QStringLiteral("server")).toString().toStdString()));
    m_title->setView(state.value(QStringLiteral("view")).toInt());
}

void CachePage::focusFind()
{
    if (view() == Key) {
        m_key->field()->setFocus();
        return m_key->field()->selectAll();
    }
    if (view() != Servers && view() != Memory)
        showView(Servers);
    m_title->find()->setFocus();
    m_title->find()->selectAll();
}

QString CachePage::asCsv() const
{
    if (!snapshot())
        return {};
    const FactTable *table = view() == Memory ? m_memory->misses()->table() : view() == Key ? m_key->facts()->table() : view() == Warm ? m_warm->rows()->table() : servers()->table();
    for (const RowsPanel *panel : {pools(), m_flow->leases(), m_flow->regions(), m_memory->slabs(), m_hot->read(), m_hot->missed(), m_hot->herds(), m_key->spread(), m_key->planRows()}) {
        if (panel->table()->hasFocus())
            table = panel->table();
    }
    return table->facts()->asCsv(format::iso8601(snapshot()->takenUtc));
}

bool CachePage::hasLiveData() const
{
    return snapshot() && std::any_of(snapshot()->servers.begin(), snapshot()->servers.end(), [](const auto &entry) { return entry.second && entry.second->memcached(); });
}

} // namespace shardlens::ui::pages

#include "moc_CachePage.cpp"
