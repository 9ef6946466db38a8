// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Intent.h"

namespace shardlens::operate {

Act actOf(const Intent &intent)
{
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

std::string_view name(Act act)
{
    return act == Act::Switchover ? "switchover" : "failover";
}

} // namespace shardlens::operate
