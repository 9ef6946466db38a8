// SPDX-License-Identifier: GPL-3.0-or-later
// One step: its lanes carried out together, repeated where that may help, left where it may be left.
#include "core/execute/Runner.h"

#include <algorithm>

namespace shardlens::execute {

using base::Error;
using base::ErrorCode;
using operate::Step;

namespace {

std::string textOf(const Error &error)
{
    const bool isNamed = error.server.empty() || error.message.starts_with(error.server + ":");
    return isNamed ? error.message : error.server + ": " + error.message;
}

/// A last try's words alone read as a refusal: what failed is that it did not come to hold in time.
std::string outOfTime(base::Instant began, base::Instant now, const Error &error)
{
    const auto tenths = std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(now - began).count();
    return textOf(error) + " (its time ran out after " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s)";
}

/// Nobody there was reached: nothing was said of whether it runs.
bool isSilence(const Error &error)
{
    return isTransient(error) || error.code == ErrorCode::NotFound || error.code == ErrorCode::Unavailable;
}

bool isForced(const Operation &operation, operate::CheckId check)
{
    return std::any_of(operation.forced.begin(), operation.forced.end(), [&](const Forced &one) { return one.check == check; });
}

} // namespace

StepState Runner::carryOutStep(std::size_t index)
{
    const Step &step = m_operation.steps[index];
    if (const auto passed = passOver(index))
        return *passed;
    if (step.kind == operate::StepKind::Stonith && isFenced(index)) {
        m_operation.progress[index] = {StepState::Waiting, m_clock.utcNow(), std::nullopt, {}};
        return endStep(index, StepState::Done, "not needed: it was proven stopped");
    }
    const bool isStillBefore = isBefore(index);
    const base::Instant last = m_stepBegan + step.deadline * (isStillBefore || step.mayBeLeft ? 1 : 3);
    std::vector<Lane> lanes = lanesOf(step);
    std::string byHand;
    bool isBegun = false;
    for (Patience patience;; m_pace.wait(patience.next())) {
        Together came;
        came.mayBeRepeated = !isStillBefore;
        if (const auto may = mayTake(index); !may) {
            came.error = may.error();
        } else if (!isBegun) {
            came.error = begin(index);
            isBegun = !came.error;
            if (isBegun)
                byHand = takeHandLanes(lanes);
        }
        if (!came.error)
            came.error = readMissing(lanes, step, std::min(last, m_clock.now() + step.deadline));
        if (!came.error)
            came = attempt(index, lanes, std::min(last, m_clock.now() + step.deadline));
        if (!came.error)
            break;
        m_fenceWasContradicted |= step.kind == operate::StepKind::Fence && (came.isContradicted || !isSilence(*came.error));
        const bool mayTryAgain =
            (came.mayBeRepeated || !isStillBefore) && came.error->code != ErrorCode::BadInput && m_clock.now() < last && !isGivenUp(index, came);
        if (mayTryAgain)
            continue;
        const bool isOutOfTime = came.error->code != ErrorCode::Cancelled && (came.isOutOfTime || m_clock.now() >= last);
        const std::string why = isOutOfTime ? outOfTime(m_stepBegan, m_clock.now(), *came.error) : textOf(*came.error);
        if (isBegun || !isStillBefore)
            return mayDoWithout(index, came) ? leave(index, came, why) : endStep(index, StepState::Failed, why);
        m_why = why;
        return StepState::Failed;
    }
    if (byHand.empty() && step.kind == operate::StepKind::Stonith)
        noteFenced(index);
    if (byHand.empty()) {
        const StepState state = endStep(index, StepState::Done, {});
        noteStoodIn(index);
        return state;
    }
    // Before the point of no return only the old primary's stopping may be a person's; who forced that check says that it is done.
    const bool mayGoOn = !isStillBefore || step.mayBeLeft || isForced(m_operation, operate::CheckId::OldPrimaryStopped);
    return endStep(index, mayGoOn ? StepState::Left : StepState::Failed, "by hand: " + byHand);
}

