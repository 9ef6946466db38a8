// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Intent.h"

#include <algorithm>
#include <array>

namespace shardlens::operate {

namespace {

constexpr std::array<std::string_view, 13> actNames{"switchover",   "failover",     "router_pause",     "router_resume",
                                                    "router_point", "replay_pause", "replay_resume",    "standby_repoint",  "standby_rebuild",
                                                    "slot_drop",    "brake_lift",   "backend_terminate", "prepare"};

} // namespace

Act actOf(const Intent &intent)
{
    if (const auto *small = std::get_if<SmallAct>(&intent))
        return small->act;
    return std::holds_alternative<SwitchCluster>(intent) || std::holds_alternative<SwitchGroup>(intent) ? Act::Switchover : Act::Failover;
}

const base::ClusterName &clusterOf(const Intent &intent)
{
    static const base::ClusterName none;
    return std::visit(
        [](const auto &one) -> const base::ClusterName & {
            if constexpr (requires { one.cluster; })
                return one.cluster;
            else
                return none;
        },
        intent);
}

const base::GroupName &groupOf(const Intent &intent)
{
    static const base::GroupName none;
    return std::visit(
        [](const auto &one) -> const base::GroupName & {
            if constexpr (requires { one.group; })
                return one.group;
            else
                return none;
        },
        intent);
}

const base::ServerId &wantedOf(const Intent &intent)
{
    return std::visit([](const auto &one) -> const base::ServerId & { return one.to; }, intent);
}

const std::string &nameOf(const Intent &intent)
{
    const base::GroupName &group = groupOf(intent);
    return group.isEmpty() ? clusterOf(intent).text() : group.text();
}

const std::string &subjectOf(const Intent &intent)
{
    const auto *small = std::get_if<SmallAct>(&intent);
    return small && !small->on.isEmpty() ? small->on.text() : nameOf(intent);
}

Intent moveOf(Act act, const base::ClusterName &cluster, const base::GroupName &group, const base::ServerId &to, bool warms)
{
    if (!group.isEmpty())
        return act == Act::Failover ? Intent(FailGroup{group, to}) : Intent(SwitchGroup{group, to});
    return act == Act::Failover ? Intent(FailCluster{cluster, to}) : Intent(SwitchCluster{cluster, to, warms});
}

Intent withCandidate(const Intent &move, const base::ServerId &to)
{
    return shunning(moveOf(actOf(move), clusterOf(move), groupOf(move), to, warmsOf(move)), shunsOf(move));
}

std::vector<base::ServerId> shunsOf(const Intent &intent)
{
    return std::visit(
        [](const auto &one) -> std::vector<base::ServerId> {
            if constexpr (requires { one.shuns; })
                return one.shuns;
            else
                return {};
        },
        intent);
}

Intent shunning(Intent move, std::vector<base::ServerId> servers)
{
    std::visit(
        [&](auto &one) {
            if constexpr (requires { one.shuns; })
                one.shuns = std::move(servers);
        },
        move);
    return move;
}

bool warmsOf(const Intent &intent)
{
    const auto *move = std::get_if<SwitchCluster>(&intent);
    return move && move->warms;
}

std::string_view name(Act act)
{
    return actNames.at(static_cast<std::size_t>(act));
}

std::optional<Act> actNamed(std::string_view text)
{
    const auto found = std::find(actNames.begin(), actNames.end(), text);
    return found == actNames.end() ? std::nullopt : std::optional(static_cast<Act>(found - actNames.begin()));
}

} // namespace shardlens::operate
