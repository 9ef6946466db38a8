// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/FakeManaged.h"

#include "core/base/Lsn.h"

#include <algorithm>

namespace shardlens::execute {

using base::Effect;
using base::ErrorCode;
using operate::By;
using operate::Command;

namespace {

base::Error failed(ErrorCode code, std::string message, Effect effect)
{
    return {code, std::move(message), {}, {}, effect};
}

std::string lsnText(std::int64_t value)
{
    return base::Lsn{static_cast<std::uint64_t>(value)}.toString();
}

std::int64_t positionIn(const std::string &text)
{
    const std::size_t at = text.find('\'') + 1;
    return static_cast<std::int64_t>(base::Lsn::parse(text.substr(at, text.find('\'', at) - at)).value_or(base::Lsn{~0ULL >> 1U}).value);
}

} // namespace

FakeManaged::FakeManaged(const fleet::Fleet &fleet, const Operation &operation, Obeys obeys)
    : leader(operation.from.text()), m_fleet(fleet), m_operation(operation.id), m_from(operation.from.text()), m_to(operation.to.text()),
      m_database(operation.cluster.text()), m_obeys(obeys),
      m_isRepmgrs(fleet.cluster(operation.cluster)->manager == fleet::Manager::Repmgr),
      m_clock(base::UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)))
{
    for (const base::ServerId &id : fleet.cluster(operation.cluster)->servers)
        m_servers[id.text()].isInRecovery = id != operation.from;
    for (const fleet::Router &router : fleet.routers)
        m_routers[router.server.text()].leadsTo = {{m_database, m_from}, {m_database + "_read", m_to}};
}

void FakeManaged::kill(const std::string &server)
{
    m_servers[server].isRunning = false;
    if (leader == server && !m_isRepmgrs)
        leader.clear();
}

void FakeManaged::failOverTo(const std::string &server)
{
    m_servers[server].isInRecovery = false;
    leader = server;
}

void FakeManaged::pass(base::microseconds time)
{
    while (time > base::microseconds(0)) {
        const base::microseconds step = std::min<base::microseconds>(time, base::milliseconds(5));
        m_clock.advance(step);
        time -= step;
        for (std::size_t i = 0; i < m_later.size();) {
            if (m_later[i].first > m_clock.now()) {
                ++i;
                continue;
            }
            const auto deed = m_later[i].second;
            m_later.erase(m_later.begin() + std::ptrdiff_t(i));
            deed();
        }
        for (const auto &[id, router] : m_routers) {
            Server &server = m_servers[router.leadsTo.at(m_database)];
            if (!router.isPaused && server.isRunning && !server.isInRecovery)
                m_acknowledged = ++server.log;
        }
        for (const auto &[id, source] : m_servers) {
            for (auto &[other, standby] : m_servers) {
                if (source.isRunning && !source.isInRecovery && standby.isRunning && standby.isInRecovery)
                    standby.log = std::max(standby.log, source.log);
            }
        }
        if (writable().size() > 1 && m_broken.empty())
            m_broken = "two members accept writes";
    }
}

FakeManaged::Carried FakeManaged::carryOut(const std::vector<Command> &commands, base::Instant deadline)
{
    Carried carried;
    for (const Command &command : commands) {
        pass(base::milliseconds(1));
        const auto before = m_clock.now();
        Said said = one(command);
        if (m_clock.now() > deadline && m_clock.now() - before > base::milliseconds(100))
            said = {{}, failed(ErrorCode::TimedOut, "no answer within the deadline", Effect::InDoubt)};
        if (said.error) {
            carried.error = said.error;
            return carried;
        }
        carried.answers.push_back(said.answer);
        if (!command.expects.empty() && !isMet(command.expects, said.answer))
            return carried;
    }
    return carried;
}

FakeManaged::Said FakeManaged::one(const Command &command)
{
    const std::string &on = command.on.text();
    if (command.text.find('{') != std::string::npos && m_broken.empty())
        m_broken = "a brace was sent: " + command.text;
    const auto lookedAt = m_routers.find(on);
    switch (command.by) {
    case By::Manager: return manager(command.text);
    case By::Router: return router(lookedAt->second, on, command.text);
    case By::Host: return onHost(command);
    case By::Sql: break;
    case By::Redis:
    case By::Stonith:
    case By::Hand: return {{}, failed(ErrorCode::BadInput, "nobody does that here", Effect::None)};
    }
    if (lookedAt != m_routers.end())
        return throughRouter(lookedAt->second);
    const auto server = m_servers.find(on);
    if (server == m_servers.end()) // the directory's primary
        return {command.text.starts_with("SELECT term") ? std::to_string(term) : "", {}};
    if (!server->second.isRunning)
        return {{}, failed(ErrorCode::Refused, "connection refused", Effect::None)};
    return sql(server->second, command.text);
}