std::optional<Error> Runner::begin(std::size_t index)
{
    const bool isStillBefore = isBefore(index);
    const StepProgress before = m_operation.progress[index];
    const std::string unwritten = m_unwritten;
    m_unwritten.clear();
    // Whoever goes on with this operation looks for what was written, not for a token of their own.
    const Words names = m_hands.names();
    const auto token = names.find("token");
    for (const operate::Command &command : m_operation.steps[index].commands) {
        if (token != names.end() && !m_operation.kept.contains("token") && needs(command, "token"))
            keepWords({*token});
    }
    if (m_operation.steps[index].holdsWrites)
        holdWrites();
    enter(index, StepState::Doing);
    const std::string why = std::exchange(m_unwritten, unwritten.empty() ? m_unwritten : unwritten);
    if (why.empty() || !isStillBefore)
        return std::nullopt;
    m_operation.progress[index] = before; // nothing of it was done
    return Error{ErrorCode::Io, "it could not be written down: " + why, {}, {}, base::Effect::None};
}

Runner::Together Runner::attempt(std::size_t index, std::vector<Lane> &lanes, base::Instant until)
{
    const Step &step = m_operation.steps[index];
    const bool isStillBefore = isBefore(index);
    LaneLimits limits{std::min(until, m_clock.now() + step.deadline / 3), until, {}};
    if (isStillBefore || isCopy(index))
        limits.isStopped = [this] { return m_cancelled.load(); };
    if (isCopy(index))
        limits.each = askedWithin;
    if (lanes.size() == 1) {
        limits.heard = [this, index](const std::string &progress) {
            if (m_clock.now() < m_toldAt + toldEvery || m_operation.progress[index].said == progress)
                return;
            m_toldAt = m_clock.now();
            enter(index, StepState::Doing, progress);
        };
    }
    // What a step changes is read and written down first: whoever takes over must be able to put it back.
    std::vector<Lane> readings;
    std::vector<Lane> rest = lanes;
    for (Lane &lane : rest) {
        Lane reading = takeReadings(lane);
        if (!reading.commands.empty())
            readings.push_back(std::move(reading));
    }
    if (!readings.empty()) {
        Together came = carryOutTogether(readings, limits);
        if (came.error && came.error->code == ErrorCode::Cancelled)
            noteCancel();
        if (came.error)
            return came;
        lanes = std::move(rest);
        if (!enter(index, StepState::Doing) && isStillBefore)
            return {Error{ErrorCode::Io, "it could not be written down: " + m_unwritten, {}, {}, base::Effect::None}, false, false, false, false, {}};
    }
    Together came = carryOutTogether(lanes, limits);
    if (came.error && came.error->code == ErrorCode::Cancelled)
        noteCancel();
    return came;
}

/// Those that hold are taken out of `lanes`.
Runner::Together Runner::carryOutTogether(std::vector<Lane> &lanes, const LaneLimits &limits)
{
    const Words known = words();
    std::vector<LaneResult> results(lanes.size());
    std::vector<std::function<void()>> deeds;
    for (std::size_t i = 0; i < lanes.size(); ++i)
        deeds.emplace_back([&, i] { results[i] = carryOut(lanes[i], limits, known, m_hands, m_pace, m_clock); });
    m_pace.together(deeds);
    Together came;
    std::vector<Lane> rest;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        keepWords(results[i].kept);
        const auto &error = results[i].error;
        if (!error)
            continue;
        rest.push_back(std::move(lanes[i]));
        came.isContradicted |= results[i].isContradicted;
        came.isOutOfTime |= results[i].isOutOfTime;
        came.isUnreached |= !results[i].isBegun && !results[i].isContradicted && isSilence(*error);
        if (results[i].failedDeed)
            came.failedDeed = results[i].failedDeed;
        came.mayBeRepeated &= results[i].mayBeRepeated;
        if (!came.error) {
            came.error = *error;
            came.error->message = textOf(*error);
            came.error->server.clear();
            continue;
        }
        came.error->message += "; " + textOf(*error);
        if (isTransient(*came.error) && !isTransient(*error))
            came.error->code = error->code;
    }
    lanes = std::move(rest);
    return came;
}

