// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Finding.h"

#include <algorithm>

namespace shardlens::inspect::discover {

namespace {

bool isOwnMachine(const std::string &host)
{
    return host.empty() || host == "localhost" || host == "::1" || host.starts_with("127.") || host.starts_with('/');
}

/// Collects what one finding mentions.
class Mentions
{
public:
    explicit Mentions(const Finding &finding) : m_finding(finding), m_where(text(finding.address.endpoint)) {}

    void add(const std::string &host, int port, const std::string &source, bool isPortGuessed = false)
    {
        if (port <= 0 || port > 65535)
            return;
        const std::string dialled = isOwnMachine(host) ? m_finding.address.endpoint.host : host;
        Address address{{dialled, static_cast<std::uint16_t>(port)}, {}, source + " " + m_where, isPortGuessed, false};
        const auto isSame = [&](const Address &other) { return other.endpoint == address.endpoint; };
        if (address.endpoint != m_finding.address.endpoint && std::none_of(m_all.begin(), m_all.end(), isSame))
            m_all.push_back(std::move(address));
    }

    std::vector<Address> take() { return std::move(m_all); }

private:
    const Finding &m_finding;
    std::string m_where;
    std::vector<Address> m_all;
};

} // namespace

std::string text(const fleet::Endpoint &endpoint)
{
    const bool isIpv6 = endpoint.host.find(':') != std::string::npos;
    return (isIpv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::vector<Address> mentionedBy(const Finding &finding)
{
    Mentions mentions(finding);
    if (const auto *postgres = finding.as<PostgresTold>()) {
        if (postgres->receiver)
            mentions.add(postgres->receiver->host, postgres->receiver->port, "pg_stat_wal_receiver of");
        for (const Peer &sender : postgres->senders) {
            if (!isOwnMachine(sender.host)) // on one machine the port would be taken by the primary itself
                mentions.add(sender.host, finding.address.endpoint.port, "pg_stat_replication of", true);
        }
    } else if (const auto *router = finding.as<RouterTold>()) {
        for (const RouterTarget &target : router->targets)
            mentions.add(target.host, target.port, "target " + target.name + " of router");
    } else if (const auto *redis = finding.as<RedisTold>()) {
        if (!redis->isPrimary)
            mentions.add(redis->primaryHost, redis->primaryPort, "primary of replica");
        for (const Peer &replica : redis->replicas)
            mentions.add(replica.host, replica.port, "replica of");
    }
    return mentions.take();
}

} // namespace shardlens::inspect::discover
