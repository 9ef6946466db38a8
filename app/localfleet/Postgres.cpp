// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Postgres.h"

#include "app/localfleet/LeftBehind.h"
#include "app/localfleet/Repmgr.h"

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace shardlens::localfleet::postgres
{

namespace fs = std::filesystem;

namespace
{

// fsync stays on and commits wait for the disk: the fleet is there to be measured, and a write pause or a lost row must be what a
// real server would give. Only making the data skips it: a machine that dies during the first `up` makes the fleet anew.
// Time-outs are short, as a cut link or a frozen peer shall be noticed while somebody looks; small buffers keep many servers in
// little memory; standbys that were away find their WAL, but a forgotten slot cannot fill the disk.
const char *const settings = R"(
listen_addresses = '127.0.0.1'
max_connections = 80
superuser_reserved_connections = 5
shared_buffers = 1MB
bgwriter_lru_maxpages = 0
wal_buffers = 256kB
work_mem = 2MB
maintenance_work_mem = 32MB
huge_pages = off
jit = off
max_locks_per_transaction = 32
max_pred_locks_per_transaction = 10
max_logical_replication_workers = 0
max_prepared_transactions = 10
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 0
autovacuum_max_workers = 1

wal_level = replica
hot_standby = on
max_wal_senders = 10
max_replication_slots = 10
min_wal_size = 48MB
max_wal_size = 128MB
wal_keep_size = 128MB
wal_decode_buffer_size = 64kB
max_slot_wal_keep_size = 1GB
wal_sender_timeout = 4s
wal_receiver_timeout = 4s
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 200ms
recovery_target_timeline = 'latest'
checkpoint_timeout = 5min

tcp_keepalives_idle = 5
tcp_keepalives_interval = 2
tcp_keepalives_count = 3
password_encryption = 'scram-sha-256'
track_io_timing = on
track_functions = none
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d/%a '
log_checkpoints = on
log_lock_waits = on
log_min_duration_statement = 1s
)";

/// Each session is a process whose heap the C library lets grow by 128 KiB at a time. With some two hundred sessions on one machine
/// that is 100 MiB which nobody uses.
std::vector<std::pair<std::string, std::string>> smallHeaps()
{
    return {{"MALLOC_TOP_PAD_", "8192"}, {"MALLOC_TRIM_THRESHOLD_", "24576"}};
}

std::string quoted(const fs::path &path)
{
    return "'" + path.string() + "'";
}

base::Result<Command> tool(const std::string &name)
{
    auto path = needProgram(name, "postgresql-15");
    if (!path)
        return base::fail(path.error());
    return Command{{*path}, {}, {}};
}

/// Where a server's data is put together, to be renamed when it is complete.
fs::path unfinished(const Ground &ground, const Instance &server)
{
    return ground.home.data(server.id + ".making");
}

/// Tools of a try that was killed go on writing there.
base::Result<void> giveUpUnfinished(const Ground &ground, const Instance &server)
{
    const fs::path data = unfinished(ground, server);
    if (const auto ended = endLeftBehind(data); !ended) // also one that has not made the directory yet
        return ended;
    std::error_code error;
    fs::remove_all(data, error);
    return error ? base::fail(base::ErrorCode::Io, "cannot remove " + data.string() + ": " + error.message(), server.id) : base::Result<void>();
}

/// Stands from before the first file of a cluster is made until its last one lies in place.
fs::path beingMade(const Ground &ground, const std::string &cluster)
{
    return ground.home.done() / ("making." + cluster);
}

std::string firstSql(const Ground &ground, const Instance &primary)
{
    // Single-user mode takes one statement a line. Passwords are our own letters, so that quotes are enough.
    const auto role = [&](const std::string &name, const std::string &options) {
        return "CREATE ROLE " + name + " LOGIN " + options + " PASSWORD '" + ground.secrets.of(name) + "';\n";
    };
    std::string sql = role(user::replication, "REPLICATION");
    for (const char *name : {user::observer, user::application, user::operation, user::support, user::invalidation})
        sql += role(name, "");
    sql += std::string("GRANT pg_monitor TO ") + user::observer + ", " + user::operation + ";\n";
    sql += std::string("GRANT pg_signal_backend, pg_checkpoint TO ") + user::operation + ";\n";
    sql += "CREATE DATABASE " + ground.database(primary) + ";\n";
    return sql;
}

std::string slotsSql(const Ground &ground, const Instance &primary)
{
    std::string sql;
    for (const Instance &member : ground.members(primary.group)) {
        if (member.id != primary.id)
            sql += "SELECT pg_create_physical_replication_slot('" + slotName(member.id) + "', true);\n";
    }
    return sql;
}

/// What makes a copy a standby. It goes where ALTER SYSTEM puts it: following another primary is then one ALTER SYSTEM and a reload.
base::Result<void> makeStandby(const Ground &ground, const fs::path &data, const Instance &standby, const Instance &primary)
{
    const std::string source =
        "user=" + std::string(user::replication) + " passfile=" + Secrets::pgpass(ground.home, user::replication).string() +
        " host=127.0.0.1 port=" + std::to_string(ground.portFrom(standby.region, primary)) + " application_name=" + standby.id +
        " sslmode=disable gssencmode=disable connect_timeout=5 keepalives_idle=5 keepalives_interval=2 keepalives_count=3";
    std::error_code error;
    for (const auto &slot : fs::directory_iterator(data / "pg_replslot", error))
        fs::remove_all(slot.path(), error); // a copied slot would keep WAL for nobody
    if (const auto written = writeFile(data / "postgresql.auto.conf", "# Do not edit this file manually!\n"
                                                                      "# It will be overwritten by the ALTER SYSTEM command.\n"
                                                                      "primary_conninfo = '" +
                                                                          source +
                                                                          "'\n"
                                                                          "primary_slot_name = '" +
                                                                          slotName(standby.id) + "'\n");
        !written)
        return written;
    return writeFile(data / "standby.signal", "");
}

base::Result<void> initialise(const Ground &ground, const Instance &primary, const fs::path &data)
{
    auto initdb = tool("initdb");
    if (!initdb)
        return base::fail(initdb.error());
    for (const char *option :
         {"--no-sync", "--data-checksums", "--no-instructions", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=reject"})
        initdb->arguments.emplace_back(option);
    // A standby that starts asks for its newest segment from the beginning: of small ones there is less to send again, through the relay.
    initdb->arguments.emplace_back("--wal-segsize=4");
    initdb->arguments.insert(initdb->arguments.end(), {std::string("--username=") + user::super, "--pgdata=" + data.string()});
    if (const auto made = runOrFail(*initdb, base::seconds(120)); !made)
        return base::fail(made.error());
    auto single = tool("postgres");
    if (!single)
        return base::fail(single.error());
    // Users, database and slots before anything runs: the copies have them already, and there is nothing to replicate.
    single->arguments.insert(single->arguments.end(), {"--single", "-F", "-D", data.string(), "-c",
                                                       "config_file=" + (ground.home.etc(primary.id) / "postgresql.conf").string(), "-c",
                                                       "exit_on_error=on", "-c", "log_checkpoints=off", "postgres"});
    single->input = firstSql(ground, primary) + slotsSql(ground, primary);
    const auto done = runOrFail(*single, base::seconds(60));
    return done ? base::Result<void>() : base::fail(done.error());
}

base::Result<void> copyTo(const fs::path &from, const fs::path &to)
{
    const auto done = runOrFail({{"/bin/cp", "-a", "--reflink=auto", from.string(), to.string()}, {}, {}}, base::seconds(120));
    return done ? base::Result<void>() : base::fail(done.error());
}

base::Result<void> finish(const Ground &ground, const Instance &server)
{
    std::error_code error;
    fs::create_directories(ground.home.data(server.id), error);
    fs::rename(unfinished(ground, server), ground.home.pgData(server.id), error);
    if (error)
        return base::fail(base::ErrorCode::Io, "cannot place the data of " + server.id + ": " + error.message(), server.id);
    return {};
}

} // namespace

fs::path schemaMark(const Ground &ground, const std::string &cluster)
{
    return ground.home.done() / ("schema." + cluster);
}

bool isMade(const Ground &ground, const Instance &server)
{
    return fs::exists(ground.home.pgData(server.id) / "PG_VERSION");
}

bool isStandbyOnDisk(const Ground &ground, const Instance &server)
{
    return isMade(ground, server) && fs::exists(ground.home.pgData(server.id) / "standby.signal");
}

bool isToBeMade(const Ground &ground, const std::string &cluster)
{
    const auto members = ground.members(cluster);
    if (std::none_of(members.begin(), members.end(), [&](const Instance &member) { return isMade(ground, member); }))
        return true;
    if (!fs::exists(beingMade(ground, cluster)))
        return false;
    // The first primary is placed last: where it has data, all was made, and only the mark was left.
    if (std::none_of(members.begin(), members.end(), [&](const Instance &i) { return i.isFirstPrimary && isMade(ground, i); }))
        return true;
    std::error_code error;
    fs::remove(beingMade(ground, cluster), error); // else the data could be lost later, and this be taken for half made
    return false;
}

base::Result<void> makeCluster(const Ground &ground, const std::string &cluster)
{
    const auto members = ground.members(cluster);
    const auto primary = std::find_if(members.begin(), members.end(), [](const Instance &i) { return i.isFirstPrimary; });
    std::error_code error;
    if (const auto marked = writeFile(beingMade(ground, cluster), ""); !marked)
        return marked;
    fs::remove(schemaMark(ground, cluster), error); // what an earlier cluster of this name had applied is gone with it
    for (const Instance &member : members) {
        if (const auto cleared = giveUpUnfinished(ground, member); !cleared)
            return cleared;
        fs::remove_all(ground.home.pgData(member.id), error);
        if (const auto configured = configure(ground, member); !configured)
            return configured;
    }
    if (const auto made = initialise(ground, *primary, unfinished(ground, *primary)); !made)
        return made;
    for (const Instance &member : members) {
        if (member.id == primary->id)
            continue;
        const fs::path data = unfinished(ground, member);
        if (const auto copied = copyTo(unfinished(ground, *primary), data); !copied)
            return copied;
        if (const auto standby = makeStandby(ground, data, member, *primary); !standby)
            return standby;
    }
    // The primary last: as long as it has no place and the mark stands, the next `up` begins this cluster anew.
    for (const Instance &member : members) {
        if (member.id != primary->id) {
            if (const auto placed = finish(ground, member); !placed)
                return placed;
        }
    }
    if (const auto placed = finish(ground, *primary); !placed)
        return placed;
    fs::remove(beingMade(ground, cluster), error);
    return error ? base::fail(base::ErrorCode::Io, "cannot remove " + beingMade(ground, cluster).string() + ": " + error.message())
                 : base::Result<void>();
}

base::Result<void> rebuildStandby(const Ground &ground, const Instance &standby, const Instance &primary)
{
    const fs::path data = unfinished(ground, standby);
    if (const auto cleared = giveUpUnfinished(ground, standby); !cleared)
        return cleared;
    std::error_code error;
    fs::remove_all(ground.home.pgData(standby.id), error);
    auto backup = tool("pg_basebackup");
    if (!backup)
        return base::fail(backup.error());
    backup->arguments.insert(backup->arguments.end(),
                             {"-D", data.string(), "-h", "127.0.0.1", "-p", std::to_string(ground.ports.of(primary.id)), "-U",
                              user::replication, "-w", "-c", "fast", "-X", "stream", "--no-sync"});
    backup->environment.emplace_back("PGPASSFILE", Secrets::pgpass(ground.home, user::replication).string());
    if (const auto done = runOrFail(*backup, base::seconds(600)); !done)
        return base::fail(done.error());
    const std::string slot = slotName(standby.id);
    const auto reserved = query(ground, primary, "postgres",
                                "SELECT pg_create_physical_replication_slot('" + slot +
                                    "', true) WHERE NOT EXISTS "
                                    "(SELECT FROM pg_replication_slots WHERE slot_name = '" +
                                    slot + "')");
    if (!reserved)
        return base::fail(reserved.error());
    if (const auto made = makeStandby(ground, data, standby, primary); !made)
        return made;
    return finish(ground, standby);
}

base::Result<void> configure(const Ground &ground, const Instance &server)
{
    const fs::path etc = ground.home.etc(server.id);
    std::error_code error;
    fs::create_directories(etc, error);
    if (fs::exists(etc / "postgresql.conf"))
        return {};
    const std::string owner = runOrFail({{"/usr/bin/id", "-un"}, {}, {}}).value_or("postgres");
    const std::string ident = "# the owner of the fleet, and root, are its superuser; over the unix sockets only\n"
                              "fleet " +
                              trimmed(owner) + " " + user::super + "\nfleet root " + user::super + "\n";
    const std::string hba = std::string("local all ") + user::super + " peer map=fleet\n" + "local all all scram-sha-256\n" + "host all " +
                            user::super + " 127.0.0.1/32 reject\n" + "host all all 127.0.0.1/32 scram-sha-256\n" + "host replication " +
                            user::replication + " 127.0.0.1/32 scram-sha-256\n";
    const std::string conf = "port = " + std::to_string(ground.ports.of(server.id)) + "\ncluster_name = '" + server.id + "'\n" +
                             "unix_socket_directories = " + quoted(ground.home.run()) + "\nunix_socket_permissions = 0700\n" +
                             "hba_file = " + quoted(etc / "pg_hba.conf") + "\nident_file = " + quoted(etc / "pg_ident.conf") + "\n" +
                             settings + (repmgr::isUnder(ground, server) ? "shared_preload_libraries = 'repmgr'\n" : "");
    if (const auto written = writeFile(etc / "pg_ident.conf", ident); !written)
        return written;
    if (const auto written = writeFile(etc / "pg_hba.conf", hba); !written)
        return written;
    return writeFile(etc / "postgresql.conf", conf); // last: it tells that the others are there
}

base::Result<Command> startCommand(const Ground &ground, const Instance &server)
{
    auto command = tool("postgres");
    if (!command)
        return command;
    command->arguments.insert(command->arguments.end(), {"-D", ground.home.pgData(server.id).string(), "-c",
                                                         "config_file=" + (ground.home.etc(server.id) / "postgresql.conf").string()});
    command->environment = smallHeaps();
    return command;
}

base::Result<void> clearRemains(const Ground &ground, const Instance &server)
{
    const fs::path data = ground.home.pgData(server.id);
    for (const pid_t pid : processesIn(data)) {
        ::kill(pid, SIGKILL); // children of a dead postmaster hold its shared memory
        ::kill(pid, SIGCONT);
    }
    if (!waitUntil([&] { return processesIn(data).empty(); }, base::seconds(5)))
        return base::fail(base::ErrorCode::Io, "processes of the dead server " + server.id + " do not end", server.id);
    // Its process is provably gone, while its number may belong to another one by now, and the server would refuse to start.
    // The same holds for the lock of its unix socket.
    std::error_code error;
    const fs::path socket = ground.home.run() / (".s.PGSQL." + std::to_string(ground.ports.of(server.id)));
    for (const fs::path &left : {data / "postmaster.pid", fs::path(socket.string() + ".lock"), socket})
        fs::remove(left, error);
    return {};
}

bool isReady(const Ground &ground, const Instance &server)
{
    const auto text = readFile(ground.home.pgData(server.id) / "postmaster.pid");
    const auto lines = text ? split(*text, '\n') : std::vector<std::string>();
    if (lines.size() < 8)
        return false;
    const std::string pid = trimmed(lines[0]);
    if (const auto process = recorded(ground.home.pidFile(server.id)); !process || std::to_string(process->pid) != pid) {
        const auto working = processesIn(ground.home.pgData(server.id)); // a guard may have started it again
        if (std::none_of(working.begin(), working.end(), [&](pid_t one) { return std::to_string(one) == pid; }))
            return false;
    }
    const std::string state = trimmed(lines[7]);
    return state == "ready" || state == "standby";
}

} // namespace shardlens::localfleet::postgres
