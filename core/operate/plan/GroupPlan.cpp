// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/GroupPlan.h"

#include "core/operate/checks/GroupChecks.h"
#include "core/operate/plan/GroupWriting.h"
#include "core/operate/plan/SentinelPlan.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::microseconds;
using base::ServerId;

std::vector<Step> groupSteps(const GroupSight &sight, Act act, const ServerId &candidate)
{
    GroupWriting writing(sight, act, candidate);
    writing.proveKeeping();
    if (act == Act::Switchover) {
        writing.proveCatchUp();
        writing.pauseWrites();
        writing.refuseWrites();
    } else {
        writing.refuseWrites(); // one that came back empty takes writes that would be lost; so would one that comes back meanwhile
        writing.cutLinks();
        writing.compareOffsets();
    }
    writing.promote();
    writing.raiseTerm();
    writing.takeWrites();
    writing.pointStables();
    writing.keepOpen();
    writing.demoteOld();
    writing.followAll();
    writing.seeFollowers();
    writing.recordTerm();
    return writing.take();
}

/// Where a stable address is led elsewhere, the guard's way is about that of the slowest member.
PauseEstimate groupEstimate(const GroupSight &sight, const std::vector<Step> &steps)
{
    PauseEstimate pause;
    microseconds slowest{0};
    for (const ServerId &id : sight.group().servers)
        slowest = std::max(slowest, sight.latency(id).value_or(microseconds(0)));
    microseconds sum{0};
    for (const Step &step : steps) {
        if (!step.holdsWrites)
            continue;
        microseconds longest{0};
        for (const ServerId &target : step.targets) {
            const auto latency = regionOfStable(target) ? std::optional(slowest) : sight.latency(target);
            if (!latency) {
                pause.expected = pause.fromLinks = tl::unexpected(sight.whySilent(target));
                return pause;
            }
            longest = std::max(longest, *latency);
        }
        sum += longest * step.exchanges;
    }
    pause.expected = pause.fromLinks = sum;
    return pause;
}

Check groupPause(const GroupSight &sight, const ServerId &candidate, const PauseEstimate &pause)
{
    if (!pause.expected)
        return unknown(CheckId::ExpectedPause, candidate, pause.expected.error());
    const microseconds most = sight.limits.pause;
    const std::vector<facts::Evidence> readings{sight.seen("expected_pause", *pause.expected, most), sight.seen("past_runs", std::int64_t(pause.pastRuns))};
    return *pause.expected <= most ? passed(CheckId::ExpectedPause, candidate, readings) : forceable(failed(CheckId::ExpectedPause, candidate, readings, Remedy::ChooseNearer));
}

/// What the old primary had beyond the candidate when it was last heard; what it wrote since is not known.
LossWindow groupLoss(const GroupSight &sight, const ServerId &candidate)
{
    LossWindow window;
    const ServerId old = sight.primary();
    // A link that broke tells since when, one that stands how long it has been silent.
    const facts::RedisSample *next = sight.last(candidate);
    const auto silent = !next || !next->link                    ? std::nullopt
                        : next->link->up && next->link->secondsSinceLastIo >= 0 ? std::optional<std::int64_t>(next->link->secondsSinceLastIo)
                        : next->link->downSinceSeconds          ? std::optional<std::int64_t>(*next->link->downSinceSeconds)
                                                                : std::nullopt;
    if (silent)
        window.lastCommit = sight.snapshot().takenUtc - std::chrono::seconds(*silent);
    if (sight.offset(old) == 0 || sight.offset(candidate) == 0 || sight.hasLostItsData()) {
        window.atLeast = window.atMost = tl::unexpected(sight.whySilent(old));
        window.since = tl::unexpected(sight.whySilent(old));
        return window;
    }
    window.atLeast = base::Bytes{std::max<std::int64_t>(0, sight.offset(old) - sight.offset(candidate))};
    window.atMost = facts::unknown(facts::WhyUnknown::ServerSilent, old.text());
    const facts::Observation *observation = sight.snapshot().observation(old);
    if (observation && observation->sampledAt)
        window.since = std::chrono::duration_cast<microseconds>(sight.snapshot().takenAt - *observation->sampledAt);
    return window;
}

void append(Checks &to, Checks from)
{
    for (Check &check : from)
        to.push_back(std::move(check));
}

base::Result<void> mayBeAsked(const GroupSight &sight, const ServerId &wanted)
{
    const std::string &name = sight.group().name.text();
    const auto &members = sight.group().servers;
    if (!wanted.isEmpty() && std::find(members.begin(), members.end(), wanted) == members.end())
        return base::fail(base::ErrorCode::NotFound, "'" + wanted.text() + "' is no server of the group '" + name + "'");
    if (!wanted.isEmpty() && wanted == sight.primary())
        return base::fail(base::ErrorCode::BadInput, "'" + wanted.text() + "' is the primary of '" + name + "' already");
    return {};
}