FakeManaged::Said FakeManaged::onHost(const Command &command)
{
    using operate::HostAct;
    const std::string &on = command.on.text();
    const auto router = m_routers.find(on);
    if (router != m_routers.end()) {
        router->second.leadsTo[command.deed->database] = serverAt(on, command.deed->leadsTo);
        return {};
    }
    Server &server = m_servers.at(on);
    switch (command.deed->act) {
    case HostAct::Stop: server.isRunning = false; return {"stopped", {}};
    case HostAct::AskStopped: return {server.isRunning ? "runs" : "stopped", {}};
    case HostAct::RepmgrRejoin:
        later(base::seconds(5), [&server] {
            server.isRunning = true;
            server.isInRecovery = true;
        });
        return {"begun", {}};
    case HostAct::RepmgrRehearse: return {"begun", {}};
    case HostAct::AskRepmgr: return {on == m_to || server.isRunning ? "ended" : "so far: NOTICE: executing pg_rewind", {}};
    default: return {{}, failed(ErrorCode::BadInput, "nobody does that here", Effect::None)};
    }
}

FakeManaged::Said FakeManaged::sql(Server &server, const std::string &text)
{
    const auto truth = [](bool is) { return Said{is ? "t" : "f", {}}; };
    if (text == "SELECT pg_is_in_recovery()")
        return truth(server.isInRecovery);
    if (text.starts_with("SELECT pg_is_in_recovery(), ")) // a promotion is asked after
        return {server.isInRecovery ? "t, f, 1, t, 0" : "f, f, 0, t, 0", {}};
    if (text.starts_with("SELECT set_config('synchronous_commit', 'local', true), pg_logical_emit_message"))
        return {"local, 0/0", {}};
    if (text == "SELECT pg_current_wal_flush_lsn()")
        return {lsnText(server.log), {}};
    if (text == "SELECT clock_timestamp()")
        return {"2026-11-21 10:00:00+00", {}};
    if (text.starts_with("SELECT clock_timestamp() > "))
        return truth(true);
    if (text.starts_with("SELECT pg_last_wal_replay_lsn() >= "))
        return truth(server.log >= positionIn(text));
    if (text.starts_with("SELECT CASE WHEN pg_is_in_recovery()"))
        return truth(!server.isInRecovery && server.log >= positionIn(text));
    if (text == "SELECT term FROM shardlens.term")
        return {std::to_string(term), {}};
    if (text == "SELECT token FROM shardlens.marker")
        return {m_token, {}};
    if (text.starts_with("UPDATE shardlens.")) {
        if (server.isInRecovery)
            return {{}, failed(ErrorCode::Rejected, "cannot execute UPDATE in a read-only transaction", Effect::None)};
        constexpr std::string_view raising = "UPDATE shardlens.term SET term = ";
        if (text.starts_with(raising))
            term = std::stoll(text.substr(raising.size()));
        else
            m_token = "t0ken";
        return {};
    }
    if (text.starts_with("SELECT conninfo FROM repmgr.nodes"))
        return {"host=127.0.0.1 dbname=repmgr", {}};
    if (text.starts_with("SELECT count(*) FROM pg_stat_replication"))
        return {"1", {}};
    if (m_broken.empty())
        m_broken = "a statement that is not understood: " + text;
    return {{}, failed(ErrorCode::Rejected, "syntax error", Effect::None)};
}

FakeManaged::Said FakeManaged::throughRouter(const Router &router) const
{
    const Server &server = m_servers.at(router.leadsTo.at(m_database));
    if (router.isPaused || !server.isRunning)
        return {{}, failed(ErrorCode::TimedOut, "query_wait_timeout", Effect::None)};
    return {m_token + (server.isInRecovery ? ", t" : ", f"), {}};
}

FakeManaged::Said FakeManaged::router(Router &router, const std::string &name, const std::string &text)
{
    if (text.starts_with("PAUSE ") || text.starts_with("KILL "))
        router.isPaused = true;
    else if (text.starts_with("RESUME "))
        router.isPaused = false;
    std::string said;
    for (const auto &[database, server] : router.leadsTo)
        said += (said.empty() ? "" : "\n") + database + ": " + addressOf(server, name) + " paused = " + (router.isPaused && database == m_database ? "1" : "0");
    return {said, {}};
}

