// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/FakeCluster.h"

#include "core/base/Lsn.h"
#include "core/operate/Sight.h"
#include "core/operate/Stonith.h"

#include <algorithm>

namespace shardlens::execute {

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::microseconds;

namespace {

std::string lsn(std::uint64_t value)
{
    return base::Lsn{value}.toString();
}

Said refused(std::string why)
{
    return {{}, Error{ErrorCode::Rejected, std::move(why), "55000", {}, Effect::None}};
}

/// "host=… port=…" of a connection string.
std::string addressIn(const std::string &conninfo)
{
    const auto wordAfter = [&](const char *key) {
        const std::size_t at = conninfo.find(key);
        return at == std::string::npos ? std::string() : conninfo.substr(at, conninfo.find(' ', at) - at);
    };
    return wordAfter("host=") + " " + wordAfter("port=");
}

} // namespace

FakeCluster::FakeCluster(const fleet::Fleet &fleet, const Operation &operation, std::uint64_t seed)
    : m_fleet(fleet), m_from(operation.from.text()), m_to(operation.to.text()), m_database(operation.cluster.text()), m_random(seed),
      m_clock(base::UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)))
{
    const auto found = std::find_if(fleet.clusters.begin(), fleet.clusters.end(), [&](const fleet::Cluster &one) { return one.name == operation.cluster; });
    for (const base::ServerId &id : found->servers) {
        FakeServer &server = servers[id.text()];
        server.written = server.replayed = server.lastCommit = 0x3000060;
        server.isInRecovery = id != operation.from;
        server.writers = id == operation.from ? 3 : 0;
        server.startedAt = m_clock.now() - std::chrono::hours(24);
        // A password that is wrong as soon as one quote is lost.
        const fleet::Endpoint &endpoint = fleet.server(operation.from)->address.from(fleet.server(id)->region);
        server.conninfoInFile = "user=repl password='it\\'s \\\\ mine' host=" + endpoint.host + " port=" + std::to_string(endpoint.port) + " application_name=" + id.text();
        reload(server);
    }
    for (const operate::Step &step : operation.steps) {
        for (const operate::Command &command : step.verifications) {
            if (command.by != operate::By::Router)
                continue;
            FakeRouter &router = routers[command.on.text()];
            router.leadsTo[m_database] = addressOf(m_from, command.on.text());
            router.leadsTo[m_database + "_read"] = addressOf(m_to, command.on.text());
        }
    }
}

void FakeCluster::note(const std::string &what)
{
    if (trace)
        trace(std::to_string(m_clock.now().time_since_epoch() / base::milliseconds(1) - 3600000) + " ms  " + what);
}

std::string FakeCluster::addressOf(const std::string &server, const std::string &router) const
{
    const fleet::Endpoint &endpoint = m_fleet.server(base::ServerId(server))->address.from(m_fleet.server(base::ServerId(router))->region);
    return "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
}

std::string FakeCluster::serverAt(const std::string &address) const
{
    for (const auto &[id, server] : servers) {
        const fleet::Address &known = m_fleet.server(base::ServerId(id))->address;
        for (const fleet::Region &region : m_fleet.regions) {
            const fleet::Endpoint &endpoint = known.from(region.name);
            if (address == "host=" + endpoint.host + " port=" + std::to_string(endpoint.port))
                return id;
        }
    }
    return {};
}

std::vector<std::string> FakeCluster::writable() const
{
    std::vector<std::string> found;
    for (const auto &[id, server] : servers) {
        if (server.isRunning && !server.isFrozen && !server.isInRecovery && !server.isBraked)
            found.push_back(id);
    }
    return found;
}

/// What must hold at every instant.
void FakeCluster::check()
{
    const auto found = writable();
    if (found.size() > 1 && broken.empty()) {
        broken = found[0] + " and " + found[1] + " both accept writes";
        note("BROKEN: " + broken);
    }
}

void FakeCluster::pass(microseconds time)
{
    while (time > microseconds(0)) {
        const microseconds step = std::min<microseconds>(time, time > base::milliseconds(200) ? base::milliseconds(25) : base::milliseconds(5));
        tick(step);
        time -= step;
    }
}

