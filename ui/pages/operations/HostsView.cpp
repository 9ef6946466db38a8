// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/HostsView.h"

#include "core/campaign/Hosted.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Words.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/HostRows.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QMenu>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

constexpr int wideFrom = 1900;
constexpr int leastHosts = 3;
constexpr int leastServers = 3;

} // namespace

HostsView::HostsView(const fleet::Fleet &fleet, QWidget *parent)
    : QWidget(parent), m_hosts(new RowsPanel(tr("Hosts"), hostColumns(fleet), this)),
      m_servers(new RowsPanel(tr("Runs there"), hostedColumns(fleet), this))
{
    m_hosts->table()->setAccessibleName(tr("Hosts of the fleet"));
    m_servers->table()->setAccessibleName(tr("What runs on the chosen host"));
    if (!fleet.hosts.empty())
        m_host = fleet.hosts.front().name;
    auto *hosts = m_hosts->table();
    connect(hosts, &FactTable::chosen, this, [this](const std::string &id) {
        if (id.empty() || id == m_host.text())
            return;
        m_host = base::HostName(id);
        present();
        Q_EMIT hostChosen();
    });
    connect(hosts, &FactTable::opened, this, &HostsView::askPlan);
    connect(hosts, &QAbstractItemView::clicked, this, [this, hosts](const QModelIndex &index) {
        if (index.column() == hosts->facts()->columnOf(QStringLiteral("plan")))
            askPlan(hosts->currentId());
    });
    connect(hosts, &FactTable::menuAboutToShow, this, [this](QMenu *menu, const std::string &id) {
        menu->addSeparator();
        for (const campaign::Aim aim : {campaign::Aim::HostDown, campaign::Aim::HostUp}) {
            const campaign::Goal goal{aim, id};
            menu->addAction(format::campaignLink(goal), this, [this, goal] { Q_EMIT planAsked(goal); });
        }
    });
    connect(m_servers->table(), &FactTable::opened, this, [this](const std::string &id) { Q_EMIT serverOpened(base::ServerId(id)); });
    setTabOrder(hosts, m_servers->table());
    setFocusProxy(hosts);
}

void HostsView::askPlan(const std::string &host)
{
    if (host.empty() || !m_snapshot)
        return;
    const bool isMarked = campaign::markOf(*m_snapshot, base::HostName(host)) != nullptr;
    Q_EMIT planAsked(campaign::Goal{isMarked ? campaign::Aim::HostUp : campaign::Aim::HostDown, host});
}

void HostsView::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    m_hosts->table()->showRows(hostRows(*snapshot));
    if (m_hosts->table()->currentId().empty())
        m_hosts->table()->choose(m_host.text());
    present();
}

void HostsView::setWords(const QString &words)
{
    m_hosts->table()->ordered()->setWords(words);
}

void HostsView::choose(const base::HostName &host)
{
    m_host = host;
    m_hosts->table()->choose(host.text());
    present();
}

void HostsView::present()
{
    if (!m_snapshot)
        return;
    m_servers->setTitle(m_host.isEmpty() ? tr("Runs there") : tr("Runs on %1").arg(format::text(m_host.text())));
    m_servers->setNote(hostMarkText(*m_snapshot, m_host));
    m_servers->table()->showRows(hostedRows(*m_snapshot, m_host));
    arrange();
}

int HostsView::leastHeight() const
{
    return m_hosts->heightFor(leastHosts) + theme::space::kM + m_servers->heightFor(leastServers);
}

/// Hosts take what their rows need, at most three fifths.
void HostsView::arrange()
{
    const bool wide = width() >= theme::breakpoint(wideFrom);
    const int gap = wide ? theme::space::kL : theme::space::kM;
    for (RowsPanel *panel : {m_hosts, m_servers})
        panel->table()->setRowHeight(wide ? 30 : 28);
    if (wide) {
        const int left = (width() - gap) * 9 / 20;
        m_hosts->setGeometry(0, 0, left, height());
        m_servers->setGeometry(left + gap, 0, width() - left - gap, height());
        return;
    }
    const int hosts = std::min(m_hosts->wantedHeight(), std::max(m_hosts->heightFor(leastHosts), height() * 3 / 5));
    m_hosts->setGeometry(0, 0, width(), hosts);
    m_servers->setGeometry(0, hosts + gap, width(), std::max(0, height() - hosts - gap));
}

void HostsView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void HostsView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace shardlens::ui::pages

#include "moc_HostsView.cpp"
