// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Patroni.h"

#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "core/clients/patroni/Reading.h"
#include "core/clients/patroni/Rest.h"

#include <algorithm>
#include <csignal>

namespace shardlens::localfleet::patroni
{

namespace fs = std::filesystem;

namespace
{

constexpr base::seconds patience{60};

// A dead leader is replaced within some ten seconds, so that somebody can look on. What a Patroni gives on its command line must be what the
// members were made with: a standby with less of it does not start.
const char *const storedSettings = R"({"ttl": 10, "loop_wait": 1, "retry_timeout": 3, "maximum_lag_on_failover": 16777216,
 "postgresql": {"use_pg_rewind": true, "use_slots": true, "parameters": {"max_connections": 80, "max_worker_processes": 4, "max_prepared_transactions": 10,
 "max_wal_senders": 10, "max_replication_slots": 10, "wal_keep_size": "128MB", "wal_level": "replica"}}})";

std::string nameOf(const Instance &member)
{
    return "patroni-" + member.id;
}

fleet::Endpoint restOf(const Ground &ground, const Instance &member)
{
    return {"127.0.0.1", ground.ports.of(nameOf(member))};
}

std::string address(std::uint16_t port)
{
    return "127.0.0.1:" + std::to_string(port);
}

base::Result<void> startEtcd(const Ground &ground)
{
    if (recorded(ground.home.pidFile("etcd")))
        return {};
    const auto program = needProgram("etcd", "etcd-server");
    if (!program)
        return base::fail(program.error());
    const std::string client = "http://" + address(ground.ports.of("etcd"));
    const std::string peer = "http://" + address(ground.ports.of("etcd-peer"));
    const Command command{{*program, "--name", "one", "--data-dir", ground.home.data("etcd").string(), "--listen-client-urls", client, "--advertise-client-urls", client,
                           "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "one=" + peer},
                          {},
                          {}};
    const auto started = startDaemon(command, ground.home.log("etcd"), ground.home.pidFile("etcd"));
    return started ? base::Result<void>() : base::fail(started.error());
}

std::string configText(const Ground &ground, const Instance &member, const std::string &bin)
{
    const std::string own = address(ground.ports.of(member.id));
    const std::string rest = address(ground.ports.of(nameOf(member)));
    const std::string login = std::string("{username: ") + user::replication + ", password: " + ground.secrets.of(user::replication) + "}";
    return "scope: " + ground.shape.patroni + "\nname: " + member.id + "\nrestapi: {listen: '" + rest + "', connect_address: '" + rest + "'}\netcd3: {host: '" +
           address(ground.ports.of("etcd")) + "'}\npostgresql:\n  listen: '" + own + "'\n  connect_address: '" + own + "'\n  database: " + ground.database(member) +
           "\n  data_dir: " + ground.home.pgData(member.id).string() + "\n  config_dir: " + ground.home.etc(member.id).string() + "\n  bin_dir: " + bin +
           "\n  pgpass: " + (ground.home.run() / ("pgpass-" + member.id)).string() + "\n  use_unix_socket: true\n  authentication:\n    superuser: {username: " + user::super +
           "}\n    replication: " + login + "\n    rewind: " + login + "\n  parameters: {unix_socket_directories: " + ground.home.run().string() + ", unix_socket_permissions: '0700'}\n";
}

base::Result<void> startPatroni(const Ground &ground, const Instance &member)
{
    if (recorded(ground.home.pidFile(nameOf(member))))
        return {};
    const auto program = needProgram("patroni", "patroni");
    const auto postgres = needProgram("postgres", "postgresql-15");
    if (!program || !postgres)
        return base::fail(program ? postgres.error() : program.error());
    std::error_code error;
    const fs::path etc = ground.home.etc(nameOf(member));
    fs::create_directories(etc, error);
    const fs::path file = etc / "patroni.yml";
    if (const auto written = writeFile(file, configText(ground, member, fs::path(*postgres).parent_path().string())); !written)
        return written;
    const auto started = startDaemon({{*program, file.string()}, {}, {}}, ground.home.log(nameOf(member)), ground.home.pidFile(nameOf(member)));
    return started ? base::Result<void>() : base::fail(started.error());
}

std::optional<facts::ManagerReport> clusterSeenBy(const Ground &ground, const Instance &member)
{
    const auto answer = shardlens::patroni::get(restOf(ground, member), "/cluster", {}, std::chrono::steady_clock::now() + base::seconds(2));
    facts::ManagerReport report;
    const bool isRead = answer && answer->status == 200 && shardlens::patroni::readCluster(report, answer->body);
    return isRead ? std::optional(std::move(report)) : std::nullopt;
}

bool leads(const Ground &ground, const Instance &member)
{
    const auto report = clusterSeenBy(ground, member);
    return report && report->leader() && report->leader()->name == member.id;
}

bool stands(const Ground &ground, const Instance &member)
{
    const auto report = clusterSeenBy(ground, member);
    const facts::ManagerMember *there = report ? report->member(member.id) : nullptr;
    return there && (there->state == "running" || there->state == "streaming");
}

/// A new leader has none in its store for its first turn, and replaces none that is not there.
bool store(const Ground &ground, const Instance &member)
{
    const auto soon = [] { return std::chrono::steady_clock::now() + base::seconds(3); };
    const auto before = shardlens::patroni::get(restOf(ground, member), "/config", {}, soon());
    if (!before || before->status != 200)
        return false;
    const auto answer = shardlens::patroni::send(restOf(ground, member), "PUT", "/config", storedSettings, {}, soon());
    return answer && answer->status == 200;
}

} // namespace

bool isUnder(const Ground &ground, const Instance &server)
{
    return !ground.shape.patroni.empty() && server.group == ground.shape.patroni;
}

void kill(const Ground &ground, const Instance &member)
{
    if (const auto process = recorded(ground.home.pidFile(nameOf(member))))
        (void)stop(*process, SIGKILL, base::seconds(2));
}

base::Result<void> adopt(const Ground &ground)
{
    const auto primary = postgres::primaryOf(ground, ground.shape.patroni);
    if (!primary)
        return base::fail(primary.error());
    if (auto started = startEtcd(ground); !started)
        return started;
    // The primary's first: whoever comes first to an empty store leads.
    std::vector<Instance> members = ground.members(ground.shape.patroni);
    std::stable_partition(members.begin(), members.end(), [&](const Instance &one) { return one.id == primary->id; });
    for (const Instance &member : members) {
        if (auto started = startPatroni(ground, member); !started)
            return started;
        const bool isFirst = member.id == primary->id;
        if (!waitUntil([&] { return isFirst ? leads(ground, member) : stands(ground, member); }, patience, base::milliseconds(200)))
            return base::fail(base::ErrorCode::TimedOut, "Patroni does not take " + member.id + " on; see " + ground.home.log(nameOf(member)).string(), member.id);
        if (isFirst && !waitUntil([&] { return store(ground, member); }, patience, base::milliseconds(200)))
            return base::fail(base::ErrorCode::TimedOut, "Patroni does not take its settings; see " + ground.home.log(nameOf(member)).string(), member.id);
    }
    return {};
}

} // namespace shardlens::localfleet::patroni