void FakeCluster::tick(microseconds time)
{
    m_clock.advance(time);
    for (std::size_t i = 0; i < m_later.size();) {
        if (m_later[i].first > m_clock.now()) {
            ++i;
            continue;
        }
        const auto deed = m_later[i].second;
        m_later.erase(m_later.begin() + std::ptrdiff_t(i));
        deed();
    }
    carryOutDelayed();
    for (auto &[id, server] : servers) {
        if (!server.isRunning || server.isFrozen)
            continue;
        promoteIfDue(id, server);
        // An application that writes wherever it can, and sessions that a brake does not bind until they are ended.
        if (!server.isInRecovery && (!server.isBraked || server.writers > 0)) {
            server.written += 0x40;
            server.lastCommit = server.written;
        }
        if (server.isInRecovery)
            stream(id, server);
        else
            server.replayed = server.written;
    }
    check();
}

bool FakeCluster::canFollow(const FakeServer &server, const FakeServer &source) const
{
    if (!source.isRunning || source.isFrozen)
        return false;
    return source.timeline == server.timeline || (source.timeline > server.timeline && server.written <= source.forkedAt);
}

void FakeCluster::stream(const std::string &id, FakeServer &server)
{
    const auto source = servers.find(server.follows);
    const bool isTriggered = server.triggersAt && m_clock.now() >= *server.triggersAt;
    server.isReceiving = !isTriggered && source != servers.end() && server.follows != id && canFollow(server, source->second);
    if (server.isReceiving) {
        const FakeServer &other = source->second;
        server.written = std::max(server.written, other.written);
        server.timeline = other.timeline;
        server.forkedAt = other.forkedAt;
    }
    if (server.replayed < server.written && chance(0.7))
        server.replayed = server.written;
    if (server.isReceiving && server.replayed >= source->second.written) {
        server.term = source->second.term;
        server.token = source->second.token;
    }
}

void FakeCluster::promoteIfDue(const std::string &id, FakeServer &server)
{
    if (!server.promotesAt || m_clock.now() < *server.promotesAt || server.replayed < server.written)
        return;
    note(id + " is promoted");
    const FakeServer &old = servers[m_from];
    if (!mayLose && id == m_to && server.replayed < old.lastCommit && broken.empty())
        broken = id + " is promoted without what was committed last";
    server.isInRecovery = server.isReceiving = false;
    server.promotesAt.reset();
    server.triggersAt.reset();
    server.timeline += 1;
    server.forkedAt = server.replayed;
}

void FakeCluster::carryOutDelayed()
{
    for (std::size_t i = 0; i < m_delayed.size();) {
        const Delayed &one = m_delayed[i];
        const auto server = servers.find(one.on.text());
        const auto router = routers.find(one.on.text());
        const bool waits = m_clock.now() < one.at || (server != servers.end() && server->second.isFrozen) || (router != routers.end() && router->second.isFrozen);
        if (waits) {
            ++i;
            continue;
        }
        carryOutLate(i);
    }
}

void FakeCluster::carryOutLate(std::size_t index)
{
    const Delayed one = m_delayed[index];
    m_delayed.erase(m_delayed.begin() + std::ptrdiff_t(index));
    note("late: " + one.on.text() + ": " + one.command.text);
    if (one.command.by == operate::By::Sql)
        (void)sql(one.on, one.command, one.session);
    else if (one.command.by == operate::By::Router)
        (void)admin(one.on, one.command.text);
    else if (one.command.by == operate::By::Stonith)
        (void)(one.command.onlyAsks ? Said() : turnOff(one.on.text(), true));
    else
        (void)deed(one.on, *one.command.deed);
}

bool FakeCluster::isAwaited(const std::string &server) const
{
    return std::any_of(m_delayed.begin(), m_delayed.end(), [&](const Delayed &one) { return one.on.text() == server && one.command.by == operate::By::Sql; });
}

