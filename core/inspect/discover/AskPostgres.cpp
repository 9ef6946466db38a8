// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/Session.h"
#include "core/inspect/discover/Asking.h"
#include "core/inspect/discover/SchemaPatterns.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardlens::inspect::discover {

namespace {

using base::Result;
using postgres::Rows;
using postgres::Session;

constexpr std::size_t mostDatabases = 32;
constexpr int lagSamples = 5;

// Functions that the user may not run fail a whole statement, so what may be run is asked first. PostgreSQL 13 or newer.
const char *const identityQuery = R"(
SELECT pg_is_in_recovery(), current_setting('server_version_num'), current_setting('cluster_name'),
       (date_part('epoch', pg_postmaster_start_time()) * 1e6)::int8, inet_server_port(),
       has_function_privilege('pg_control_system()', 'execute'), pg_has_role(current_user, 'pg_read_all_stats', 'usage'),
       current_setting('max_connections'), current_setting('max_slot_wal_keep_size', true),
       (date_part('epoch', clock_timestamp()) * 1e3)::int8)";

const char *const receiverQuery =
    "SELECT sender_host, sender_port, status, substring(conninfo from 'application_name=([^ ]+)') FROM pg_stat_wal_receiver";

const char *const sendersQuery =
    "SELECT host(client_addr), application_name, state FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'";

const char *const databasesQuery =
    "SELECT datname, has_database_privilege(oid, 'connect') FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname";

const char *const activityQuery = R"(
SELECT count(*), COALESCE(max(date_part('epoch', clock_timestamp() - xact_start)) FILTER (WHERE pid <> pg_backend_pid()), 0)::int8
FROM pg_stat_activity WHERE backend_type = 'client backend')";

const char *const slotsQuery = R"(
SELECT max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))::int8
FROM pg_replication_slots)";

const char *const lagQuery = R"(
SELECT max(date_part('epoch', replay_lag) * 1e3)::int8, max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::int8 FROM pg_stat_replication)";

const char *const schemasQuery = R"(
SELECT n.nspname, array_to_string(array_agg(c.relname ORDER BY c.oid), E'\x1f')
FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY n.nspname ORDER BY n.nspname)";

// Tables by their form: whoever made them, they are what the console reads.
const char *const knownTablesQuery = R"(
SELECT n.nspname, c.relname, has_schema_privilege(n.oid, 'usage') AND has_table_privilege(c.oid, 'select'),
       quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND (
    (c.relname = 'heartbeat' AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('region', 'at', 'sequence')))
    OR (c.relname = 'shard_map' AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('partition', 'shard', 'cluster')))))";

std::string field(const Rows &rows, std::size_t row, std::size_t column)
{
    return row < rows.rows.size() ? rows.at(row, column).value_or("") : std::string();
}

std::int64_t number(const std::string &text)
{
    return std::strtoll(text.c_str(), nullptr, 10);
}

