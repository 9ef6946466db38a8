// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/FakePostgres.h"

#include "tests/fakes/PgWire.h"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>

namespace shardlens::fakes {

namespace {

constexpr std::uint32_t sslRequest = 80877103;
constexpr std::uint32_t gssRequest = 80877104;

std::string lsnText(std::uint64_t lsn)
{
    char text[24];
    std::snprintf(text, sizeof text, "%" PRIX64 "/%" PRIX64, lsn >> 32, lsn & std::uint64_t{0xffffffff});
    return text;
}

std::string nowMicros()
{
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

} // namespace

PostgresDialect::PostgresDialect(std::shared_ptr<PostgresScript> script) : m_script(std::move(script)) {}

std::vector<Dialect::Reply> PostgresDialect::take(std::string_view bytes)
{
    m_unread.append(bytes);
    std::vector<Reply> replies;
    const std::lock_guard lock(m_script->mutex);
    while (!m_started) {
        const auto body = wire::takeStartup(m_unread);
        if (!body)
            return replies;
        startup(*body, replies);
    }
    while (const auto one = wire::takeMessage(m_unread))
        message(one->first, one->second, replies);
    return replies;
}

void PostgresDialect::startup(std::string_view body, std::vector<Reply> &replies)
{
    const auto code = wire::readInt32(body);
    if (code == sslRequest || code == gssRequest) {
        replies.push_back({"N", false, false});
        return;
    }
    m_started = true;
    m_greeted = m_script->password.empty();
    replies.push_back({m_greeted ? welcome() : wire::message('R', wire::int32(3)), false, false});
}

std::string PostgresDialect::welcome() const
{
    return wire::message('R', wire::int32(0)) + wire::parameter("server_version", "15.4") + wire::parameter("client_encoding", "UTF8")
        + wire::parameter("standard_conforming_strings", "on") + wire::message('K', wire::int32(1) + wire::int32(2)) + wire::ready();
}

void PostgresDialect::message(char type, std::string_view body, std::vector<Reply> &replies)
{
    switch (type) {
    case 'p':
        m_greeted = body.substr(0, body.find('\0')) == m_script->password;
        replies.push_back({m_greeted ? welcome() : wire::error("28P01", "password authentication failed for user \"observer\"", "FATAL"), false, false});
        break;
    case 'Q': replies.push_back(simpleQuery(std::string(body.substr(0, body.find('\0'))))); break;
    case 'P': m_pending += wire::message('1', ""); break;
    case 'B': m_pending += wire::message('2', ""); break;
    case 'D': break; // the description comes with the row
    case 'E':
        m_pending += pollRow();
        m_pendingIsPoll = true;
        break;
    case 'S':
        replies.push_back({m_pending + wire::ready(), m_pendingIsPoll, false});
        m_pending.clear();
        m_pendingIsPoll = false;
        break;
    case 'X': replies.push_back({"", false, true}); break;
    default: replies.push_back({wire::error("08P01", "unexpected message") + wire::ready(), false, false});
    }
}

Dialect::Reply PostgresDialect::simpleQuery(const std::string &sql)
{
    std::string set;
    for (std::size_t at = sql.find("SET "); at != std::string::npos; at = sql.find("SET ", at + 1))
        set += wire::complete("SET");
    if (sql.find(" AS monitor") != std::string::npos) {
        ++m_script->probes;
        const auto state = [](const std::string &text) { return text.empty() ? std::optional<std::string>() : text; };
        return {set + wire::rowDescription({"monitor", "control", "hba", "archive", "role_settings", "heartbeat", "term"})
                    + wire::dataRow({m_script->monitor ? "t" : "f", "t", m_script->hba ? "t" : "f", m_script->monitor ? "t" : "f", m_script->roleSettings ? "t" : "f", state(m_script->heartbeatState), state(m_script->termState)})
                    + wire::complete("SELECT 1") + wire::ready(),
                false, false};
    }
    if (!set.empty())
        return {set + wire::ready(), false, false};
    if (sql.find("current_setting(name, true)") != std::string::npos)
        return {wire::rowDescription({"name", "value"}) + wire::dataRow({"wal_receiver_timeout", "5s"}) + wire::complete("SELECT 1") + wire::ready(), false, false};
    if (sql.find("'base_backups'") != std::string::npos)
        return {wire::rowDescription({"move"}) + wire::dataRow({m_script->move}) + wire::complete("SELECT 1") + wire::ready(), false, false};
    return {wire::rowDescription({"none"}) + wire::complete("SELECT 0") + wire::ready(), false, false};
}

std::string PostgresDialect::pollRow()
{
    auto &script = *m_script;
    if (script.rejectPollWith) {
        const auto state = *std::exchange(script.rejectPollWith, std::nullopt);
        return wire::error(state, "scripted rejection");
    }
    ++script.polls;
    script.lsn += script.lsnStep;
    const auto lsn = lsnText(script.lsn);
    using Cell = std::optional<std::string>;
    const auto primary = [&](const std::string &text) { return script.standby ? Cell() : Cell(text); };
    const auto standby = [&](const std::string &text) { return script.standby ? Cell(text) : Cell(); };
    char timeline[9];
    std::snprintf(timeline, sizeof timeline, "%08X", static_cast<unsigned>(script.timeline));
    const auto now = nowMicros();
    const std::string tli = std::to_string(script.timeline);
    const Cell receiver = standby(R"(["streaming", "slot", "127.0.0.1", 5432, )" + tli + ", \"" + lsn + "\", \"" + lsn + "\", " + now + ", " + now + ", 1000]");
    const Cell senders = primary(R"([[11, "standby", "streaming", "async", ")" + lsn + "\", \"" + lsn + "\", \"" + lsn + "\", \"" + lsn + "\", 100, 200, 300, " + now + "]]");
    const wire::Cells cells = {
        std::to_string(script.systemIdentifier), script.standby ? "t" : "f", primary(timeline), now, "1700000000000000", "1700000000000000",
        primary(lsn), primary(lsn), standby(lsn), standby(lsn), standby(now), standby("not paused"), script.brake ? "on" : "off",
        senders, receiver, primary(R"([["slot", "physical", true, "reserved", ")" + lsn + "\", null]]"),
        script.monitor ? Cell("[3, 1, 2, 0, 0, 0, 100, null, 3, null, null, null, null]") : Cell(),
        "[" + std::to_string(100 * script.polls) + ", 0, 10, 10, 10, 10, 10, 10]", standby("[" + tli + ", " + tli + "]"),
        script.heartbeatState == "readable" ? Cell("[[\"us-east\", " + now + ", " + std::to_string(script.polls) + "]]") : Cell(),
        script.termState == "readable" ? Cell(std::to_string(script.term)) : Cell(),
        script.monitor ? Cell(R"([41, "app", "idle in transaction", 1500000])") : Cell(),
        Cell(),
    };
    std::vector<std::string> names;
    for (std::size_t i = 0; i < cells.size(); ++i)
        names.push_back("c" + std::to_string(i));
    return wire::rowDescription(names) + wire::dataRow(cells) + wire::complete("SELECT 1");
}

