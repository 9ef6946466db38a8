// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Unguarded.h"

#include <vector>

namespace shardlens::operate {

namespace {

std::string spoken(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

} // namespace

bool isUnguarded(const fleet::Fleet &fleet, const base::ServerId &server)
{
    const fleet::Server *declared = fleet.server(server);
    return declared && !fleet.guardOf(declared->region);
}

bool needsNoGuard(HostAct act)
{
    return act <= HostAct::PointRouter;
}

std::string wayTo(const fleet::Fleet &fleet, const base::ServerId &server)
{
    using Way = fleet::HostReach::Way;
    const fleet::Host *host = fleet.hostOf(server);
    if (!host || host->reach.way == Way::None)
        return {};
    if (host->reach.way == Way::Local)
        return "this machine";
    return "ssh " + (host->reach.bastion.empty() ? "" : "-J " + host->reach.bastion + " ") + host->reach.target;
}

std::string directTextOf(const fleet::Fleet &fleet, const base::ServerId &server, const HostDeed &deed)
{
    const fleet::Server *declared = fleet.server(server);
    const fleet::Host *host = fleet.hostOf(server);
    if (!declared || !host)
        return textOf(deed);
    const std::string by = host->reach.runAs.empty() ? std::string() : " by " + spoken(host->reach.runAs);
    const std::string way = wayTo(fleet, server);
    if (deed.act == HostAct::Stop && !declared->stopCommand.empty())
        return way + ": " + spoken(declared->stopCommand) + "; then" + by + ", where processes are left in its data directory: " + textOf(deed);
    if (deed.act == HostAct::Start && !declared->startCommand.empty())
        return way + ": " + spoken(declared->startCommand);
    return way + by + ": " + textOf(deed);
}

} // namespace shardlens::operate