void FakeCluster::catchUpOn(const base::ServerId &on)
{
    for (std::size_t i = 0; i < m_delayed.size();) {
        if (m_delayed[i].on == on && m_delayed[i].command.by != operate::By::Sql)
            carryOutLate(i);
        else
            ++i;
    }
}

void FakeCluster::delay(const base::ServerId &on, const operate::Command &command, const std::string &session, microseconds by)
{
    m_delayed.push_back({on, command, session, m_clock.now() + by});
}

void FakeCluster::dropOrders()
{
    std::erase_if(m_delayed, [](const Delayed &one) { return one.command.by != operate::By::Sql; });
}

int FakeCluster::endSessions(const std::string &server)
{
    return int(std::erase_if(m_delayed, [&](const Delayed &one) { return one.on.text() == server && one.command.by == operate::By::Sql; }));
}

void FakeCluster::kill(const std::string &id)
{
    FakeServer &server = servers[id];
    note(id + " dies");
    server.isRunning = server.isFrozen = server.isReceiving = false;
    server.promotesAt.reset(); // a start forgets that it was asked for
    server.triggersAt.reset();
    server.writers = 0;
    endSessions(id);
}

void FakeCluster::start(const std::string &id)
{
    FakeServer &server = servers[id];
    if (server.isRunning)
        return;
    note(id + " starts");
    server.isRunning = true;
    server.isFrozen = false;
    server.startedAt = m_clock.now();
    reload(server);
    check();
}

void FakeCluster::heal()
{
    note("all is healed");
    m_later.clear();
    for (auto &[id, server] : servers) {
        server.isFrozen = server.isOff = false;
        if (!server.isRunning && !server.isStopped)
            start(id);
    }
    for (auto &[id, router] : routers) {
        router.isRunning = true;
        router.isFrozen = router.refusesToPause = false;
    }
    pass(base::seconds(1));
}

void FakeCluster::reload(FakeServer &server)
{
    server.isBraked = server.hasBrakeInFile;
    server.conninfo = server.conninfoInFile;
    const bool isAllowed = server.conninfo.find("it\\'s \\\\ mine") != std::string::npos;
    server.follows = isAllowed ? serverAt(addressIn(server.conninfo)) : std::string();
    if (server.follows.empty())
        server.isReceiving = false;
}

Said FakeCluster::sql(const base::ServerId &on, const operate::Command &command, const std::string &session)
{
    if (const auto router = routers.find(on.text()); router != routers.end())
        return throughRouter(router->second, command);
    const auto server = servers.find(on.text());
    if (server == servers.end()) { // the directory's primary
        if (command.text.starts_with("INSERT INTO directory.terms"))
            directoryTerms[m_database] = "8";
        return {command.text.starts_with("SELECT term") ? directoryTerms[m_database] : std::string(), {}};
    }
    if (!server->second.isRunning)
        return {{}, Error{ErrorCode::Refused, "connection refused", {}, {}, Effect::None}};
    Said said = ask(on.text(), server->second, command.text, session);
    check();
    return said;
}

Said FakeCluster::ask(const std::string &id, FakeServer &server, const std::string &text, const std::string &session)
{
    if (auto said = write(id, server, text))
        return *said;
    if (auto said = read(id, server, text, session))
        return *said;
    if (broken.empty())
        broken = "a command that is not understood: " + text;
    return refused("syntax error");
}

