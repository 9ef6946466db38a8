// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Repmgr.h"

#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"

#include <algorithm>
#include <csignal>

namespace shardlens::localfleet::repmgr {

namespace fs = std::filesystem;

namespace {

using Done = base::Result<void>;

constexpr base::seconds patience{60};
constexpr base::seconds rejoinPatience{180};
const char *const database = "repmgr";
const char *const sshd = "sshd";

// A dead primary is replaced within some ten seconds, so that somebody can look on.
const char *const settings = R"(use_replication_slots=true
failover='automatic'
reconnect_attempts=6
reconnect_interval=1
monitor_interval_secs=1
promote_check_interval=1
)";

fs::path sshFile(const Ground &ground, const char *name)
{
    return ground.home.etc("repmgr-ssh") / name;
}

std::string daemonOf(const Instance &member)
{
    return "repmgrd-" + member.id;
}

/// From 1, in the order of the fleet file.
std::size_t nodeOf(const Ground &ground, const Instance &member)
{
    const auto members = ground.members(member.group);
    return 1 +
           static_cast<std::size_t>(std::find_if(members.begin(), members.end(), [&](const Instance &one) { return one.id == member.id; }) -
                                    members.begin());
}

std::string slotOf(const Ground &ground, const Instance &member)
{
    return "repmgr_slot_" + std::to_string(nodeOf(ground, member)); // repmgr's own name for it
}

std::string connectionOf(const Ground &ground, const Instance &member)
{
    return "host=127.0.0.1 port=" + std::to_string(ground.ports.of(member.id)) + " user=" + user::replication + " dbname=" + database +
           " passfile=" + Secrets::pgpass(ground.home, user::replication).string() +
           " sslmode=disable gssencmode=disable connect_timeout=3 keepalives_idle=5 keepalives_interval=2 keepalives_count=3";
}

std::string configText(const Ground &ground, const Instance &member, const fs::path &bin)
{
    const std::string file = configFile(ground, member).string();
    const std::string data = ground.home.pgData(member.id).string();
    const std::string repmgr = (bin / "repmgr").string() + " -f " + file;
    const std::string control = (bin / "pg_ctl").string() + " -D " + data;
    const std::string starting = " -o \"-c config_file=" + (ground.home.etc(member.id) / "postgresql.conf").string() + "\" -l " +
                                 ground.home.log(member.id).string() + " -w";
    const std::string ssh = "-q -p " + std::to_string(ground.ports.of(sshd)) + " -i " + sshFile(ground, "key").string() +
                            " -o IdentitiesOnly=yes -o UserKnownHostsFile=" + sshFile(ground, "known_hosts").string() +
                            " -o StrictHostKeyChecking=yes";
    return "node_id=" + std::to_string(nodeOf(ground, member)) + "\nnode_name='" + member.id + "'\nconninfo='" +
           connectionOf(ground, member) + "'\npassfile='" + Secrets::pgpass(ground.home, user::replication).string() +
           "'\ndata_directory='" + data + "'\npg_bindir='" + bin.string() + "'\n" + settings + "ssh_options='" + ssh +
           "'\npromote_command='" + repmgr + " standby promote'\nfollow_command='" + repmgr +
           " standby follow --upstream-node-id=%n'\nservice_start_command='" + control + starting + " start'\nservice_stop_command='" +
           control + " -m fast -W stop'\nservice_restart_command='" + control + starting + " -m fast restart'\nservice_reload_command='" +
           control + " reload'\n";
}

Done makeKey(const fs::path &file)
{
    if (fs::exists(file))
        return {};
    const auto program = needProgram("ssh-keygen", "openssh-client");
    if (!program)
        return base::fail(program.error());
    const auto made = runOrFail({{*program, "-q", "-t", "ed25519", "-N", "", "-f", file.string()}, {}, {}});
    return made ? Done() : base::fail(made.error());
}

/// It lets in the owner alone, by a key that lies beside it, and runs as the owner.
Done startSshd(const Ground &ground)
{
    if (recorded(ground.home.pidFile(sshd)))
        return {};
    const auto program = needProgram("sshd", "openssh-server");
    if (!program)
        return base::fail(program.error());
    std::error_code error;
    fs::create_directories(sshFile(ground, "").parent_path(), error);
    for (const char *key : {"host", "key"}) {
        if (auto made = makeKey(sshFile(ground, key)); !made)
            return made;
    }
    const std::string port = std::to_string(ground.ports.of(sshd));
    const std::string configuration = "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + sshFile(ground, "host").string() +
                                      "\nAuthorizedKeysFile " + sshFile(ground, "key.pub").string() +
                                      "\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication "
                                      "no\nX11Forwarding no\nAllowTcpForwarding no\n";
    const std::string known = "[127.0.0.1]:" + port + " " + readFile(sshFile(ground, "host.pub")).value_or(std::string());
    for (const auto &[name, text] : {std::pair{"known_hosts", known}, {"sshd_config", configuration}}) {
        if (auto written = writeFile(sshFile(ground, name), text); !written)
            return written;
    }
    const auto started = startDaemon({{*program, "-D", "-e", "-f", sshFile(ground, "sshd_config").string()}, {}, {}}, ground.home.log(sshd),
                                     ground.home.pidFile(sshd));
    return started ? Done() : base::fail(started.error());
}

/// As the user that the standbys follow as, with what its documentation asks for instead of a superuser.
Done prepareDatabase(const Ground &ground, const Instance &primary)
{
    const std::string replication = user::replication;
    const std::string readers = std::string(user::observer) + ", " + user::operation;
    const auto found =
        postgres::query(ground, primary, "postgres", std::string("SELECT count(*) FROM pg_database WHERE datname = '") + database + "'");
    if (!found)
        return base::fail(found.error());
    if (*found == "0") {
        if (const auto made = postgres::query(ground, primary, "postgres", std::string("CREATE DATABASE ") + database); !made)
            return base::fail(made.error());
    }
    return postgres::runSql(ground, primary, database,
                            "CREATE EXTENSION IF NOT EXISTS repmgr;\n"
                            "GRANT USAGE ON SCHEMA repmgr TO " +
                                replication + ", " + readers +
                                ";\n"
                                "GRANT ALL ON ALL TABLES IN SCHEMA repmgr TO " +
                                replication +
                                ";\n"
                                "GRANT ALL ON ALL SEQUENCES IN SCHEMA repmgr TO " +
                                replication +
                                ";\n"
                                "GRANT SELECT ON repmgr.nodes TO " +
                                readers +
                                ";\n"
                                "GRANT pg_monitor TO " +
                                replication +
                                ";\n"
                                "GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_wal_replay_resume(), pg_ls_dir(text, boolean, "
                                "boolean), pg_stat_file(text, boolean), "
                                "pg_read_binary_file(text), pg_read_binary_file(text, bigint, bigint, boolean) TO " +
                                replication + ";\n");
}

/// A standby that follows by the fleet's slot follows by repmgr's from here on: repmgr makes and drops its own with each move.
Done takeSlot(const Ground &ground, const Instance &primary, const Instance &standby)
{
    const std::string slot = slotOf(ground, standby);
    const auto used = postgres::query(ground, standby, "postgres", "SHOW primary_slot_name");
    if (!used || *used == slot)
        return used ? Done() : base::fail(used.error());
    const std::string countNow = " FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    for (const auto &[on, sql] :
         {std::pair{primary, "SELECT pg_create_physical_replication_slot('" + slot + "', true) WHERE NOT EXISTS (SELECT" + countNow + ")"},
          {standby, "ALTER SYSTEM SET primary_slot_name = '" + slot + "'"},
          {standby, std::string("SELECT pg_reload_conf()")}}) {
        if (const auto done = postgres::query(ground, on, "postgres", sql); !done)
            return base::fail(done.error());
    }
    const bool isTaken = waitUntil(
        [&] { return postgres::query(ground, primary, "postgres", "SELECT count(*)" + countNow + " AND active").value_or("") == "1"; },
        patience, base::milliseconds(100));
    if (!isTaken)
        return base::fail(base::ErrorCode::TimedOut, standby.id + " does not follow by " + slot, standby.id);
    const auto dropped = postgres::query(ground, primary, "postgres",
                                         "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" +
                                             *used + "' AND NOT active");
    return dropped ? Done() : base::fail(dropped.error());
}

