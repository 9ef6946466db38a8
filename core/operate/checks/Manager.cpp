// SPDX-License-Identifier: GPL-3.0-or-later
// What the manager of a cluster says, where its primary is moved through that one alone.
#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::PatroniMember;
using facts::PatroniReport;
using facts::WhyUnknown;

/// Evidence that a Patroni told of itself, with its age.
facts::Evidence toldBy(const PatroniReport &patroni, std::string reading, facts::Evidence::Value value, std::optional<facts::Evidence::Value> limit = std::nullopt)
{
    return {std::move(reading), std::move(value), std::move(limit), patroni.server, patroni.reach.lastAnswer};
}

facts::Unknown whyNoPatroni(const Sight &sight)
{
    for (const ServerId &id : sight.cluster().servers) {
        const PatroniReport *report = sight.snapshot().patroni(id);
        if (report && report->reach.state == facts::ReachState::Asking)
            return {WhyUnknown::NotAskedYet, "patroni"};
    }
    return {WhyUnknown::ServerSilent, "patroni"};
}

/// A switchover is asked of the leader's own, a failover of any.
Check managerAnswers(const Sight &sight, Act act)
{
    const PatroniReport *patroni = sight.patroni();
    const facts::Unknown why = whyNoPatroni(sight);
    if (!patroni && why.why == WhyUnknown::NotAskedYet)
        return unknown(CheckId::ManagerAnswers, {}, why, Remedy::WaitForAnswers);
    if (patroni && (act == Act::Failover || patroni->server == sight.primary()))
        return passed(CheckId::ManagerAnswers, patroni->server, {toldBy(*patroni, "patroni", patroni->scope + " " + patroni->version), toldBy(*patroni, "state", patroni->state)});
    const PatroniReport *own = sight.snapshot().patroni(sight.primary());
    std::vector<facts::Evidence> readings;
    if (own && own->reach.lastError)
        readings.push_back(sight.seen("silence", own->reach.lastError->message));
    return failed(CheckId::ManagerAnswers, sight.primary(), std::move(readings), Remedy::MendManager);
}

/// Its members are called as their primary knows them; a name that is not ours is a server that the fleet file lacks.
Check managerAgrees(const Sight &sight, const PatroniReport &patroni, bool isLed)
{
    const PatroniMember *leader = patroni.leader();
    const std::string expected = applicationNameOf(sight.fleet(), sight.primary());
    std::vector<std::string> unknownThere;
    for (const ServerId &id : sight.cluster().servers) {
        if (!patroni.member(applicationNameOf(sight.fleet(), id)))
            unknownThere.push_back(id.text());
    }
    std::vector<facts::Evidence> readings{toldBy(patroni, "leader", leader ? leader->name : std::string("none"), expected)};
    const bool isOther = isLed ? !leader || leader->name != expected : leader && leader->name != expected;
    if (isOther)
        return failed(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::WaitForManager);
    if (leader && leader->role == PatroniMember::Role::StandbyLeader)
        return named(failed(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::UseManager), "standby_leader");
    readings.push_back(toldBy(patroni, "members", static_cast<std::int64_t>(patroni.members.size()), static_cast<std::int64_t>(sight.cluster().servers.size())));
    if (!unknownThere.empty())
        return named(warned(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::MendManager), joined(unknownThere));
    return passed(CheckId::ManagerAgrees, {}, std::move(readings));
}

Check managerCalm(const PatroniReport &patroni)
{
    if (!patroni.scheduledAt.empty())
        return failed(CheckId::ManagerCalm, {}, {toldBy(patroni, "switchover_scheduled_at", patroni.scheduledAt)}, Remedy::WaitForManager);
    if (patroni.isPaused)
        return warned(CheckId::ManagerCalm, {}, {toldBy(patroni, "automatic_failover", std::string("paused"))}, Remedy::ResumeManager);
    return passed(CheckId::ManagerCalm, {}, {toldBy(patroni, "automatic_failover", std::string("on"))});
}