std::optional<Said> FakeCluster::write(const std::string &id, FakeServer &server, const std::string &text)
{
    const auto literalIn = [&](std::size_t at) {
        std::string value;
        for (at = text.find('\'', at) + 1; at < text.size(); ++at) {
            if (text[at] == '\'' && (at + 1 == text.size() || text[at + 1] != '\''))
                break;
            at += text[at] == '\'';
            value += text[at];
        }
        return value;
    };
    if (text.find('{') != std::string::npos && broken.empty())
        broken = "a brace was sent: " + text;
    if (text == "ALTER SYSTEM SET default_transaction_read_only = on" || text == "ALTER SYSTEM RESET default_transaction_read_only") {
        server.hasBrakeInFile = text.ends_with("on");
    } else if (text.starts_with("ALTER SYSTEM SET primary_conninfo = ")) {
        server.conninfoInFile = literalIn(33);
    } else if (text.starts_with("ALTER SYSTEM SET primary_slot_name = ")) {
        server.slotInFile = literalIn(34);
    } else if (text == "SELECT pg_reload_conf()") {
        reload(server);
        return Said{"t", {}};
    } else if (text == "SELECT pg_promote(false)") {
        if (!server.isInRecovery)
            return refused("recovery is not in progress");
        note(id + " is asked to promote itself");
        const auto delay = base::milliseconds(between(1, 60)) + (slowPromotions ? base::milliseconds(between(0, 8000)) : base::milliseconds(0));
        if (!server.promotesAt) {
            server.promotesAt = m_clock.now() + delay;
            server.triggersAt = m_clock.now() + base::milliseconds(between(0, 200)); // the signal is passed on, and the receiver ends
        }
        return Said{"t", {}};
    } else if (text.starts_with("DO $$BEGIN FOR i IN 1..1000 LOOP EXIT WHEN NOT pg_is_in_recovery()")) {
        for (int looks = 0; looks < 1000 && server.isInRecovery && server.isRunning && !server.isFrozen; ++looks)
            pass(base::milliseconds(2));
        if (!server.isRunning || server.isFrozen)
            return Said{{}, Error{ErrorCode::Unreachable, "the connection is lost", {}, {}, Effect::InDoubt}};
        return Said{};
    } else if (text.starts_with("UPDATE shardlens.term SET term = ") || text.starts_with("UPDATE shardlens.marker SET token = ")) {
        if (server.isInRecovery || server.isBraked)
            return refused("cannot execute UPDATE in a read-only transaction");
        if (text.starts_with("UPDATE shardlens.term"))
            server.term = text.substr(text.find("SET term = ") + 11, 1);
        else
            server.token = literalIn(30);
        server.written += 0x40;
    } else if (text.starts_with("SELECT pg_create_physical_replication_slot(")) {
        server.slots[literalIn(40)] = true;
    } else if (text.starts_with("SELECT pg_copy_physical_replication_slot(")) {
        if (server.slots.contains(literalIn(text.find("WHERE slot_name = "))))
            server.slots[literalIn(40)] = true;
    } else if (text.starts_with("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ")) {
        server.slots.erase(literalIn(60));
    } else if (!text.starts_with("SELECT pg_drop_replication_slot(") && text != "CHECKPOINT") {
        return std::nullopt;
    }
    return Said{};
}