Done runRepmgr(const Ground &ground, const Instance &member, std::vector<std::string> words, base::milliseconds deadline)
{
    const auto program = needProgram("repmgr", "repmgr");
    if (!program)
        return base::fail(program.error());
    words.insert(words.begin(), {*program, "--config-file=" + configFile(ground, member).string()});
    const auto done = runOrFail({std::move(words), {}, {}}, deadline);
    return done ? Done() : base::fail(done.error());
}

Done registerMember(const Ground &ground, const Instance &primary, const Instance &member)
{
    const auto known =
        postgres::query(ground, primary, database,
                        "SELECT count(*) FROM repmgr.nodes WHERE active AND node_id = " + std::to_string(nodeOf(ground, member)));
    if (!known || *known == "1")
        return known ? Done() : base::fail(known.error());
    const bool isPrimary = member.id == primary.id;
    return runRepmgr(ground, member, {isPrimary ? "primary" : "standby", "register", "--force"}, patience);
}

Done startRepmgrd(const Ground &ground, const Instance &member)
{
    if (recorded(ground.home.pidFile(daemonOf(member))))
        return {};
    const auto program = needProgram("repmgrd", "repmgr");
    if (!program)
        return base::fail(program.error());
    const auto started =
        startDaemon({{*program, "--config-file=" + configFile(ground, member).string(), "--daemonize=false", "--no-pid-file"}, {}, {}},
                    ground.home.log(daemonOf(member)), ground.home.pidFile(daemonOf(member)));
    return started ? Done() : base::fail(started.error());
}

