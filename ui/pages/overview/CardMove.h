// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"
#include "ui/charts/TopologyDrag.h"

#include <QString>

#include <optional>
#include <string>

namespace shardlens::ui::pages {

/// How a server stands to the primary's place of its cluster or Redis group, by what is read now.
enum class Standing : std::uint8_t {
    Outside,   ///< a router's or a cache server's: it has no such place
    Primary,   ///< it holds it, also while it is down
    Writable,  ///< it takes writes beside the primary
    Silent,    ///< it does not answer
    NotRead,   ///< nobody knows yet what it is
    Leaderless, ///< nobody knows whose place it would be
    Standby,   ///< a standby or replica: it could be planned for
};

/// A server as the target of its primary's move.
struct CardMove {
    base::ServerId server;
    base::ClusterName cluster; ///< or
    base::GroupName group;     ///< of a Redis server
    base::ServerId primary;    ///< empty if not known
    Standing standing = Standing::Outside;

    [[nodiscard]] const std::string &of() const { return group.isEmpty() ? cluster.text() : group.text(); }
    bool operator==(const CardMove &) const = default;
};

[[nodiscard]] CardMove cardMoveOf(const facts::Snapshot &snapshot, const base::ServerId &server);

/// The move of the primary that fits now: a switchover, and while the primary does not answer a failover. To the server where it
/// stands by, from the primary's own card to the best one. Nothing where there is none to plan.
[[nodiscard]] std::optional<operate::Intent> moveIntent(const facts::Snapshot &snapshot, const CardMove &move);

/// Why the primary's place cannot be planned to go to this server, as a sentence; empty if it can.
[[nodiscard]] QString whyNoMove(const CardMove &move);

/// Why whoever sits here may not act, in a few words; empty if they may.
[[nodiscard]] QString whyNoActs(const facts::Snapshot &snapshot);

/// What a card's drop onto another would open, or why nothing.
[[nodiscard]] charts::DropWords dropWords(const facts::Snapshot &snapshot, const charts::TopologyKey &card, const charts::TopologyKey &onto);

} // namespace shardlens::ui::pages