std::optional<Said> FakeCluster::read(const std::string &id, FakeServer &server, const std::string &text, const std::string &session)
{
    const auto truth = [](bool is) { return std::optional<Said>({is ? "t" : "f", {}}); };
    const auto word = [](std::string answer) { return std::optional<Said>({std::move(answer), {}}); };
    const auto position = [&] {
        const std::size_t at = text.find('\'') + 1;
        return base::Lsn::parse(text.substr(at, text.find('\'', at) - at)).value_or(base::Lsn{~0ULL}).value;
    };
    if (text.starts_with("SELECT pg_is_in_recovery(), ")) {
        const std::size_t at = text.find("interval '") + 10;
        const auto since = base::milliseconds(std::stoll(text.substr(at)));
        const int others = endSessions(id);
        note(id + " is looked at by " + session);
        return word(std::string(server.isInRecovery ? "t, " : "f, ") + (m_clock.now() - server.startedAt < since ? "t, " : "f, ") + (server.isReceiving ? "1, " : "0, ") +
                    (server.replayed >= server.written ? "t, " : "f, ") + std::to_string(others));
    }
    if (text.starts_with("SELECT CASE WHEN pg_is_wal_replay_paused()")) {
        if (mayNotResume)
            return Said{{}, Error{ErrorCode::NoRights, "permission denied for function pg_wal_replay_resume", "42501", {}, Effect::None}};
        const bool isTriggered = !server.isInRecovery || (server.triggersAt && m_clock.now() >= *server.triggersAt);
        return isTriggered ? refused("standby promotion is ongoing") : Said{};
    }
    if (text == "SELECT pg_is_in_recovery()")
        return truth(server.isInRecovery);
    if (text.starts_with("SELECT set_config('synchronous_commit', 'local', true), pg_logical_emit_message"))
        return server.isInRecovery ? refused("cannot assign TransactionIds during recovery") : Said{};
    if (text == "SELECT pg_current_wal_flush_lsn()")
        return server.isInRecovery ? std::optional(refused("recovery is in progress")) : word(lsn(server.written));
    if (text.starts_with("SELECT pg_last_wal_replay_lsn() >= '"))
        return truth(server.replayed >= position());
    if (text.starts_with("SELECT pg_last_wal_receive_lsn() >= '"))
        return truth(server.written >= position());
    if (text.starts_with("SELECT coalesce('failed: ")) { // "u1-eu-west has ": another standby's position, beside its own
        constexpr std::string_view before = "nullif('";
        const std::size_t at = text.find(before) + before.size();
        const auto told = base::Lsn::parse(text.substr(at, text.find('\'', at) - at));
        const std::size_t name = text.find('\'') + 1;
        return word(told && told->value > server.written ? text.substr(name, text.find('\'', name) - name) + std::to_string(told->value - server.written) + " bytes of log more" : "t");
    }
    if (text == "SELECT pg_last_wal_receive_lsn()")
        return word(lsn(server.written));
    if (text == "SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()")
        return truth(server.replayed >= server.written);
    if (text.starts_with("SELECT reset_val FROM pg_settings") || text == "SHOW default_transaction_read_only")
        return word(server.isBraked ? "on" : "off");
    if (text.starts_with("SELECT count(CASE WHEN r.rolsuper"))
        return word(std::to_string(std::exchange(server.writers, 0)));
    if (text == "SELECT count(*) FROM pg_prepared_xacts")
        return word("0");
    if (text == "SELECT count(*) FROM pg_stat_wal_receiver")
        return word(server.isReceiving ? "1" : "0");
    if (text == "SELECT clock_timestamp()" || text == "SELECT coalesce(pg_last_xact_replay_timestamp(), '-infinity')")
        return word("2026-11-21 10:00:00+00");
    if (text.starts_with("SELECT clock_timestamp() > "))
        return truth(true);
    if (text == "SELECT current_setting('primary_conninfo')")
        return word(server.conninfo);
    if (text == "SELECT term FROM shardlens.term")
        return word(server.term);
    if (text == "SELECT token FROM shardlens.marker")
        return word(server.token);
    if (text.starts_with("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ")) {
        const std::size_t at = text.find('\'') + 1;
        return word(server.slots.contains(text.substr(at, text.find('\'', at) - at)) ? "1" : "0");
    }
    if (text.starts_with("SELECT count(*) FROM pg_stat_replication WHERE application_name = ")) {
        const std::size_t at = text.find('\'') + 1;
        const auto standby = servers.find(text.substr(at, text.find('\'', at) - at));
        return word(standby != servers.end() && standby->second.isReceiving && standby->second.follows == id ? "1" : "0");
    }
    if (text.starts_with("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = ")) {
        const auto standby = servers.find(text.substr(text.rfind(" '") + 2, text.size() - text.rfind(" '") - 3));
        return word(standby != servers.end() && standby->second.isReceiving && standby->second.follows == id ? "1" : "0");
    }
    return std::nullopt;
}

Said FakeCluster::turnOff(const std::string &id, bool isLate)
{
    ++turnedOff;
    if (!isLate)
        pass(base::milliseconds(stonith == FakeStonith::Hangs ? 20000 : between(10, 2000)));
    if (stonith == FakeStonith::Works || stonith == FakeStonith::WorksAndFails) {
        kill(id);
        servers[id].isStopped = servers[id].isOff = true;
    }
    const auto failed = [](base::ErrorCode code) { return Said{{}, base::Error{code, "what turns it off failed", {}, {}, base::Effect::InDoubt}}; };
    if (stonith == FakeStonith::Hangs)
        return failed(base::ErrorCode::TimedOut);
    if (stonith == FakeStonith::Fails || stonith == FakeStonith::WorksAndFails)
        return failed(base::ErrorCode::Rejected);
    return {std::string("the outlet is off\n") + operate::turnedOff, {}};
}