Done writeConfiguration(const Ground &ground, const Instance &member)
{
    const fs::path file = configFile(ground, member);
    if (fs::exists(file))
        return {};
    const auto postgres = needProgram("repmgr", "repmgr");
    return postgres ? writeFile(file, configText(ground, member, fs::path(*postgres).parent_path())) : base::fail(postgres.error());
}

/// By repmgr where somebody else is the primary: it must not come back as another one.
Done bringBack(const Ground &ground, const Instance &member, const base::Result<Instance> &primary)
{
    if (!servers::processes(ground, member).empty())
        return {};
    if (primary && primary->id != member.id) {
        if (auto cleared = postgres::clearRemains(ground, member); !cleared)
            return cleared;
        return runRepmgr(ground, member, {"node", "rejoin", "--dbname=" + connectionOf(ground, *primary), "--force-rewind"},
                         rejoinPatience);
    }
    if (auto started = servers::start(ground, member); !started)
        return started;
    return servers::waitReady(ground, member, patience);
}

} // namespace

bool isUnder(const Ground &ground, const Instance &server)
{
    return !ground.shape.repmgr.empty() && server.group == ground.shape.repmgr;
}

fs::path configFile(const Ground &ground, const Instance &member)
{
    return ground.home.etc(member.id) / "repmgr.conf";
}

void kill(const Ground &ground, const Instance &member)
{
    if (const auto process = recorded(ground.home.pidFile(daemonOf(member))))
        (void)stop(*process, SIGKILL, base::seconds(2));
}

Done adopt(const Ground &ground)
{
    const std::vector<Instance> members = ground.members(ground.shape.repmgr);
    if (auto started = startSshd(ground); !started)
        return started;
    for (const Instance &member : members) {
        if (auto written = writeConfiguration(ground, member); !written)
            return written;
    }
    for (const Instance &member : members) {
        if (auto back = bringBack(ground, member, postgres::primaryOf(ground, ground.shape.repmgr)); !back)
            return back;
    }
    const auto primary = postgres::primaryOf(ground, ground.shape.repmgr);
    if (!primary)
        return base::fail(primary.error());
    if (auto prepared = prepareDatabase(ground, *primary); !prepared)
        return prepared;
    if (auto registered = registerMember(ground, *primary, *primary); !registered)
        return registered;
    for (const Instance &member : members) {
        if (member.id == primary->id)
            continue;
        if (auto taken = takeSlot(ground, *primary, member); !taken)
            return taken;
        if (auto registered = registerMember(ground, *primary, member); !registered)
            return registered;
    }
    for (const Instance &member : members) {
        if (auto started = startRepmgrd(ground, member); !started)
            return started;
    }
    for (const Instance &member : members) {
        if (!waitUntil([&] { return postgres::query(ground, member, database, "SELECT repmgr.repmgrd_is_running()").value_or("") == "t"; },
                       patience, base::milliseconds(200)))
            return base::fail(base::ErrorCode::TimedOut,
                              "repmgrd does not watch " + member.id + "; see " + ground.home.log(daemonOf(member)).string(), member.id);
    }
    return {};
}

} // namespace shardlens::localfleet::repmgr
