// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/TakeOver.h"

#include "app/guard/Carrier.h"
#include "core/execute/LockKey.h"
#include "core/operate/Met.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>
#include <utility>

#include <poll.h>

namespace shardlens::guard
{

using base::ErrorCode;
using base::milliseconds;
using base::Result;
using State = OperationReport::State;

namespace
{

constexpr milliseconds betweenLooks{300}; // a promotion that was already sent may still take effect
constexpr milliseconds againAfter{1000};
constexpr milliseconds soonAfter{250};
constexpr milliseconds routerDeadline{2000};
constexpr int sessionsAskedTimes = 20;

base::Instant routerUntil()
{
    return std::chrono::steady_clock::now() + routerDeadline;
}

} // namespace

TakeOver::TakeOver(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, clients::GuardAnnouncement told, OperationBook &book, effects::RouterHands &router, HostHands &hosts,
                   std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_told(std::move(told)), m_book(book), m_router(router), m_hosts(hosts), m_stop(std::move(stop)),
      m_cluster(m_fleet->cluster(m_told.of.cluster))
{
    if (const auto *declared = m_fleet->routerOf(m_region)) {
        m_database = fleet::expand(declared->primaryDatabase, "cluster", m_told.of.cluster.text());
        m_isForReads = !m_told.database.empty() && m_told.database != m_database;
        if (m_isForReads)
            m_database = m_told.database;
        m_isElsewhere = !m_told.on.isEmpty() && m_told.on != declared->server;
    }
}

void TakeOver::run()
{
    logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + " fell silent: taking over");
    for (;;) {
        const Round found = round();
        m_talks.clear(); // with them the lock: a person's new operation must be able to take it
        if (found == Round::Over || !sleep(found == Round::Soon ? soonAfter : againAfter))
            return;
    }
}

bool TakeOver::sleep(milliseconds time) const
{
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) == 0;
}

TakeOver::Round TakeOver::wait(const std::string &why)
{
    m_book.note(m_told.of, State::Waiting, why);
    if (std::exchange(m_waitsFor, why) != why)
        logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + ": " + why);
    return Round::Again;
}

TakeOver::Round TakeOver::end(const std::string &said)
{
    m_book.note(m_told.of, State::TakenOver, said);
    logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + " was taken over: " + said);
    return Round::Over;
}

TakeOver::Round TakeOver::round()
{
    if (!m_book.isTakingOver(m_told.of))
        return Round::Over;
    if (!m_cluster)
        return end("the fleet file declares no such cluster");
    if (const auto over = findHeld())
        return *over;
    if (!endItsSessions())
        return wait("the operation's sessions do not end");
    if (m_isForReads)
        return resumeReads();
    const auto denied = lockMajority();
    const Look first = look();
    if (denied)
        return isDecided(m_told, first) ? followDecision() : *denied;
    if (!sleep(betweenLooks))
        return Round::Over;
    Look second = look();
    if (operate::isMove(m_told.act))
        second[m_told.to] = lookAtCandidate();
    return act(judge(m_told, first, second));
}

std::optional<TakeOver::Round> TakeOver::findHeld()
{
    if (m_isElsewhere)
        return end("it acts on " + m_told.on.text() + ", which is not this region's router");
    m_nothingHeld.clear();
    if (m_database.empty()) {
        m_nothingHeld = "this region has no router: nothing is held here";
    } else {
        // A router that is not held was not yet, or is again: whoever resumed it had verified where to.
        const auto paused = m_router.isPaused(m_database, routerUntil());
        if (!paused && paused.error().code != ErrorCode::NotFound)
            return wait("this region's router: " + paused.error().message);
        if (!paused || !*paused)
            m_nothingHeld = paused ? "this region's router was not paused; it leads where it led" : paused.error().message;
    }
    if (!m_nothingHeld.empty())
        return findBrake();
    // Whoever points a paused router elsewhere leaves the pause that a person wanted.
    if (m_told.act == operate::Act::PointRouter)
        return end("this region's router was paused before, and stays so");
    openAll();
    return std::nullopt;
}

/// Nobody's sessions are ended, and no lock is taken, where there is none: the operation may go on, out of this guard's hearing alone.
std::optional<TakeOver::Round> TakeOver::findBrake()
{
    if (m_told.act != operate::Act::Switchover || m_cluster->manager != fleet::Manager::None)
        return end(m_nothingHeld);
    openAll();
    switch (leftBrake(m_told, look())) {
    case LeftBrake::None: return end(m_nothingHeld);
    case LeftBrake::NotKnown: return wait(m_nothingHeld + "; " + m_told.from.text() + ", which may have a brake, is not reached, and " + m_told.to.text() + " is not seen promoted");
    case LeftBrake::There: break;
    }
    return std::nullopt;
}

TakeOver::Round TakeOver::act(const Verdict &verdict)
{
    if (!m_book.isTakingOver(m_told.of))
        return Round::Over;
    if (verdict.to == Verdict::To::Nobody)
        return wait(verdict.why);
    if (verdict.to == Verdict::To::Outlived)
        return end(verdict.why + (m_nothingHeld.empty() ? "; this region's router stays paused, a person must act" : "; " + m_nothingHeld));
    const bool isNew = verdict.to == Verdict::To::New;
    if (isNew && !m_nothingHeld.empty())
        return end(m_nothingHeld); // promoted meanwhile: the brake is the old primary's fence
    return endOrWait(isNew ? resumeNew() : resumeOld(), isNew ? m_told.to : m_told.from, verdict.why);
}

