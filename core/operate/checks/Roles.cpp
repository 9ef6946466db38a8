// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Stonith.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>
#include <set>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::Problem;
using facts::Rule;
using facts::WhyUnknown;

std::vector<std::string> textsOf(const std::vector<ServerId> &ids)
{
    std::vector<std::string> texts;
    for (const ServerId &id : ids)
        texts.push_back(id.text());
    return texts;
}

} // namespace

Check checkConsole(const SightBase &sight)
{
    const facts::Snapshot &snapshot = sight.snapshot();
    if (snapshot.isolatedSince)
        return failed(CheckId::ConsoleSees, {}, {sight.seen("no_server_answers_since", *snapshot.isolatedSince)}, Remedy::LookFromElsewhere);
    if (snapshot.stall)
        return failed(CheckId::ConsoleSees, {}, {sight.seen("did_not_look_since", snapshot.stall->from)}, Remedy::WaitForAnswers);
    const facts::AnswerCount count = facts::countAnswers(snapshot);
    return passed(CheckId::ConsoleSees, {},
                  {sight.seen("servers_answering", static_cast<std::int64_t>(count.answering), static_cast<std::int64_t>(count.declared))});
}

namespace {

Check primaryAnswers(const Sight &sight)
{
    const ServerId primary = sight.primary();
    if (primary.isEmpty())
        return unknown(CheckId::PrimaryAnswers, {}, sight.facts().primary.error(), Remedy::WaitForAnswers);
    if (!sight.isFresh(primary))
        return failed(CheckId::PrimaryAnswers, primary, {}, Remedy::UseFailover);
    return passed(CheckId::PrimaryAnswers, primary, {sight.said(primary, "accepts_writes", std::string("yes"))});
}

/// A problem's cause or one folded into another cause.
const Problem *find(const std::vector<Problem> &problems, const base::ClusterName &cluster, Rule rule)
{
    for (const Problem &problem : problems) {
        if (problem.rule == rule && problem.place.cluster == cluster)
            return &problem;
        if (const Problem *folded = find(problem.consequences, cluster, rule))
            return folded;
    }
    return nullptr;
}

/// The same judgement that the problem list shows: standbys, routers and guards that lost it too, or still hear it.
Check primaryGone(const Sight &sight)
{
    const ServerId primary = sight.primary();
    const auto &problems = sight.snapshot().problems;
    if (primary.isEmpty())
        return forceable(unknown(CheckId::PrimaryGone, {}, sight.facts().primary.error(), Remedy::WaitForAnswers));
    if (sight.isFresh(primary))
        return forceable(failed(CheckId::PrimaryGone, primary, {sight.said(primary, "answers", std::string("yes"))}, Remedy::UseSwitchover));
    if (const Problem *cut = find(problems, sight.cluster().name, Rule::PrimaryCutOff)) {
        Check check = failed(CheckId::PrimaryGone, primary, cut->evidence, Remedy::LookFromElsewhere);
        std::vector<std::string> who;
        for (const ServerId &id : cut->alsoSeenBy)
            who.push_back(id.text());
        return named(std::move(check), joined(who));
    }
    const Problem *down = find(problems, sight.cluster().name, Rule::PrimaryDown);
    if (!down)
        return forceable(unknown(CheckId::PrimaryGone, primary, sight.whySilent(primary), Remedy::WaitForAnswers));
    if (down->alsoSeenBy.empty())
        return forceable(unknown(CheckId::PrimaryGone, primary, {WhyUnknown::NoValue, "no_other_vantage"}, Remedy::LookFromElsewhere));
    std::vector<std::string> who;
    for (const ServerId &id : down->alsoSeenBy)
        who.push_back(id.text());
    Check check = passed(CheckId::PrimaryGone, primary, down->evidence);
    return named(std::move(check), joined(who));
}

/// Silence, even a refused connection, is no proof: a server that restarts, or is thawed, takes writes again.
Check oldPrimaryStopped(const Sight &sight, const ServerId &candidate)
{
    const ServerId primary = sight.primary();
    std::vector<facts::Evidence> readings;
    const facts::Observation *observation = sight.snapshot().observation(primary);
    if (observation && observation->reach.lastError)
        readings.push_back(sight.seen("silence", observation->reach.lastError->message));
    if (const auto names = sight.setting(primary, "synchronous_standby_names"))
        readings.push_back(sight.said(primary, "synchronous_standby_names", *names));
    // Whose leader key has run out was demoted by its own Patroni, unless that alone was killed.
    const facts::ManagerReport *patroni = sight.isManaged() ? sight.manager() : nullptr;
    if (patroni && patroni->isUnlocked && patroni->server != primary) {
        readings.push_back(sight.seen("leader_key", std::string("held by nobody")));
        return warned(CheckId::OldPrimaryStopped, primary, std::move(readings), Remedy::StopOldPrimary);
    }
    // What turns its host off proves it within the operation, which stops before the promotion where it does not.
    if (stonithOf(sight.fleet(), primary)) {
        const auto needed = neededAlive(sight, candidate);
        const auto others = needed.empty() ? alsoTurnedOff(sight.fleet(), primary) : needed;
        const bool isUsed = !candidate.isEmpty() && usesStonith(sight, candidate);
        if (isUsed)
            readings.insert(readings.begin(), sight.seen("turned_off_by", stonithText(sight.fleet(), primary)));
        if (!others.empty())
            readings.push_back(sight.seen(isUsed ? "also_turned_off" : "would_be_turned_off_too", joined(textsOf(others))));
        if (isUsed)
            return warned(CheckId::OldPrimaryStopped, primary, std::move(readings), Remedy::StopOldPrimary);
    }
    return forceable(failed(CheckId::OldPrimaryStopped, primary, std::move(readings), Remedy::StopOldPrimary));
}

Check onePrimary(const Sight &sight, Act act)
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

Check foreignManager(const Sight &sight)
{
    std::set<std::string> managers;
    std::vector<facts::Evidence> readings;
    bool isRead = false;
    facts::Unknown why{WhyUnknown::NotAskedYet, sight.cluster().name.text()};
    for (const ServerId &id : sight.cluster().servers) {
        const facts::MoveReading *move = sight.move(id);
        if (!move) {
            why = sight.whyNoMove(id);
            continue;
        }
        isRead = true;
        for (const std::string &manager : move->managers) {
            if (manager == fleet::name(sight.cluster().manager)) // the one by which it is moved
                continue;
            managers.insert(manager);
            readings.push_back(sight.read(id, "manager", manager));
        }
    }
    if (!managers.empty())
        return named(failed(CheckId::ForeignManager, {}, std::move(readings), Remedy::UseManager), joined({managers.begin(), managers.end()}));
    const std::vector<facts::Evidence> declared = sight.isManaged() ? std::vector{sight.seen("moved_through", std::string(fleet::name(sight.cluster().manager)))} : std::vector<facts::Evidence>();
    return isRead ? passed(CheckId::ForeignManager, {}, declared) : unknown(CheckId::ForeignManager, {}, why, Remedy::WaitForAnswers);
}

/// When a move raised the term last, as any member tells: whoever looks for the first time saw nothing of that move itself.
std::optional<base::UtcTime> lastRaised(const Sight &sight)
{
    std::optional<base::UtcTime> last;
    for (const ServerId &id : sight.cluster().servers) {
        const facts::MoveReading *move = sight.move(id);
        if (move && move->termRaisedAt && (!last || *move->termRaisedAt > *last))
            last = move->termRaisedAt;
    }
    return last;
}

Check movedAgo(const Sight &sight, base::microseconds ago)
{
    return forceable(failed(CheckId::RecentMove, {}, {sight.seen("moved_ago", ago, base::microseconds(sight.limits.recentMove))}, Remedy::WaitAfterMove));
}

Check recentMove(const Sight &sight)
{
    for (const facts::Event &event : *sight.snapshot().events) {
        const auto ago = std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenUtc - event.when.at);
        if (event.kind != facts::EventKind::TimelineChanged || event.place.cluster != sight.cluster().name || ago > sight.limits.recentMove)
            continue;
        return movedAgo(sight, ago);
    }
    const auto raised = lastRaised(sight);
    const auto since = raised ? std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenUtc - *raised) : base::microseconds(sight.limits.recentMove);
    if (since < sight.limits.recentMove)
        return movedAgo(sight, std::max(since, base::microseconds(0)));
    // Moves from before this console looked, and that raised no term, are not known to it.
    const auto observed = std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - sight.snapshot().observingSince);
    return passed(CheckId::RecentMove, {}, {sight.seen("observed_for", observed)});
}

} // namespace

Checks checkRoles(const Sight &sight, Act act, const ServerId &candidate)
{
    Checks checks{checkConsole(sight)};
    if (act == Act::Switchover) {
        checks.push_back(primaryAnswers(sight));
    } else {
        checks.push_back(primaryGone(sight));
        checks.push_back(oldPrimaryStopped(sight, candidate));
    }
    checks.push_back(onePrimary(sight, act));
    checks.push_back(foreignManager(sight));
    for (Check &check : checkManager(sight, act))
        checks.push_back(std::move(check));
    checks.push_back(recentMove(sight));
    return checks;
}

} // namespace shardlens::operate