/// Takes out of `lanes` what only a person can do, and is not seen to be done already: its text.
std::string Runner::takeHandLanes(std::vector<Lane> &lanes)
{
    std::string texts;
    std::vector<Lane> rest;
    for (Lane &lane : lanes) {
        const std::string text = lane.byHand();
        if (text.empty()) {
            rest.push_back(std::move(lane));
            continue;
        }
        Lane looks{{}, {}, lane.verifications};
        const bool canBeSeen = !looks.verifications.empty() && looks.byHand().empty();
        const base::Instant now = m_clock.now();
        // One look, which may take as long as a look does.
        if (canBeSeen && !carryOut(looks, {now, now + base::seconds(1), {}}, words(), m_hands, m_pace, m_clock).error)
            continue;
        texts += (texts.empty() ? "" : "; ") + text;
    }
    lanes = std::move(rest);
    return texts;
}

/// What an earlier step read, and a journal that ends early does not tell, is read again where these lanes need it. It is a reading after the
/// change: whatever is built on it names the addresses itself. The old primary's clock is later by now; where it tells none any more, its
/// newest commit that the new one knows does.
std::optional<Error> Runner::readMissing(const std::vector<Lane> &lanes, const Step &step, base::Instant until)
{
    if (!m_operation.mayBeShort)
        return std::nullopt;
    const auto isNeeded = [&](const std::string &word) {
        return std::any_of(lanes.begin(), lanes.end(), [&](const Lane &lane) {
            const auto needsIt = [&](const operate::Command &command) { return needs(command, word); };
            return std::any_of(lane.commands.begin(), lane.commands.end(), needsIt) || std::any_of(lane.verifications.begin(), lane.verifications.end(), needsIt);
        });
    };
    std::optional<Error> first;
    for (const Step &other : m_operation.steps) {
        for (const operate::Command &reading : other.commands) {
            const auto word = m_operation.kept.find(reading.keepsAs);
            const bool isKnown = word != m_operation.kept.end() && !word->second.empty();
            const bool isOwn = std::any_of(step.commands.begin(), step.commands.end(), [&](const operate::Command &own) { return own.keepsAs == reading.keepsAs; });
            if (reading.keepsAs.empty() || isKnown || (isOwn && !m_isUndoing) || !isNeeded(reading.keepsAs))
                continue;
            std::vector<Lane> read{{{}, {reading}, {}}};
            Together came = carryOutTogether(read, {until, until, {}});
            if (came.error && step.kind == operate::StepKind::WaitClock) {
                operate::Command newest = reading;
                newest.on = m_operation.to;
                newest.text = "SELECT coalesce(pg_last_xact_replay_timestamp(), '-infinity')";
                read = {{{}, {newest}, {}}};
                came = carryOutTogether(read, {until, until, {}});
            }
            if (came.error && !first)
                first = came.error;
        }
    }
    return first;
}

/// A dead host's guard cannot prove that its server stopped: the person who forced that check has. Their word stands against silence,
/// never against a guard that was reached.
bool Runner::mayDoWithout(std::size_t index, const Together &came) const
{
    const Step &step = m_operation.steps[index];
    if (step.mayBeLeft)
        return true;
    const bool isForcedFence = !came.isContradicted && isForced(m_operation, operate::CheckId::OldPrimaryStopped);
    if (step.kind == operate::StepKind::Fence)
        return came.error->code != ErrorCode::Cancelled && (isBeforeStonith(index) || (isForcedFence && isTransient(*came.error)));
    // A command that fails, or does not end, has proven nothing: that is silence too.
    return step.kind == operate::StepKind::Stonith && came.error->code != ErrorCode::Cancelled && isForcedFence && !m_fenceWasContradicted;
}

/// What could not be stopped there is turned off next.
bool Runner::isBeforeStonith(std::size_t index) const
{
    return index + 1 < m_operation.steps.size() && m_operation.steps[index + 1].kind == operate::StepKind::Stonith;
}

/// The fence before a Stonith proved that the old primary stopped.
bool Runner::isFenced(std::size_t index) const
{
    return index > 0 && m_operation.steps[index - 1].kind == operate::StepKind::Fence && m_operation.progress[index - 1].state == StepState::Done;
}

/// A machine that is off has nothing left to be stopped.
void Runner::noteFenced(std::size_t index)
{
    if (index > 0 && m_operation.steps[index - 1].kind == operate::StepKind::Fence)
        enter(index - 1, StepState::Done, "its host was turned off");
}

} // namespace shardlens::execute
