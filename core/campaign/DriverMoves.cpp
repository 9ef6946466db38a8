// SPDX-License-Identifier: GPL-3.0-or-later
// One move of a campaign: started, followed by its journal, taken up again.
#include "core/campaign/Driver.h"

#include "core/campaign/Planning.h"

#include <algorithm>
#include <utility>

namespace shardlens::campaign {

namespace {

MoveState stateOf(execute::Outcome outcome)
{
    switch (outcome) {
    case execute::Outcome::Done: return MoveState::Done;
    case execute::Outcome::Incomplete: return MoveState::Incomplete;
    case execute::Outcome::RolledBack: return MoveState::RolledBack;
    case execute::Outcome::InDoubt: return MoveState::InDoubt;
    case execute::Outcome::Failed:
    case execute::Outcome::Abandoned: return MoveState::Failed;
    }
    return MoveState::InDoubt;
}

/// Its new primary takes writes, seen through every router.
bool writesFlow(const execute::Operation &operation)
{
    if (!operation.hasPromoted() || !operation.writesHeld)
        return false;
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        const bool isSeen = operation.progress[i].state == execute::StepState::Done || operation.progress[i].state == execute::StepState::Left;
        if (operation.steps[i].kind == operate::StepKind::ReadMarker && !isSeen)
            return false;
    }
    return true;
}

std::optional<base::microseconds> lagOfTarget(const facts::Snapshot &snapshot, const Move &move)
{
    const facts::ClusterFacts *cluster = move.isGroup ? nullptr : snapshot.cluster(base::ClusterName(move.subject));
    const facts::RedisGroupFacts *group = move.isGroup ? snapshot.redisGroup(base::GroupName(move.subject)) : nullptr;
    for (const facts::StandbyLag &lag : cluster ? cluster->standbys : group ? group->replicas : std::vector<facts::StandbyLag>()) {
        if (lag.standby == move.to && lag.time)
            return *lag.time;
    }
    return std::nullopt;
}

} // namespace

void Driver::startWave(unsigned wave)
{
    if (m_campaign.wave < wave) {
        m_campaign.wave = wave;
        append(entryWave(wave, m_clock.utcNow()));
    }
    const auto looks = [](const Move &move) { return move.state == MoveState::Starting; };
    for (Move &move : m_campaign.moves) {
        if (!startsMore() || std::count_if(m_campaign.moves.begin(), m_campaign.moves.end(), looks) >= std::ptrdiff_t(m_means.looksAtOnce()))
            return;
        if (move.wave == wave && move.state == MoveState::Waiting)
            start(move);
    }
}

void Driver::prepareWave(unsigned wave)
{
    const auto looks = [](const Move &move) { return move.state == MoveState::Starting; };
    const auto looking = static_cast<std::size_t>(std::count_if(m_campaign.moves.begin(), m_campaign.moves.end(), looks));
    for (const Move &move : m_campaign.moves) {
        if (move.wave != wave || move.state != MoveState::Waiting || looking + m_prepared.size() >= m_means.looksAtOnce())
            continue;
        const std::string id = m_means.freshId(move.subject);
        m_means.prepareMove(id, requestFor(move));
        m_prepared[move.subject] = id;
    }
}

void Driver::dropPrepared()
{
    for (const auto &[subject, id] : std::exchange(m_prepared, {}))
        m_means.dropMove(id);
}

void Driver::start(Move &move)
{
    const Move was = move;
    const auto prepared = m_prepared.extract(move.subject);
    // Written down before it is begun: whoever takes this up finds its executor by that name.
    move.operation = prepared ? prepared.mapped() : m_means.freshId(move.subject);
    move.state = MoveState::Starting;
    move.startedAt = m_clock.utcNow();
    move.lag = lagOfTarget(*m_means.snapshot(), move);
    enter(move, was);
    if (const auto started = m_means.startMove(move.operation, requestFor(move)); !started) {
        const Move before = move;
        move.state = MoveState::Failed;
        move.said = started.error().message;
        move.endedAt = m_clock.utcNow();
        enter(move, before);
    }
}

