// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/TakenPorts.h"

#include "app/localfleet/Servers.h"

namespace shardlens::localfleet
{

namespace
{

/// Which process listens there: the relay for what is seen from another region and for stable addresses.
std::string listenerOf(const std::string &name)
{
    if (name.find('@') != std::string::npos)
        return "relay";
    if (name == "etcd-peer")
        return "etcd";
    if (name.rfind("statsd-", 0) == 0)
        return "invalidator-" + name.substr(name.find('-') + 1);
    return name;
}

} // namespace

base::Result<void> checkPorts(const Ground &ground, const InForce &faults)
{
    std::string taken;
    std::string first;
    for (const auto &[name, port] : ground.ports.all()) {
        const std::string listener = listenerOf(name);
        const PortBook::Protocol protocol = PortBook::protocolOf(name);
        if (faults.holds(listener) || PortBook::isFree(port, protocol) || servers::process(ground, listener))
            continue;
        taken += (taken.empty() ? "" : ", ") + std::to_string(port) + " of " + name;
        if (first.empty())
            first = std::string(protocol == PortBook::Protocol::Udp ? "ss -lunp" : "ss -ltnp") + " 'sport = :" + std::to_string(port) + "'";
    }
    if (taken.empty())
        return {};
    return base::fail(base::ErrorCode::Unavailable,
                      "nothing was started, as another program listens on a port of this fleet: " + taken + ". `" + first +
                          "`, as root, tells which one. End it and run `up` again; if it is left of this fleet, `down` ends it. The ports "
                          "are part of each server's configuration and stay; a fleet with other ports is one made anew, after `down --delete`");
}

} // namespace shardlens::localfleet
