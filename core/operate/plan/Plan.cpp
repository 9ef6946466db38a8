// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Plan.h"

#include "core/operate/SyncNames.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/GroupPlan.h"
#include "core/operate/plan/ManagedPlan.h"
#include "core/operate/plan/SmallPlan.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::microseconds;
using base::ServerId;

/// A standby whose log went on after the candidate's: it hands that on before the candidate is promoted.
std::optional<ServerId> aheadOf(const Candidate &candidate)
{
    for (const Check &check : candidate.checks) {
        if (check.id == CheckId::SiblingsAhead && check.verdict == Verdict::Warning)
            return ServerId(check.detail);
    }
    return std::nullopt;
}

/// The old primary's commits may wait for it.
bool isWaitedFor(const Sight &sight, const ServerId &standby)
{
    const auto setting = sight.setting(sight.primary(), "synchronous_standby_names");
    const auto names = setting ? SyncNames::parse(*setting) : std::nullopt;
    return names && names->need > 0 && names->matches(applicationNameOf(sight.fleet(), standby));
}

/// What follows without any commit having to wait for it.
std::vector<ServerId> mayFollowAnyTime(const Sight &sight, const ServerId &candidate, const std::vector<ServerId> &first)
{
    std::vector<ServerId> others;
    for (const ServerId &standby : sight.othersThan(candidate)) {
        if (std::find(first.begin(), first.end(), standby) == first.end())
            others.push_back(standby);
    }
    return others;
}

/// The others follow the candidate while it is still a standby: what the old primary writes after its final position, a record of its
/// own housekeeping is enough, would otherwise reach them and part them from the new timeline. One that the old primary may wait for
/// leaves it only once nobody commits any more.
void writeSwitchover(Writing &writing, const Sight &sight, const ServerId &candidate, const std::vector<ServerId> &first)
{
    writing.proveCatchUp();
    std::vector<ServerId> late = first;
    for (const ServerId &standby : mayFollowAnyTime(sight, candidate, first)) {
        if (isWaitedFor(sight, standby))
            late.push_back(standby);
        else
            writing.follow(standby);
    }
    writing.pauseRouters();
    writing.brake();
    writing.clearBackends();
    for (const ServerId &standby : late)
        writing.followFirst(standby);
    writing.readFinal();
    writing.catchUp();
    writing.promote();
    writing.raiseTerm();
}

void writeFailover(Writing &writing, const Candidate &candidate, const std::vector<ServerId> &first)
{
    writing.killRouters();
    writing.fence();
    writing.stopReceivers();
    const auto ahead = aheadOf(candidate);
    writing.comparePositions();
    if (ahead)
        writing.fetchLog(*ahead);
    writing.replayAll(ahead.value_or(ServerId()));
    writing.promote();
    writing.raiseTerm();
    for (const ServerId &standby : first)
        writing.followFirst(standby);
}

std::vector<Step> stepsFor(const Sight &sight, Act act, const Candidate &candidate, bool warms, const std::vector<ServerId> &shuns)
{
    Writing writing(sight, act, candidate.server);
    writing.shun(shuns);
    if (warms)
        writing.warmTarget();
    const auto first = mustFollowFirst(sight, candidate.server);
    if (act == Act::Switchover)
        writeSwitchover(writing, sight, candidate.server, first);
    else
        writeFailover(writing, candidate, first);
    writing.writeMarker();
    writing.pointRouters();
    writing.waitClock();
    writing.resumeRouters();
    writing.readMarker();
    writing.pointLater();
    if (act == Act::Failover) {
        for (const ServerId &standby : mayFollowAnyTime(sight, candidate.server, first))
            writing.follow(standby);
    }
    writing.seeFollowers();
    if (act == Act::Switchover)
        writing.stopOld();
    writing.rejoinOld();
    writing.recordTerm();
    // A copy may take hours: what can be put right before it is, and reads are led to nobody who is copied.
    writing.pointReadsTo([&](const ServerId &target) { return target != sight.primary(); });
    writing.copyOld();
    writing.pointReadsTo([&](const ServerId &target) { return target == sight.primary(); });
    return writing.take();
}

