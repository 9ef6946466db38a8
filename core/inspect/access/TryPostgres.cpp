// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/CatalogPoll.h"
#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/facts/ClusterParts.h"
#include "core/facts/ManagerReport.h"
#include "core/facts/SqlStatements.h"
#include "core/inspect/access/Try.h"

#include <algorithm>
#include <cstdlib>

namespace shardlens::inspect::access {

namespace {

using base::Result;
using postgres::Session;

std::string identifier(const std::string &name)
{
    return facts::sqlName(name);
}

Result<Session> logIn(const Trying &trying, const std::string &database, bool isRouter)
{
    const fleet::DatabaseUser *user = trying.fleet.access.user(trying.observer());
    const secrets::Purpose purpose{trying.endpoint.host, trying.endpoint.port, database, trying.observer()};
    const auto secret = secrets::resolve(user ? user->secret : fleet::SecretSource(), purpose, trying.options.keychain);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = trying.fleet.access.tls;
    options.readOnly = !isRouter;
    options.throughRouter = isRouter;
    options.applicationName = "shardlens access";
    return Session::connect({trying.server.id.text(), trying.endpoint, database, trying.observer()}, *secret, options,
                            trying.options.patience, trying.interrupt);
}

/// What an administrator would do about a refused login. Only what the refusal itself speaks for.
std::string loginGrant(const std::string &said, const std::string &user, const std::string &database)
{
    const auto says = [&](const char *words) { return said.find(words) != std::string::npos; };
    if (says("pg_hba.conf"))
        return "host " + identifier(database) + " " + identifier(user) +
               " ADDRESS/32 scram-sha-256   (a line of pg_hba.conf, then SELECT pg_reload_conf();)";
    if (says("role") && says("does not exist"))
        return "CREATE ROLE " + identifier(user) + " LOGIN PASSWORD '…'; GRANT pg_monitor TO " + identifier(user) + ";";
    if (says("not permitted to log in"))
        return "ALTER ROLE " + identifier(user) + " LOGIN;";
    if (says("permission denied for database"))
        return "GRANT CONNECT ON DATABASE " + identifier(database) + " TO " + identifier(user) + ";";
    return {};
}

class PostgresTrier
{
public:
    PostgresTrier(const Trying &trying, ServerAccess &row, Session session, std::string database)
        : m_trying(trying), m_row(row), m_session(std::move(session)), m_database(std::move(database)),
          m_user(identifier(trying.observer()))
    {
    }

    void run(const fleet::Cluster *cluster)
    {
        const std::string monitor = "GRANT pg_monitor TO " + m_user + ";";
        attempt(Need::Clock, "SELECT clock_timestamp()", {});
        attempt(Need::Slots, "SELECT count(*) FROM pg_replication_slots", monitor);
        attempt(Need::Settings, clients::settingsQuery, "GRANT pg_read_all_settings TO " + m_user + ";   (pg_monitor holds it, too)");
        attempt(Need::Identity,
                "SELECT system_identifier, (SELECT timeline_id FROM pg_control_checkpoint()), (SELECT min_recovery_end_timeline FROM "
                "pg_control_recovery()) FROM pg_control_system()",
                "GRANT EXECUTE ON FUNCTION pg_control_system(), pg_control_checkpoint(), pg_control_recovery() TO " + m_user +
                    ";   (in database " + m_database + ", on the primary)");
        // Without the right these views answer rows with empty fields instead of failing, so the right itself is asked for.
        const auto stats = m_session.exec("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'usage')", m_trying.options.patience);
        for (const Need need : {Need::Lag, Need::Activity}) {
            if (!stats)
                set(m_row, need, Verdict::No, stats.error().message, monitor);
            else if (stats->first() == "t")
                set(m_row, need, Verdict::Yes);
            else
                set(m_row, need, Verdict::No, "rows of other users are hidden without pg_read_all_stats", monitor);
        }
        trySizes(cluster);
        tryHeartbeat();
        tryParts(cluster);
        tryRepmgr(cluster);
        tryDirectory(cluster);
    }

private:
    void attempt(Need need, const std::string &sql, const std::string &grant)
    {
        const auto rows = m_session.exec(sql, m_trying.options.patience);
        if (rows)
            set(m_row, need, Verdict::Yes);
        else
            set(m_row, need, Verdict::No, rows.error().message, grant);
    }

    void trySizes(const fleet::Cluster *cluster)
    {
        const fleet::Partition *partition = cluster ? m_trying.fleet.partition(cluster->partition) : nullptr;
        if (!partition)
            return set(m_row, Need::Sizes, Verdict::NotTried, "its cluster holds no partition");
        attempt(Need::Sizes, clients::catalogQuery(*partition),
                "GRANT SELECT ON pg_catalog.pg_class, pg_catalog.pg_namespace TO " + m_user + ";");
    }

    void tryHeartbeat()
    {
        const auto &heartbeat = m_trying.fleet.heartbeat;
        if (!heartbeat)
            return set(m_row, Need::Heartbeat, Verdict::NotTried, "the fleet file declares no [heartbeat]");
        const auto table = clients::PollTable::named(heartbeat->table);
        attempt(Need::Heartbeat, "SELECT region, at, sequence FROM " + table.quoted() + " LIMIT 1", tableGrant(table));
    }

