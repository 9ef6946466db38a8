// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/FleetHands.h"

#include "core/clients/patroni/Act.h"
#include "core/clients/patroni/Reading.h"
#include "core/effects/NeededGuards.h"
#include "core/effects/TurnOff.h"
#include "core/operate/Met.h"
#include "core/operate/Stonith.h"

#include <algorithm>
#include <future>
#include <thread>

namespace shardlens::effects {

namespace {

using base::ErrorCode;
using base::Instant;
using base::Result;
using base::ServerId;
using operate::By;
using operate::Command;

constexpr base::milliseconds managerAnswersWithin{2000};
constexpr base::milliseconds betweenManagersLooks{15};
constexpr base::milliseconds betweenHostLooks{250};
constexpr auto outOfRecovery = "it is out of recovery";
constexpr base::milliseconds opensWithin{1000};

/// Rows as Hands tells: a line a row, columns parted by ", ".
std::string textOf(const postgres::Rows &rows)
{
    std::string out;
    for (const auto &row : rows.rows) {
        out += out.empty() ? "" : "\n";
        for (std::size_t i = 0; i < row.size(); ++i)
            out += (i == 0 ? "" : ", ") + row[i].value_or("");
    }
    return out;
}

bool isByGuard(const Command &command)
{
    return command.by == By::Router || command.by == By::Host;
}

} // namespace

FleetHands::FleetHands(Login login, const execute::Operation &operation, MemberLocks &locks, GuardLines &guards, base::milliseconds hold)
    : m_login(std::move(login)), m_direct(m_login), m_locks(locks), m_guards(guards), m_token(freshToken()), m_reason(operation.reason)
{
    const fleet::Cluster *cluster = m_login.fleet->cluster(operation.cluster);
    m_database = cluster ? cluster->database : std::string();
    m_announcement.of = {operation.cluster, operation.id, operation.number};
    m_announcement.term = operation.term;
    m_announcement.act = operation.act;
    m_announcement.from = operation.from;
    if (operate::isMove(operation.act)) {
        m_announcement.to = operation.to;
    } else {
        m_announcement.on = operation.on;
        m_announcement.database = operation.object;
    }
    m_announcement.hold = hold;
    m_mayBeAway = regionsNotNeeded(*m_login.fleet, operation);
    // KILL ends what was opened before it; and a pgbouncer that is told to KILL while somebody logs in may crash (pgbouncer#1401).
    const bool isCut = std::any_of(operation.steps.begin(), operation.steps.end(), [](const operate::Step &step) { return step.kind == operate::StepKind::KillRouters; });
    for (const operate::Step &step : isCut ? std::vector<operate::Step>() : operation.steps) {
        for (const Command &command : step.verifications) {
            const fleet::Server *server = command.by == By::Sql ? m_login.fleet->server(command.on) : nullptr;
            if (server && server->kind == fleet::ServerKind::Pgbouncer)
                openAhead(command);
        }
    }
}

/// Long before anything is read through a router: reading the marker then takes no longer than an application that waited there. One that
/// cannot be opened yet is dialled when it is needed.
void FleetHands::openAhead(const Command &command)
{
    m_opening.push_back(std::async(std::launch::async, [this, command] {
        auto session = dialOther(command, std::chrono::steady_clock::now() + opensWithin);
        const std::lock_guard lock(m_mutex);
        if (session) // one that is there by now is in use
            m_others.try_emplace({command.on, command.database}, std::move(*session));
    }));
}

/// Through a router, or into the directory.
Result<postgres::Session> FleetHands::dialOther(const Command &command, Instant deadline)
{
    const fleet::Server &server = *m_login.fleet->server(command.on);
    return server.kind == fleet::ServerKind::Pgbouncer ? dialRouter(m_login, server, command.database, deadline) : dialServer(m_login, server, command.database, deadline);
}

Result<void> FleetHands::holdsLock()
{
    if (m_guards.isTakenOver())
        return base::fail(ErrorCode::Rejected, "a guard or a newer operation has taken this one over");
    return m_locks.holds();
}

Result<void> FleetHands::announce()
{
    return m_guards.announce(m_announcement, m_mayBeAway, std::chrono::steady_clock::now() + base::seconds(3));
}

std::map<std::string, std::string> FleetHands::names()
{
    // What acts on a member runs on the one session that is to be spared there.
    return {{"spared", "ARRAY[pg_backend_pid()]"}, {"operation", m_announcement.of.operation}, {"token", m_token}};
}

execute::Hands::Carried FleetHands::carryOut(const std::vector<Command> &commands, Instant deadline)
{
    Carried carried;
    for (std::size_t i = 0; i < commands.size();) {
        if (isByGuard(commands[i])) {
            const auto end = std::find_if(commands.begin() + static_cast<std::ptrdiff_t>(i), commands.end(), [](const Command &one) { return !isByGuard(one); });
            const std::vector<Command> batch(commands.begin() + static_cast<std::ptrdiff_t>(i), end);
            carryByGuard(carried, batch, deadline);
            i += batch.size();
        } else {
            i += askTogether(carried, commands, i, deadline);
        }
        const bool isShort = carried.answers.size() < i;
        if (carried.error || isShort || (!commands[i - 1].expects.empty() && !execute::isMet(commands[i - 1].expects, carried.answers.back())))
            return carried;
    }
    return carried;
}

/// As many as may leave together; what was answered, up to the first that failed or is not as expected. Answers how many were sent.
std::size_t FleetHands::askTogether(Carried &carried, const std::vector<Command> &commands, std::size_t first, Instant deadline)
{
    std::size_t count = 1;
    bool expected = !commands[first].expects.empty();
    const auto goesAlong = [&](const Command &one) {
        const Command &ahead = commands[first];
        return one.by == By::Sql && one.on == ahead.on && one.database == ahead.database && (one.onlyAsks || !expected);
    };
    while (first + count < commands.size() && commands[first].by == By::Sql && goesAlong(commands[first + count])) {
        expected = expected || !commands[first + count].expects.empty();
        ++count;
    }
    auto answers = ask(std::vector<Command>(commands.begin() + static_cast<std::ptrdiff_t>(first), commands.begin() + static_cast<std::ptrdiff_t>(first + count)), deadline);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i]) {
            carried.error = answers[i].error();
            break;
        }
        carried.answers.push_back(std::move(*answers[i]));
        if (!commands[first + i].expects.empty() && !execute::isMet(commands[first + i].expects, carried.answers.back()))
            break;
    }
    return count;
}

