// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Grouper.h"

#include <algorithm>
#include <cstdlib>

namespace shardlens::inspect::discover {

namespace {

const char *const unsaidRegion = "main";

/// What a process cannot share with another one; empty where it told nothing of the kind.
std::string identityOf(const Finding &finding)
{
    if (const auto *postgres = finding.as<PostgresTold>(); postgres && !postgres->systemIdentifier.empty())
        return "postgres " + postgres->systemIdentifier + " " + std::to_string(postgres->startedAt);
    if (const auto *redis = finding.as<RedisTold>(); redis && !redis->runId.empty())
        return "redis " + redis->runId;
    return {};
}

bool isServer(const Finding &finding)
{
    return !std::holds_alternative<std::monostate>(finding.told) && finding.kind != Kind::Guard;
}

const char *wordFor(Kind kind)
{
    switch (kind) {
    case Kind::Pgbouncer: return "router";
    case Kind::Redis: return "redis";
    case Kind::Memcached: return "cache";
    default: return "pg";
    }
}

} // namespace

std::string nameOf(const std::string &text)
{
    std::string name;
    for (const char letter : text) {
        const bool fits = std::isalnum(static_cast<unsigned char>(letter)) || letter == '-' || letter == '_' || letter == '.';
        name += fits ? letter : '-';
    }
    return name;
}

std::string sharedBeginning(const std::vector<std::string> &texts)
{
    if (texts.empty())
        return {};
    std::string shared = texts.front();
    bool isWhole = true; // one of them is the shared beginning itself: nothing was cut in the middle of a word
    for (const std::string &text : texts) {
        const auto ends = std::mismatch(shared.begin(), shared.end(), text.begin(), text.end());
        shared.erase(ends.first, shared.end());
    }
    isWhole = std::find(texts.begin(), texts.end(), shared) != texts.end();
    if (!isWhole)
        shared.erase(std::min(shared.find_last_of("-_.") == std::string::npos ? 0 : shared.find_last_of("-_."), shared.size()));
    while (!shared.empty() && std::string_view("-_.").find(shared.back()) != std::string_view::npos)
        shared.pop_back();
    return shared;
}

Grouping Grouper::run()
{
    takeServers();
    placeInRegions();
    chooseAddresses();
    formClusters();
    nameClusters();
    chooseShards();
    readDeclared();
    formPartitions();
    findTables();
    nameServers();
    nameHosts();
    formRouters();
    formRedisGroups();
    formPools();
    return std::move(m_out);
}

/// One server a process: what is reached as two addresses keeps the first.
void Grouper::takeServers()
{
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        const Finding &finding = m_findings[i];
        if (finding.kind == Kind::Guard && finding.as<GuardTold>())
            m_out.guards.push_back(i);
        if (!isServer(finding))
            continue;
        std::string identity = identityOf(finding);
        if (identity.empty())
            identity = finding.numericHost + " " + std::to_string(finding.address.endpoint.port);
        const auto [place, isNew] = known.try_emplace(identity, m_out.servers.size());
        if (isNew) {
            DraftServer server;
            server.finding = i;
            m_out.servers.push_back(std::move(server));
        } else {
            m_out.servers[place->second].alsoReachedAs.push_back(text(finding.address.endpoint));
        }
        m_at.try_emplace({finding.address.endpoint.host, finding.address.endpoint.port}, place->second);
        m_at.try_emplace({finding.numericHost, finding.address.endpoint.port}, place->second);
    }
}

std::optional<std::size_t> Grouper::serverAt(const std::string &host, int port, const Finding &teller) const
{
    const bool isOwn = host.empty() || host == "localhost" || host.starts_with("127.") || host == "::1" || host.starts_with('/');
    for (const std::string &one : {host, isOwn ? teller.address.endpoint.host : host, isOwn ? teller.numericHost : host}) {
        if (const auto found = m_at.find({one, port}); found != m_at.end())
            return found->second;
    }
    return std::nullopt;
}

/// As a person said; else as a guard's heartbeats name regions that a server's own name ends with.
void Grouper::placeInRegions()
{
    std::vector<std::string> beats;
    const auto declare = [&](const std::string &name, const std::string &why) {
        const auto isSame = [&](const Reasoned &region) { return region.value == name; };
        if (!name.empty() && std::none_of(m_out.regions.begin(), m_out.regions.end(), isSame))
            m_out.regions.push_back({name, why});
    };
    for (const Finding &finding : m_findings)
        declare(finding.address.region, "said with the address " + text(finding.address.endpoint));
    for (const Finding &finding : m_findings) {
        if (const auto *guard = finding.as<GuardTold>())
            declare(guard->region, "told by the guard at " + text(finding.address.endpoint));
        const auto *postgres = finding.as<PostgresTold>();
        for (const Database &database : postgres ? postgres->databases : std::vector<Database>()) {
            for (const std::string &region : database.heartbeatRegions) {
                declare(nameOf(region), "a row of " + database.heartbeatTable + " on " + text(finding.address.endpoint));
                beats.push_back(nameOf(region));
            }
        }
    }
    if (m_out.regions.empty())
        m_out.regions.push_back({unsaidRegion, "guess: no server tells where it stands; name addresses as REGION=ADDRESS"});
    for (DraftServer &server : m_out.servers) {
        const Finding &finding = m_findings[server.finding];
        const auto *postgres = finding.as<PostgresTold>();
        server.region = {m_out.regions.front().value, "guess: no server tells where it stands"};
        if (!finding.address.region.empty())
            server.region = {finding.address.region, "said with its address"};
        else if (postgres) {
            for (const std::string &region : beats) {
                if (postgres->clusterName.ends_with(region))
                    server.region = {region, "cluster_name '" + postgres->clusterName + "' ends with it"};
            }
        }
    }
}

