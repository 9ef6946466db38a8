// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/FakeHands.h"

#include "core/operate/Stonith.h"

#include <algorithm>

namespace shardlens::execute {

using base::Effect;
using base::Error;
using base::ErrorCode;
using operate::By;
using operate::Command;

namespace {

Said failed(ErrorCode code, std::string message, Effect effect)
{
    return {{}, Error{code, std::move(message), {}, {}, effect}};
}

} // namespace

std::string_view name(Fault fault)
{
    switch (fault) {
    case Fault::LostBefore: return "lost before it";
    case Fault::LostInDoubt: return "lost, in doubt";
    case Fault::AnswerLost: return "its answer lost";
    case Fault::Late: return "late";
    case Fault::Refused: return "refused";
    case Fault::Dies: return "the server dies before it";
    case Fault::DiesAfter: return "the server dies after it";
    case Fault::Freezes: return "the server freezes";
    case Fault::LinkCut: return "the link is cut";
    case Fault::NoPause: return "routers do not pause";
    case Fault::LockLost: return "the lock is lost";
    case Fault::Stall: return "the runner stands still";
    case Fault::Crash: return "the runner dies before it";
    case Fault::CrashAfter: return "the runner dies after it";
    }
    return "";
}

std::optional<Fault> Chaos::next(const std::string &text)
{
    for (auto at = faultsAt.begin(); at != faultsAt.end(); ++at) {
        if (text.find(at->first) == std::string::npos)
            continue;
        const Fault fault = at->second;
        faultsAt.erase(at);
        return fault;
    }
    const auto found = faults.find(calls++);
    return found == faults.end() || isOver ? std::nullopt : std::optional(found->second);
}

FakeHands::FakeHands(Chaos &chaos, std::string operation, std::int64_t number)
    : m_chaos(chaos), m_cluster(chaos.cluster), m_operation(std::move(operation)), m_number(number), m_endings(chaos.cluster.endings)
{
    for (const auto &[id, server] : m_cluster.servers) {
        if (!server.isRunning || server.isFrozen || isCut(id))
            continue;
        m_cluster.endSessions(id);
        m_sessions[id] = server.startedAt;
    }
    if (hasMajority())
        m_cluster.lockedBy = number;
}

base::Result<void> FakeHands::holdsLock()
{
    m_cluster.pass(base::milliseconds(1));
    const auto fault = m_chaos.next();
    const base::Instant now = m_cluster.clock().now();
    if (fault == Fault::LockLost)
        m_chaos.lockLostUntil = now + base::milliseconds(m_cluster.between(1, 8000));
    if (fault == Fault::Crash || fault == Fault::CrashAfter)
        throw Crashed();
    dropEnded();
    const bool isHeld = m_cluster.lockedBy == m_number && now >= m_chaos.lockLostUntil && hasMajority();
    if (fault == Fault::Stall) { // right after the answer
        m_cluster.note("the runner stands still");
        m_chaos.takeOver();
    }
    return isHeld ? base::Result<void>() : base::fail(ErrorCode::Rejected, "the lock is not held");
}

base::Result<void> FakeHands::announce()
{
    m_cluster.pass(base::milliseconds(1));
    const auto fault = m_chaos.next();
    if (fault == Fault::Crash)
        throw Crashed();
    if (m_cluster.newestNumber > m_number)
        return base::fail(ErrorCode::Rejected, "a newer operation was announced");
    if (fault == Fault::LostBefore || fault == Fault::Refused || fault == Fault::LinkCut)
        return base::fail(ErrorCode::Unreachable, "a guard does not answer");
    if (m_cluster.newestNumber < m_number)
        m_cluster.dropOrders();
    m_cluster.newestNumber = m_number;
    if (fault == Fault::CrashAfter)
        throw Crashed();
    return {};
}

std::map<std::string, std::string> FakeHands::names()
{
    return {{"spared", "ARRAY[17]"}, {"operation", m_operation}, {"token", "the token of " + session() + ", it's unlike others"}};
}

Hands::Carried FakeHands::carryOut(const std::vector<Command> &commands, base::Instant deadline)
{
    Carried carried;
    for (const Command &command : commands) {
        Said said = one(command, deadline);
        if (said.error) {
            m_cluster.note(command.on.text() + ": " + command.text + "  !! " + said.error->message);
            carried.error = std::move(said.error);
            carried.error->server = command.on.text();
            break;
        }
        carried.answers.push_back(said.answer);
        if (m_cluster.trace)
            m_cluster.note(command.on.text() + ": " + command.text + "  = " + said.answer);
        if (!isMet(command.expects, said.answer))
            break;
    }
    return carried;
}

bool FakeHands::isFrozen(const Command &command) const
{
    const std::string &on = command.on.text();
    const auto server = m_cluster.servers.find(on);
    const auto router = m_cluster.routers.find(on);
    return (command.by == By::Sql && server != m_cluster.servers.end() && server->second.isFrozen) || (router != m_cluster.routers.end() && router->second.isFrozen);
}

Said FakeHands::one(const Command &command, base::Instant deadline)
{
    const std::string &on = command.on.text();
    m_cluster.pass(base::microseconds(m_cluster.between(300, 3000)));
    const auto fault = m_chaos.next(command.text);
    if (fault) {
        m_cluster.note(std::string("fault: ") + std::string(name(*fault)));
        if (auto said = hinder(command, *fault))
            return *said;
    }
    const base::Instant now = m_cluster.clock().now();
    if (now >= deadline)
        return failed(ErrorCode::TimedOut, "no time is left", Effect::None);
    if (isCut(on) && command.by != By::Stonith) { // that command goes another way
        loseSession(on);
        return failed(ErrorCode::Unreachable, "no route", Effect::None);
    }
    if (command.by == By::Sql) {
        if (auto said = hasNoSession(command))
            return *said;
    }
    if (isFrozen(command)) {
        m_cluster.delay(command.on, command, session(), base::milliseconds(m_cluster.between(0, 50)));
        loseSession(on);
        m_cluster.pass(std::chrono::ceil<base::microseconds>(deadline - now));
        return failed(ErrorCode::TimedOut, "it is silent", Effect::InDoubt);
    }
    Said said = act(command);
    if (fault == Fault::AnswerLost || fault == Fault::DiesAfter) {
        loseSession(on);
        if (fault == Fault::DiesAfter && m_cluster.isServer(on))
            m_cluster.kill(on);
        if (!said.error)
            return failed(ErrorCode::Unreachable, "the link broke", Effect::InDoubt);
    }
    if (fault == Fault::CrashAfter)
        throw Crashed();
    return said;
}

bool FakeHands::isCut(const std::string &on) const
{
    const auto cut = m_chaos.cutUntil.find(on);
    return cut != m_chaos.cutUntil.end() && m_cluster.clock().now() < cut->second;
}

/// Those that a guard ended, or that went with their server.
void FakeHands::dropEnded()
{
    for (auto &[id, server] : m_cluster.servers) {
        const auto session = m_sessions.find(id);
        const bool isEnded = session != m_sessions.end() && (m_endings[id] != m_cluster.endings[id] || !server.isRunning || session->second != server.startedAt);
        if (isEnded)
            m_sessions.erase(session);
        m_endings[id] = m_cluster.endings[id];
    }
}

/// Nothing: the session that holds the lock there stands, or it needs none, as another database's.
std::optional<Said> FakeHands::hasNoSession(const Command &command)
{
    const std::string &on = command.on.text();
    if (!m_cluster.isServer(on) || command.database == "postgres")
        return std::nullopt;
    dropEnded();
    const FakeServer &server = m_cluster.servers[on];
    // While the others are a majority nobody else can have the cluster, so that a lost one is taken anew: once the old session, which
    // has the lock there as long as it has a statement to carry out, has ended.
    const bool mayTakeAnew = m_stopped.contains(on) || (m_cluster.lockedBy == m_number && hasMajority() && !m_cluster.isAwaited(on));
    if (!m_sessions.contains(on) && mayTakeAnew && server.isRunning)
        m_sessions[on] = server.startedAt;
    return m_sessions.contains(on) ? std::nullopt : std::optional(failed(ErrorCode::Unreachable, "the session that held the lock there has ended", Effect::None));
}

/// What a fault does before the command is carried out; an answer where it is not.
std::optional<Said> FakeHands::hinder(const Command &command, Fault fault)
{
    const std::string &on = command.on.text();
    const auto forAWhile = [&] { return base::milliseconds(m_cluster.between(1, 20000)); };
    const bool isServer = m_cluster.isServer(on);
    switch (fault) {
    case Fault::LostBefore: loseSession(on); return failed(ErrorCode::Unreachable, "the link broke before", Effect::None);
    case Fault::LostInDoubt: loseSession(on); return failed(ErrorCode::Unreachable, "the link broke", Effect::InDoubt);
    case Fault::Late:
        m_cluster.delay(command.on, command, session(), base::milliseconds(m_cluster.between(0, 400)));
        loseSession(on);
        return failed(ErrorCode::Unreachable, "the link broke", Effect::InDoubt);
    case Fault::Refused: return failed(ErrorCode::Rejected, "no", Effect::None);
    case Fault::Dies:
        if (isServer) {
            FakeCluster &cluster = m_cluster;
            cluster.kill(on);
            cluster.later(forAWhile(), [&cluster, on] {
                if (!cluster.servers[on].isStopped)
                    cluster.start(on);
            });
        }
        break;
    case Fault::Freezes: {
        if (isServer || m_cluster.routers.contains(on)) {
            bool &frozen = isServer ? m_cluster.servers[on].isFrozen : m_cluster.routers[on].isFrozen;
            frozen = !isServer || m_cluster.servers[on].isRunning;
            FakeCluster &cluster = m_cluster;
            cluster.later(forAWhile(), [&cluster, on, isServer] { (isServer ? cluster.servers[on].isFrozen : cluster.routers[on].isFrozen) = false; });
        }
        break;
    }
    case Fault::LinkCut: m_chaos.cutUntil[on] = m_cluster.clock().now() + forAWhile(); break;
    case Fault::NoPause:
        for (auto &[id, router] : m_cluster.routers)
            router.refusesToPause = true;
        break;
    case Fault::Stall: m_chaos.takeOver(); break;
    case Fault::Crash: throw Crashed();
    case Fault::AnswerLost:
    case Fault::DiesAfter:
    case Fault::LockLost:
    case Fault::CrashAfter: break;
    }
    return std::nullopt;
}

Said FakeHands::act(const Command &command)
{
    const std::string &on = command.on.text();
    if (command.by != By::Sql && command.by != By::Stonith && m_cluster.newestNumber > m_number)
        return failed(ErrorCode::Rejected, "a newer operation was announced", Effect::None);
    switch (command.by) {
    case By::Sql: return m_cluster.sql(command.on, command, session());
    case By::Router: m_cluster.catchUpOn(command.on); return m_cluster.admin(command.on, command.text);
    case By::Host:
        m_cluster.catchUpOn(command.on);
        if (command.deed->act == operate::HostAct::Stop || command.deed->act == operate::HostAct::AskStopped) {
            m_stopped.insert(on);
            loseSession(on);
        }
        return m_cluster.deed(command.on, *command.deed);
    case By::Stonith: {
        const FakeServer &server = m_cluster.servers[on];
        const bool isSilent = !server.isRunning || server.isFrozen || isCut(on);
        if (command.onlyAsks)
            return {isSilent ? operate::answersNothing : "answers", {}};
        Said said = m_cluster.turnOff(on);
        if (!said.error) {
            m_stopped.insert(on);
            loseSession(on);
        }
        return said;
    }
    case By::Redis: // a cluster has none,
    case By::Manager: // and this one is nobody's but ours
    case By::Hand: break;
    }
    return failed(ErrorCode::BadInput, "that is for a person", Effect::None);
}

base::Result<void> FakeJournal::append(const std::string &entry)
{
    auto added = add(entry);
    if (added)
        m_onDisk = m_lines.size();
    return added;
}

base::Result<void> FakeJournal::note(const std::string &entry)
{
    return add(entry);
}

void FakeJournal::loseMachine()
{
    m_lines.resize(m_onDisk);
}

base::Result<void> FakeJournal::add(const std::string &entry)
{
    m_chaos.cluster.pass(base::milliseconds(1));
    const auto fault = m_chaos.next(entry);
    if (fault == Fault::Crash)
        throw Crashed();
    if (fault == Fault::LostBefore || fault == Fault::Refused) {
        hasFailed = true;
        return base::fail(ErrorCode::Io, "no space left on the device");
    }
    if (m_chaos.cluster.trace)
        m_chaos.cluster.note("journal: " + entry.substr(0, 160));
    m_lines.push_back(entry);
    if (fault == Fault::CrashAfter)
        throw Crashed();
    return {};
}

void FakePace::together(const std::vector<std::function<void()>> &deeds)
{
    std::vector<std::size_t> order(deeds.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
        std::swap(order[i], order[std::size_t(m_cluster.between(0, std::int64_t(i)))]);
    }
    for (const std::size_t i : order)
        deeds[i]();
}

} // namespace shardlens::execute
