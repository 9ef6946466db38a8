// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Driver.h"

#include "core/campaign/Planning.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

constexpr base::milliseconds beat{20};

std::string countText(unsigned count, const std::string &one, const std::string &many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Routers of what stays that lead reads to a server of what is left that does not answer.
std::vector<std::string> readsLedThere(const facts::Snapshot &snapshot, const Goal &goal, const Options &options)
{
    std::vector<std::string> reads;
    for (const Ground::ReadsThere &one : Ground{snapshot, goal, options}.readsThere()) {
        const facts::Observation *led = snapshot.observation(*one.target->leadsTo);
        if (led && led->reach.state == facts::ReachState::Down)
            reads.push_back(one.target->database + " at " + one.router.text() + " leads to " + one.target->leadsTo->text());
    }
    return reads;
}

} // namespace

Driver::Driver(Campaign campaign, Means &means, execute::Journal &journal, const base::Clock &clock, execute::Pace &pace, std::string user)
    : m_campaign(std::move(campaign)), m_means(means), m_journal(journal), m_clock(clock), m_pace(pace), m_user(std::move(user))
{
}

Outcome Driver::run()
{
    m_before = baselineOf(*m_means.snapshot(), m_campaign.goal);
    takeUp();
    noteCaches();
    if (m_campaign.goal.aim == Aim::HostUp && !waitForComeback())
        return finish();
    if (m_campaign.goal.aim == Aim::HostUp)
        lookAtKernel();
    if (m_campaign.liftsMark && m_campaign.mark != MarkState::Lifted) {
        changeMark(false);
        if (m_campaign.mark != MarkState::Lifted) {
            m_why = "the mark could not be lifted: " + m_campaign.markSaid;
            return finish();
        }
    }
    const bool isThrough = carryOutWaves();
    dropPrepared();
    waitForAll();
    const bool hasLeft = m_campaign.moved() > 0 || m_campaign.waves == 0;
    if (m_campaign.goal.aim == Aim::HostDown && isThrough)
        lookAtKernel(); // before somebody works on it
    if (m_campaign.setsMark && isThrough && hasLeft && m_campaign.mark != MarkState::Set)
        changeMark(true);
    if (m_campaign.goal.aim == Aim::Evacuate && isThrough && hasLeft)
        watchCaches();
    return finish();
}

/// Of one that was broken off, moves that ended stay as they are. Of one that had ended, what failed or was not begun is tried again.
void Driver::takeUp()
{
    for (Move &move : m_campaign.moves) {
        const Move was = move;
        const bool again = move.wave != 0 && (move.state == MoveState::NotBegun || hasFailed(move.state)) && m_campaign.retries;
        if (!again)
            continue;
        move.state = MoveState::Waiting;
        move.said.clear();
        move.endedAt.reset();
        move.operation.clear();
        enter(move, was);
    }
    m_campaign.retries = false;
}

bool Driver::mayGoOn()
{
    if (!m_unwritten.empty())
        m_why = "its journal cannot be written: " + m_unwritten;
    const unsigned limit = m_campaign.options.stopAfter;
    if (limit > 0 && m_campaign.failures() >= limit)
        m_why = countText(m_campaign.failures(), "move", "moves") + " failed, and it was to stop after " + std::to_string(limit);
    return m_why.empty() && m_campaign.stop == Stop::No;
}

bool Driver::startsMore() const
{
    const unsigned limit = m_campaign.options.stopAfter;
    return m_campaign.stop != Stop::Now && m_unwritten.empty() && (limit == 0 || m_campaign.failures() < limit);
}

bool Driver::carryOutWaves()
{
    for (unsigned wave = 1; wave <= m_campaign.waves; ++wave) {
        const auto isOfWave = [&](const Move &move) { return move.wave == wave; };
        const bool isDone = std::all_of(m_campaign.moves.begin(), m_campaign.moves.end(), [&](const Move &move) { return !isOfWave(move) || hasEnded(move.state); });
        if (isDone && std::any_of(m_campaign.gates.begin(), m_campaign.gates.end(), [&](const GateSeen &gate) { return gate.wave == wave && gate.isPassed; }))
            continue;
        look();
        if (!mayGoOn())
            return false;
        startWave(wave);
        while (isUnderWay(wave)) {
            m_pace.wait(beat);
            look();
            startWave(wave);
        }
        const bool isLast = wave == m_campaign.waves;
        const bool isCut = std::any_of(m_campaign.moves.begin(), m_campaign.moves.end(), [&](const Move &move) { return isOfWave(move) && move.state == MoveState::Waiting; });
        if ((!isLast || isCut) && !mayGoOn())
            return false;
        if (!isLast)
            prepareWave(wave + 1);
        if (!passGate(wave) && !isLast)
            return false;
    }
    return true;
}

void Driver::waitForAll()
{
    const auto runs = [](const Move &move) { return move.state == MoveState::Starting || move.state == MoveState::Moving || move.state == MoveState::Settling; };
    while (std::any_of(m_campaign.moves.begin(), m_campaign.moves.end(), runs)) {
        m_pace.wait(beat);
        look();
    }
}