/// Who was asked for is planned for even where it is rejected: its failed checks stand in the plan, and block it.
const Candidate *choose(Plan &plan, const ServerId &wanted)
{
    const Candidate *chosen = nullptr;
    for (const Candidate &candidate : plan.candidates) {
        if (candidate.server == wanted || (wanted.isEmpty() && !chosen && !candidate.rejectedFor))
            chosen = &candidate;
    }
    for (const Candidate &candidate : plan.candidates) {
        if (!candidate.rejectedFor && &candidate != chosen && plan.runnerUp.isEmpty())
            plan.runnerUp = candidate.server;
    }
    return chosen;
}

} // namespace

base::Result<Plan> planForGroup(const facts::Snapshot &snapshot, const Intent &intent, const PastOf &past)
{
    const GroupSight sight(snapshot, groupOf(intent));
    if (!sight.isDeclared())
        return base::fail(base::ErrorCode::NotFound, "the fleet has no Redis group '" + nameOf(intent) + "'");
    const ServerId &wanted = wantedOf(intent);
    if (actOf(intent) == Act::Failover && isToFollow(sight))
        return planToFollow(sight, intent);
    if (const auto may = mayBeAsked(sight, wanted); !may)
        return base::fail(may.error());
    const Act act = actOf(intent);
    Plan plan;
    plan.intent = intent;
    plan.from = sight.primary();
    plan.takenAt = snapshot.takenAt;
    plan.takenUtc = snapshot.takenUtc;
    plan.fingerprint = fingerprintOf(sight);
    plan.candidates = rankReplicas(sight, act, wanted);
    const Candidate *chosen = choose(plan, wanted);
    plan.checks = checkGroupRoles(sight, act);
    append(plan.checks, checkGroupWrites(sight, act));
    append(plan.checks, checkStables(sight, act));
    if (chosen && !plan.from.isEmpty()) {
        plan.to = chosen->server;
        plan.steps = sight.isManaged() ? sentinelSteps(sight, act, plan.to) : groupSteps(sight, act, plan.to);
        append(plan.checks, chosen->checks);
        if (act == Act::Switchover && sight.isManaged()) {
            plan.pause.isManagers = true;
            plan.pause.expected = facts::unknown(facts::WhyUnknown::NoValue, std::string(fleet::name(sight.group().manager)));
        } else if (act == Act::Switchover) {
            plan.pause = groupEstimate(sight, plan.steps);
            if (past)
                addPast(plan.pause, past(plan));
            plan.checks.push_back(groupPause(sight, plan.to, plan.pause));
        } else {
            plan.loss = groupLoss(sight, plan.to);
        }
    }
    std::stable_sort(plan.checks.begin(), plan.checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
    return plan;
}

Fingerprint fingerprintOf(const GroupSight &sight)
{
    Fingerprint print;
    auto &facts = print.facts;
    std::vector<std::string> members;
    for (const ServerId &id : sight.group().servers) {
        members.push_back(id.text());
        const auto put = [&](const std::string &fact, std::string value) { facts[id.text() + "." + fact] = std::move(value); };
        const fleet::Server *server = sight.fleet().server(id);
        put("address", server ? server->address.own.host + ":" + std::to_string(server->address.own.port) : std::string());
        if (facts::markOn(sight.snapshot().shared.get(), sight.fleet(), id))
            put("mark", "maintenance");
        const bool isSilent = !sight.isFresh(id);
        const auto say = [&](const std::string &fact, std::string value, bool isRemembered) {
            put(fact, std::move(value));
            if (isRemembered)
                print.remembered.insert(id.text() + "." + fact);
        };
        put("answers", isSilent ? "no" : "yes");
        const facts::RedisSample *sample = sight.last(id);
        if (!sample) {
            say("role", "unknown: " + std::string(facts::name(sight.whySilent(id).why)), isSilent);
            continue;
        }
        say("process", sample->runId, isSilent);
        say("history", sample->replicationId, isSilent);
        say("version", sample->version, isSilent);
        say("role", sample->link ? "replica" : "primary", isSilent);
        say("term", sample->term ? std::to_string(*sample->term) : "unknown: " + std::string(facts::name(sample->term.error().why)), isSilent);
        const facts::StandbyLag *lag = sight.lag(id);
        const bool isCut = isSilent || !sight.isFresh(lag && !lag->upstream.isEmpty() ? lag->upstream : sight.primary());
        if (sample->link)
            say("link", sample->link->up ? "up" : "down", isCut);
        if (lag)
            say("receives_from", lag->upstream.text(), isCut);
        if (const facts::RedisMoveReading *move = sight.move(id)) {
            for (const auto &[name, value] : move->settings)
                say("setting." + name, value, isSilent);
            say("sentinels", std::to_string(move->sentinels), isSilent);
        }
    }
    facts["group.members"] = joined(members);
    facts["group.primary"] = sight.primary().text();
    if (sight.isManaged()) {
        const auto answering = sight.sentinels();
        facts["group.manager"] = fleet::name(sight.group().manager);
        facts["group.manager_leader"] = answering.empty() ? std::string() : sight.memberAt(answering.front()->primary).text();
    }
    return print;
}

} // namespace shardlens::operate
