// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/Scenario.h"

#include "tests/fixtures/Snapshots.h"

#include <algorithm>
#include <array>
#include <memory>

namespace shardlens::execute {

using facts::Observation;
using fixtures::World;

namespace {

struct Played {
    facts::SnapshotPtr snapshot;
    Operation operation;
};

World usualWorld()
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    return world;
}

void say(World &in, const char *server, const std::function<void(facts::PostgresSample &)> &change)
{
    in.edit(server, [=](Observation &o) {
        auto sample = *o.postgres();
        change(sample);
        o.sample = std::move(sample);
    });
}

facts::SnapshotPtr snapshotFor(Move move)
{
    World world = usualWorld();
    switch (move) {
    case Move::Switchover: return fixtures::well();
    case Move::Failover: return fixtures::incident();
    case Move::SynchronousSwitchover:
        for (const char *server : {"m1-us-east", "m1-us-west", "m1-eu-west"})
            say(world, server, [](facts::PostgresSample &s) { (*s.settings)["synchronous_standby_names"] = "ANY 1 (\"m1-us-east\", \"m1-us-west\", \"m1-eu-west\")"; });
        return world.run(4);
    case Move::ByHand: {
        auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
        for (fleet::Host &host : fleet->hosts)
            host.reach.way = fleet::HostReach::Way::None;
        World unreached(fleet, fixtures::at(12, 0, 0));
        unreached.observedSince(std::chrono::hours(2));
        return unreached.run(12);
    }
    case Move::StonithFailover: {
        World turnedOff(fixtures::stonithFleet(), fixtures::at(12, 0, 0));
        turnedOff.observedSince(std::chrono::hours(2));
        turnedOff.run(12);
        turnedOff.killPrimary("u1");
        return turnedOff.run(8);
    }
    case Move::FetchingFailover:
        world.killPrimary("u2");
        world.run(8);
        say(world, "u2-us-east", [](facts::PostgresSample &s) { s.received = s.replayed = base::Lsn{s.received->value - 1048576}; });
        return world.run(3);
    }
    return nullptr;
}

operate::Intent intentOf(Move move)
{
    using base::ClusterName;
    switch (move) {
    case Move::Switchover:
    case Move::ByHand: return operate::SwitchCluster{ClusterName("u1"), {}};
    case Move::SynchronousSwitchover: return operate::SwitchCluster{ClusterName("m1"), {}};
    case Move::Failover:
    case Move::StonithFailover: return operate::FailCluster{ClusterName("u1"), {}};
    case Move::FetchingFailover: return operate::FailCluster{ClusterName("u2"), base::ServerId("u2-us-east")};
    }
    return {};
}

const Played &played(Move move)
{
    static const auto all = [] {
        std::array<Played, int(Move::ByHand) + 1> made;
        for (int i = 0; i <= int(Move::ByHand); ++i) {
            Played &one = made[std::size_t(i)];
            one.snapshot = snapshotFor(Move(i));
            const auto plan = operate::planFor(*one.snapshot, intentOf(Move(i)));
            one.operation.id = "u1-20261121-120000-4f2a";
            one.operation.act = operate::actOf(plan->intent);
            one.operation.cluster = operate::clusterOf(plan->intent);
            one.operation.from = plan->from;
            one.operation.to = plan->to;
            one.operation.term = 8;
            one.operation.steps = plan->steps;
            one.operation.progress.resize(plan->steps.size());
        }
        return made;
    }();
    return all[std::size_t(move)];
}

bool isOver(Outcome outcome)
{
    return outcome == Outcome::Done || outcome == Outcome::Incomplete || outcome == Outcome::RolledBack;
}

} // namespace

std::string_view name(Move move)
{
    switch (move) {
    case Move::Switchover: return "switchover";
    case Move::SynchronousSwitchover: return "synchronous switchover";
    case Move::Failover: return "failover";
    case Move::FetchingFailover: return "failover that fetches";
    case Move::StonithFailover: return "failover that turns off";
    case Move::ByHand: return "switchover by hand";
    }
    return "";
}

const Operation &operationOf(Move move)
{
    return played(move).operation;
}

const fleet::Fleet &fleetOf(Move move)
{
    return *played(move).snapshot->fleet;
}