void FleetHands::carryByGuard(Carried &carried, const std::vector<Command> &commands, Instant deadline)
{
    const fleet::Server *server = m_login.fleet->server(commands.front().on);
    if (!server) {
        carried.error = base::Error{ErrorCode::NotFound, "the fleet has no server " + commands.front().on.text(), {}, {}, base::Effect::None};
        return;
    }
    const std::size_t before = carried.answers.size();
    auto answered = DirectHands::isFor(*m_login.fleet, server->region) ? m_direct.carryOut(server->region, commands, deadline)
                                                                       : m_guards.carryOut(server->region, commands, deadline);
    for (std::string &answer : answered.answers)
        carried.answers.push_back(std::move(answer));
    carried.error = std::move(answered.error);
    noteStops(commands, carried, before);
}

/// The session on a server that this operation stops is let go, not lost.
void FleetHands::noteStops(const std::vector<Command> &commands, const Carried &carried, std::size_t before)
{
    for (std::size_t i = 0; i < commands.size() && before + i < carried.answers.size(); ++i) {
        const bool stopped = commands[i].deed && (commands[i].deed->act == operate::HostAct::Stop ||
                                                  (commands[i].deed->act == operate::HostAct::AskStopped && carried.answers[before + i] == "stopped"));
        if (!stopped)
            continue;
        const std::lock_guard lock(m_mutex);
        m_locks.letGo(commands[i].on);
    }
}

std::vector<Result<std::string>> FleetHands::ask(const std::vector<Command> &commands, Instant deadline)
{
    const Command &first = commands.front();
    const auto all = [&](const base::Error &error) { return std::vector<Result<std::string>>(commands.size(), base::fail(error)); };
    if (first.by == By::Hand)
        return all({ErrorCode::Unavailable, "by hand: " + first.text, {}, first.on.text(), base::Effect::None});
    if (first.by == By::Manager)
        return {askManager(first, deadline)};
    if (first.by == By::Stonith)
        return {first.onlyAsks ? askWhetherSilent(first, deadline) : turnOff(first, deadline)};
    const auto session = sessionFor(first, deadline);
    if (!session)
        return all(session.error());
    std::vector<std::string> texts;
    for (const Command &command : commands)
        texts.push_back(command.text);
    // A router in transaction mode takes them one by one.
    const auto rows = texts.size() == 1 ? std::vector<Result<postgres::Rows>>{(*session)->script(texts.front(), leftUntil(deadline))}
                                        : (*session)->pipeline(texts, leftUntil(deadline));
    std::vector<Result<std::string>> answers;
    for (const auto &one : rows)
        answers.push_back(one ? Result<std::string>(textOf(*one)) : base::fail(one.error()));
    return answers;
}

