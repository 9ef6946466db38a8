// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Goal.h"
#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"

#include <QObject>
#include <QString>

#include <variant>
#include <vector>

class QMenu;

namespace shardlens::ui::charts {
class TopologyView;
}

namespace shardlens::ui::pages {

/// An entry of a server's menu.
struct CardAct {
    QString text;
    std::variant<std::monostate, operate::Intent, campaign::Goal> plan; ///< which it opens; none: its text says why not
    bool operator==(const CardAct &) const = default;
};

/// What can be planned with a server: its cluster's or Redis group's primary moved, its replay paused or resumed, its host marked. Where
/// whoever sits here may not act, the reason alone.
[[nodiscard]] std::vector<CardAct> cardActs(const facts::Snapshot &snapshot, const base::ServerId &server);

/// A drawing's cards with their acts: in the menu, and dragged onto each other. Every act opens a plan; none acts. GUI thread.
class CardActs : public QObject
{
    Q_OBJECT

public:
    explicit CardActs(charts::TopologyView *view); ///< which owns it

Q_SIGNALS:
    void planRequested(const shardlens::operate::Intent &intent);
    void campaignPlanRequested(const shardlens::campaign::Goal &goal);

private:
    void add(QMenu &menu, const base::ServerId &server);
    void drop(const base::ServerId &server);

    charts::TopologyView *m_view;
};

} // namespace shardlens::ui::pages
