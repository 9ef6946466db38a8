// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Cli.h"

#include "app/localfleet/Applications.h"
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Status.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/relay/Relay.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <optional>

namespace shardlens::localfleet
{

namespace
{

constexpr int well = 0;
constexpr int refused = 1;
constexpr int usage = 2;
constexpr int failed = 3;

Relay *theRelay = nullptr; // for the signal's handler, which can be handed nothing

int complain(const base::Error &error)
{
    std::cerr << "shardlens-localfleet: " << error.message << "\n";
    switch (error.code) {
    case base::ErrorCode::BadInput: return usage;
    case base::ErrorCode::NotFound:
    case base::ErrorCode::Unavailable:
    case base::ErrorCode::Refused: return refused;
    default: return failed;
    }
}

struct ShapeOptions {
    Shape shape;
    std::uint32_t clusters = 0;
    std::uint32_t perPartition = 0;
    std::vector<CLI::Option *> given;

    void addTo(CLI::App &command)
    {
        given = {command.add_option("--regions", shape.regions, "Regions, the first one the console's own")->delimiter(','),
                 command.add_option("--clusters", clusters, "Clusters in all, half of them of each partition"),
                 command.add_option("--clusters-per-partition", perPartition, "Clusters of each partition (2)"),
                 command.add_option("--home", shape.home, "Home all clusters and Redis groups in one region"),
                 command.add_option("--shards", shape.shards, "Shard numbers a partition (1024; at most 8192)"),
                 command.add_option("--caches", shape.cachesPerRegion, "memcached servers a region (2)"),
                 command.add_option("--patroni", shape.patroni, "Bring this cluster up under Patroni (packages patroni and etcd-server)"),
                 command.add_option("--repmgr", shape.repmgr,
                                    "Bring this cluster up under repmgr (packages repmgr, postgresql-15-repmgr and openssh-server)"),
                 command.add_option("--sentinel", shape.sentinel, "Let three Sentinels watch this Redis group"),
                 command.add_option("--latency", shape.latencyMs, "Milliseconds one way between any two regions (35.5, 44 and 73.5)")};
    }
    [[nodiscard]] const Shape *wanted()
    {
        if (std::none_of(given.begin(), given.end(), [](const CLI::Option *option) { return option->count() > 0; }))
            return nullptr;
        if (perPartition > 0)
            shape.usersClusters = shape.mediaClusters = perPartition;
        if (clusters > 0) {
            shape.usersClusters = (clusters + 1) / 2;
            shape.mediaClusters = clusters / 2;
        }
        return &shape;
    }
};

int runRelay(const Home &home)
{
    const auto text = readFile(relayState(home));
    auto plan = text ? parseRelayPlan(*text)
                     : base::Result<RelayPlan>(base::fail(base::ErrorCode::NotFound, "there is no " + relayState(home).string()));
    if (!plan)
        return complain(plan.error());
    auto relay = Relay::open(std::move(*plan), home.relaySocket(), relayState(home));
    if (!relay)
        return complain(relay.error());
    theRelay = relay->get();
    std::signal(SIGTERM, [](int) { theRelay->stop(); });
    std::signal(SIGINT, [](int) { theRelay->stop(); });
    (*relay)->run();
    return well;
}

class Cli
{
public:
    Cli()
    {
        m_app.set_version_flag("--version", std::string("shardlens-localfleet ") + SHARDLENS_VERSION);
        m_app.require_subcommand(1);
        m_app.fallthrough();
        m_app.add_option("--dir", m_dir, "The fleet's directory (as root /var/lib/shardlens-localfleet)");
        m_up = m_app.add_subcommand("up", "Bring the fleet up, or what is missing of it");
        m_shape.addTo(*m_up);
        m_down = m_app.add_subcommand("down", "Stop everything; data stay");
        m_down->add_flag("--delete", m_delete, "Remove the directory too");
        m_status = m_app.add_subcommand("status", "Every process, link and fault");
        m_status->add_flag("--json", m_json, "As one JSON object");
        m_status->add_flag("--memory", m_memory, "With the proportional memory of each");
        m_status->add_flag("--fleet-file", m_onlyFile, "Only the fleet file's path");
        m_relay = m_app.add_subcommand("relay", "Links between regions and stable addresses");
        m_relay->require_subcommand(1);
        m_relayRun = m_relay->add_subcommand("run", "Be the relay (started by `up`)");
        m_relayStatus = m_relay->add_subcommand("status", "What the relay does now");
        m_relayPoint = m_relay->add_subcommand("point", "Let a Redis group's stable addresses lead to another server");
        m_relayPoint->add_option("address", m_address, "GROUP for every region, or GROUP@REGION for one")->required();
        m_relayPoint->add_option("server", m_server, "The server it shall lead to")->required();
        addFaults();
        addApplications();
    }