/// Once it is off, the session there is let go, not lost.
Result<std::string> FleetHands::turnOff(const Command &command, Instant deadline)
{
    auto said = effects::turnOff(*m_login.fleet, command, {m_announcement.of.operation, m_reason}, deadline);
    if (said) {
        const std::lock_guard lock(m_mutex);
        m_locks.letGo(command.on);
    }
    return said;
}

/// Any answer at all, a refusal of this user too, comes from a machine that runs.
Result<std::string> FleetHands::askWhetherSilent(const Command &command, Instant deadline)
{
    const fleet::Server *server = m_login.fleet->server(command.on);
    if (!server)
        return base::fail(ErrorCode::NotFound, "the fleet has no server " + command.on.text());
    const auto session = dialServer(m_login, *server, m_database, std::min(deadline, std::chrono::steady_clock::now() + opensWithin));
    const ErrorCode code = session ? ErrorCode::Rejected : session.error().code;
    const bool isSilent = !session && (code == ErrorCode::Refused || code == ErrorCode::Unreachable || code == ErrorCode::TimedOut);
    return isSilent ? operate::answersNothing : std::string("answers: ") + (session ? "it lets this user in" : session.error().message);
}

Result<std::string> FleetHands::askManager(const Command &command, Instant deadline)
{
    const fleet::Server *server = m_login.fleet->server(command.on);
    if (server && server->patroni)
        return askPatroni(command, *server->patroni, deadline);
    if (!server || server->repmgr.empty())
        return base::fail(ErrorCode::NotFound, "the fleet does not say how the manager of " + command.on.text() + " is asked");
    return command.deed ? tellRepmgr(command, deadline) : askRepmgr(command, deadline);
}

Result<std::string> FleetHands::askPatroni(const Command &command, const fleet::Endpoint &endpoint, Instant deadline)
{
    const fleet::Access &access = m_login.fleet->access;
    const auto password = secrets::resolve(access.patroniSecret, {endpoint.host, endpoint.port, {}, access.patroniUser}, m_login.keychain);
    if (!password)
        return base::fail(password.error());
    const patroni::Login login{access.patroniUser, *password};
    if (command.text != patroni::whoLeads)
        return tellPatroni(command, endpoint, login, deadline);
    const auto answer =
        patroni::get(endpoint, "/cluster", login, std::min(deadline, std::chrono::steady_clock::now() + managerAnswersWithin));
    if (!answer)
        return base::fail(answer.error());
    facts::ManagerReport report;
    if (const auto read = patroni::readCluster(report, answer->body); !read)
        return base::fail(read.error());
    return facts::linesOf(report);
}

/// Patroni answers up to a second after it was done: who sees the candidate out of recovery waits no longer.
Result<std::string> FleetHands::tellPatroni(const Command &command, const fleet::Endpoint &endpoint, const patroni::Login &login,
                                            Instant deadline)
{
    const auto request = patroni::requestOf(command.text);
    if (!request)
        return base::fail(ErrorCode::BadInput, "'" + command.text + "' is nothing that Patroni is asked");
    wire::Interrupt enough;
    auto answering = std::async(std::launch::async, [&] { return patroni::send(endpoint, "POST", request->path, request->json, login, deadline, &enough); });
    bool isSeen = false;
    while (answering.wait_for(betweenManagersLooks) != std::future_status::ready) {
        isSeen = isSeen || isCandidateOut();
        if (isSeen)
            enough.raise();
    }
    const auto answer = answering.get();
    auto outcome = isSeen   ? Result<std::string>(outOfRecovery)
                   : answer ? patroni::outcomeOf(*answer)
                            : Result<std::string>(base::fail(answer.error()));
    if (outcome || outcome.error().effect != base::Effect::None)
        letOldGo();
    return outcome;
}

