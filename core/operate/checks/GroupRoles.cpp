// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/checks/Checks.h"
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::Problem;
using facts::WhyUnknown;

Check groupPrimaryAnswers(const GroupSight &sight)
{
    const ServerId primary = sight.primary();
    if (primary.isEmpty())
        return unknown(CheckId::PrimaryAnswers, {}, sight.facts().primary.error(), Remedy::WaitForAnswers);
    if (!sight.isFresh(primary))
        return failed(CheckId::PrimaryAnswers, primary, {}, Remedy::UseFailover);
    // What follows an empty primary loses what it has; moving from it would keep the emptiness.
    if (sight.hasLostItsData())
        return failed(CheckId::PrimaryAnswers, primary, {sight.said(primary, "keys", std::int64_t(0))}, Remedy::UseFailover);
    if (sight.last(primary)->loading)
        return failed(CheckId::PrimaryAnswers, primary, {sight.said(primary, "loading", std::string("yes"))}, Remedy::WaitForAnswers);
    return passed(CheckId::PrimaryAnswers, primary, {sight.said(primary, "role", std::string("master"))});
}

const Problem *findDown(const std::vector<Problem> &problems, const base::GroupName &group)
{
    for (const Problem &problem : problems) {
        if (problem.rule == facts::Rule::RedisPrimaryDown && problem.place.group == group)
            return &problem;
        if (const Problem *folded = findDown(problem.consequences, group))
            return folded;
    }
    return nullptr;
}

/// The same judgement that the problem list shows, with the guards of other regions and the replicas that lost it too.
Check groupPrimaryGone(const GroupSight &sight)
{
    const ServerId primary = sight.primary();
    if (primary.isEmpty())
        return forceable(unknown(CheckId::PrimaryGone, {}, sight.facts().primary.error(), Remedy::WaitForAnswers));
    if (sight.hasLostItsData())
        return passed(CheckId::PrimaryGone, primary, {sight.said(primary, "keys", std::int64_t(0))});
    if (sight.isFresh(primary))
        return forceable(failed(CheckId::PrimaryGone, primary, {sight.said(primary, "answers", std::string("yes"))}, Remedy::UseSwitchover));
    const Problem *down = findDown(sight.snapshot().problems, sight.group().name);
    if (!down)
        return forceable(unknown(CheckId::PrimaryGone, primary, sight.whySilent(primary), Remedy::WaitForAnswers));
    std::vector<std::string> lost;
    std::vector<std::string> heard;
    for (const facts::GuardReport &guard : sight.snapshot().guards) {
        if (guard.reach.state != facts::ReachState::Answering || !guard.reachable || !guard.reachable->contains(primary))
            continue;
        (guard.reachable->at(primary) ? heard : lost).push_back("guard of " + guard.region.text());
    }
    for (const facts::StandbyLag &replica : sight.facts().replicas) {
        const facts::RedisSample *sample = sight.fresh(replica.standby);
        if (sample && sample->link && !sample->link->up && !sample->link->syncing)
            lost.push_back(replica.standby.text());
    }
    if (!heard.empty())
        return named(failed(CheckId::PrimaryGone, primary, down->evidence, Remedy::LookFromElsewhere), joined(heard));
    if (lost.empty())
        return forceable(unknown(CheckId::PrimaryGone, primary, {WhyUnknown::NoValue, "no_other_vantage"}, Remedy::LookFromElsewhere));
    return named(passed(CheckId::PrimaryGone, primary, down->evidence), joined(lost));
}

/// Silence, even a refused connection, is no proof: a server that restarts, or is thawed, takes writes again until a guard demotes it.
Check groupOldStopped(const GroupSight &sight)
{
    const ServerId primary = sight.primary();
    if (sight.hasLostItsData()) // it answers, and is demoted by this very plan
        return passed(CheckId::OldPrimaryStopped, primary, {sight.said(primary, "keys", std::int64_t(0))});
    std::vector<facts::Evidence> readings;
    const facts::Observation *observation = sight.snapshot().observation(primary);
    if (observation && observation->reach.lastError)
        readings.push_back(sight.seen("silence", observation->reach.lastError->message));
    return forceable(failed(CheckId::OldPrimaryStopped, primary, std::move(readings), Remedy::StopOldPrimary));
}

