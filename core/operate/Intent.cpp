// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Intent.h"

#include <algorithm>
#include <array>

namespace shardlens::operate {

namespace {

constexpr std::array<std::string_view, 11> actNames{"switchover",   "failover",     "router_pause",     "router_resume",
                                                    "router_point", "replay_pause", "replay_resume",    "standby_repoint",
                                                    "slot_drop",    "brake_lift",   "backend_terminate"};

} // namespace

Act actOf(const Intent &intent)
{
    if (const auto *small = std::get_if<SmallAct>(&intent))
        return small->act;
    return std::holds_alternative<SwitchCluster>(intent) ? Act::Switchover : Act::Failover;
}

const base::ClusterName &clusterOf(const Intent &intent)
{
    return std::visit([](const auto &one) -> const base::ClusterName & { return one.cluster; }, intent);
}

const base::ServerId &wantedOf(const Intent &intent)
{
    return std::visit([](const auto &one) -> const base::ServerId & { return one.to; }, intent);
}

const std::string &subjectOf(const Intent &intent)
{
    const auto *small = std::get_if<SmallAct>(&intent);
    return small ? small->on.text() : clusterOf(intent).text();
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