    void tryParts(const fleet::Cluster *cluster)
    {
        if (!cluster)
            return set(m_row, Need::Parts, Verdict::NotTried, "it is of no cluster");
        if (!m_trying.fleet.acting)
            return set(m_row, Need::Parts, Verdict::NotTried, "needed for acting only, which is not switched on");
        const auto version = m_session.exec("SHOW server_version_num", m_trying.options.patience);
        const auto rows = version ? m_session.exec("SELECT name FROM (SELECT json_build_object(" +
                                                       facts::partsQuery(m_trying.fleet.access, std::atoi(version->first().c_str())) +
                                                       ") AS told) t, json_array_elements_text(CASE json_typeof(told->'lacks') WHEN 'array' THEN told->'lacks' ELSE '[]' END) AS name",
                                                   m_trying.options.patience)
                                  : version;
        if (!rows)
            return set(m_row, Need::Parts, Verdict::No, rows.error().message);
        const auto parts = facts::clusterParts(m_trying.fleet.access);
        std::string lacking;
        std::size_t count = 0;
        for (const auto &row : rows->rows) {
            const std::string name = row.front().value_or("");
            const bool isNeeded = std::any_of(parts.begin(), parts.end(), [&](const facts::ClusterPart &part) { return part.name == name && part.use != facts::PartUse::Warm; });
            if (isNeeded && ++count <= 3)
                lacking += (count > 1 ? ", " : "") + name;
        }
        if (count == 0)
            return set(m_row, Need::Parts, Verdict::Yes);
        set(m_row, Need::Parts, Verdict::No, "its database lacks " + lacking + (count > 3 ? " and " + std::to_string(count - 3) + " more" : ""),
            "shardlensctl prepare " + cluster->name.text() + " --plan   (every statement; without --plan it makes what is missing)");
    }

    void tryRepmgr(const fleet::Cluster *cluster)
    {
        if (!cluster || m_trying.server.repmgr.empty())
            return;
        const std::string &database = cluster->repmgrDatabase;
        const std::string grant = "GRANT USAGE ON SCHEMA repmgr TO " + m_user + "; GRANT SELECT ON repmgr.nodes TO " + m_user +
                                  ";   (in database " + database + ", on the primary)";
        auto session = logIn(m_trying, database, false);
        if (!session)
            return set(m_row, Need::Manager, Verdict::No, session.error().message,
                       loginGrant(session.error().message, m_trying.observer(), database));
        const auto rows = session->exec(facts::repmgrText, m_trying.options.patience);
        if (!rows)
            set(m_row, Need::Manager, Verdict::No, rows.error().message, grant);
        else if (rows->isEmpty())
            set(m_row, Need::Manager, Verdict::No, "database " + database + " has no extension repmgr",
                "repmgr_database = \"…\"   (in the cluster's table of the fleet file)");
        else
            set(m_row, Need::Manager, Verdict::Yes);
    }

    void tryDirectory(const fleet::Cluster *cluster)
    {
        const auto &directory = m_trying.fleet.directory;
        if (!directory || !cluster || directory->cluster != cluster->name)
            return set(m_row, Need::Directory, Verdict::NotTried,
                       directory ? "it is not the directory's" : "the fleet file declares no [directory]");
        auto session =
            directory->database == m_database ? Result<Session>(std::move(m_session)) : logIn(m_trying, directory->database, false);
        const clients::PollTable table{directory->schema, "shard_map"};
        const auto rows =
            session ? session->exec("SELECT partition, shard, cluster FROM " + table.quoted() + " LIMIT 1", m_trying.options.patience)
                    : Result<postgres::Rows>(base::fail(session.error()));
        if (rows)
            set(m_row, Need::Directory, Verdict::Yes);
        else
            set(m_row, Need::Directory, Verdict::No, rows.error().message, tableGrant(table));
    }

    std::string tableGrant(const clients::PollTable &table) const
    {
        const std::string schema = identifier(table.schema);
        return "GRANT USAGE ON SCHEMA " + schema + " TO " + m_user + "; GRANT SELECT ON " + schema + "." + identifier(table.table) +
               " TO " + m_user + ";";
    }

    const Trying &m_trying;
    ServerAccess &m_row;
    Session m_session;
    std::string m_database;
    std::string m_user;
};

} // namespace

void tryPostgres(const Trying &trying, ServerAccess &row)
{
    const fleet::Cluster *cluster = trying.fleet.clusterOf(trying.server.id);
    const std::string database = cluster ? cluster->database : "postgres";
    auto session = logIn(trying, database, false);
    if (!session)
        return set(row, Need::Connect, Verdict::No, session.error().message,
                   loginGrant(session.error().message, trying.observer(), database));
    set(row, Need::Connect, Verdict::Yes);
    PostgresTrier(trying, row, std::move(*session), database).run(cluster);
}

void tryRouter(const Trying &trying, ServerAccess &row)
{
    const std::string user = trying.observer();
    auto session = logIn(trying, "pgbouncer", true);
    if (!session) {
        const std::string &said = session.error().message;
        const bool isStranger = said.find("no such user") != std::string::npos;
        const bool isBarred = said.find("not allowed") != std::string::npos;
        set(row, Need::Connect, Verdict::No, said,
            isStranger ? "\"" + user + "\" \"SCRAM-SHA-256$…\"   (a line of its auth_file, then RELOAD)"
            : isBarred ? "stats_users = " + user + "   (in pgbouncer.ini, then RELOAD)"
                       : "");
        return;
    }
    set(row, Need::Connect, Verdict::Yes);
    const auto shown = session->script("SHOW POOLS", trying.options.patience);
    if (shown)
        set(row, Need::Stats, Verdict::Yes);
    else
        set(row, Need::Stats, Verdict::No, shown.error().message, "stats_users = " + user + "   (in pgbouncer.ini, then RELOAD)");
    set(row, Need::Admin, Verdict::NotTried, "every admin command changes something; needed for acting only",
        "admin_users = " + user + "   (in pgbouncer.ini, then RELOAD)");
}

} // namespace shardlens::inspect::access