Result<std::string> FleetHands::askRepmgr(const Command &command, Instant deadline)
{
    const fleet::Cluster *cluster = m_login.fleet->clusterOf(command.on);
    Command question = command;
    question.database = cluster ? cluster->repmgrDatabase : std::string();
    const auto session = sessionFor(question, deadline);
    if (!session)
        return base::fail(session.error());
    const auto rows = (*session)->script(command.text, std::min(leftUntil(deadline), managerAnswersWithin));
    return rows ? Result<std::string>(rows->first()) : base::fail(rows.error());
}

/// It goes on after the promotion, with the old primary and the other standbys: what comes of that is asked for at the end.
Result<std::string> FleetHands::tellRepmgr(const Command &command, Instant deadline)
{
    Command order = command;
    order.by = By::Host;
    const base::RegionName region = m_login.fleet->server(command.on)->region;
    const auto begun = m_guards.carryOut(region, {order}, deadline);
    if (begun.error && begun.error->effect == base::Effect::None)
        return base::fail(*begun.error);
    letOldGo();
    Command whether = order;
    whether.deed->act = operate::HostAct::AskRepmgr;
    whether.text = operate::textOf(*whether.deed);
    std::string said;
    for (Instant nextAsked = std::chrono::steady_clock::now(); std::chrono::steady_clock::now() < deadline;
         std::this_thread::sleep_for(betweenManagersLooks)) {
        if (isCandidateOut())
            return std::string(outOfRecovery);
        if (std::chrono::steady_clock::now() < nextAsked)
            continue;
        const auto asked =
            m_guards.carryOut(region, {whether}, std::min(deadline, std::chrono::steady_clock::now() + managerAnswersWithin));
        said = asked.answers.empty() ? (asked.error ? asked.error->message : said) : asked.answers.front();
        const bool isOver = said == "none" || said == "ended" || !operate::failureIn(said).empty();
        if (isOver) // promoted in the moment between the two looks, or not at all
            return isCandidateOut() ? Result<std::string>(outOfRecovery)
                                    : base::fail({ErrorCode::Rejected, "repmgr: " + said, {}, command.on.text(), base::Effect::InDoubt});
        nextAsked = std::chrono::steady_clock::now() + betweenHostLooks;
    }
    return base::fail({ErrorCode::TimedOut, "repmgr: " + said, {}, command.on.text(), base::Effect::InDoubt});
}

bool FleetHands::isCandidateOut()
{
    postgres::Session *candidate = m_locks.session(m_announcement.to);
    const auto rows =
        candidate ? candidate->script("SELECT pg_is_in_recovery()", managerAnswersWithin) : Result<postgres::Rows>(postgres::Rows{});
    return rows && textOf(*rows) == "f";
}

/// Its manager stops that server, or may: our session there is let go, not lost.
void FleetHands::letOldGo()
{
    const std::lock_guard lock(m_mutex);
    m_locks.letGo(m_announcement.from);
}

Result<postgres::Session *> FleetHands::sessionFor(const Command &command, Instant deadline)
{
    const fleet::Server *server = m_login.fleet->server(command.on);
    if (!server)
        return base::fail(ErrorCode::NotFound, "the fleet has no server " + command.on.text());
    const fleet::Cluster *cluster = m_login.fleet->clusterOf(command.on);
    if (cluster && cluster->name == m_announcement.of.cluster && command.database == m_database) {
        if (postgres::Session *session = m_locks.session(command.on))
            return session;
        const std::lock_guard lock(m_mutex);
        // As long as a majority is held nobody else can have the cluster, so that a member whose session was lost may be taken again;
        // where somebody else has it meanwhile, it is refused.
        if (const auto held = m_locks.holds(); !held)
            return base::fail(held.error());
        if (const auto anew = m_locks.takeAnew(command.on, deadline); !anew)
            return base::fail(anew.error());
        return m_locks.session(command.on);
    }
    const auto key = std::pair(command.on, command.database);
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_others.find(key);
        if (found != m_others.end() && !found->second.hasHungUp())
            return &found->second;
    }
    // Several are dialled at the same time, each server by one thread.
    auto session = dialOther(command, deadline);
    if (!session)
        return base::fail(session.error());
    const std::lock_guard lock(m_mutex);
    return &m_others.insert_or_assign(key, std::move(*session)).first->second;
}

} // namespace shardlens::effects