/// Each held step waits for the slowest of its targets, as often as it goes there and back; and the candidate for its lag.
PauseEstimate estimate(const Sight &sight, const ServerId &candidate, const std::vector<Step> &steps)
{
    PauseEstimate pause;
    const facts::StandbyLag *lag = sight.lag(candidate);
    if (!lag || !lag->time) {
        pause.expected = pause.fromLinks = lag ? tl::unexpected(lag->time.error()) : tl::unexpected(sight.whySilent(candidate));
        return pause;
    }
    pause.lag = *lag->time;
    microseconds sum = *lag->time;
    for (const Step &step : steps) {
        if (!step.holdsWrites)
            continue;
        microseconds slowest{0};
        for (const ServerId &target : step.targets) {
            const auto latency = sight.latency(target);
            if (!latency) {
                pause.expected = pause.fromLinks = tl::unexpected(sight.whySilent(target));
                return pause;
            }
            slowest = std::max(slowest, *latency);
        }
        sum += slowest * step.exchanges;
    }
    pause.expected = pause.fromLinks = sum;
    return pause;
}

constexpr unsigned fewRuns = 3; ///< fewer tell little, and of another cluster nothing

Check expectedPause(const Sight &sight, const ServerId &candidate, const PauseEstimate &pause)
{
    if (!pause.expected)
        return unknown(CheckId::ExpectedPause, candidate, pause.expected.error());
    const microseconds most = sight.limits.pause;
    const std::vector<facts::Evidence> readings{sight.seen("expected_pause", *pause.expected, most), sight.seen("past_runs", std::int64_t(pause.pastRuns))};
    if (*pause.expected <= most)
        return passed(CheckId::ExpectedPause, candidate, readings);
    // Without its lag it would be too long all the same: the links make it so.
    const facts::StandbyLag *lag = sight.lag(candidate);
    const bool isFar = lag && lag->time && *pause.expected - *lag->time > most;
    // One slow run of the past, or two, keep nobody from the next, which may be quick: what is not begun is never seen to be quicker.
    if (pause.fromLinks && *pause.fromLinks <= most)
        return pause.pastRuns < fewRuns ? warned(CheckId::ExpectedPause, candidate, readings, Remedy::ChooseOther)
                                        : forceable(failed(CheckId::ExpectedPause, candidate, readings, Remedy::ChooseOther));
    return forceable(failed(CheckId::ExpectedPause, candidate, readings, isFar ? Remedy::ChooseNearer : Remedy::WaitForCatchUp));
}

void addAll(Checks &to, Checks from)
{
    for (Check &check : from)
        to.push_back(std::move(check));
}

} // namespace

void addPast(PauseEstimate &pause, const PastPauses &past)
{
    if (pause.isManagers || past.runs == 0 || (past.areOthers && past.runs < fewRuns))
        return;
    pause.pastRuns = past.runs;
    pause.pastMedian = past.median;
    pause.pastWorst = past.worst;
    pause.pastAreOthers = past.areOthers;
    if (pause.fromLinks)
        pause.expected = std::max(*pause.fromLinks, past.median + pause.lag.value_or(microseconds(0)));
}

std::vector<ServerId> mustFollowFirst(const Sight &sight, const ServerId &candidate)
{
    std::vector<ServerId> first;
    const auto setting = sight.setting(candidate, "synchronous_standby_names");
    const auto names = setting ? SyncNames::parse(*setting) : std::nullopt;
    for (const ServerId &id : sight.othersThan(candidate)) {
        if (names && first.size() < names->need && sight.isFresh(id) && names->matches(applicationNameOf(sight.fleet(), id)))
            first.push_back(id);
    }
    return first;
}

bool Plan::isBlocked() const
{
    return steps.empty() || std::any_of(checks.begin(), checks.end(), operate::isBlocking);
}

int Plan::pointOfNoReturn() const
{
    const auto found = std::find_if(steps.begin(), steps.end(), [](const Step &step) { return step.isPointOfNoReturn; });
    return found == steps.end() ? 0 : found->number;
}

