// SPDX-License-Identifier: GPL-3.0-or-later
// The point of no return. Nothing was sent: back. Sent and known: on. Sent and not known: looked at until it is, never guessed.
#include "core/execute/Promotion.h"
#include "core/execute/Runner.h"

#include <algorithm>

namespace shardlens::execute {

using base::Effect;
using base::Error;
using operate::Step;

namespace {

constexpr int mostSendings = 3;
constexpr base::seconds managerEnds{20};  // what one began by itself just before
constexpr base::seconds managerShows{5}; // from its word that it is done to the sight of it

} // namespace

StepState Runner::promote(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    const base::Instant until = m_stepBegan + step.deadline;
    std::optional<Error> error = mayPromote(index, m_stepBegan + step.deadline / 3);
    base::Result<operate::Command> command = step.commands.empty() ? base::fail(base::ErrorCode::BadInput, "there is nothing to send") : filled(step.commands.front(), words());
    if (!error && !command)
        error = command.error();
    if (error && error->code != base::ErrorCode::Cancelled) {
        if (const auto end = seeManagersOwn(index))
            return *end;
    }
    // From here on it counts as sent, for whoever reads the journal.
    if (!error)
        error = begin(index);
    if (error) {
        m_why = "step " + std::to_string(step.number) + " " + std::string(operate::name(step.kind)) + ": " + error->message;
        return StepState::Failed;
    }
    const bool isManagers = command->by == operate::By::Manager; // it is told once: it keeps what it was told
    for (int sendings = 1;; ++sendings) {
        if (const auto end = sendPromotion(index, *command, until))
            return *end;
        // It is known not to be promoted, and will not be by what was sent: the same again is as safe as the first time.
        if (isManagers || sendings >= mostSendings || mayPromote(index, m_clock.now()))
            break;
    }
    const std::string why = "it was not promoted, though it was asked to" + (isManagers ? ": " + m_operation.progress[index].said : std::string());
    (void)endStep(index, StepState::Failed, why);
    enter(index, StepState::Undone, why);
    return StepState::Failed;
}

/// Of a group whose Sentinels may have promoted somebody by themselves meanwhile: whoever gave the old primary its writes back would make two.
/// Nothing: they did not, and do not.
std::optional<StepState> Runner::seeManagersOwn(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    const bool isManagers = !step.commands.empty() && step.commands.front().by == operate::By::Manager;
    if (m_operation.group.isEmpty() || !isManagers || step.kind == operate::StepKind::ManagerLed || !m_hands.holdsLock())
        return std::nullopt;
    Promotion promotion(m_operation, step, m_hands, m_pace, m_clock);
    const Promotion::Is is = promotion.settle(m_clock.now(), false, m_clock.now() + managerEnds);
    if (is == Promotion::Is::NotDone || begin(index))
        return std::nullopt;
    switch (is) {
    case Promotion::Is::Done: return endStep(index, StepState::Done, {});
    case Promotion::Is::Elsewhere: return endStep(index, StepState::Failed, elsewhere(promotion));
    default: return endStep(index, StepState::InDoubt, promotion.said());
    }
}

std::string Runner::elsewhere(const Promotion &promotion) const
{
    const std::string what = m_operation.group.isEmpty() ? "the routers" : "the stable addresses";
    return promotion.said() + ", not " + m_operation.to.text() + ": a failover of " + m_operation.subject() + " lets " + what + " follow";
}

/// The preconditions hold; and then, as the last thing before it is sent, the lock is held.
std::optional<Error> Runner::mayPromote(std::size_t index, base::Instant until)
{
    LaneLimits limits{until, std::max(until, m_clock.now() + base::seconds(1)), {}};
    if (isBefore(index))
        limits.isStopped = [this] { return m_cancelled.load(); };
    std::vector<Lane> lanes{{m_operation.steps[index].preconditions, {}, {}}};
    const Together came = carryOutTogether(lanes, limits);
    if (came.error && came.error->code == base::ErrorCode::Cancelled)
        noteCancel();
    if (came.error)
        return came.error;
    const auto may = mayTake(index);
    return may ? std::nullopt : std::optional(may.error());
}

/// Sends it and sees what came of it. Nothing: it is known not to be promoted.
std::optional<StepState> Runner::sendPromotion(std::size_t index, const operate::Command &command, base::Instant until)
{
    const Step &step = m_operation.steps[index];
    // What waits for it on the server and what sees it leave with the command, so that writes wait for one exchange. A manager tells
    // of its own accord when it is done.
    std::vector<operate::Command> sent{command};
    const bool isManagers = command.by == operate::By::Manager;
    std::vector<operate::Command> along(step.commands.begin() + 1, step.commands.end());
    along.insert(along.end(), step.verifications.begin(), step.verifications.end());
    for (const operate::Command &one : isManagers ? std::vector<operate::Command>() : along) {
        if (const auto full = filled(one, words()))
            sent.push_back(*full);
    }
    const Hands::Carried carried = m_hands.carryOut(sent, until);
    const base::Instant sentBy = m_clock.now();
    const bool wasAnswered = !carried.answers.empty() || (carried.error && carried.error->effect == Effect::Done);
    if (sent.size() > 1 && carried.answers.size() == sent.size() && isMet(sent.back().expects, carried.answers.back()))
        return endStep(index, StepState::Done, {});
    std::string said = carried.error ? carried.error->message : "it is in recovery still";
    if (!carried.error && command.by == operate::By::Manager && wasAnswered)
        said = "its manager said '" + carried.answers.front() + "', and " + said;
    if (!wasAnswered && carried.error && carried.error->effect == Effect::None) {
        (void)endStep(index, StepState::Failed, command.on.text() + ": " + said);
        enter(index, StepState::Undone, said);
        return StepState::Failed;
    }
    if (wasAnswered) {
        std::vector<Lane> lanes{{{}, {}, step.verifications}};
        const base::Instant seenBy = isManagers ? std::min(until, m_clock.now() + managerShows) : until;
        if (!carryOutTogether(lanes, {seenBy, seenBy, {}}).error)
            return endStep(index, StepState::Done, {});
    }
    enter(index, StepState::InDoubt, said);
    Promotion promotion(m_operation, step, m_hands, m_pace, m_clock);
    if (!wasAnswered && carried.error && carried.error->code == base::ErrorCode::Rejected)
        promotion.noteRefusal();
    switch (promotion.settle(sentBy, wasAnswered, isManagers ? m_clock.now() + doubtPatience : std::max(until, m_stepBegan + doubtPatience))) {
    case Promotion::Is::Done: return endStep(index, StepState::Done, {});
    case Promotion::Is::Unknown: return endStep(index, StepState::InDoubt, said + "; asked since: " + promotion.said());
    case Promotion::Is::Elsewhere: return endStep(index, StepState::Failed, elsewhere(promotion));
    case Promotion::Is::NotDone: break;
    }
    return std::nullopt;
}

} // namespace shardlens::execute
