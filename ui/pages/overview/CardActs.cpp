// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/CardActs.h"

#include "core/campaign/Hosted.h"
#include "ui/charts/TopologyView.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"
#include "ui/pages/overview/CardMove.h"

#include <QMenu>

namespace shardlens::ui::pages {

namespace {

using operate::Act;

CardAct moveAct(const facts::Snapshot &snapshot, const CardMove &move)
{
    if (const auto intent = moveIntent(snapshot, move)) {
        const Act act = operate::actOf(*intent);
        if (move.standing == Standing::Primary)
            return {format::planButton(act), *intent};
        return {act == Act::Failover ? CardActs::tr("Fail over to this server…") : CardActs::tr("Switch over to this server…"), *intent};
    }
    return {CardActs::tr("No switchover to this server: %1").arg(whyNoMove(move)), {}};
}

/// Of a standby that answers; a Redis replica has none.
std::optional<CardAct> replayAct(const facts::Snapshot &snapshot, const CardMove &move)
{
    const auto *observation = snapshot.observation(move.server);
    const auto *sample = observation ? observation->postgres() : nullptr;
    if (move.cluster.isEmpty() || !sample || !sample->inRecovery || observation->reach.state == facts::ReachState::Down)
        return std::nullopt;
    const Act act = sample->replayPaused ? Act::ResumeReplay : Act::PauseReplay;
    return CardAct{format::planButton(act), operate::Intent(operate::SmallAct{act, move.cluster, move.server, {}, {}, {}})};
}

/// A mark is a host's: with it goes all that runs there, which the plan tells.
std::optional<CardAct> markAct(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    const auto *declared = snapshot.fleet->server(server);
    if (!declared || declared->host.isEmpty())
        return std::nullopt;
    if (campaign::markOf(snapshot, declared->host)) {
        const campaign::Goal goal{campaign::Aim::HostUp, declared->host.text()};
        return CardAct{format::campaignLink(goal), goal};
    }
    const QString host = format::text(declared->host.text());
    return CardAct{CardActs::tr("Mark %1 for maintenance…").arg(host), campaign::Goal{campaign::Aim::HostDown, declared->host.text()}};
}

} // namespace

std::vector<CardAct> cardActs(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    // The page that plans is there where there are clusters.
    if (snapshot.fleet->clusters.empty() || !snapshot.fleet->server(server))
        return {};
    if (const QString why = whyNoActs(snapshot); !why.isEmpty())
        return {{why, {}}};
    std::vector<CardAct> acts;
    const CardMove move = cardMoveOf(snapshot, server);
    if (move.standing != Standing::Outside)
        acts.push_back(moveAct(snapshot, move));
    if (auto replay = replayAct(snapshot, move))
        acts.push_back(std::move(*replay));
    if (auto mark = markAct(snapshot, server))
        acts.push_back(std::move(*mark));
    return acts;
}

CardActs::CardActs(charts::TopologyView *view) : QObject(view), m_view(view)
{
    view->setDropJudge([view](const charts::TopologyKey &card, const charts::TopologyKey &onto) {
        return view->snapshot() ? dropWords(*view->snapshot(), card, onto) : charts::DropWords();
    });
    connect(view, &charts::TopologyView::cardMenuAboutToShow, this, [this](QMenu *menu, const charts::TopologyKey &card) {
        if (const auto *server = std::get_if<base::ServerId>(&card); server && m_view->snapshot())
            add(*menu, *server);
    });
    connect(view, &charts::TopologyView::dropped, this, [this](const charts::TopologyKey &card) {
        if (const auto *server = std::get_if<base::ServerId>(&card); server && m_view->snapshot())
            drop(*server);
    });
}

void CardActs::add(QMenu &menu, const base::ServerId &server)
{
    for (const CardAct &act : cardActs(*m_view->snapshot(), server)) {
        QAction *entry = menu.addAction(act.text);
        if (const auto *intent = std::get_if<operate::Intent>(&act.plan))
            connect(entry, &QAction::triggered, this, [this, intent = *intent] { Q_EMIT planRequested(intent); });
        else if (const auto *goal = std::get_if<campaign::Goal>(&act.plan))
            connect(entry, &QAction::triggered, this, [this, goal = *goal] { Q_EMIT campaignPlanRequested(goal); });
        else
            entry->setEnabled(false);
    }
}

/// Onto its primary's place: elsewhere nothing can be dropped.
void CardActs::drop(const base::ServerId &server)
{
    if (const auto intent = moveIntent(*m_view->snapshot(), cardMoveOf(*m_view->snapshot(), server)))
        Q_EMIT planRequested(*intent);
}

} // namespace shardlens::ui::pages

#include "moc_CardActs.cpp"