/// Routers, replicas and standbys tell what servers of their region dial. An address that a person named stays.
void Grouper::chooseAddresses()
{
    for (DraftServer &server : m_out.servers) {
        server.address = m_findings[server.finding].address.endpoint;
        server.addressWhy = m_findings[server.finding].address.source;
    }
    for (const DraftServer &teller : m_out.servers) {
        for (const Address &told : mentionedBy(m_findings[teller.finding])) {
            const auto place = m_at.find({told.endpoint.host, told.endpoint.port});
            if (told.isPortGuessed || place == m_at.end())
                continue;
            DraftServer &server = m_out.servers[place->second];
            const Finding &finding = m_findings[server.finding];
            const bool isSame =
                told.endpoint == server.address || (told.endpoint.host == finding.numericHost && told.endpoint.port == server.address.port);
            if (teller.region.value == server.region.value) {
                if (!isSame && finding.address.source != "named") {
                    server.address = told.endpoint;
                    server.addressWhy = told.source;
                }
                continue;
            }
            const auto isListed = [&](const DraftServer::SeenFrom &one) { return one.region == teller.region.value; };
            if (std::none_of(server.seenFrom.begin(), server.seenFrom.end(), isListed))
                server.seenFrom.push_back({teller.region.value, told.endpoint, told.source});
        }
    }
    for (DraftServer &server : m_out.servers)
        std::erase_if(server.seenFrom, [&](const DraftServer::SeenFrom &one) {
            return one.address == server.address ||
                   (one.address.host == m_findings[server.finding].numericHost && one.address.port == server.address.port);
        });
}

std::string Grouper::freeName(const std::string &wanted, const std::string &otherwise)
{
    std::string name = nameOf(wanted);
    if (name.empty() || m_taken.contains(name))
        name = nameOf(otherwise);
    for (int number = 2; m_taken.contains(name); ++number)
        name = nameOf(otherwise) + "-" + std::to_string(number);
    m_taken.insert(name);
    return name;
}

/// By the name that replication knows, as long as no other server has it.
void Grouper::nameServers()
{
    std::map<std::string, int> uses;
    std::map<std::pair<std::optional<std::size_t>, std::string>, int> receivers; // of a cluster, by name
    std::map<std::string, int> places;
    const auto placeOf = [&](std::size_t i) {
        const auto cluster = clusterOf(i);
        return (cluster ? m_out.clusters[*cluster].name.value : std::string(wordFor(of(i).kind))) + "-" + m_out.servers[i].address.host;
    };
    for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
        ++places[placeOf(i)];
        const auto *postgres = of(i).as<PostgresTold>();
        if (postgres)
            ++uses[postgres->clusterName];
        if (postgres && postgres->receiver)
            ++receivers[{clusterOf(i), postgres->receiver->name}];
    }
    for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
        DraftServer &server = m_out.servers[i];
        const Finding &finding = of(i);
        const std::string place = placeOf(i) + (places[placeOf(i)] > 1 ? "-" + std::to_string(server.address.port) : "");
        const auto *postgres = finding.as<PostgresTold>();
        const std::string known = postgres && postgres->receiver ? postgres->receiver->name : std::string();
        if (!known.empty() && known != "walreceiver" && !m_taken.contains(nameOf(known)))
            server.name = {freeName(known, place), "application_name of its own receiver"};
        else if (postgres && !postgres->clusterName.empty() && uses[postgres->clusterName] == 1)
            server.name = {freeName(postgres->clusterName, place), "its setting cluster_name"};
        else
            server.name = {freeName(place, place), "made up from its address"};
        // A name that several standbys share tells none of them.
        if (!known.empty() && known != server.name.value && receivers[{clusterOf(i), known}] == 1)
            server.replicationName = {known, "application_name of its own receiver"};
    }
}

void Grouper::nameHosts()
{
    std::map<std::string, std::set<std::string>> regionsOf;
    for (std::size_t i = 0; i < m_out.servers.size(); ++i)
        regionsOf[m_out.servers[i].address.host].insert(m_out.servers[i].region.value);
    for (DraftServer &server : m_out.servers) {
        const std::string &address = server.address.host;
        server.host = nameOf(address) + (regionsOf[address].size() > 1 ? "-" + server.region.value : "");
        const auto isSame = [&](const DraftHost &host) { return host.name == server.host; };
        if (std::none_of(m_out.hosts.begin(), m_out.hosts.end(), isSame))
            m_out.hosts.push_back({server.host, server.region.value, address});
    }
}

Grouping group(const std::vector<Finding> &findings)
{
    return Grouper(findings).run();
}

} // namespace shardlens::inspect::discover