namespace {

/// Its fingerprint tells what it rests on, not yet what it does.
base::Result<Plan> planOf(const facts::Snapshot &snapshot, const Intent &intent, const PastOf &past)
{
    if (!groupOf(intent).isEmpty())
        return planForGroup(snapshot, intent, past);
    const Sight sight(snapshot, clusterOf(intent));
    if (!sight.isDeclared())
        return base::fail(base::ErrorCode::NotFound, "the fleet has no cluster '" + clusterOf(intent).text() + "'");
    if (const auto *small = std::get_if<SmallAct>(&intent))
        return planForSmall(sight, *small);
    if (actOf(intent) == Act::Failover && isToFollow(sight))
        return planToFollow(sight, intent);
    const ServerId &wanted = wantedOf(intent);
    const auto &members = sight.cluster().servers;
    if (!wanted.isEmpty() && std::find(members.begin(), members.end(), wanted) == members.end())
        return base::fail(base::ErrorCode::NotFound, "'" + wanted.text() + "' is no server of the cluster '" + clusterOf(intent).text() + "'");
    if (!wanted.isEmpty() && wanted == sight.primary())
        return base::fail(base::ErrorCode::BadInput, "'" + wanted.text() + "' is the primary of '" + clusterOf(intent).text() + "' already");

    const Act act = actOf(intent);
    Plan plan;
    plan.intent = intent;
    plan.from = sight.primary();
    plan.takenAt = snapshot.takenAt;
    plan.takenUtc = snapshot.takenUtc;
    plan.shards = sight.facts().shardCount;
    plan.fingerprint = fingerprintOf(sight);
    plan.candidates = rankCandidates(sight, act, wanted);
    std::vector<const Candidate *> eligible;
    for (const Candidate &candidate : plan.candidates) {
        if (!candidate.rejectedFor)
            eligible.push_back(&candidate);
    }
    // Who was asked for is planned for even where it is rejected: its failed checks stand in the plan, and block it.
    const Candidate *chosen = eligible.empty() ? nullptr : eligible.front();
    if (!wanted.isEmpty())
        chosen = &*std::find_if(plan.candidates.begin(), plan.candidates.end(), [&](const Candidate &one) { return one.server == wanted; });
    for (const Candidate *candidate : eligible) {
        if (candidate != chosen && plan.runnerUp.isEmpty())
            plan.runnerUp = candidate->server;
    }
    plan.checks = checkRoles(sight, act, chosen ? chosen->server : ServerId());
    addAll(plan.checks, checkWrites(sight, act));
    addAll(plan.checks, checkRouters(sight, act));
    if (chosen && !plan.from.isEmpty()) {
        plan.to = chosen->server;
        bool warms = false;
        if (warmsOf(intent)) {
            plan.checks.push_back(checkWarming(sight, plan.to));
            warms = plan.checks.back().verdict == Verdict::Passed;
        }
        plan.steps = sight.isManaged() ? managedSteps(sight, act, chosen->server, warms, shunsOf(intent)) : stepsFor(sight, act, *chosen, warms, shunsOf(intent));
        addAll(plan.checks, chosen->checks);
        if (act == Act::Switchover && sight.isManaged()) {
            plan.pause.isManagers = true;
            plan.pause.expected = facts::unknown(facts::WhyUnknown::NoValue, std::string(fleet::name(sight.cluster().manager)));
        } else if (act == Act::Switchover) {
            plan.pause = estimate(sight, plan.to, plan.steps);
            if (past)
                addPast(plan.pause, past(plan));
            plan.checks.push_back(expectedPause(sight, plan.to, plan.pause));
        } else {
            plan.loss = lossOf(sight, plan.to);
        }
    }
    std::stable_sort(plan.checks.begin(), plan.checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
    return plan;
}

} // namespace

base::Result<Plan> planFor(const facts::Snapshot &snapshot, const Intent &intent, const PastOf &past)
{
    auto plan = planOf(snapshot, intent, past);
    if (plan)
        addAct(plan->fingerprint, intent, plan->to);
    return plan;
}

} // namespace shardlens::operate
