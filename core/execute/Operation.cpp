// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Operation.h"

#include <algorithm>

namespace shardlens::execute {

std::string_view name(StepState state)
{
    switch (state) {
    case StepState::Waiting: return "waiting";
    case StepState::Doing: return "doing";
    case StepState::Done: return "done";
    case StepState::Left: return "left";
    case StepState::Failed: return "failed";
    case StepState::InDoubt: return "in_doubt";
    case StepState::Undoing: return "undoing";
    case StepState::Undone: return "undone";
    }
    return "";
}

std::string_view name(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Done: return "done";
    case Outcome::Incomplete: return "incomplete";
    case Outcome::RolledBack: return "rolled_back";
    case Outcome::Failed: return "failed";
    case Outcome::InDoubt: return "in_doubt";
    case Outcome::Abandoned: return "abandoned";
    }
    return "";
}

bool Operation::hasPromoted() const
{
    for (std::size_t i = 0; i < steps.size() && i < progress.size(); ++i) {
        if (steps[i].isPointOfNoReturn)
            return progress[i].state != StepState::Waiting && progress[i].state != StepState::Undone;
    }
    return false;
}

void Operation::setLoss(const operate::LossWindow &loss)
{
    lastWriteAt = loss.lastCommit;
    lostAtLeast = loss.atLeast ? std::optional(*loss.atLeast) : std::nullopt;
    lostAtMost = loss.atMost ? std::optional(*loss.atMost) : std::nullopt;
}

operate::Intent Operation::intent() const
{
    if (!operate::isMove(act))
        return operate::SmallAct{act, cluster, on, object, to, {}};
    return operate::moveOf(act, cluster, group, to);
}

std::optional<base::UtcTime> Operation::writesFlowedAt() const
{
    return writesHeldFrom && writesHeld ? std::optional(*writesHeldFrom + *writesHeld) : std::nullopt;
}

std::vector<int> Operation::left() const
{
    std::vector<int> numbers;
    for (std::size_t i = 0; i < steps.size() && i < progress.size(); ++i) {
        // Once somebody else is promoted, what the old primary's demotion does stands for its refusal.
        const std::size_t of = static_cast<std::size_t>(steps[i].insteadOf);
        const bool isPartOfAnother = of > 0 && of <= progress.size() && progress[of - 1].state == StepState::Left;
        const bool isOver = (steps[i].kind == operate::StepKind::RefuseWrites && hasPromoted()) || isPartOfAnother;
        if (progress[i].state == StepState::Left && !isOver)
            numbers.push_back(steps[i].number);
    }
    return numbers;
}

} // namespace shardlens::execute