PgbouncerDialect::PgbouncerDialect(std::shared_ptr<PgbouncerScript> script) : m_script(std::move(script)) {}

std::vector<Dialect::Reply> PgbouncerDialect::take(std::string_view bytes)
{
    m_unread.append(bytes);
    std::vector<Reply> replies;
    while (!m_started) {
        const auto body = wire::takeStartup(m_unread);
        if (!body)
            return replies;
        const auto code = wire::readInt32(*body);
        m_started = code != sslRequest && code != gssRequest;
        if (const auto at = body->find(std::string("database\0", 9)); at != std::string::npos)
            m_database = body->c_str() + at + 9;
        replies.push_back({m_started ? wire::message('R', wire::int32(0)) + wire::parameter("server_version", "1.18.0/bouncer") + wire::ready() : "N", false, false});
    }
    while (const auto one = wire::takeMessage(m_unread)) {
        if (one->first == 'X')
            replies.push_back({"", false, true});
        else if (one->first == 'Q')
            replies.push_back(answer(one->second.substr(0, one->second.find('\0'))));
        else
            replies.push_back({wire::error("08P01", "unsupported pkt type"), true, true}); // as the console does to the extended protocol
    }
    return replies;
}

Dialect::Reply PgbouncerDialect::answer(const std::string &sql)
{
    if (m_database == "pgbouncer")
        return {show(sql), true, false};
    const std::lock_guard lock(m_script->mutex);
    if (m_script->holds.contains(m_database))
        return {"", true, false};
    if (const auto refused = m_script->refuses.find(m_database); refused != m_script->refuses.end())
        return {wire::error(refused->second, "pgbouncer cannot connect to server") + wire::ready(), true, false};
    const bool standby = m_database.ends_with("_read") || m_script->standbys.contains(m_database);
    return {wire::rowDescription({"standby", "braked"}) + wire::dataRow({standby ? "t" : "f", "f"}) + wire::complete("SELECT 1") + wire::ready(), true, false};
}

std::string PgbouncerDialect::show(const std::string &what)
{
    const std::lock_guard lock(m_script->mutex);
    std::string out;
    if (what == "SHOW VERSION") {
        out = wire::rowDescription({"version"}) + wire::dataRow({"PgBouncer 1.18.0"});
    } else if (what == "SHOW CONFIG") {
        out = wire::rowDescription({"key", "value", "default", "changeable"}) + wire::dataRow({"server_login_retry", "15", "15", "yes"})
            + wire::dataRow({"pool_mode", "transaction", "session", "yes"}) + wire::dataRow({"max_client_conn", std::to_string(m_script->clients), "100", "yes"});
    } else if (what == "SHOW DATABASES") {
        out = wire::rowDescription({"name", "host", "port", "database", "pool_mode", "paused", "disabled"});
        out += wire::dataRow({"pgbouncer", std::nullopt, "6432", "pgbouncer", "statement", "0", "0"});
        for (const auto &one : m_script->databases)
            out += wire::dataRow({one.name, one.host, std::to_string(one.port), "insta", std::nullopt, one.paused ? "1" : "0", "0"});
    } else if (what == "SHOW POOLS") {
        out = wire::rowDescription({"database", "user", "cl_active", "cl_waiting", "sv_active", "sv_idle", "sv_used", "sv_tested", "sv_login", "maxwait", "maxwait_us", "pool_mode"});
        for (const auto &one : m_script->databases)
            out += wire::dataRow({one.name, "app", "3", one.paused ? "2" : "0", "1", "1", "0", "0", "0", one.paused ? "1" : "0", "500000", "transaction"});
    } else if (what == "SHOW STATS_TOTALS") {
        out = wire::rowDescription({"database", "xact_count", "query_count", "wait_time"});
        m_script->transactions += 10;
        for (const auto &one : m_script->databases)
            out += wire::dataRow({one.name, std::to_string(m_script->transactions), std::to_string(2 * m_script->transactions), "0"});
    } else {
        return wire::error("08P01", "unsupported command") + wire::ready();
    }
    return out + wire::complete("SHOW") + wire::ready();
}

} // namespace shardlens::fakes
