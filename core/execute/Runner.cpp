// SPDX-License-Identifier: GPL-3.0-or-later
// The order of things, and what is written down of it.
#include "core/execute/Runner.h"

#include "core/execute/Promotion.h"

#include <algorithm>

namespace shardlens::execute {

using base::ErrorCode;
using base::Result;
using operate::Step;

namespace {

constexpr base::seconds lookPatience{5};

template <class Is>
std::size_t indexOf(const std::vector<Step> &steps, Is is)
{
    return static_cast<std::size_t>(std::find_if(steps.begin(), steps.end(), is) - steps.begin());
}

/// Where the term is raised anew, a Redis server refuses writes until these, however often they were done before.
bool opensAgain(operate::StepKind kind)
{
    return kind == operate::StepKind::TakeWrites || kind == operate::StepKind::KeepRoles;
}

} // namespace

Runner::Runner(Operation operation, Hands &hands, Journal &journal, const base::Clock &clock, Pace *pace)
    : m_operation(std::move(operation)), m_hands(hands), m_journal(journal), m_clock(clock), m_pace(pace ? *pace : m_threads)
{
    m_operation.progress.resize(m_operation.steps.size());
}

Outcome Runner::run()
{
    std::size_t first = 0;
    if (const auto ended = takeUp(first))
        return *ended;
    const base::Instant looked = m_clock.now(); // whoever begins it has looked just now
    bool isAnew = false; // something after the promotion was
    for (std::size_t i = first; i < m_operation.steps.size(); ++i) {
        const bool isPast = i > promotion();
        if (isPast && m_operation.progress[i].state == StepState::Done && !(isAnew && opensAgain(m_operation.steps[i].kind)) && !isLeftInstead(i))
            continue;
        if (isPast && isStoodInFor(i))
            continue;
        isAnew = isAnew || isPast;
        if (i == firstHeld() && isBefore(i) && m_clock.now() - looked > trustedFor) {
            if (const auto may = lookAnew(); !may)
                return rollBack("before writes were held: " + may.error().message);
        }
        const StepState state = takeStep(i);
        if (state == StepState::Done || state == StepState::Left)
            continue;
        if (state == StepState::InDoubt)
            return finish(Outcome::InDoubt, m_why + "; the old primary stays braked and the routers paused until it is known");
        if (isBefore(i))
            return rollBack(m_why);
        return finish(Outcome::Failed, m_why + "; mend it and let operation " + m_operation.id + " go on");
    }
    letWritesFlow(); // where whoever was broken off had resumed routers, and not written so
    return finish(m_operation.left().empty() ? Outcome::Done : Outcome::Incomplete, {});
}

/// Where to begin. An operation that nobody has begun yet: with the first step.
std::optional<Outcome> Runner::takeUp(std::size_t &first)
{
    auto &progress = m_operation.progress;
    const std::size_t index = promotion();
    if (m_operation.hasPromoted()) {
        m_stepBegan = m_clock.now();
        const bool wasSeen = progress[index].state == StepState::Done;
        Promotion doubt(m_operation, m_operation.steps[index], m_hands, m_pace, m_clock);
        const Promotion::Is is = doubt.settle(sentBy(), wasSeen, m_stepBegan + (wasSeen ? lookPatience : doubtPatience));
        if (is == Promotion::Is::Done) {
            if (!wasSeen)
                (void)endStep(index, StepState::Done, {});
            noteWhatCameBefore(index);
            if (const auto error = refuseAgain())
                return finish(Outcome::Failed, m_operation.from.text() + " may take writes, and was not made to refuse them: " +
                                                   error->message + "; mend it and let operation " + m_operation.id + " go on");
            first = index + 1;
            return std::nullopt;
        }
        // A Redis server that was started anew has the role that its file says; no write was let flow to it yet.
        const bool isTakenBack = is == Promotion::Is::NotDone && m_operation.steps[index].commands.front().by == operate::By::Redis &&
                                 release() < progress.size() && progress[release()].state == StepState::Waiting;
        if (wasSeen && !isTakenBack)
            return finish(Outcome::InDoubt, m_operation.to.text() + " had been promoted, but now: " + doubt.said());
        if (is == Promotion::Is::Unknown || is == Promotion::Is::Elsewhere) {
            (void)endStep(index, StepState::InDoubt, doubt.said());
            return finish(Outcome::InDoubt, m_why);
        }
        enter(index, StepState::Undone, "it had not been promoted: " + doubt.said());
        for (std::size_t i = index + 1; isTakenBack && wasSeen && i < progress.size(); ++i) {
            if (progress[i].state != StepState::Waiting)
                enter(i, StepState::Undone, "with the promotion");
        }
        if (const auto may = lookAnew(); !may)
            return finish(Outcome::Failed, may.error().message + "; undo operation " + m_operation.id + " or abandon it, then begin anew");
    }
    // Nothing was done that could not be done again. A guard may have let traffic flow to the old primary since: whatever holds
    // writes is therefore held anew, and the final position read again. What was begun before stays known, to be taken back.
    return std::nullopt;
}

/// What it rested on may be long ago: whoever took it up looks afresh.
Result<void> Runner::lookAnew()
{
    const auto told = judgeAnew ? judgeAnew(m_operation) : Result<std::string>();
    if (!told)
        return base::fail(told.error());
    if (!told->empty() && addEntry(m_operation, *told))
        append(*told);
    return {};
}

/// A Redis primary that was started anew since refuses nothing any more, and stable addresses may lead to it still. Before the new one
/// is let take writes it is made to refuse again, where it is reached at all. An error: it was reached, and does not.
std::optional<base::Error> Runner::refuseAgain()
{
    const auto &steps = m_operation.steps;
    const std::size_t demotion = indexOf(steps, [](const Step &step) { return step.kind == operate::StepKind::DemoteOld; });
    const std::size_t index = indexOf(steps, [](const Step &step) { return step.kind == operate::StepKind::RefuseWrites; });
    const bool isDemoted = demotion < steps.size() && m_operation.progress[demotion].state == StepState::Done;
    if (isDemoted || index >= promotion() || steps[index].verifications.empty() || steps[index].verifications.front().by != operate::By::Redis)
        return std::nullopt;
    const StepState before = m_operation.progress[index].state;
    std::vector<Lane> lanes = lanesOf(steps[index]);
    for (Lane &lane : lanes) // its offset counted before the promotion
        std::erase_if(lane.commands, [](const operate::Command &command) { return !command.keepsAs.empty(); });
    m_stepKept.clear();
    m_stepBegan = m_clock.now();
    const base::Instant until = m_stepBegan + steps[index].deadline;
    Together came;
    for (Patience patience;; m_pace.wait(patience.next())) {
        if (const auto may = mayTake(index); !may) {
            if (m_clock.now() >= until)
                return may.error();
            continue;
        }
        if (m_operation.progress[index].state != StepState::Doing)
            enter(index, StepState::Doing);
        came = carryOutTogether(lanes, {until, until, {}});
        if (!came.error || m_clock.now() >= until)
            break;
    }
    (void)endStep(index, came.error ? before : StepState::Done, came.error ? "asked again: " + came.error->message : std::string());
    return came.error && (came.isContradicted || !isTransient(*came.error)) ? came.error : std::nullopt;
}

/// When another process had sent the promotion at the latest: it began then, and sends it again as long as it is in doubt.
base::Instant Runner::sentBy() const
{
    const std::size_t index = promotion();
    const auto since = m_clock.utcNow() - m_operation.progress[index].beganAt.value_or(m_clock.utcNow());
    const auto longest = doubtPatience + m_operation.steps[index].deadline;
    return m_clock.now() - std::max<base::microseconds>(since - longest, base::microseconds(0));
}

StepState Runner::takeStep(std::size_t index)
{
    m_stepKept.clear();
    m_stepBegan = m_clock.now();
    return index == promotion() ? promote(index) : carryOutStep(index);
}

/// Before each step, and before it is repeated.
Result<void> Runner::mayTake(std::size_t index)
{
    if (isBefore(index) && !m_isUndoing && m_cancelled) {
        noteCancel();
        return base::fail(ErrorCode::Cancelled, "it was asked to stop");
    }
    if (const auto held = m_hands.holdsLock(); !held)
        return held;
    if (!m_isAnnounced && index >= firstTold()) {
        if (const auto announced = m_hands.announce(); !announced)
            return announced;
        m_isAnnounced = true;
    }
    return {};
}

StepState Runner::endStep(std::size_t index, StepState state, std::string said)
{
    const Step &step = m_operation.steps[index];
    if (state == StepState::Failed || state == StepState::InDoubt)
        m_why = "step " + std::to_string(step.number) + " " + std::string(operate::name(step.kind)) + ": " + said;
    m_operation.progress[index].took = std::chrono::floor<base::microseconds>(m_clock.now() - m_stepBegan);
    const bool isWritten = enter(index, state, said);
    if (state == StepState::Done && index == release())
        letWritesFlow();
    if (isWritten || !isBefore(index) || state == StepState::Failed)
        return state;
    m_why = "step " + std::to_string(step.number) + " could not be written down: " + m_unwritten;
    return StepState::Failed;
}

Outcome Runner::finish(Outcome outcome, std::string said)
{
    if (!m_unwritten.empty())
        said += (said.empty() ? "" : "; ") + ("not all could be written down: " + m_unwritten);
    const base::UtcTime now = m_clock.utcNow();
    m_operation.outcome = outcome;
    m_operation.said = said;
    m_operation.endedAt = now;
    append(entryOutcome(outcome, said, now));
    return outcome;
}

bool Runner::append(const std::string &entry, Lasts lasts)
{
    m_operation.lastEntryAt = m_clock.utcNow();
    const auto appended = lasts == Lasts::AtOnce ? m_journal.append(entry) : m_journal.note(entry);
    if (!appended && m_unwritten.empty())
        m_unwritten = appended.error().message;
    return appended.has_value();
}

/// That a step is done can be seen again, and the next one's "about to" takes it along: lost until then, the step is begun and no more.
/// Between the promotion and the step by which writes flow again whoever resumes carries all out in any case, begun or not, so that
/// writes wait for no disk there. What lets them flow is on disk before it does.
Runner::Lasts Runner::lastsOf(std::size_t index, StepState state) const
{
    const bool isDoneAnyway = state == StepState::Doing && m_operation.progress[index].state != StepState::Doing && index > promotion() && index < release();
    return state == StepState::Done || isDoneAnyway ? Lasts::WithTheNext : Lasts::AtOnce;
}

bool Runner::enter(std::size_t index, StepState state, const std::string &said)
{
    StepProgress &progress = m_operation.progress[index];
    const base::UtcTime now = m_clock.utcNow();
    const Lasts lasts = lastsOf(index, state);
    if (state == StepState::Doing && progress.state != StepState::Doing)
        progress = {state, now, std::nullopt, {}};
    progress.state = state;
    if (!said.empty())
        progress.said = said;
    else if (state == StepState::Done)
        progress.said.clear();
    return append(entryStep(m_operation.steps[index].number, progress, m_stepKept, now), lasts);
}

void Runner::keepWords(const Words &kept)
{
    for (const auto &[name, value] : kept) {
        std::string &word = m_operation.kept[name];
        if (!value.empty() || word.empty())
            word = value;
        m_stepKept[name] = word;
    }
}

void Runner::holdWrites()
{
    if (m_operation.writesHeldFrom && !m_operation.writesHeld)
        return;
    m_operation.writesHeldFrom = m_clock.utcNow();
    m_operation.writesHeld.reset();
    m_heldSince = m_clock.now();
    append(entryWritesHeld(*m_operation.writesHeldFrom), Lasts::WithTheNext); // the step that holds them is about to be written
}

void Runner::letWritesFlow()
{
    if (!m_operation.writesHeldFrom || m_operation.writesHeld)
        return;
    const base::UtcTime now = m_clock.utcNow();
    // Of one that another process began to hold, only the clock on the wall tells.
    m_operation.writesHeld = m_heldSince ? std::chrono::floor<base::microseconds>(m_clock.now() - *m_heldSince) : now - *m_operation.writesHeldFrom;
    append(entryWritesFlow(*m_operation.writesHeld, now), Lasts::WithTheNext);
}

void Runner::noteCancel()
{
    if (m_operation.cancelAskedAt)
        return;
    m_operation.cancelAskedAt = m_clock.utcNow();
    append(entryCancelAsked(*m_operation.cancelAskedAt));
}

/// Whoever promoted had done these, though the journal ends before it tells so.
void Runner::noteWhatCameBefore(std::size_t index)
{
    for (std::size_t i = 0; m_operation.mayBeShort && i < index; ++i) {
        const StepState state = m_operation.progress[i].state;
        if (state != StepState::Done && state != StepState::Left)
            enter(i, StepState::Done, "not told; the promotion, which came after it, was seen");
    }
}

std::size_t Runner::promotion() const
{
    return indexOf(m_operation.steps, [](const Step &step) { return step.isPointOfNoReturn; });
}

std::size_t Runner::firstHeld() const
{
    return indexOf(m_operation.steps, [](const Step &step) { return step.holdsWrites; });
}

/// Guards act for nobody whom they were not told of.
std::size_t Runner::firstTold() const
{
    const auto isByGuard = [](const operate::Command &command) {
        return command.by == operate::By::Router || command.by == operate::By::Host;
    };
    const auto &steps = m_operation.steps;
    return std::min(firstHeld(), indexOf(steps, [&](const Step &step) {
                        return std::any_of(step.commands.begin(), step.commands.end(), isByGuard) ||
                               std::any_of(step.verifications.begin(), step.verifications.end(), isByGuard);
                    }));
}

std::size_t Runner::release() const
{
    const auto &steps = m_operation.steps;
    const std::size_t resume = indexOf(steps, [](const Step &step) { return step.kind == operate::StepKind::ResumeRouters; });
    if (resume < steps.size())
        return resume;
    for (std::size_t i = steps.size(); i > 0; --i) {
        if (steps[i - 1].holdsWrites)
            return i - 1;
    }
    return steps.size();
}

Words Runner::words()
{
    Words words = m_operation.kept;
    for (const auto &[name, value] : m_hands.names())
        words.emplace(name, value);
    return words;
}

} // namespace shardlens::execute
