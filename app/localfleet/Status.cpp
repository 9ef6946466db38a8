// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Status.h"

#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"

#include <thread>

namespace shardlens::localfleet
{

namespace
{

std::string roleOf(const Ground &ground, const Instance &server)
{
    if (server.kind == fleet::ServerKind::Postgres) {
        const auto inRecovery = postgres::query(ground, server, "postgres", "SELECT pg_is_in_recovery()", base::seconds(2));
        return !inRecovery ? "unknown" : *inRecovery == "t" ? "standby" : "primary";
    }
    if (server.kind == fleet::ServerKind::Redis) {
        auto fields = redis::info(ground, server, "replication");
        return !fields ? "unknown" : (*fields)["role"] == "master" ? "primary" : "replica";
    }
    return {};
}

void addMemory(ProcessStatus &status, const std::vector<pid_t> &pids)
{
    for (const pid_t pid : pids) {
        if (const auto size = proportionalSize(pid))
            status.proportionalBytes = status.proportionalBytes.value_or(0) + *size;
    }
}

ProcessStatus observeServer(const Ground &ground, const Instance &server, bool withMemory)
{
    ProcessStatus status{
        server.id, std::string(fleet::name(server.kind)), server.region, server.host, ground.ports.of(server.id), "stopped", {}, 0, {}};
    const auto process = servers::process(ground, server.id);
    if (!process)
        return status;
    status.pid = process->pid;
    if (withMemory)
        addMemory(status, servers::processes(ground, server));
    if (isStopped(*process)) {
        status.state = "frozen";
        status.role = server.kind == fleet::ServerKind::Postgres || server.kind == fleet::ServerKind::Redis ? "unknown" : "";
        return status;
    }
    status.state = servers::isReady(ground, server) ? "running" : "starting";
    if (status.state == "running")
        status.role = roleOf(ground, server);
    return status;
}

void observeHelpers(const Ground &ground, FleetStatus &status, bool withMemory)
{
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(ground.home.run(), error)) {
        const std::string id = entry.path().stem().string();
        if (entry.path().extension() != ".pid" || ground.server(id) != nullptr)
            continue;
        const auto process = recorded(entry.path());
        const bool isGuard = id.rfind("guard-", 0) == 0;
        const bool isInvalidator = id.rfind("invalidator-", 0) == 0;
        ProcessStatus helper{id,
                             id == "relay" ? "relay"
                             : isGuard     ? "guard"
                             : isInvalidator ? "invalidator"
                                           : "helper",
                             isGuard || isInvalidator ? id.substr(id.find('-') + 1) : "",
                             "",
                             ground.ports.of(id),
                             !process              ? "stopped"
                             : isStopped(*process) ? "frozen"
                                                   : "running",
                             {},
                             process ? process->pid : 0,
                             {}};
        if (withMemory && process)
            addMemory(helper, {process->pid});
        status.processes.push_back(std::move(helper));
    }
}

} // namespace

FleetStatus observe(const Ground &ground, bool withMemory)
{
    FleetStatus status;
    status.directory = ground.home.root().string();
    status.fleetFile = ground.home.fleetFile().string();
    status.processes.resize(ground.servers.size());
    std::vector<std::thread> asking; // one that hangs costs its own time only
    for (std::size_t first = 0; first < 8; ++first) {
        asking.emplace_back([&, first] {
            for (std::size_t i = first; i < ground.servers.size(); i += 8)
                status.processes[i] = observeServer(ground, ground.servers[i], withMemory);
        });
    }
    for (std::thread &thread : asking)
        thread.join();
    observeHelpers(ground, status, withMemory);
    status.faults = faults::all(ground.home);
    if (const auto text = askRelay(ground.home.relaySocket(), "status")) {
        // The lines of open connections follow the plan's.
        const std::size_t open = text->rfind("\nopen ") == std::string::npos ? text->size() : text->find("\nopen ") + 1;
        if (auto plan = parseRelayPlan(std::string_view(*text).substr(0, open))) {
            status.relay = std::move(*plan);
            status.relayAnswers = true;
        }
    }
    return status;
}

} // namespace shardlens::localfleet
