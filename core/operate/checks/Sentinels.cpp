// SPDX-License-Identifier: GPL-3.0-or-later
// What the Sentinels of a Redis group say, where its primary is moved through them alone.
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::SentinelReport;
using facts::WhyUnknown;

/// From its word that the primary is down to a promotion, at the latest.
constexpr base::seconds sentinelActsWithin{10};

/// Evidence that a Sentinel told, with its age.
facts::Evidence toldBy(const SentinelReport &sentinel, std::string reading, facts::Evidence::Value value, std::optional<facts::Evidence::Value> limit = std::nullopt)
{
    return {std::move(reading), std::move(value), std::move(limit), sentinelId(sentinel.address), sentinel.reach.lastAnswer};
}

facts::Unknown whyNoSentinel(const GroupSight &sight)
{
    const auto all = sight.snapshot().sentinelsOf(sight.group().name);
    const bool isAsked = std::all_of(all.begin(), all.end(), [](const SentinelReport *one) { return one->reach.state != facts::ReachState::Asking; });
    return {isAsked ? WhyUnknown::ServerSilent : WhyUnknown::NotAskedYet, "sentinel"};
}

/// Fewer than a majority of them would fail over nothing, and their word may be an old one.
Check sentinelsAnswer(const GroupSight &sight)
{
    const auto answering = sight.sentinels();
    if (answering.empty() && whyNoSentinel(sight).why == WhyUnknown::NotAskedYet)
        return unknown(CheckId::ManagerAnswers, {}, whyNoSentinel(sight), Remedy::WaitForAnswers);
    std::vector<facts::Evidence> readings{sight.seen("sentinels_answering", static_cast<std::int64_t>(answering.size()), static_cast<std::int64_t>(sight.group().sentinels.size()))};
    std::vector<std::string> silent;
    for (const SentinelReport *one : sight.snapshot().sentinelsOf(sight.group().name)) {
        if (one->isFresh(sight.snapshot().takenAt))
            continue;
        silent.push_back(fleet::textOf(one->address));
        if (one->reach.lastError)
            readings.push_back(sight.seen("silence", one->reach.lastError->message));
    }
    if (answering.size() < sight.majorityOfSentinels())
        return named(failed(CheckId::ManagerAnswers, {}, std::move(readings), Remedy::MendManager), joined(silent));
    if (!silent.empty())
        return named(warned(CheckId::ManagerAnswers, {}, std::move(readings), Remedy::MendManager), joined(silent));
    return passed(CheckId::ManagerAnswers, {}, std::move(readings));
}

/// All of those that answer lead to the primary that we see, and know every member.
Check sentinelsAgree(const GroupSight &sight)
{
    const auto answering = sight.sentinels();
    if (answering.empty())
        return unknown(CheckId::ManagerAgrees, {}, whyNoSentinel(sight), Remedy::MendManager);
    std::vector<facts::Evidence> readings;
    std::vector<std::string> unknownThere;
    bool isOther = false;
    for (const SentinelReport *one : answering) {
        const ServerId leads = sight.memberAt(one->primary);
        readings.push_back(toldBy(*one, "leader", leads.isEmpty() ? fleet::textOf(one->primary) : leads.text(), sight.primary().text()));
        isOther = isOther || leads.isEmpty() || leads != sight.primary();
        for (const ServerId &id : sight.replicas()) {
            const bool isKnown = std::any_of(one->replicas.begin(), one->replicas.end(), [&](const facts::SentinelReplica &replica) { return sight.memberAt(replica.address) == id; });
            if (!isKnown && std::find(unknownThere.begin(), unknownThere.end(), id.text()) == unknownThere.end())
                unknownThere.push_back(id.text());
        }
    }
    if (isOther)
        return failed(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::WaitForManager);
    if (!unknownThere.empty())
        return named(warned(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::MendManager), joined(unknownThere));
    return passed(CheckId::ManagerAgrees, {}, std::move(readings));
}