Scenario::Scenario(Move move, std::uint64_t seed, bool tells)
    : m_begun(operationOf(move)), m_cluster(fleetOf(move), m_begun, seed), m_chaos(m_cluster), m_pace(m_cluster)
{
    if (tells)
        m_cluster.trace = [this](const std::string &line) { m_story += line + "\n"; };
    m_chaos.takeOver = [this] { takeOver(); };
    if (m_begun.act == operate::Act::Failover) {
        m_cluster.mayLose = true;
        m_cluster.pass(base::milliseconds(100));
        m_cluster.kill(m_begun.from.text());
        if (move == Move::FetchingFailover) {
            FakeServer &candidate = m_cluster.servers[m_begun.to.text()];
            candidate.written = candidate.replayed = candidate.written - 0x1000;
        }
    }
    m_begun.beganAt = m_cluster.clock().utcNow();
}

void Scenario::complain(const std::string &what)
{
    m_complaint += (m_complaint.empty() ? "" : "; ") + what;
    m_cluster.note("COMPLAINT: " + what);
}

std::string Scenario::complaint() const
{
    return m_cluster.broken + (m_cluster.broken.empty() || m_complaint.empty() ? "" : "; ") + m_complaint;
}

const Operation &Scenario::told()
{
    for (; m_folded < m_lines.size(); ++m_folded) {
        if (!addEntry(m_told, m_lines[m_folded]))
            complain("an entry cannot be read: " + m_lines[m_folded]);
    }
    return m_told;
}

void Scenario::runOnce(bool isUndone)
{
    m_number = std::max(m_number, m_cluster.newestNumber) + 1;
    FakeHands hands(m_chaos, m_begun.id, m_number);
    if (!hands.hasMajority())
        return m_cluster.note("too few members answer for a lock: nobody may begin");
    if (isWarned)
        m_begun.forced = {{operate::CheckId::OldPrimaryStopped, "I pulled its plug"}};
    if (!m_isBegun) {
        m_isBegun = true;
        m_begun.lastEntryAt = m_begun.beganAt;
        m_told = m_begun;
    } else {
        const bool isCopied = isShortened && !m_isSettling;
        if (isCopied)
            shorten();
        m_lines.push_back(entryTakenOver(m_number, {"shardlens", "bo", "desk-8"}, m_cluster.clock().utcNow()));
        if (isCopied)
            m_lines.push_back(entryMayBeShort("it is a copy", m_cluster.clock().utcNow()));
    }
    m_cluster.note(isUndone ? "a runner undoes it" : "a runner runs it");
    FakeJournal journal(m_chaos, m_lines);
    Runner runner(told(), hands, journal, m_cluster.clock(), &m_pace);
    runner.judgeAnew = judgeAnew;
    m_running = &runner;
    const auto living = std::make_shared<Runner *>(&runner);
    if (cancelAt)
        m_cluster.later(std::max(std::chrono::ceil<base::microseconds>(*cancelAt - m_cluster.clock().now()), base::microseconds(0)), [living] {
            if (*living)
                (*living)->cancel();
        });
    try {
        m_outcome = isUndone ? runner.undo() : runner.run();
        m_cluster.note("outcome: " + std::string(name(*m_outcome)) + ": " + runner.operation().said);
        if (!journal.hasFailed && runner.operation() != told())
            complain("the journal tells another story than the runner");
    } catch (const Crashed &) {
        m_outcome.reset();
        if (m_chaos.calls % 2 == 0)
            journal.loseMachine(); // and every other time its machine with it
        m_cluster.note("the runner's process is gone");
    }
    *living = m_running = nullptr;
    m_journalFailed |= journal.hasFailed;
}

/// What another machine has of the journal: its beginning, without secrets.
void Scenario::shorten()
{
    const auto whole = m_lines.size();
    m_lines.resize(std::size_t(m_cluster.between(0, std::int64_t(whole))));
    for (std::string &line : m_lines)
        line = withoutSecrets(line);
    m_told = m_begun;
    m_folded = 0;
    m_cluster.note("the copy has " + std::to_string(m_lines.size()) + " of " + std::to_string(whole) + " lines");
}

