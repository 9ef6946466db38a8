// SPDX-License-Identifier: GPL-3.0-or-later
// Back again, in reverse, as long as nothing was promoted.
#include "core/execute/Promotion.h"
#include "core/execute/Runner.h"

#include <algorithm>

namespace shardlens::execute {

using base::Error;
using base::ErrorCode;
using operate::Step;
using operate::StepKind;

namespace {

constexpr base::seconds leastUndo{5};

/// Whether a lane's undoing rests on what its step would have read first, and did not: then it was not touched either.
bool wasNeverBegun(const Lane &lane, const Step &step, const Words &words)
{
    return std::any_of(step.commands.begin(), step.commands.end(), [&](const operate::Command &reading) {
        const auto word = words.find(reading.keepsAs);
        const bool isMissing = !reading.keepsAs.empty() && (word == words.end() || word->second.empty());
        return isMissing && std::any_of(lane.commands.begin(), lane.commands.end(), [&](const operate::Command &undo) { return needs(undo, reading.keepsAs); });
    });
}

/// What stays as it is where a step could not be undone.
std::string whatIsLeft(StepKind kind)
{
    switch (kind) {
    case StepKind::PauseRouters:
    case StepKind::PauseRouter:
    case StepKind::KillRouters: return "still paused";
    case StepKind::Brake: return "still braked";
    case StepKind::PauseWrites: return "perhaps still paused";
    case StepKind::RefuseWrites: return "still refusing writes";
    case StepKind::CutLinks: return "still without its link";
    case StepKind::StopReceivers:
    case StepKind::FetchLog: return "still without its receiver";
    default: return "not undone";
    }
}

} // namespace

Outcome Runner::undo()
{
    const std::size_t index = promotion();
    m_stepBegan = m_clock.now();
    m_isUndoing = true;
    if (m_operation.hasPromoted()) {
        Promotion doubt(m_operation, m_operation.steps[index], m_hands, m_pace, m_clock);
        const Promotion::Is is = doubt.settle(sentBy(), m_operation.progress[index].state == StepState::Done, m_stepBegan + doubtPatience);
        if (is == Promotion::Is::Done)
            return finish(Outcome::Failed, m_operation.to.text() + " is promoted: this can only go on, not back");
        if (is == Promotion::Is::Unknown || is == Promotion::Is::Elsewhere)
            return finish(Outcome::InDoubt, "whether " + m_operation.to.text() + " was promoted is not known: " + doubt.said());
        enter(index, StepState::Undone, "it was not promoted: " + doubt.said());
    } else if (index < m_operation.steps.size() && !m_operation.steps[index].commands.empty()) {
        // Nor may anybody else have promoted it meanwhile: the old primary is let go only while the candidate is seen to stand by.
        operate::Command look;
        look.on = m_operation.to;
        look.by = m_operation.steps[index].commands.front().by;
        look.database = m_operation.steps[index].commands.front().database;
        const bool isRedis = !m_operation.group.isEmpty();
        look.by = isRedis ? operate::By::Redis : operate::By::Sql;
        look.text = isRedis ? "INFO replication" : "SELECT pg_is_in_recovery()";
        look.expects = isRedis ? "INFO role=slave" : "t";
        std::vector<Lane> lanes{{{}, {}, {look}}};
        const Together came = carryOutTogether(lanes, {m_stepBegan + leastUndo, m_stepBegan + leastUndo, {}});
        if (came.isContradicted)
            return finish(Outcome::Failed, m_operation.to.text() + " is promoted: this can only go on, not back");
        if (came.error)
            return finish(Outcome::InDoubt, "whether " + m_operation.to.text() + " was promoted is not known: " + came.error->message);
    }
    // Nothing of an act that goes past the guards has to be told to them.
    if (firstTold() == m_operation.steps.size())
        return rollBack("it was taken back");
    // Guards that do not answer would only refuse what goes by way of them: the rest is taken back all the same.
    Patience patience;
    while (!m_isAnnounced && m_clock.now() < m_stepBegan + leastUndo) {
        m_isAnnounced = m_hands.announce().has_value();
        if (!m_isAnnounced)
            m_pace.wait(patience.next());
    }
    m_isAnnounced = true;
    return rollBack("it was taken back");
}

Outcome Runner::rollBack(const std::string &why)
{
    m_isUndoing = true;
    std::string left;
    std::string stopped;
    bool isLockLost = false;
    for (std::size_t i = std::min(promotion(), m_operation.steps.size()); i > 0; --i) {
        const std::size_t index = i - 1;
        const Step &step = m_operation.steps[index];
        const StepState state = m_operation.progress[index].state;
        const bool isTold = state != StepState::Waiting && state != StepState::Undone;
        if (!isTold && !m_operation.mayBeShort)
            continue;
        if (step.kind == StepKind::Fence && state != StepState::Left)
            stopped = "; " + m_operation.from.text() + (state == StepState::Done ? " was stopped, and stays so" : " may have been stopped");
        if (step.kind == StepKind::Stonith && state != StepState::Done && state != StepState::Left)
            stopped = "; " + step.detail + " may have been turned off";
        if (step.kind == StepKind::ResumeRouter) {
            if (!isTold)
                continue;
            left += "; a resume is not taken back by a pause: it is resumed, or paused as before";
            continue;
        }
        const std::string failed = step.undo.empty() ? std::string() : undoStep(index);
        if (!failed.empty()) {
            left += "; " + whatIsLeft(step.kind) + ": " + failed;
            isLockLost |= !m_hands.holdsLock();
            continue;
        }
        enter(index, StepState::Undone);
        if (index == firstHeld())
            letWritesFlow();
    }
    if (left.empty()) {
        letWritesFlow(); // where their holding was written down and nothing of it done
        return finish(Outcome::RolledBack, why + stopped);
    }
    // Who has the lock now may have done anything since: what is so is not known here.
    return finish(isLockLost ? Outcome::InDoubt : Outcome::Failed, why + "; taking it back failed" + left + stopped);
}

/// Empty: it is undone, and seen to be as far as it can be.
std::string Runner::undoStep(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    const base::Instant until = m_clock.now() + std::max<base::milliseconds>(step.deadline, leastUndo);
    m_stepKept.clear();
    enter(index, StepState::Undoing);
    std::vector<Lane> lanes = undoLanesOf(step);
    std::string failed;
    for (Patience patience;; m_pace.wait(patience.next())) {
        Together came; // which may be repeated: the lock may be seen to be held again
        if (const auto may = mayTake(index); !may) {
            came.error = may.error();
        } else {
            const auto unread = readMissing(lanes, step, until);
            const Words known = words();
            const auto unbegun = std::stable_partition(lanes.begin(), lanes.end(), [&](const Lane &lane) { return !wasNeverBegun(lane, step, known); });
            // What could not be read cannot be put back yet; the others are all the same.
            std::vector<Lane> waiting(std::make_move_iterator(unbegun), std::make_move_iterator(lanes.end()));
            lanes.erase(unbegun, lanes.end());
            came = carryOutTogether(lanes, {until, until, {}});
            if (unread) {
                lanes.insert(lanes.end(), std::make_move_iterator(waiting.begin()), std::make_move_iterator(waiting.end()));
                if (!came.error)
                    came.error = unread;
            }
        }
        if (!came.error)
            return {};
        failed = came.error->message;
        if (m_clock.now() >= until || !came.mayBeRepeated)
            break;
    }
    enter(index, StepState::Failed, "could not be undone: " + failed);
    return failed;
}

} // namespace shardlens::execute