TakeOver::Round TakeOver::followDecision()
{
    if (!m_book.isTakingOver(m_told.of))
        return Round::Over;
    if (!m_nothingHeld.empty())
        return end(m_nothingHeld);
    return endOrWait(leadRouterTo(m_told.to), m_told.to, "another region's guard has verified it, and raised its term");
}

TakeOver::Round TakeOver::endOrWait(const Result<void> &resumed, const base::ServerId &server, const std::string &why)
{
    if (!resumed)
        return wait(why + ", but writes cannot be resumed to " + server.text() + ": " + resumed.error().message);
    return end("writes flow to " + server.text() + ": " + why);
}

void TakeOver::openAll()
{
    m_talks.clear();
    for (const auto &member : m_cluster->servers) {
        if (auto talk = MemberTalk::open(*m_fleet, m_region, *m_cluster, member, m_stop))
            m_talks.push_back(std::move(*talk));
    }
}

MemberTalk *TakeOver::talkTo(const base::ServerId &member)
{
    const auto found = std::find_if(m_talks.begin(), m_talks.end(), [&](const MemberTalk &one) { return one.member() == member; });
    return found == m_talks.end() ? nullptr : &*found;
}

bool TakeOver::endItsSessions()
{
    const std::string name = execute::sessionNameOf(m_told.of.operation, m_told.of.number);
    for (int i = 0; i < sessionsAskedTimes; ++i) {
        int left = 0;
        for (MemberTalk &talk : m_talks) {
            const auto ended = talk.endSessions(name);
            left += ended.value_or(0); // one that hangs by now is not reached; the looks tell so
        }
        if (left == 0)
            return true;
        if (!sleep(milliseconds(25)))
            return false;
    }
    return false;
}

std::optional<TakeOver::Round> TakeOver::lockMajority()
{
    std::size_t held = 0;
    for (MemberTalk &talk : m_talks) {
        const auto locked = talk.tryLock();
        if (!locked)
            continue;
        if (!*locked) {
            m_book.note(m_told.of, State::TakingOver, "the lock on " + talk.member().text() + " is held by " + talk.lockHolder());
            return Round::Soon;
        }
        ++held;
    }
    const std::size_t needed = m_cluster->servers.size() / 2 + 1;
    if (held >= needed)
        return std::nullopt;
    return wait("no primary that is verified: " + std::to_string(held) + " of " + std::to_string(m_cluster->servers.size()) + " members are reached, " + std::to_string(needed) +
                " are needed; a person must act");
}

/// On a session that is made after the operation's own were ended: the server's main process passes a promotion that it was told of
/// on before it makes a session.
MemberSeen TakeOver::lookAtCandidate()
{
    auto talk = MemberTalk::open(*m_fleet, m_region, *m_cluster, m_told.to, m_stop);
    return talk ? talk->look(true).value_or(MemberSeen{}) : MemberSeen{};
}

Look TakeOver::look()
{
    Look seen;
    for (const auto &member : m_cluster->servers) {
        MemberTalk *talk = talkTo(member);
        const auto told = talk ? talk->look() : Result<MemberSeen>(base::fail(ErrorCode::Unreachable, "no session"));
        seen[member] = told.value_or(MemberSeen{});
        if (!told)
            seen[member].isProvenStopped = m_hosts.isProvenStopped(member);
    }
    return seen;
}

Result<void> TakeOver::leadRouterTo(const base::ServerId &server)
{
    const fleet::Endpoint &endpoint = m_fleet->server(server)->address.from(m_region);
    const std::string address = "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
    const std::string leads = m_database + ": " + address;
    auto told = m_router.databases(routerUntil());
    if (told && !operate::isMet(leads, *told)) {
        operate::HostDeed deed;
        deed.act = operate::HostAct::PointRouter;
        deed.database = m_database;
        deed.leadsTo = address + " dbname=" + m_cluster->database;
        told = m_hosts.carryOut(m_fleet->routerOf(m_region)->server, deed, routerUntil());
    }
    if (!told)
        return base::fail(told.error());
    if (!operate::isMet(leads, *told))
        return base::fail(ErrorCode::WrongServer, "the router does not lead there");
    return resume();
}

/// Reads do no harm wherever they lead: nothing has to be verified for them.
TakeOver::Round TakeOver::resumeReads()
{
    if (!m_book.isTakingOver(m_told.of))
        return Round::Over;
    const auto resumed = resume();
    return resumed ? end("reads flow again through " + m_database) : wait(m_database + " cannot be resumed: " + resumed.error().message);
}

Result<void> TakeOver::resume()
{
    const auto resumed = m_router.carryOut("RESUME " + operate::identifier(m_database), routerUntil());
    if (!resumed)
        return base::fail(resumed.error());
    const auto paused = m_router.isPaused(m_database, routerUntil());
    if (!paused)
        return base::fail(paused.error());
    return *paused ? Result<void>(base::fail(ErrorCode::Rejected, "the router is still paused")) : Result<void>();
}

Result<void> TakeOver::resumeNew()
{
    MemberTalk *talk = talkTo(m_told.to);
    if (m_told.term > 0) {
        if (auto raised = talk->raiseTerm(m_told.term, decidedBy(m_told.of, m_region)); !raised)
            return raised;
    }
    return leadRouterTo(m_told.to);
}

Result<void> TakeOver::resumeOld()
{
    // A smaller act, or a move through the cluster's manager, puts no brake on: one that is there is not its to lift.
    if (operate::isMove(m_told.act) && m_cluster->manager == fleet::Manager::None) {
        if (auto lifted = talkTo(m_told.from)->setBrake(false); !lifted)
            return lifted;
    }
    return m_nothingHeld.empty() ? leadRouterTo(m_told.from) : Result<void>();
}

} // namespace shardlens::guard
