// SPDX-License-Identifier: GPL-3.0-or-later
// The page while it shows hosts: what runs on each, and the way to take one down or to bring it back.
#include "ui/pages/TitleRow.h"
#include "ui/pages/operations/HostRows.h"
#include "ui/pages/operations/HostsView.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/theme/Type.h"

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

void OperationsPage::buildHosts()
{
    m_title->setViews({tr("Operations"), tr("Hosts")});
    connect(m_title, &TitleRow::viewChanged, this, [this](int view) { turnTo(view == 1 ? Showing::Hosts : Showing::Lists); });
    connect(m_title, &TitleRow::wordsChanged, m_hosts, &HostsView::setWords);
    connect(m_hosts, &HostsView::hostChosen, this, &OperationsPage::selectionChanged);
    connect(m_hosts, &HostsView::planAsked, this, [this](const campaign::Goal &goal) {
        goDeeper(Showing::Campaign);
        showCampaignPlan(goal);
    });
    connect(m_hosts, &HostsView::serverOpened, this, [this](const base::ServerId &server) { Q_EMIT inspectRequested(server); });
}

void OperationsPage::fillHosts()
{
    m_title->setNote(hostSummary(*snapshot()));
    m_hosts->showSnapshot(snapshot());
}

void OperationsPage::arrangeHosts()
{
    const int top = scaled(theme::size::kTitleRow) + theme::space::kM;
    const QRect all = room(top + m_hosts->leastHeight());
    m_title->setGeometry(0, 0, all.width(), scaled(theme::size::kTitleRow));
    m_hosts->setGeometry(0, top, all.width(), all.height() - top);
}

bool OperationsPage::showHost(const base::HostName &host)
{
    const auto &hosts = context().fleet->hosts;
    if (std::none_of(hosts.begin(), hosts.end(), [&](const fleet::Host &one) { return one.name == host; }))
        return false;
    present();
    m_hosts->choose(host);
    turnTo(Showing::Hosts);
    return true;
}

} // namespace shardlens::ui::pages
