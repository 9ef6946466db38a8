// SPDX-License-Identifier: GPL-3.0-or-later
// Steps that stand in for another one, should that be left: an old primary that no rewind brings back is copied anew.
#include "core/execute/Runner.h"

#include <algorithm>

namespace shardlens::execute {

using operate::Step;
using operate::StepKind;

namespace {

constexpr base::seconds triedFor{30};  ///< what stands in, while nobody is heard there
constexpr base::seconds clearedIn{600}; ///< taking away what was copied may take minutes, and its slot goes after it

} // namespace

/// Nothing: it is to be taken. One of which an earlier one was left is not begun; where none is needed it is done by that.
std::optional<StepState> Runner::passOver(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    if (step.insteadOf == 0)
        return std::nullopt;
    const StepProgress &of = m_operation.progress[std::size_t(step.insteadOf - 1)];
    const bool isFirst = m_operation.steps[index - 1].insteadOf != step.insteadOf;
    const StepProgress &ahead = m_operation.progress[index - 1];
    const bool wasTaken = ahead.state == StepState::Done && ahead.said.empty();
    // Where the others stood in for it, it is done and says so.
    const bool isNeeded = of.state == StepState::Left || (!isFirst && of.state == StepState::Done && !of.said.empty());
    if (!isNeeded) {
        m_operation.progress[index] = {StepState::Waiting, m_clock.utcNow(), std::nullopt, {}};
        return endStep(index, StepState::Done, "not needed: step " + std::to_string(step.insteadOf) + " did it");
    }
    const bool mayBegin = m_rewindFailed || isStoodInFor(std::size_t(step.insteadOf - 1));
    return (isFirst && mayBegin) || (!isFirst && wasTaken) ? std::nullopt : std::optional(StepState::Left);
}

/// Whoever resumes does not rewind under what is being copied. Where the copying failed too, all is tried again.
bool Runner::isStoodInFor(std::size_t index) const
{
    bool isBegun = false;
    for (std::size_t i = index + 1; m_operation.progress[index].state == StepState::Left && i < m_operation.steps.size(); ++i) {
        if (m_operation.steps[i].insteadOf != m_operation.steps[index].number)
            continue;
        const StepProgress &progress = m_operation.progress[i];
        if (progress.state == StepState::Left)
            return false;
        isBegun |= progress.state == StepState::Doing || (progress.state == StepState::Done && progress.said.empty());
    }
    return isBegun;
}

/// It is done, and what it is a part of is not. Doing it again does no harm, and where a later part was left it was cleared away with that; where
/// the next one is begun it stands.
bool Runner::isLeftInstead(std::size_t index) const
{
    const int of = m_operation.steps[index].insteadOf;
    if (of == 0 || m_operation.progress[std::size_t(of - 1)].state != StepState::Left)
        return false;
    bool isBegun = false;
    for (std::size_t i = index + 1; i < m_operation.steps.size() && m_operation.steps[i].insteadOf == of; ++i) {
        const StepState state = m_operation.progress[i].state;
        if (state == StepState::Left)
            return true;
        isBegun |= state == StepState::Doing || state == StepState::Done;
    }
    return !isBegun;
}

/// It may take hours: whoever asks to stop means that.
bool Runner::isCopy(std::size_t index) const
{
    return m_operation.steps[index].insteadOf > 0 && m_operation.steps[index].kind == StepKind::CopyData;
}

/// A refused rewind is refused again: what stands in for it begins at once. That itself is tried again only while nobody is heard.
bool Runner::isGivenUp(std::size_t index, const Together &came) const
{
    const Step &step = m_operation.steps[index];
    if (step.insteadOf > 0) {
        // What was copied for hours is not thrown away for half a minute's trouble.
        const base::microseconds tried = step.kind == StepKind::ExchangeData ? base::microseconds(step.deadline) : base::microseconds(triedFor);
        return !(came.mayBeRepeated || isTransient(*came.error)) || m_clock.now() >= m_stepBegan + tried;
    }
    const bool isRefused = came.failedDeed == operate::HostAct::Rewind && came.error->code == base::ErrorCode::Rejected;
    return isRefused && std::any_of(m_operation.steps.begin(), m_operation.steps.end(), [&](const Step &other) { return other.insteadOf == step.number; });
}

StepState Runner::leave(std::size_t index, const Together &came, std::string why)
{
    const Step &step = m_operation.steps[index];
    // What was rewound and only needs longer to replay its log, and what nobody is heard of, is copied over by nobody.
    if (step.kind == StepKind::RejoinOld)
        m_rewindFailed = !came.isUnreached && came.failedDeed == operate::HostAct::Rewind;
    if (step.insteadOf == 0)
        return endStep(index, StepState::Left, why);
    if (const std::string failed = clearAway(index); !failed.empty())
        why += "; not cleared away: " + failed;
    const StepState state = endStep(index, StepState::Left, why);
    const std::size_t of = std::size_t(step.insteadOf - 1);
    if (m_operation.progress[of].state == StepState::Left)
        enter(of, StepState::Left, m_operation.progress[of].said + "; nor by a copy: " + why);
    return state;
}

/// A slot that nobody uses would keep the new primary's log for ever. Empty: it is cleared away.
std::string Runner::clearAway(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    if (step.undo.empty())
        return {};
    const base::Instant until = m_clock.now() + clearedIn;
    for (Patience patience;; m_pace.wait(patience.next())) {
        Together came;
        if (const auto may = mayTake(index); !may) {
            came.error = may.error();
        } else {
            std::vector<Lane> lanes{{{}, step.undo, {}}}; // one after the other: the slot is the copy's as long as that runs
            came = carryOutTogether(lanes, {until, until, {}});
        }
        if (!came.error)
            return {};
        if (m_clock.now() >= until || !came.mayBeRepeated)
            return came.error->message;
    }
}

void Runner::noteStoodIn(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    if (step.insteadOf == 0 || step.kind != StepKind::ExchangeData)
        return;
    const std::size_t of = std::size_t(step.insteadOf - 1);
    enter(of, StepState::Done, "copied anew: " + m_operation.progress[of].said);
}

} // namespace shardlens::execute
