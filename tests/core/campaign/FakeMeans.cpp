// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/campaign/FakeMeans.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

constexpr base::milliseconds journalAfter{300};
constexpr base::milliseconds promotesAfter{500};
constexpr base::milliseconds flowsAfter{600};
constexpr base::milliseconds endsAfter{3000};

} // namespace

std::vector<std::string> FakeMeans::running() const
{
    std::vector<std::string> all;
    for (const auto &[id, executor] : m_executors) {
        if (!executor.operation.writesHeld && !executor.isDead)
            all.push_back(executor.subject);
    }
    return all;
}

std::size_t FakeMeans::looking() const
{
    return static_cast<std::size_t>(std::count_if(m_executors.begin(), m_executors.end(), [](const auto &one) { return !one.second.hasJournal && !one.second.isDead; }));
}

void FakeMeans::advance(base::milliseconds by)
{
    m_clock.advance(by);
    for (auto &[id, executor] : m_executors)
        advance(executor, by);
    m_snapshot = m_world.tick(by);
}

void FakeMeans::advance(Executor &executor, base::milliseconds by)
{
    const auto is = [&](Fate fate) { return executor.fate == fate && !executor.isResumed; };
    if (executor.isDead || executor.operation.outcome || is(Fate::Hangs))
        return;
    executor.age += by;
    if (executor.age < journalAfter)
        return;
    if (is(Fate::DiesBeforeJournal) || is(Fate::Refused)) {
        executor.isDead = true;
        return;
    }
    executor.hasJournal = true;
    if (executor.isCancelled && !executor.isPromoted)
        return end(executor, execute::Outcome::RolledBack, "cancelled");
    if (executor.age < promotesAfter)
        return;
    if (is(Fate::RollsBack))
        return end(executor, execute::Outcome::RolledBack, "a standby did not follow");
    if (is(Fate::InDoubt))
        return end(executor, execute::Outcome::InDoubt, "the link broke");
    if (!executor.isPromoted) {
        executor.isPromoted = true;
        executor.operation.progress[0].state = execute::StepState::Done;
        m_world.promote(executor.subject, executor.to.text());
    }
    if (executor.age < flowsAfter)
        return;
    if (!executor.operation.writesHeld) {
        executor.operation.writesHeld = base::milliseconds(120);
        executor.operation.lastEntryAt = m_clock.utcNow();
    }
    if (is(Fate::DiesOnce)) {
        executor.isDead = true;
        return;
    }
    if (executor.age >= endsAfter)
        end(executor, is(Fate::MovesIncomplete) ? execute::Outcome::Incomplete : execute::Outcome::Done, is(Fate::MovesIncomplete) ? "the old primary did not come back" : "");
}

void FakeMeans::end(Executor &executor, execute::Outcome outcome, const std::string &said)
{
    executor.operation.outcome = outcome;
    executor.operation.said = said;
    executor.operation.endedAt = executor.operation.lastEntryAt = m_clock.utcNow();
}

std::string FakeMeans::freshId(const std::string &subject)
{
    return subject + "-" + std::to_string(++m_next);
}

void FakeMeans::prepareMove(const std::string &id, const execute::ActRequest &)
{
    prepared.push_back(id);
}

base::Result<void> FakeMeans::startMove(const std::string &id, const execute::ActRequest &request)
{
    Executor executor;
    executor.subject = request.cluster.text();
    executor.to = request.to;
    const auto fate = fates.find(executor.subject);
    executor.fate = fate == fates.end() ? Fate::Moves : fate->second;
    if (executor.fate == Fate::DiesBeforeJournal)
        fates.erase(executor.subject);
    executor.operation.id = id;
    operate::Step promote;
    promote.number = 1;
    promote.kind = operate::StepKind::Promote;
    promote.isPointOfNoReturn = true;
    executor.operation.steps = {promote};
    executor.operation.progress.resize(1);
    m_executors[id] = executor;
    told.push_back("start " + executor.subject + " " + request.to.text());
    if (onStart)
        onStart(executor.subject);
    return {};
}

base::Result<void> FakeMeans::resumeMove(const std::string &id)
{
    Executor &executor = m_executors[id];
    executor.isDead = false;
    executor.isResumed = true;
    told.push_back("resume " + executor.subject);
    return {};
}

void FakeMeans::cancelMove(const std::string &id)
{
    m_executors[id].isCancelled = true;
    told.push_back("cancel " + m_executors[id].subject);
}

MoveSeen FakeMeans::look(const std::string &id)
{
    const auto found = m_executors.find(id);
    if (found == m_executors.end())
        return {};
    const Executor &executor = found->second;
    MoveSeen seen;
    if (executor.hasJournal)
        seen.operation = executor.operation;
    seen.isCarriedOut = !executor.isDead && !executor.operation.outcome;
    if (executor.fate == Fate::Refused && executor.isDead)
        seen.refused = "blocked replay_lag";
    return seen;
}

facts::SnapshotPtr FakeMeans::snapshot()
{
    if (!m_snapshot)
        m_snapshot = m_world.tick(base::milliseconds(1));
    return m_snapshot;
}

base::Result<void> FakeMeans::setMark(const Goal &goal, const std::string &, bool isSet)
{
    told.push_back(std::string("mark ") + (isSet ? "set " : "lifted ") + goal.subject);
    return marksFail ? base::fail(base::ErrorCode::Unreachable, "the directory has no primary") : base::Result<void>();
}

std::vector<Wish> FakeMeans::takeWishes()
{
    std::vector<Wish> taken;
    taken.swap(wishes);
    return taken;
}

void FakePace::wait(base::milliseconds time)
{
    if (isKilled && isKilled())
        throw DriverKilled();
    m_means.advance(std::max(time, base::milliseconds(100)));
}

void FakePace::together(const std::vector<std::function<void()>> &deeds)
{
    for (const auto &deed : deeds)
        deed();
}

} // namespace shardlens::campaign