bool Driver::passGate(unsigned wave)
{
    const base::Instant until = m_clock.now() + gatePatience;
    m_means.lookAgain();
    std::string waited;
    for (facts::SnapshotPtr last = m_means.snapshot();;) {
        const facts::SnapshotPtr now = m_means.snapshot();
        const GateLook seen = lookAtGate(*now, m_before, m_campaign.moves);
        const bool isOver = m_clock.now() >= until || (m_campaign.stop != Stop::No && wave < m_campaign.waves);
        if (!seen.isOpen() && !isOver) {
            if (now != last) // what was asked for is here, and it is not so yet: nobody waits for the next interval
                m_means.lookAgain();
            last = now;
            waited = seen.waitsFor;
            m_pace.wait(beat);
            look();
            continue;
        }
        GateSeen gate{wave, seen.isOpen(), seen.isOpen() ? waited : seen.waitsFor, m_clock.utcNow()};
        append(entryGate(gate, *gate.at));
        m_campaign.gates.push_back(gate);
        if (!seen.isOpen() && m_campaign.stop == Stop::No && wave < m_campaign.waves)
            m_why = "the gate after wave " + std::to_string(wave) + " did not open: it waited for " + seen.waitsFor;
        return seen.isOpen();
    }
}

bool Driver::waitForComeback()
{
    const base::Instant until = m_clock.now() + comebackPatience;
    m_means.lookAgain();
    for (;;) {
        std::string waitsFor;
        const auto plan = planFor(*m_means.snapshot(), m_campaign.goal, m_campaign.options);
        for (const ServerBack &one : plan ? plan->servers : std::vector<ServerBack>()) {
            if (one.comeback != Comeback::Now && waitsFor.empty())
                waitsFor = one.server.text() + " is not back: " + std::string(name(one.comeback)) + (one.detail.empty() ? "" : ", " + one.detail);
        }
        if (plan && waitsFor.empty())
            return true;
        look();
        if (m_clock.now() >= until || m_campaign.stop != Stop::No) {
            m_why = plan ? waitsFor : plan.error().message;
            return false;
        }
        m_pace.wait(10 * beat);
    }
}

void Driver::changeMark(bool isSet)
{
    const auto done = m_means.setMark(m_campaign.goal, m_campaign.reason, isSet);
    m_campaign.mark = !done ? MarkState::Failed : isSet ? MarkState::Set : MarkState::Lifted;
    m_campaign.markSaid = done ? std::string() : done.error().message;
    append(entryMark(m_campaign.mark, m_campaign.markSaid, m_clock.utcNow()));
}

std::vector<std::string> Driver::thingsLeft() const
{
    std::vector<std::string> left;
    for (const Move &move : m_campaign.moves) {
        const bool isToldElsewhere = move.fit == Fit::ByHand || (move.wave == 0 && m_campaign.goal.aim == Aim::HostUp);
        if (move.state == MoveState::Done || move.fit == Fit::Settled || isToldElsewhere)
            continue;
        std::string why = move.said;
        for (const std::string &check : move.why)
            why += (why.empty() ? "" : ", ") + check;
        const std::string state(move.state == MoveState::Left ? name(move.fit) : name(move.state));
        left.push_back(move.subject + " " + state + (why.empty() ? "" : ": " + why));
    }
    for (const Tick &tick : m_campaign.manual) {
        if (tick.by.empty() && tick.step.kind != ManualStep::Kind::WorkOnHost)
            left.push_back("by hand: " + tick.step.id());
    }
    for (const std::string &reads : readsLedThere(*m_means.snapshot(), m_campaign.goal, m_campaign.options))
        left.push_back("reads: " + reads);
    const bool isShut = !m_campaign.gates.empty() && m_campaign.gates.back().wave == m_campaign.waves && !m_campaign.gates.back().isPassed;
    if (isShut)
        left.push_back("at the end it still waited for " + m_campaign.gates.back().said);
    if (m_campaign.mark == MarkState::Failed)
        left.push_back("mark: " + m_campaign.markSaid);
    for (const PoolWarmth &pool : m_campaign.watch == Watch::Cold ? m_campaign.pools : std::vector<PoolWarmth>()) {
        if (!pool.isWarm())
            left.push_back("cache: " + pool.pool.text() + " of " + pool.region.text() + " is not warm yet");
    }
    return left;
}

Outcome Driver::outcomeNow() const
{
    const auto &moves = m_campaign.moves;
    if (std::any_of(moves.begin(), moves.end(), [](const Move &move) { return move.state == MoveState::InDoubt; }))
        return Outcome::InDoubt;
    const bool isCut = std::any_of(moves.begin(), moves.end(), [](const Move &move) { return move.state == MoveState::NotBegun; });
    const bool hasNone = m_campaign.waves > 0 && m_campaign.moved() == 0;
    const bool isOfWatch = m_campaign.watch == Watch::Stopped; // it ended the look at the caches alone
    if (m_campaign.stop != Stop::No && !isOfWatch && (isCut || m_campaign.failures() > 0 || m_campaign.waves == 0))
        return Outcome::Stopped;
    if (!m_why.empty() || (hasNone && m_campaign.failures() > 0))
        return Outcome::Failed;
    return thingsLeft().empty() ? Outcome::Done : Outcome::Incomplete;
}

Outcome Driver::finish()
{
    for (Move &move : m_campaign.moves) {
        const Move was = move;
        if (move.state == MoveState::Waiting)
            move.state = MoveState::NotBegun;
        enter(move, was);
    }
    m_campaign.left = thingsLeft();
    m_campaign.said = m_why;
    m_campaign.endedAt = m_clock.utcNow();
    m_campaign.outcome = outcomeNow();
    append(entryOutcome(*m_campaign.outcome, m_campaign.said, m_campaign.left, *m_campaign.endedAt));
    return *m_campaign.outcome;
}

} // namespace shardlens::campaign