/// A guard, when the operation was silent for too long: ends its sessions, looks twice, and resumes only to the one primary that is
/// verified to be writable alone. Where there is none it leaves all as it is.
void Scenario::takeOver()
{
    m_cluster.note("a guard takes over");
    m_cluster.pass(base::seconds(5));
    m_cluster.newestNumber += 100;
    m_cluster.dropOrders();
    m_cluster.lockedBy = -1;
    const std::string from = m_begun.from.text(), to = m_begun.to.text();
    const auto reaches = [&](const std::string &id) {
        const FakeServer &server = m_cluster.servers[id];
        const auto cut = m_chaos.cutUntil.find(id);
        return server.isRunning && !server.isFrozen && (cut == m_chaos.cutUntil.end() || m_cluster.clock().now() >= cut->second);
    };
    bool standsBy = reaches(to), isPromoted = reaches(to);
    for (int look = 0; look < 2; ++look) {
        for (const auto &[id, server] : m_cluster.servers) {
            if (reaches(id)) {
                m_cluster.endSessions(id);
                ++m_cluster.endings[id];
            }
        }
        m_cluster.pass(base::milliseconds(300));
        const FakeServer &candidate = m_cluster.servers[to];
        standsBy = standsBy && reaches(to) && candidate.isInRecovery && candidate.isReceiving;
        isPromoted = isPromoted && reaches(to) && !candidate.isInRecovery;
    }
    FakeServer &old = m_cluster.servers[from];
    const bool oldIsHarmless = !old.isRunning ? old.isStopped : reaches(from) && (old.isInRecovery || old.isBraked);
    const bool lifts = standsBy && reaches(from) && !old.isInRecovery;
    const std::string chosen = isPromoted && oldIsHarmless ? to : lifts ? from : std::string();
    m_cluster.note("it chooses " + (chosen.empty() ? "nobody" : chosen));
    if (chosen.empty())
        return;
    if (lifts)
        old.hasBrakeInFile = old.isBraked = false;
    for (auto &[id, router] : m_cluster.routers) {
        if (router.isFrozen)
            continue;
        router.leadsTo[m_cluster.database()] = m_cluster.addressOf(chosen, id);
        router.isPaused = false;
    }
    m_cluster.pass(base::milliseconds(1));
}

bool Scenario::isSettled() const
{
    return m_outcome && isOver(*m_outcome);
}

void Scenario::play(Sequel sequel)
{
    runOnce(false);
    const bool isUndone = sequel == Sequel::Undo || sequel == Sequel::TakeOverThenUndo;
    for (int more = 0; more < 2 && !isSettled(); ++more) {
        m_cluster.pass(base::milliseconds(m_cluster.between(0, 15000)));
        if (sequel == Sequel::TakeOverThenResume || sequel == Sequel::TakeOverThenUndo)
            takeOver();
        runOnce(isUndone);
    }
    m_chaos.isOver = true;
    m_chaos.cutUntil.clear();
    m_chaos.lockLostUntil = {};
    m_cluster.heal();
    settle();
    if (isShortened && isSettled() && m_cluster.chance(0.3)) { // its end is among what was lost
        m_cluster.note("somebody goes on with what is over");
        runOnce(isUndone);
        settle();
    }
    checkEnd();
}

/// Whatever is not over by now has to come to its end, with every server well.
void Scenario::settle()
{
    m_isSettling = true;
    for (int more = 0; more < 3 && !isSettled(); ++more) {
        runOnce(false);
        if (m_outcome != Outcome::InDoubt)
            continue;
        // A person makes an end of it: a start forgets a promotion that was asked for.
        m_cluster.pass(base::seconds(60));
        m_cluster.kill(m_begun.to.text());
        m_cluster.start(m_begun.to.text());
        m_cluster.pass(base::seconds(1));
    }
    m_isSettling = false;
    m_cluster.pass(base::seconds(1));
}

void Scenario::checkEnd()
{
    if (!isSettled())
        return complain("it never came to an end: " + (m_outcome ? std::string(name(*m_outcome)) + ", " + told().said : std::string("a crash")));
    const bool hasMoved = *m_outcome != Outcome::RolledBack;
    const std::string primary = (hasMoved ? m_begun.to : m_begun.from).text();
    const FakeServer &old = m_cluster.servers[m_begun.from.text()];
    const auto found = m_cluster.writable();
    const bool nobodyIsLeft = !hasMoved && m_begun.act == operate::Act::Failover && !old.isRunning;
    if (found != (nobodyIsLeft ? std::vector<std::string>{} : std::vector<std::string>{primary}))
        complain(std::string(name(*m_outcome)) + ", but " + (found.empty() ? "nobody" : found.front()) + " accepts writes, and not " + primary);
    for (const auto &[id, router] : m_cluster.routers) {
        if (router.isPaused)
            complain(id + " is still paused");
        if (m_cluster.serverAt(router.leadsTo.at(m_cluster.database())) != primary)
            complain(id + " does not lead to " + primary);
    }
    if (!hasMoved && old.hasBrakeInFile)
        complain("a brake is left in the old primary's file");
    if (*m_outcome == Outcome::Done && (!old.isInRecovery || old.hasBrakeInFile || !old.isReceiving))
        complain("done, but the old primary is no standby");
    const Operation &end = told();
    if (!m_journalFailed && end.writesHeldFrom && !end.writesHeld)
        complain("over, but writes are held in the journal");
}

} // namespace shardlens::execute