    int run(int count, char **arguments)
    {
        try {
            m_app.parse(count, arguments);
        } catch (const CLI::ParseError &error) {
            return m_app.exit(error) == 0 ? well : usage;
        }
        const auto home = Home::at(m_dir);
        if (!home)
            return complain(home.error());
        if (!m_up->parsed() && !std::filesystem::exists(home->root()))
            return m_down->parsed()
                       ? well
                       : complain({base::ErrorCode::NotFound, "there is no local fleet in " + home->root().string(), {}, {}, {}});
        const auto owner = Owner::become(home->root());
        if (!owner)
            return complain(owner.error());
        return dispatch(*home, *owner);
    }

private:
    void addFaults();
    void addApplications();
    int runApplications(const Home &home);
    int dispatch(const Home &home, const Owner &owner);
    int changeFleet(const Home &home);
    int showStatus(const Home &home);
    int point(const Home &home);

    CLI::App m_app{"A local fleet of real servers on loopback: Postgres, pgbouncer, Redis, memcached", "shardlens-localfleet"};
    CLI::App *m_up = nullptr;
    CLI::App *m_down = nullptr;
    CLI::App *m_status = nullptr;
    CLI::App *m_relay = nullptr;
    CLI::App *m_relayRun = nullptr;
    CLI::App *m_relayStatus = nullptr;
    CLI::App *m_relayPoint = nullptr;
    CLI::App *m_fault = nullptr;
    CLI::App *m_heal = nullptr;
    CLI::App *m_seed = nullptr;
    CLI::App *m_traffic = nullptr;
    SeedRequest m_seedRequest;
    TrafficRequest m_trafficRequest;
    bool m_inBackground = false;
    bool m_stopTraffic = false;
    ShapeOptions m_shape;
    FaultRequest m_request;
    std::string m_dir;
    std::string m_address;
    std::string m_server;
    bool m_delete = false;
    bool m_json = false;
    bool m_memory = false;
    bool m_onlyFile = false;
    bool m_healAll = false;
};

void Cli::addFaults()
{
    m_fault = m_app.add_subcommand("fault", "Break something, really");
    m_fault->require_subcommand(1);
    m_heal = m_app.add_subcommand("heal", "Mend a fault: heal KIND TARGET, or heal --all");
    m_heal->add_flag("--all", m_healAll, "Every fault that is in effect");
    m_heal->add_option("kind", m_request.kind, "The kind of fault, as in `fault KIND`");
    m_heal->add_option("target", m_request.target, "Its server, or the link's first region");
    m_heal->add_option("to", m_request.to, "The link's second region");
    m_heal->add_flag("--one-way", m_request.oneWay, "Only the way from the first region to the second");
    for (const FaultKind &kind : faultKinds()) {
        CLI::App *command = m_fault->add_subcommand(kind.name, kind.help);
        command->callback([this, name = std::string(kind.name)] { m_request.kind = name; });
        command->add_option(kind.isLink ? "from" : "server", m_request.target, kind.isLink ? "A region" : std::string_view(kind.name) == "router-stop" ? "The router, or its region" : "The server")->required();
        if (!kind.isLink)
            continue;
        command->add_option("to", m_request.to, "Another region")->required();
        command->add_flag("--one-way", m_request.oneWay, "Only what travels from the first region to the second");
    }
    CLI::App *cut = m_fault->get_subcommand("link-cut");
    cut->add_flag("--blackhole", m_request.blackhole, "Swallow packets, tell nobody (default: reset connections)");
    CLI::App *slow = m_fault->get_subcommand("link-slow");
    slow->add_option("--latency", m_request.latencyMs, "Milliseconds one way (400)");
    slow->add_option("--bandwidth", m_request.kibPerSecond, "KiB a second; 0 = no limit");
    CLI::App *clock = m_fault->get_subcommand("clock-off");
    clock->add_option("--by", m_request.clockOffset, "Seconds ahead, or behind with a minus (-30)")->allow_extra_args(false);
}

void Cli::addApplications()
{
    m_seed = m_app.add_subcommand("seed", "Fill the fleet with people, media and feeds; again: what is missing");
    m_seed->add_option("--users", m_seedRequest.users, "Users (20000)");
    m_seed->add_option("--media", m_seedRequest.media, "Media (100000)");
    m_seed->add_option("--seed", m_seedRequest.seed, "The number that makes the same people again (1); their times and IDs too, with the same --now");
    m_seed->add_option("--now", m_seedRequest.now, "The moment that times and IDs count back from: 2026-01-29T21:00:00Z, or Unix milliseconds (the last full hour)")->type_name("TIME");
    m_traffic = m_app.add_subcommand("traffic", "Let applications of every region work on the fleet");
    m_traffic->add_option("--rate", m_trafficRequest.rate, "Deeds a second, all regions together (50)")->check(CLI::PositiveNumber);
    m_traffic->add_option("--regions", m_trafficRequest.regions, "Where applications run (everywhere)")->delimiter(',');
    m_traffic->add_option("--seconds", m_trafficRequest.seconds, "How long (until stopped)");
    m_traffic->add_flag("--no-leases", m_trafficRequest.withoutLeases, "Read the cache without leases, to compare");
    m_traffic->add_flag("--background", m_inBackground, "As a process of its own, until --stop or `down`");
    m_traffic->add_flag("--stop", m_stopTraffic, "End the one in the background");
}

int Cli::runApplications(const Home &home)
{
    const auto ground = Ground::open(home);
    if (!ground)
        return complain(ground.error());
    base::Result<void> done;
    if (m_seed->parsed())
        done = seedFleet(*ground, m_seedRequest);
    else if (m_stopTraffic)
        done = stopTraffic(*ground);
    else
        done = m_inBackground ? startTraffic(*ground, m_trafficRequest) : runTraffic(*ground, m_trafficRequest);
    return done ? well : complain(done.error());
}

int Cli::dispatch(const Home &home, const Owner &)
{
    if (m_relayRun->parsed())
        return runRelay(home);
    if (m_status->parsed())
        return showStatus(home);
    if (m_relayStatus->parsed()) {
        const auto text = askRelay(home.relaySocket(), "status");
        if (!text)
            return complain(text.error());
        std::cout << *text;
        return well;
    }
    if (m_relayPoint->parsed())
        return point(home);
    if (m_seed->parsed() || m_traffic->parsed())
        return runApplications(home); // without the lock: faults come and go meanwhile
    return changeFleet(home);
}

int Cli::changeFleet(const Home &home)
{
    const auto lock = FleetLock::take(home);
    if (!lock)
        return complain(lock.error());
    Progress progress([](const std::string &line) { std::cout << line << std::endl; });
    if (m_up->parsed()) {
        const auto ground = up(home, m_shape.wanted(), progress);
        if (!ground)
            return complain(ground.error());
        std::cout << "export SHARDLENS_FLEET=" << home.fleetFile().string() << std::endl;
        return well;
    }
    if (m_down->parsed()) {
        const auto done = down(home, m_delete, progress);
        return done ? well : complain(done.error());
    }
    const auto ground = Ground::open(home);
    if (!ground)
        return complain(ground.error());
    if (m_fault->parsed()) {
        const auto done = inflict(*ground, m_request);
        if (done)
            progress.say(*done);
        return done ? well : complain(done.error());
    }
    const auto done = m_healAll ? healAll(*ground, progress) : heal(*ground, m_request, progress);
    return done ? well : complain(done.error());
}

int Cli::showStatus(const Home &home)
{
    const auto ground = Ground::open(home);
    if (!ground)
        return complain(ground.error());
    if (m_onlyFile) {
        std::cout << home.fleetFile().string() << "\n";
        return well;
    }
    const FleetStatus status = observe(*ground, m_memory);
    std::cout << (m_json ? asJson(status) : asText(status));
    return well;
}

int Cli::point(const Home &home)
{
    const auto ground = Ground::open(home);
    if (!ground)
        return complain(ground.error());
    const auto server = ground->need(m_server, fleet::ServerKind::Redis);
    if (!server)
        return complain(server.error());
    const std::string group = m_address.substr(0, m_address.find('@'));
    if (server->group != group)
        return complain({base::ErrorCode::BadInput, m_server + " is not a member of " + group, {}, {}, {}});
    for (const std::string &region : ground->shape.regions) {
        const std::string listener = group + "@" + region;
        if (m_address != group && m_address != listener)
            continue;
        if (const auto done = askRelay(home.relaySocket(), "point " + listener + " " + m_server); !done)
            return complain(done.error());
    }
    return well;
}

} // namespace

int runCli(int count, char **arguments)
{
    return Cli().run(count, arguments);
}

} // namespace shardlens::localfleet