std::vector<std::string> split(const std::string &text, char by)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(by, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

Result<Session> connect(const Asking &asking, const std::string &database, bool readOnly)
{
    const postgres::Target target{text(asking.endpoint()), asking.endpoint(), database, asking.login.user};
    postgres::SessionOptions options;
    options.tls = asking.login.tls;
    options.readOnly = readOnly;
    options.throughRouter = !readOnly;
    options.statementTimeout = readOnly ? asking.patience : base::milliseconds(0);
    options.applicationName = "shardlens discover";
    return Session::connect(target, asking.secretFor(database), options, asking.patience, asking.interrupt);
}

/// Postgres takes start-up options; pgbouncer refuses them before it asks who is there, and knows its databases alone.
bool isRouterSpeaking(const base::Error &error)
{
    const auto says = [&](const char *words) { return error.message.find(words) != std::string::npos; };
    return says("unsupported startup parameter") || says("no such database") || says("no such user") || says("pgbouncer") ||
           says("bouncer config error");
}

/// One server, asked over one kept session.
class PostgresAsker
{
public:
    PostgresAsker(const Asking &asking, Session session) : m_asking(asking), m_session(std::move(session)) {}

    bool isBehindOtherPort() const { return m_told.ownPort != 0 && m_told.ownPort != m_asking.endpoint().port; }

    Result<void> askIdentity()
    {
        const auto began = std::chrono::steady_clock::now();
        const auto rows = ask(identityQuery);
        if (!rows)
            return base::fail(rows.error());
        const auto took = std::chrono::steady_clock::now() - began;
        m_asking.finding.roundTrip = std::chrono::duration_cast<base::microseconds>(took);
        m_told.inRecovery = field(*rows, 0, 0) == "t";
        m_told.versionNumber = static_cast<int>(number(field(*rows, 0, 1)));
        m_told.clusterName = field(*rows, 0, 2);
        m_told.startedAt = number(field(*rows, 0, 3));
        m_told.ownPort = static_cast<int>(number(field(*rows, 0, 4)));
        m_told.maySeeStats = field(*rows, 0, 6) == "t";
        m_told.observed.maxConnections = static_cast<int>(number(field(*rows, 0, 7)));
        m_told.observed.slotLimit = field(*rows, 0, 8);
        const auto here = std::chrono::time_point_cast<base::milliseconds>(std::chrono::system_clock::now() - took / 2);
        m_told.observed.clockOffset = base::milliseconds(number(field(*rows, 0, 9))) - here.time_since_epoch();
        if (field(*rows, 0, 5) == "t")
            m_told.systemIdentifier = field(ask("SELECT system_identifier::text FROM pg_control_system()").value_or(Rows()), 0, 0);
        return {};
    }

    void askTheRest()
    {
        askPeers();
        const Rows databases = ask(databasesQuery).value_or(Rows());
        for (std::size_t row = 0; row < std::min(databases.rows.size(), mostDatabases); ++row)
            lookInto(field(databases, row, 0), field(databases, row, 1) == "t");
        watch();
        m_asking.finding.told = std::move(m_told);
    }

private:
    Result<Rows> ask(const std::string &sql) { return m_session.exec(sql, m_asking.patience); }

    void askPeers()
    {
        const Rows receiver = ask(receiverQuery).value_or(Rows());
        if (!receiver.isEmpty())
            m_told.receiver =
                Peer{field(receiver, 0, 0), static_cast<int>(number(field(receiver, 0, 1))), field(receiver, 0, 3), field(receiver, 0, 2)};
        const Rows senders = ask(sendersQuery).value_or(Rows());
        for (std::size_t row = 0; row < senders.rows.size(); ++row)
            m_told.senders.push_back({field(senders, row, 0), 0, field(senders, row, 1), field(senders, row, 2)});
    }

    void lookInto(const std::string &name, bool mayConnect)
    {
        Database database;
        database.name = name;
        auto session =
            mayConnect ? connect(m_asking, name, true) : Result<Session>(base::fail(base::ErrorCode::NoRights, "no right to connect"));
        if (!session) {
            database.trouble = session.error().message;
            m_told.databases.push_back(std::move(database));
            return;
        }
        const auto rows = session->exec(schemasQuery, m_asking.patience);
        if (!rows)
            database.trouble = rows.error().message;
        std::vector<Schema> schemas;
        for (std::size_t row = 0; rows && row < rows->rows.size(); ++row)
            schemas.push_back({field(*rows, row, 0), split(field(*rows, row, 1), '\x1f')});
        database.schemas = schemaGroups(schemas);
        findKnownTables(*session, database);
        m_told.databases.push_back(std::move(database));
    }

    void findKnownTables(Session &session, Database &database)
    {
        const Rows tables = session.exec(knownTablesQuery, m_asking.patience).value_or(Rows());
        for (std::size_t row = 0; row < tables.rows.size(); ++row) {
            const bool isReadable = field(tables, row, 2) == "t";
            if (field(tables, row, 1) == "shard_map") {
                database.directorySchema = field(tables, row, 0);
                const Rows declared =
                    isReadable ? session
                                     .exec("SELECT DISTINCT cluster, partition FROM " + field(tables, row, 3) + " ORDER BY 1, 2 LIMIT 4096",
                                           m_asking.patience)
                                     .value_or(Rows())
                               : Rows();
                for (std::size_t each = 0; each < declared.rows.size(); ++each)
                    database.declared.emplace_back(field(declared, each, 0), field(declared, each, 1));
                continue;
            }
            database.heartbeatTable = field(tables, row, 0) + "." + field(tables, row, 1);
            if (!isReadable)
                continue;
            const Rows regions =
                session.exec("SELECT region FROM " + field(tables, row, 3) + " ORDER BY region LIMIT 64", m_asking.patience)
                    .value_or(Rows());
            for (std::size_t each = 0; each < regions.rows.size(); ++each)
                database.heartbeatRegions.push_back(field(regions, each, 0));
        }
    }

    /// A few readings, spread over the time given for it: what thresholds are proposed from.
    void watch()
    {
        Observed &seen = m_told.observed;
        if (m_told.maySeeStats) {
            const Rows activity = ask(activityQuery).value_or(Rows());
            seen.connections = static_cast<int>(number(field(activity, 0, 0)));
            seen.longestTransaction = base::seconds(number(field(activity, 0, 1)));
        }
        if (const Rows slots = ask(slotsQuery).value_or(Rows()); !field(slots, 0, 0).empty())
            seen.slotBytes = number(field(slots, 0, 0));
        for (int sample = 0; sample < lagSamples && !m_told.inRecovery && !m_told.senders.empty(); ++sample) {
            const Rows lag = ask(lagQuery).value_or(Rows());
            if (const std::string time = field(lag, 0, 0); !time.empty())
                seen.worstLag = std::max(seen.worstLag.value_or(base::milliseconds(0)), base::milliseconds(number(time)));
            if (const std::string bytes = field(lag, 0, 1); !bytes.empty())
                seen.worstLagBytes = std::max(seen.worstLagBytes.value_or(0), number(bytes));
            const auto pause = std::chrono::steady_clock::now() + m_asking.watching / lagSamples;
            if (const auto waited = wire::waitFor(-1, wire::Readiness::Readable, pause, m_asking.interrupt.get());
                !waited && waited.error().code == base::ErrorCode::Cancelled)
                return;
        }
    }

    const Asking &m_asking;
    Session m_session;
    PostgresTold m_told;
};

} // namespace