Check oneGroupPrimary(const GroupSight &sight, Act act)
{
    std::vector<std::string> others;
    for (const ServerId &id : sight.facts().writable) {
        if (id != sight.primary())
            others.push_back(id.text());
    }
    const auto count = static_cast<std::int64_t>(sight.facts().writable.size());
    const std::vector<facts::Evidence> reading{sight.seen("members_that_accept_writes", count, std::int64_t(act == Act::Switchover ? 1 : 0))};
    if (!others.empty())
        return named(failed(CheckId::OnePrimary, {}, reading, Remedy::StopOldPrimary), joined(others));
    if (act == Act::Switchover && count == 0)
        return unknown(CheckId::OnePrimary, {}, sight.primary().isEmpty() ? sight.facts().primary.error() : sight.whySilent(sight.primary()), Remedy::WaitForAnswers);
    return passed(CheckId::OnePrimary, {}, reading);
}

/// A Sentinel would make a move of its own out of ours, by what it read up to 10 s ago.
Check sentinels(const GroupSight &sight)
{
    std::vector<facts::Evidence> readings;
    std::vector<facts::Evidence> found;
    facts::Unknown why{WhyUnknown::NotAskedYet, sight.group().name.text()};
    for (const ServerId &id : sight.group().servers) {
        const facts::RedisMoveReading *move = sight.move(id);
        if (!move) {
            why = sight.whyNoMove(id);
            continue;
        }
        readings.push_back(sight.said(id, "sentinels", move->sentinels, std::int64_t(0)));
        if (move->sentinels > 0)
            found.push_back(readings.back());
    }
    if (sight.isManaged()) { // whom the fleet file does not name is not asked
        const auto declared = static_cast<std::int64_t>(sight.group().sentinels.size());
        const bool areMore = std::any_of(found.begin(), found.end(), [&](const facts::Evidence &one) { return std::get<std::int64_t>(one.value) > declared; });
        if (areMore)
            return named(warned(CheckId::ForeignManager, {}, std::move(found), Remedy::MendManager), "sentinel");
        return passed(CheckId::ForeignManager, {}, {sight.seen("moved_through", std::string(fleet::name(sight.group().manager)))});
    }
    if (!found.empty())
        return named(failed(CheckId::ForeignManager, {}, std::move(found), Remedy::UseManager), "sentinel");
    return readings.empty() ? unknown(CheckId::ForeignManager, {}, why, Remedy::WaitForAnswers) : passed(CheckId::ForeignManager, {}, std::move(readings));
}

Check recentGroupMove(const GroupSight &sight)
{
    const auto &members = sight.group().servers;
    for (const facts::Event &event : *sight.snapshot().events) {
        const auto ago = std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenUtc - event.when.at);
        const bool isOurs = std::find(members.begin(), members.end(), event.place.server) != members.end();
        if (event.kind != facts::EventKind::RoleChanged || !isOurs || event.after != "primary" || ago > sight.limits.recentMove)
            continue;
        return forceable(failed(CheckId::RecentMove, {}, {sight.seen("moved_ago", ago, base::microseconds(sight.limits.recentMove))}, Remedy::WaitAfterMove));
    }
    const auto observed = std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - sight.snapshot().observingSince);
    return passed(CheckId::RecentMove, {}, {sight.seen("observed_for", observed)});
}

} // namespace

Checks checkGroupRoles(const GroupSight &sight, Act act)
{
    Checks checks{checkConsole(sight)};
    if (act == Act::Switchover) {
        checks.push_back(groupPrimaryAnswers(sight));
    } else {
        checks.push_back(groupPrimaryGone(sight));
        checks.push_back(groupOldStopped(sight));
    }
    checks.push_back(oneGroupPrimary(sight, act));
    checks.push_back(sentinels(sight));
    for (Check &check : checkSentinels(sight, act))
        checks.push_back(std::move(check));
    checks.push_back(recentGroupMove(sight));
    return checks;
}

} // namespace shardlens::operate