/// None of them is about to promote somebody; and they could, later, where the new primary fails.
Check sentinelsCalm(const GroupSight &sight)
{
    const auto answering = sight.sentinels();
    if (answering.empty())
        return unknown(CheckId::ManagerCalm, {}, whyNoSentinel(sight), Remedy::MendManager);
    std::vector<facts::Evidence> readings;
    for (const SentinelReport *one : answering) {
        if (one->flags != "master")
            return failed(CheckId::ManagerCalm, {}, {toldBy(*one, "flags", one->flags, std::string("master"))}, Remedy::WaitForManager);
        if (!one->hasQuorum)
            readings.push_back(toldBy(*one, "quorum", one->quorumSaid));
    }
    if (!readings.empty())
        return warned(CheckId::ManagerCalm, {}, std::move(readings), Remedy::MendManager);
    const SentinelReport &first = *answering.front();
    return passed(CheckId::ManagerCalm, {}, {toldBy(first, "flags", first.flags), toldBy(first, "quorum", first.quorum)});
}

/// Two who promote at once promote two: ours comes only where they do not.
Check sentinelsLeave(const GroupSight &sight)
{
    const auto answering = sight.sentinels();
    if (answering.empty())
        return forceable(unknown(CheckId::ManagerLeaves, {}, whyNoSentinel(sight), Remedy::MendManager));
    base::milliseconds downAfter{0};
    bool canAct = false;
    for (const SentinelReport *one : answering) {
        if (one->isFailingOver())
            return failed(CheckId::ManagerLeaves, {}, {toldBy(*one, "flags", one->flags)}, Remedy::WaitForManager);
        downAfter = std::max(downAfter, one->downAfter);
        canAct = canAct || one->hasQuorum;
    }
    const base::microseconds most = downAfter + sentinelActsWithin;
    const facts::Observation *primary = sight.snapshot().observation(sight.primary());
    const bool isSilent = primary && primary->reach.silentSince;
    const auto since = isSilent ? std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - *primary->reach.silentSince) : base::microseconds(0);
    const std::vector<facts::Evidence> readings{sight.seen("primary_silent_for", since, most), toldBy(*answering.front(), "quorum", answering.front()->quorumSaid)};
    return !canAct || since > most ? passed(CheckId::ManagerLeaves, {}, readings) : forceable(failed(CheckId::ManagerLeaves, {}, readings, Remedy::WaitForManager));
}

} // namespace

Checks checkSentinels(const GroupSight &sight, Act act)
{
    if (!sight.isManaged())
        return {};
    const bool isLed = act == Act::Switchover || isToFollow(sight);
    return {sentinelsAnswer(sight), sentinelsAgree(sight), isLed ? sentinelsCalm(sight) : sentinelsLeave(sight)};
}

/// By what they read up to 10 s ago: who looks unfit there is passed over.
Check checkSentinelsAllow(const GroupSight &sight, Act act, const ServerId &candidate)
{
    const auto answering = sight.sentinels();
    if (answering.empty())
        return unknown(CheckId::ManagerAllows, candidate, whyNoSentinel(sight), Remedy::MendManager);
    std::vector<facts::Evidence> readings;
    for (const SentinelReport *one : answering) {
        const auto found = std::find_if(one->replicas.begin(), one->replicas.end(), [&](const facts::SentinelReplica &replica) { return sight.memberAt(replica.address) == candidate; });
        if (found == one->replicas.end())
            return failed(CheckId::ManagerAllows, candidate, {toldBy(*one, "member", std::string("unknown there"))}, Remedy::MendManager);
        readings.push_back(toldBy(*one, "flags", found->flags, std::string("slave")));
        if (found->flags != "slave" || (act == Act::Switchover && !found->isLinked))
            return failed(CheckId::ManagerAllows, candidate, {readings.back(), toldBy(*one, "master-link-status", std::string(found->isLinked ? "ok" : "err"))}, Remedy::MendStandby);
    }
    return passed(CheckId::ManagerAllows, candidate, std::move(readings));
}

bool isToFollow(const GroupSight &sight)
{
    const auto answering = sight.sentinels();
    const ServerId primary = sight.primary();
    if (!sight.isManaged() || !sight.isFresh(primary) || sight.facts().writable.size() != 1)
        return false;
    const auto leading = std::count_if(answering.begin(), answering.end(), [&](const SentinelReport *one) { return sight.memberAt(one->primary) == primary; });
    return static_cast<std::size_t>(leading) >= sight.majorityOfSentinels() && !stablesThatFail(sight).empty();
}

} // namespace shardlens::operate