void askPostgres(const Asking &asking)
{
    auto session = connect(asking, asking.login.database, true);
    if (!session && isRouterSpeaking(session.error()))
        return askRouter(asking);
    if (!session) {
        asking.finding.trouble = session.error();
        return;
    }
    PostgresAsker asker(asking, std::move(*session));
    if (auto asked = asker.askIdentity(); !asked) {
        asking.finding.trouble = asked.error();
        return;
    }
    // A router told to let start-up options pass leads on to a server that knows another port; a relay does so, too.
    if (asker.isBehindOtherPort()) {
        askRouter(asking);
        if (asking.finding.kind == Kind::Pgbouncer && !asking.finding.trouble)
            return;
        asking.finding.kind = Kind::Postgres;
        asking.finding.recognisedBy = "it answers as Postgres";
        asking.finding.trouble.reset();
    }
    asker.askTheRest();
}

void askRouter(const Asking &asking)
{
    Finding &finding = asking.finding;
    auto session = connect(asking, "pgbouncer", false);
    finding.kind = Kind::Pgbouncer;
    finding.recognisedBy = "it answers as pgbouncer does";
    if (!session) {
        finding.trouble = session.error();
        return;
    }
    const auto began = std::chrono::steady_clock::now();
    const auto version = session->script("SHOW VERSION", asking.patience);
    finding.roundTrip = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - began);
    const std::string said = version ? version->first() : std::string();
    if (!said.starts_with("PgBouncer")) {
        finding.trouble =
            version ? base::Error{base::ErrorCode::WrongServer, "it does not answer SHOW VERSION as pgbouncer", {}, {}, base::Effect::None}
                    : version.error();
        return;
    }
    finding.recognisedBy = "its admin console answers SHOW VERSION with " + said;
    RouterTold told;
    told.version = said.substr(said.find(' ') + 1);
    const auto databases = session->script("SHOW DATABASES", asking.patience);
    if (!databases) {
        finding.trouble = databases.error();
        return;
    }
    const auto column = [&](const Rows &rows, const char *name) {
        const auto found = std::find(rows.columns.begin(), rows.columns.end(), name);
        return static_cast<std::size_t>(found - rows.columns.begin());
    };
    const std::size_t at[] = {column(*databases, "name"), column(*databases, "host"), column(*databases, "port"),
                              column(*databases, "database")};
    for (std::size_t row = 0; row < databases->rows.size() && *std::max_element(at, at + 4) < databases->columns.size(); ++row) {
        RouterTarget target{field(*databases, row, at[0]), field(*databases, row, at[1]),
                            static_cast<int>(number(field(*databases, row, at[2]))), field(*databases, row, at[3])};
        if (target.name != "pgbouncer")
            told.targets.push_back(std::move(target));
    }
    const Rows config = session->script("SHOW CONFIG", asking.patience).value_or(Rows());
    for (std::size_t row = 0; row < config.rows.size(); ++row) {
        if (field(config, row, 0) == "pool_mode")
            told.poolMode = field(config, row, 1);
    }
    finding.told = std::move(told);
}

} // namespace shardlens::inspect::discover