execute::ActRequest Driver::requestFor(const Move &move) const
{
    execute::ActRequest request;
    request.act = move.act;
    if (move.isGroup)
        request.group = base::GroupName(move.subject);
    else
        request.cluster = base::ClusterName(move.subject);
    request.shuns = Ground{*m_means.snapshot(), m_campaign.goal, m_campaign.options}.leftOf(request.cluster);
    request.to = move.to;
    request.reason = m_campaign.reason.empty() ? m_campaign.id : m_campaign.reason + " (" + m_campaign.id + ")";
    request.confirm = move.subject;
    request.user = m_user;
    request.forced = m_campaign.options.forced;
    if (m_campaign.goal.aim == Aim::Return || m_campaign.goal.aim == Aim::HostUp)
        request.forced.push_back({operate::CheckId::RecentMove, "on the way home"});
    return request;
}

void Driver::look()
{
    for (const Wish &wish : m_means.takeWishes())
        obey(wish);
    for (Move &move : m_campaign.moves) {
        if (!hasEnded(move.state) && move.state != MoveState::Waiting)
            follow(move);
    }
}

void Driver::obey(const Wish &wish)
{
    const base::UtcTime now = m_clock.utcNow();
    if (wish.stop == Stop::No) {
        for (Tick &tick : m_campaign.manual) {
            if (tick.step.id() != wish.step)
                continue;
            tick.by = wish.by;
            tick.at = now;
            append(entryTick(wish.step, wish.by, now));
        }
        return;
    }
    if (wish.stop > m_campaign.stop) {
        m_campaign.stop = wish.stop;
        m_campaign.stopAskedAt = now;
        append(entryStop(wish.stop, now));
    }
}

void Driver::follow(Move &move)
{
    if (m_campaign.stop == Stop::Now && m_cancelled.insert(move.operation).second)
        m_means.cancelMove(move.operation);
    const MoveSeen seen = m_means.look(move.operation);
    const Move was = move;
    if (seen.operation)
        followOperation(move, seen);
    else
        goOnWithout(move, seen);
    enter(move, was);
}

void Driver::followOperation(Move &move, const MoveSeen &seen)
{
    const execute::Operation &operation = *seen.operation;
    move.pause = operation.writesHeld;
    if (writesFlow(operation) && !move.flowsAt)
        move.flowsAt = operation.lastEntryAt;
    if (operation.outcome) {
        move.state = stateOf(*operation.outcome);
        move.said = operation.said;
        move.endedAt = operation.endedAt;
        const bool isMoved = move.state == MoveState::Done || move.state == MoveState::Incomplete;
        if (isMoved && !move.flowsAt)
            move.flowsAt = operation.endedAt;
        if (!isMoved)
            move.flowsAt.reset();
        return;
    }
    move.state = move.flowsAt ? MoveState::Settling : MoveState::Moving;
    if (seen.isCarriedOut)
        return;
    // Its executor is gone: its guards have ended what was held. Once it is taken up; who fails at that too is left to a person.
    const bool isFirst = m_resumed.insert(move.operation).second;
    const auto resumed = isFirst ? m_means.resumeMove(move.operation) : base::Result<void>(base::fail(base::ErrorCode::Unreachable, "its executor ended twice"));
    if (!resumed) {
        move.state = MoveState::InDoubt;
        move.said = resumed.error().message;
        move.endedAt = m_clock.utcNow();
    }
}

/// It has no journal: its executor looks yet, refused, or was never started.
void Driver::goOnWithout(Move &move, const MoveSeen &seen)
{
    if (seen.isCarriedOut && seen.refused.empty())
        return;
    const bool mayCome = seen.refused.empty() && move.startedAt && m_clock.utcNow() < *move.startedAt + journalPatience;
    if (mayCome)
        return;
    if (seen.refused.empty() && m_resumed.insert(move.subject).second) { // whoever wrote it down was killed before it started it
        move.state = MoveState::Waiting;
        start(move);
        return;
    }
    move.state = MoveState::Failed;
    move.said = seen.refused.empty() ? "its executor began nothing" : seen.refused;
    move.endedAt = m_clock.utcNow();
}

void Driver::enter(Move &move, const Move &was)
{
    if (move != was)
        append(entryMove(move, m_clock.utcNow()));
}

void Driver::append(const std::string &entry)
{
    const auto written = m_journal.append(entry);
    if (!written && m_unwritten.empty())
        m_unwritten = written.error().message;
    m_campaign.lastEntryAt = m_clock.utcNow();
}

bool Driver::isUnderWay(unsigned wave) const
{
    return std::any_of(m_campaign.moves.begin(), m_campaign.moves.end(), [&](const Move &move) {
        const bool isOver = hasEnded(move.state) || move.state == MoveState::Settling || (move.state == MoveState::Waiting && !startsMore());
        return move.wave == wave && !isOver;
    });
}

} // namespace shardlens::campaign