void FakeManaged::moveTo(const std::string &server)
{
    m_servers[m_from].isRunning = false;
    if (!m_isRepmgrs)
        leader.clear();
    later(base::milliseconds(900), [this, server] { failOverTo(server); });
    later(base::milliseconds(2500), [this] {
        m_servers[m_from].isRunning = true;
        m_servers[m_from].isInRecovery = true;
    });
}

FakeManaged::Said FakeManaged::manager(const std::string &text)
{
    if (m_obeys == Obeys::IsGone && (text.starts_with("POST") || text.starts_with("repmgr ")))
        return {{}, failed(ErrorCode::Refused, "connection refused", Effect::None)};
    if (text.starts_with("SELECT 'leader:' "))
        return {"leader:" + leader, {}};
    if (text == "GET /cluster")
        return {"leader:" + leader + "\npaused:no\nscheduled:no", {}};
    ++posts;
    const auto hangs = [&] {
        pass(base::seconds(40));
        return Said{{}, failed(ErrorCode::TimedOut, "no answer within the deadline", Effect::InDoubt)};
    };
    switch (m_obeys) {
    case Obeys::Refuses: return {{}, failed(ErrorCode::Rejected, "switchover is not possible: no good candidates have been found", Effect::None)};
    case Obeys::Fails: return {{}, failed(ErrorCode::Rejected, "Switchover failed", Effect::InDoubt)};
    case Obeys::KnowsNot: pass(base::seconds(20)); return {{}, failed(ErrorCode::TimedOut, "Switchover status unknown", Effect::InDoubt)};
    case Obeys::SaysSo: return {"Successfully switched over to \"" + m_to + "\"", {}};
    case Obeys::Hangs: return hangs();
    case Obeys::HangsAndDoes: moveTo(m_to); return hangs();
    case Obeys::Elsewhere:
        for (const auto &[id, server] : m_servers) {
            if (id != m_from && id != m_to)
                moveTo(id);
        }
        pass(base::seconds(3));
        return {"Switched over to another instead", {}};
    case Obeys::LosesKey:
        m_servers[m_from].isRunning = false;
        leader.clear();
        later(base::seconds(8), [this] { failOverTo(m_to); });
        pass(base::seconds(6));
        return {{}, failed(ErrorCode::Unreachable, "it closed the connection before it had answered", Effect::InDoubt)};
    case Obeys::Slowly:
    case Obeys::Well:
    case Obeys::IsGone: break;
    }
    if (m_servers[m_from].isRunning)
        moveTo(m_to);
    else
        later(base::milliseconds(900), [this] { failOverTo(m_to); });
    pass(m_obeys == Obeys::Slowly ? base::milliseconds(3000) : base::milliseconds(1000));
    return {"Successfully switched over to \"" + m_to + "\"", {}};
}

base::Result<void> FakeManaged::append(const std::string &entry)
{
    lines.push_back(entry);
    pass(base::milliseconds(1));
    return {};
}

void FakeManaged::together(const std::vector<std::function<void()>> &deeds)
{
    for (const auto &deed : deeds)
        deed();
}

std::vector<std::string> FakeManaged::writable() const
{
    std::vector<std::string> found;
    for (const auto &[id, server] : m_servers) {
        if (server.isRunning && !server.isInRecovery)
            found.push_back(id);
    }
    return found;
}

bool FakeManaged::areRoutersPaused() const
{
    return std::any_of(m_routers.begin(), m_routers.end(), [](const auto &one) { return one.second.isPaused; });
}

std::string FakeManaged::complaint() const
{
    if (!m_broken.empty())
        return m_broken;
    const auto found = writable();
    if (found.size() != 1)
        return std::to_string(found.size()) + " members accept writes";
    if (m_servers.at(found.front()).log < m_acknowledged)
        return found.front() + " lacks what was acknowledged";
    for (const auto &[id, router] : m_routers) {
        const std::string &leadsTo = router.leadsTo.at(m_database);
        if (router.isPaused || leadsTo != found.front())
            return id + (router.isPaused ? " is paused" : " leads to " + leadsTo + ", and " + found.front() + " takes writes");
    }
    return {};
}

std::string FakeManaged::addressOf(const std::string &server, const std::string &router) const
{
    const fleet::Endpoint &endpoint = m_fleet.server(base::ServerId(server))->address.from(m_fleet.server(base::ServerId(router))->region);
    return "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
}

std::string FakeManaged::serverAt(const std::string &router, const std::string &words) const
{
    for (const auto &[id, server] : m_servers) {
        if (words.starts_with(addressOf(id, router) + " "))
            return id;
    }
    return {};
}

} // namespace shardlens::execute
