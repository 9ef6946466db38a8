// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration of routers, Redis and memcached.
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Sentinel.h"
#include "app/localfleet/Servers.h"

#include <algorithm>

namespace shardlens::localfleet::servers
{

namespace fs = std::filesystem;

namespace
{

// pgbouncer dials a server that refused it only after server_login_retry, 15 s by default: after a switchover that would be the
// longest wait of all. A backend keeps a catalog entry of every schema that it ever touched, and with thousands of schemas that
// is most of the fleet's memory: so connections are short-lived here.
const char *const routerSettings = R"(
listen_addr = 127.0.0.1
auth_type = scram-sha-256
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 20
server_lifetime = 20
server_idle_timeout = 5
server_login_retry = 0.05
server_connect_timeout = 5
client_login_timeout = 15
query_wait_timeout = 30
tcp_keepidle = 5
tcp_keepintvl = 2
tcp_keepcnt = 3
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
stats_period = 60
)";

// Append-only: a primary that came back empty would wipe its replicas. Its file is written anew long before it has the usual 64 MB: a
// primary reads it at each start, and its replicas wait for that. Full synchronisations begin at once instead of after 5 s, from one file
// for both replicas: sent straight to the first, the data would be written once more for the second, after it; packing it gains a sixth of
// its size and costs a quarter of the time. Hashes of 1,000 media keep the small encoding, which the default limit of 512 would lose.
const char *const redisSettings = R"(
bind 127.0.0.1
protected-mode yes
daemonize no
databases 1
save ""
appendonly yes
appendfsync everysec
auto-aof-rewrite-min-size 8mb
rdbcompression no
maxmemory 192mb
maxmemory-policy noeviction
hash-max-listpack-entries 1024
hash-max-listpack-value 64
repl-diskless-sync no
repl-diskless-load disabled
repl-backlog-size 256kb
repl-ping-replica-period 1
repl-timeout 10
tcp-keepalive 30
latency-monitor-threshold 100
slowlog-log-slower-than 10000
slowlog-max-len 256
)";

base::Result<void> configureRouter(const Ground &ground, const Instance &router)
{
    const fs::path etc = ground.home.etc(router.id);
    std::string databases = "; what each database of this router leads to: replaced as a whole, then RELOAD\n[databases]\n";
    for (const Group &cluster : clusters(ground.shape)) {
        const auto members = ground.members(cluster.name);
        const auto line = [&](const std::string &name, const Instance &target) {
            databases += name + " = host=127.0.0.1 port=" + std::to_string(ground.portFrom(router.region, target)) +
                         " dbname=" + cluster.database + "\n";
        };
        const auto in = [&](const std::string &region) {
            return std::find_if(members.begin(), members.end(), [&](const Instance &i) { return i.region == region; });
        };
        line(cluster.name, *in(cluster.home));
        // Reads go to the region's own standby, else the nearest one; a cluster of one server is read where it is.
        auto read = in(cluster.home);
        for (const std::string &region : nearestFirst(ground.shape, router.region)) {
            if (region != cluster.home) {
                read = in(region);
                break;
            }
        }
        line(cluster.name + "_read", *read);
    }
    std::string users;
    for (const std::string &name : Secrets::users()) {
        if (name != user::replication)
            users += "\"" + name + "\" \"" + ground.secrets.of(name) + "\"\n";
    }
    const std::string ini = "%include " + (etc / "databases.ini").string() +
                            "\n[pgbouncer]\nlisten_port = " + std::to_string(ground.ports.of(router.id)) +
                            "\nunix_socket_dir = " + ground.home.run().string() + "\nauth_file = " + (etc / "userlist.txt").string() +
                            "\nadmin_users = " + user::operation + "\nstats_users = " + user::observer + "\n" + routerSettings;
    for (const auto &[name, text] : {std::pair{"databases.ini", databases}, {"userlist.txt", users}, {"pgbouncer.ini", ini}}) {
        if (const auto written = writeFile(etc / name, text); !written)
            return written;
    }
    return {};
}

base::Result<void> configureRedis(const Ground &ground, const Instance &server)
{
    std::error_code error;
    fs::create_directories(ground.home.data(server.id), error);
    std::string conf = "port " + std::to_string(ground.ports.of(server.id)) + "\ndir " + ground.home.data(server.id).string() +
                       "\nrequirepass " + ground.secrets.redis() + "\nmasterauth " + ground.secrets.redis() + redisSettings;
    for (const Instance &member : ground.members(server.group)) {
        if (member.isFirstPrimary && member.id != server.id)
            conf += "replicaof 127.0.0.1 " + std::to_string(sentinel::isUnder(ground, server) ? ground.ports.of(member.id) : ground.portFrom(server.region, member)) + "\n";
    }
    return writeFile(ground.home.etc(server.id) / "redis.conf", conf);
}

} // namespace

base::Result<void> configure(const Ground &ground, const Instance &server)
{
    const fs::path etc = ground.home.etc(server.id);
    std::error_code error;
    fs::create_directories(etc, error);
    switch (server.kind) {
    case fleet::ServerKind::Postgres: return postgres::configure(ground, server);
    case fleet::ServerKind::Pgbouncer: return fs::exists(etc / "pgbouncer.ini") ? base::Result<void>() : configureRouter(ground, server);
    case fleet::ServerKind::Redis: return fs::exists(etc / "redis.conf") ? base::Result<void>() : configureRedis(ground, server);
    case fleet::ServerKind::Memcached: return {}; // all of it is on its command line
    }
    return {};
}

} // namespace shardlens::localfleet::servers