Said FakeCluster::deed(const base::ServerId &on, const operate::HostDeed &deed)
{
    using operate::HostAct;
    if (deed.act == HostAct::PointRouter) {
        routers[on.text()].leadsTo[deed.database] = deed.leadsTo.substr(0, deed.leadsTo.find(" dbname="));
        return admin(on, "SHOW DATABASES");
    }
    FakeServer &server = servers[on.text()];
    if (server.isOff || on.text() == noGuardAt)
        return {{}, base::Error{server.isOff ? base::ErrorCode::Unreachable : base::ErrorCode::NotFound, "nobody is there", {}, {}, base::Effect::None}};
    switch (deed.act) {
    case HostAct::Stop:
        if (on.text() == cannotStop)
            return {};
        if (server.isRunning)
            kill(on.text());
        server.isStopped = true;
        return {};
    case HostAct::AskStopped: return {server.isRunning ? "runs" : "stopped", {}};
    case HostAct::Rewind: {
        const auto source = servers.find(serverAt(addressIn(deed.connection)));
        if (server.isRunning || source == servers.end() || !source->second.isRunning)
            return refused("it cannot be rewound");
        if (on.text() == cannotRewind)
            return refused("pg_rewind: error: could not find common ancestor");
        server.written = server.replayed = std::min(server.written, source->second.forkedAt);
        server.timeline = source->second.timeline;
        server.forkedAt = source->second.forkedAt;
        return {};
    }
    case HostAct::MakeStandby:
        if (server.isRunning)
            return refused("it runs");
        server.isInRecovery = true;
        server.hasBrakeInFile = false;
        server.conninfoInFile = deed.connection;
        return {};
    case HostAct::Start:
        server.isStopped = false;
        start(on.text());
        return {};
    default: return copying(on.text(), server, deed);
    }
}

/// As BaseCopy: of what the source has when the copy ends.
Said FakeCluster::copying(const std::string &id, FakeServer &server, const operate::HostDeed &deed)
{
    using operate::HostAct;
    const auto source = servers.find(server.copyOf);
    const bool isWhole = server.copiedAt && m_clock.now() >= *server.copiedAt;
    switch (deed.act) {
    case HostAct::BeginCopy:
        if (server.copiedAt)
            return {"begun", {}};
        ++copies;
        server.copyOf = serverAt(addressIn(deed.connection));
        server.copiedAt = m_clock.now() + base::milliseconds(between(100, 3000));
        return {"begun", {}};
    case HostAct::AskCopied:
        if (!server.copiedAt)
            return {"none", {}};
        if (id == cannotCopy || (!isWhole && (source == servers.end() || !source->second.isRunning))) {
            server.copiedAt.reset();
            return {"failed: no space left on device", {}};
        }
        return {isWhole ? "copied" : "so far: 512/1024 kB (50%)", {}};
    case HostAct::EndCopy:
        server.copiedAt.reset();
        return {"ended", {}};
    case HostAct::TakeCopy:
        if (server.isRunning)
            return refused("it runs");
        if (!isWhole)
            return server.hasReplaced ? Said{"taken", {}} : refused("there is no whole copy");
        server.copiedAt.reset();
        server.hasReplaced = server.isInRecovery = true;
        server.written = server.replayed = source->second.written;
        server.timeline = source->second.timeline;
        server.forkedAt = source->second.forkedAt;
        server.hasBrakeInFile = source->second.hasBrakeInFile;
        server.term = source->second.term;
        server.token = source->second.token;
        return {"taken", {}};
    case HostAct::DropReplaced:
        server.hasReplaced = false;
        return {"dropped", {}};
    default: break;
    }
    return {};
}

} // namespace shardlens::execute
