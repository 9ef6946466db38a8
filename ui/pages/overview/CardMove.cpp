// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/CardMove.h"

#include "core/operate/Readiness.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>
#include <variant>

namespace shardlens::ui::pages {

namespace {

struct CardMoveWords {
    Q_DECLARE_TR_FUNCTIONS(CardMoveWords)
};

/// By what the cluster or group is known as: both tell primary and writable members alike.
template <class Facts>
Standing standingIn(const facts::Snapshot &snapshot, const Facts *facts, const base::ServerId &server, bool isRead)
{
    if (!facts)
        return Standing::NotRead;
    if (facts->primary && *facts->primary == server)
        return Standing::Primary;
    if (std::find(facts->writable.begin(), facts->writable.end(), server) != facts->writable.end())
        return Standing::Writable;
    const auto *observation = snapshot.observation(server);
    if (observation && observation->reach.state == facts::ReachState::Down)
        return Standing::Silent;
    if (!isRead)
        return Standing::NotRead;
    return facts->primary ? Standing::Standby : Standing::Leaderless;
}

operate::Act actNow(const facts::Snapshot &snapshot, const CardMove &move)
{
    return (move.group.isEmpty() ? operate::readinessOf(snapshot, move.cluster) : operate::readinessOf(snapshot, move.group)).act;
}

} // namespace

CardMove cardMoveOf(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    CardMove move;
    move.server = server;
    const auto *observation = snapshot.observation(server);
    const auto describe = [&](const auto *facts, bool isRead) {
        if (facts && facts->primary)
            move.primary = *facts->primary;
        move.standing = standingIn(snapshot, facts, server, isRead);
    };
    if (const auto *cluster = snapshot.fleet->clusterOf(server)) {
        move.cluster = cluster->name;
        describe(snapshot.cluster(cluster->name), observation && observation->postgres());
    } else if (const auto *group = snapshot.fleet->redisGroupOf(server)) {
        move.group = group->name;
        describe(snapshot.redisGroup(group->name), observation && observation->redis());
    }
    return move;
}

std::optional<operate::Intent> moveIntent(const facts::Snapshot &snapshot, const CardMove &move)
{
    if (move.standing != Standing::Standby && move.standing != Standing::Primary)
        return std::nullopt;
    const auto to = move.standing == Standing::Primary ? base::ServerId() : move.server;
    return operate::moveOf(actNow(snapshot, move), move.cluster, move.group, to);
}

QString whyNoMove(const CardMove &move)
{
    const QString server = format::text(move.server.text());
    const QString of = format::text(move.of());
    switch (move.standing) {
    case Standing::Standby: return {};
    case Standing::Outside: return CardMoveWords::tr("%1 stands by for nobody").arg(server);
    case Standing::Primary: return CardMoveWords::tr("%1 is the primary of %2 itself").arg(server, of);
    case Standing::Writable: return CardMoveWords::tr("%1 takes writes itself, it is no standby").arg(server);
    case Standing::Silent: return CardMoveWords::tr("%1 does not answer").arg(server);
    case Standing::NotRead: return CardMoveWords::tr("%1 was not read yet").arg(server);
    case Standing::Leaderless: return CardMoveWords::tr("%1 has no primary that is known").arg(of);
    }
    return {};
}

QString whyNoActs(const facts::Snapshot &snapshot)
{
    return format::actingRefusalBrief(*snapshot.fleet, snapshot.shared ? snapshot.shared->you : std::string());
}

charts::DropWords dropWords(const facts::Snapshot &snapshot, const charts::TopologyKey &card, const charts::TopologyKey &onto)
{
    const auto *server = std::get_if<base::ServerId>(&card);
    if (!server)
        return {};
    const auto stops = [](const QString &why) { return charts::DropWords{false, CardMoveWords::tr("%1.").arg(why)}; };
    if (const QString why = whyNoActs(snapshot); !why.isEmpty())
        return stops(why);
    const CardMove move = cardMoveOf(snapshot, *server);
    if (const QString why = whyNoMove(move); !why.isEmpty())
        return stops(why);
    const QString name = format::text(server->text());
    const QString primary = format::text(move.primary.text());
    const QString of = format::text(move.of());
    if (std::holds_alternative<std::monostate>(onto))
        return {false, CardMoveWords::tr("Onto the place of %1, the primary of %2.").arg(primary, of)};
    const auto *there = std::get_if<base::ServerId>(&onto);
    if (there && *there == move.primary) {
        const auto words = actNow(snapshot, move) == operate::Act::Failover ? CardMoveWords::tr("A drop opens the plan to fail %1 over to %2. It changes nothing yet.")
                                                                           : CardMoveWords::tr("A drop opens the plan to switch %1 over to %2. It changes nothing yet.");
        return {true, words.arg(of, name)};
    }
    const CardMove other = there ? cardMoveOf(snapshot, *there) : CardMove();
    if (other.cluster != move.cluster || other.group != move.group) {
        if (other.of().empty())
            return {false, CardMoveWords::tr("It can take the place of %1 alone, the primary of %2.").arg(primary, of)};
        return {false, CardMoveWords::tr("%1 belongs to %2: it cannot take a place in %3.").arg(name, of, format::text(other.of()))};
    }
    return {false, CardMoveWords::tr("%1 is not the primary of %2: that is %3.").arg(format::text(there->text()), of, primary)};
}

} // namespace shardlens::ui::pages