/// Two who promote at once may promote two: ours comes only where it does not.
Check managerLeaves(const Sight &sight, const PatroniReport &patroni)
{
    if (patroni.isPaused)
        return passed(CheckId::ManagerLeaves, {}, {toldBy(patroni, "automatic_failover", std::string("paused"))});
    if (!patroni.ttl || !patroni.loopWait)
        return forceable(unknown(CheckId::ManagerLeaves, {}, patroni.ttl ? patroni.loopWait.error() : patroni.ttl.error(), Remedy::WaitForManager));
    const base::microseconds most = *patroni.ttl + 2 * *patroni.loopWait;
    const facts::Observation *primary = sight.snapshot().observation(sight.primary());
    const bool isSilent = primary && primary->reach.silentSince;
    const auto since = isSilent ? std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - *primary->reach.silentSince) : base::microseconds(0);
    const std::vector<facts::Evidence> readings{sight.seen("primary_silent_for", since, most), toldBy(patroni, "leader_key", std::string(patroni.isUnlocked ? "held by nobody" : "held"))};
    return patroni.isUnlocked && since > most ? passed(CheckId::ManagerLeaves, {}, readings) : forceable(failed(CheckId::ManagerLeaves, {}, readings, Remedy::WaitForManager));
}

} // namespace

Checks checkManager(const Sight &sight, Act act)
{
    if (!sight.isManaged())
        return {};
    Checks checks{managerAnswers(sight, act)};
    const PatroniReport *patroni = sight.patroni();
    const bool isLed = act == Act::Switchover || isToFollow(sight);
    if (!patroni) {
        checks.push_back(unknown(CheckId::ManagerAgrees, {}, whyNoPatroni(sight), Remedy::MendManager));
        if (!isLed)
            checks.push_back(forceable(unknown(CheckId::ManagerLeaves, {}, whyNoPatroni(sight), Remedy::MendManager)));
        return checks;
    }
    checks.push_back(managerAgrees(sight, *patroni, isLed));
    checks.push_back(isLed ? managerCalm(*patroni) : managerLeaves(sight, *patroni));
    return checks;
}

Check checkManagerAllows(const Sight &sight, const ServerId &candidate)
{
    const PatroniReport *patroni = sight.patroni();
    if (!patroni)
        return unknown(CheckId::ManagerAllows, candidate, whyNoPatroni(sight), Remedy::MendManager);
    const PatroniMember *member = patroni->member(applicationNameOf(sight.fleet(), candidate));
    if (!member)
        return failed(CheckId::ManagerAllows, candidate, {toldBy(*patroni, "member", std::string("unknown there"))}, Remedy::MendManager);
    std::vector<facts::Evidence> readings{toldBy(*patroni, "state", member->state), toldBy(*patroni, "role", std::string(facts::name(member->role)))};
    if (member->isBarred)
        return failed(CheckId::ManagerAllows, candidate, {toldBy(*patroni, "tag", std::string("nofailover"))}, Remedy::ChooseOther);
    if (member->state != "running" && member->state != "streaming")
        return failed(CheckId::ManagerAllows, candidate, std::move(readings), Remedy::MendStandby);
    if (patroni->isSynchronous && member->role != PatroniMember::Role::SyncStandby)
        return failed(CheckId::ManagerAllows, candidate, {toldBy(*patroni, "synchronous_mode", std::string("on")), readings[1]}, Remedy::ChooseOther);
    // The very number by which it refuses, which may be a loop_wait older than our own.
    if (!member->lag)
        return unknown(CheckId::ManagerAllows, candidate, member->lag.error(), Remedy::WaitForManager);
    if (patroni->maximumLag)
        readings.insert(readings.begin(), toldBy(*patroni, "behind_in_its_store", *member->lag, *patroni->maximumLag));
    if (patroni->maximumLag && *member->lag > *patroni->maximumLag)
        return failed(CheckId::ManagerAllows, candidate, std::move(readings), Remedy::WaitForCatchUp);
    if (member->isSparedReads)
        return warned(CheckId::ManagerAllows, candidate, {toldBy(*patroni, "tag", std::string("noloadbalance"))}, Remedy::ChooseOther);
    return passed(CheckId::ManagerAllows, candidate, std::move(readings));
}

bool isToFollow(const Sight &sight)
{
    const PatroniReport *patroni = sight.isManaged() ? sight.patroni() : nullptr;
    const PatroniMember *leader = patroni ? patroni->leader() : nullptr;
    if (!leader || !sight.isFresh(sight.primary()) || sight.facts().writable.size() != 1 || leader->name != applicationNameOf(sight.fleet(), sight.primary()))
        return false;
    return std::any_of(sight.routers().begin(), sight.routers().end(), [](const RouterUse &use) { return use.writes->right && !*use.writes->right; });
}

} // namespace shardlens::operate
