// SPDX-License-Identifier: GPL-3.0-or-later
// The page while it shows a campaign: a region evacuated or returned to, a host taken down or up.
#include "ui/format/Words.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RunningView.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/HostsView.h"
#include "ui/pages/operations/OperationsPage.h"

#include <algorithm>

namespace shardlens::ui::pages {

void OperationsPage::buildCampaign()
{
    connect(m_campaign, &CampaignView::backRequested, this, [this] { goDeeper(Showing::Lists); });
    connect(m_campaign, &CampaignView::started, this, &OperationsPage::startCampaign);
    connect(m_campaign, &CampaignView::planAsked, this, &OperationsPage::openPlanOf);
    connect(m_campaign, &CampaignView::operationAsked, this, &OperationsPage::openOperation);
    auto *board = context().campaigns;
    if (!board)
        return;
    connect(m_campaign, &CampaignView::stopAsked, board, &operate::CampaignBoard::stop);
    connect(m_campaign, &CampaignView::tickAsked, board, &operate::CampaignBoard::tick);
    connect(m_campaign, &CampaignView::resumeAsked, board, &operate::CampaignBoard::resume);
    connect(m_campaign, &CampaignView::abandonAsked, board, &operate::CampaignBoard::abandon);
    connect(board, &operate::CampaignBoard::changed, this, &OperationsPage::followCampaigns);
    connect(board, &operate::CampaignBoard::refused, this, &OperationsPage::tellCampaignRefused);
}

const operate::CampaignList &OperationsPage::campaigns() const
{
    static const operate::CampaignList none;
    return context().campaigns ? context().campaigns->latest() : none;
}

QWidget *OperationsPage::whole() const
{
    switch (m_showing) {
    case Showing::Plan: return m_plan;
    case Showing::Campaign: return m_campaign;
    case Showing::Hosts: return m_hosts;
    default: return m_running;
    }
}

void OperationsPage::fillCampaign()
{
    const auto *board = context().campaigns;
    m_campaign->setRefusal(refusal());
    const operate::CampaignSeen *open = board ? board->open() : nullptr;
    if (open && !m_awaitsCampaign)
        m_campaign->setHindrance(open->runs ? tr("Another one runs") : tr("Another is unfinished"));
    else
        m_campaign->setHindrance(board && board->isAnswered() ? QString() : tr("Nothing here starts it"));
    m_campaign->setMayBeSaved(context().plans && context().plans->isAnswered());
    m_campaign->showSnapshot(snapshot());
}

void OperationsPage::followCampaigns()
{
    if (m_awaitsCampaign) {
        // The one that was asked for may be over before it was ever seen to run.
        for (const operate::CampaignSeen &seen : campaigns().campaigns) {
            if (m_campaignsThen.count(seen.campaign.id) > 0)
                continue;
            m_awaitsCampaign = false;
            goDeeper(Showing::Campaign);
            showCampaign(seen.campaign.id);
            break;
        }
    }
    if (m_showing == Showing::Campaign && !m_campaign->isPlan()) {
        if (const operate::CampaignSeen *seen = context().campaigns->campaign(m_campaign->campaign()))
            m_campaign->showCampaign(*seen);
    }
    if (!isVisible() || !snapshot())
        return;
    fillOperations();
    if (m_showing == Showing::Campaign && m_campaign->isPlan())
        fillCampaign();
    arrangeNow();
}

/// Said where it was asked.
void OperationsPage::tellCampaignRefused(const QString &why)
{
    m_awaitsCampaign = false;
    if (m_showing == Showing::Campaign)
        m_campaign->tell(why);
    else
        m_operations->setNote(why);
}

void OperationsPage::startCampaign(const campaign::CampaignRequest &request)
{
    auto *board = context().campaigns;
    if (!board)
        return;
    m_awaitsCampaign = true;
    m_campaignsThen.clear();
    for (const operate::CampaignSeen &seen : campaigns().campaigns)
        m_campaignsThen.insert(seen.campaign.id);
    board->start(request);
}

bool OperationsPage::showCampaignPlan(const campaign::Goal &goal)
{
    const fleet::Fleet &fleet = *context().fleet;
    const bool isThere = campaign::isOfRegion(goal.aim) ? std::any_of(fleet.regions.begin(), fleet.regions.end(), [&](const auto &region) { return region.name.text() == goal.subject; })
                                                        : std::any_of(fleet.hosts.begin(), fleet.hosts.end(), [&](const auto &host) { return host.name.text() == goal.subject; });
    if (!isThere)
        return false;
    m_campaign->setRefusal(refusal());
    m_campaign->ask(goal);
    turnTo(Showing::Campaign);
    if (snapshot())
        fillCampaign();
    arrangeNow();
    if (isVisible())
        m_campaign->setFocus(Qt::OtherFocusReason);
    return true;
}

bool OperationsPage::showCampaign(const std::string &id)
{
    const operate::CampaignSeen *seen = context().campaigns ? context().campaigns->campaign(id) : nullptr;
    if (!seen)
        return false;
    m_campaign->setRefusal(refusal());
    m_campaign->showCampaign(*seen);
    turnTo(Showing::Campaign);
    return true;
}

void OperationsPage::openPlanOf(const std::string &subject)
{
    goDeeper(Showing::Plan);
    base::ClusterName cluster(subject);
    base::GroupName group;
    if (!context().fleet->cluster(cluster)) {
        group = base::GroupName(subject);
        cluster = {};
    }
    const auto act = [&] {
        if (!snapshot())
            return operate::Act::Switchover;
        return (group.isEmpty() ? operate::readinessOf(*snapshot(), cluster) : operate::readinessOf(*snapshot(), group)).act;
    };
    if (!showPlan(operate::moveOf(act(), cluster, group, {})))
        turnTo(Showing::Lists);
}

void OperationsPage::keepCampaign(QVariantMap &state) const
{
    if (!m_campaign->isPlan()) {
        state.insert(QStringLiteral("campaign"), format::text(m_campaign->campaign()));
        return;
    }
    const auto &watch = m_campaign->watch();
    if (!m_campaign->savedAs().empty())
        state.insert(QStringLiteral("saved"), format::text(m_campaign->savedAs()));
    state.insert(QStringLiteral("aim"), format::text(std::string(campaign::name(watch.goal().aim))));
    state.insert(QStringLiteral("subject"), format::text(watch.goal().subject));
    state.insert(QStringLiteral("at_once"), watch.options().atOnce);
    state.insert(QStringLiteral("stop_after"), watch.options().stopAfter);
    state.insert(QStringLiteral("home"), watch.options().bringsHome);
    state.insert(QStringLiteral("to"), format::text(watch.options().toRegion.text()));
}

void OperationsPage::restoreCampaign(const QVariantMap &state)
{
    const auto textOf = [&](const char *key) { return state.value(QLatin1String(key)).toString().toStdString(); };
    if (const std::string id = textOf("campaign"); !id.empty() && showCampaign(id))
        return;
    const auto aim = campaign::aimNamed(textOf("aim"));
    if (!aim || !showCampaignPlan({*aim, textOf("subject")}))
        return;
    campaign::Options options;
    options.atOnce = state.value(QStringLiteral("at_once"), options.atOnce).toUInt();
    options.stopAfter = state.value(QStringLiteral("stop_after"), options.stopAfter).toUInt();
    options.bringsHome = state.value(QStringLiteral("home")).toBool();
    options.toRegion = base::RegionName(textOf("to"));
    m_campaign->ask({*aim, textOf("subject")}, options);
}

} // namespace shardlens::ui::pages
