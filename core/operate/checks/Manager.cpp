// SPDX-License-Identifier: GPL-3.0-or-later
// What the manager of a cluster says, where its primary is moved through that one alone.
#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::ManagerMember;
using facts::ManagerReport;
using facts::WhyUnknown;

/// Evidence that a manager told of itself, with its age.
facts::Evidence toldBy(const ManagerReport &report, std::string reading, facts::Evidence::Value value,
                       std::optional<facts::Evidence::Value> limit = std::nullopt)
{
    return {std::move(reading), std::move(value), std::move(limit), report.server, report.reach.lastAnswer};
}

facts::Unknown whyNoManager(const Sight &sight)
{
    const std::string name(fleet::name(sight.cluster().manager));
    for (const ServerId &id : sight.cluster().servers) {
        const ManagerReport *own = sight.snapshot().manager(id);
        if (own && own->reach.state == facts::ReachState::Asking)
            return {WhyUnknown::NotAskedYet, name};
    }
    return {WhyUnknown::ServerSilent, name};
}

/// A switchover is asked of the leader's own, a failover of any.
Check managerAnswers(const Sight &sight, Act act)
{
    const ManagerReport *report = sight.manager();
    const facts::Unknown why = whyNoManager(sight);
    if (!report && why.why == WhyUnknown::NotAskedYet)
        return unknown(CheckId::ManagerAnswers, {}, why, Remedy::WaitForAnswers);
    if (report && (act == Act::Failover || report->server == sight.primary()))
        return passed(CheckId::ManagerAnswers, report->server,
                      {toldBy(*report, std::string(fleet::name(sight.cluster().manager)), report->scope + " " + report->version),
                       toldBy(*report, "state", report->state)});
    const ManagerReport *own = sight.snapshot().manager(sight.primary());
    std::vector<facts::Evidence> readings;
    if (own && own->reach.lastError)
        readings.push_back(sight.seen("silence", own->reach.lastError->message));
    return failed(CheckId::ManagerAnswers, sight.primary(), std::move(readings), Remedy::MendManager);
}

/// Its members are called as their primary knows them; a name that is not ours is a server that the fleet file lacks.
Check managerAgrees(const Sight &sight, const ManagerReport &report, bool isLed)
{
    const ManagerMember *leader = report.leader();
    const std::string expected = applicationNameOf(sight.fleet(), sight.primary());
    std::vector<std::string> unknownThere;
    for (const ServerId &id : sight.cluster().servers) {
        if (!report.member(applicationNameOf(sight.fleet(), id)))
            unknownThere.push_back(id.text());
    }
    std::vector<facts::Evidence> readings{toldBy(report, "leader", leader ? leader->name : std::string("none"), expected)};
    const bool isOther = isLed ? !leader || leader->name != expected : leader && leader->name != expected;
    if (isOther)
        return failed(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::WaitForManager);
    if (leader && leader->role == ManagerMember::Role::StandbyLeader)
        return named(failed(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::UseManager), "standby_leader");
    readings.push_back(toldBy(report, "members", static_cast<std::int64_t>(report.members.size()),
                              static_cast<std::int64_t>(sight.cluster().servers.size())));
    if (!unknownThere.empty())
        return named(warned(CheckId::ManagerAgrees, {}, std::move(readings), Remedy::MendManager), joined(unknownThere));
    return passed(CheckId::ManagerAgrees, {}, std::move(readings));
}

Check managerCalm(const ManagerReport &report)
{
    if (!report.scheduledAt.empty())
        return failed(CheckId::ManagerCalm, {}, {toldBy(report, "switchover_scheduled_at", report.scheduledAt)}, Remedy::WaitForManager);
    if (report.isPaused)
        return warned(CheckId::ManagerCalm, {}, {toldBy(report, "automatic_failover", std::string("paused"))}, Remedy::ResumeManager);
    return passed(CheckId::ManagerCalm, {}, {toldBy(report, "automatic_failover", std::string("on"))});
}

/// Each repmgrd promotes for itself, and is paused for itself.
std::vector<const ManagerReport *> repmgrds(const Sight &sight)
{
    std::vector<const ManagerReport *> running;
    for (const ServerId &id : sight.cluster().servers) {
        const ManagerReport *report = sight.snapshot().manager(id);
        if (report && report->isFresh(sight.snapshot().takenAt) && report->isAutomatic)
            running.push_back(report);
    }
    return running;
}

std::vector<facts::Evidence> repmgrdReadings(const Sight &sight)
{
    std::vector<facts::Evidence> readings;
    for (const ManagerReport *one : repmgrds(sight))
        readings.push_back(toldBy(*one, "repmgrd", std::string(one->isPaused ? "paused" : "runs")));
    if (readings.empty())
        readings.push_back(sight.seen("repmgrd", std::string("runs on no member that answers")));
    return readings;
}

/// Its own switchover pauses those that run, and leaves paused who was.
Check repmgrCalm(const Sight &sight)
{
    const auto running = repmgrds(sight);
    const bool isAnyPaused = std::any_of(running.begin(), running.end(), [](const ManagerReport *one) { return one->isPaused; });
    return isAnyPaused ? warned(CheckId::ManagerCalm, {}, repmgrdReadings(sight), Remedy::ResumeManager)
                       : passed(CheckId::ManagerCalm, {}, repmgrdReadings(sight));
}

/// `standby promote` beside a repmgrd that is not paused may make two primaries: no word of a person makes that well.
Check repmgrLeaves(const Sight &sight)
{
    const auto running = repmgrds(sight);
    const bool mayAct = std::any_of(running.begin(), running.end(), [](const ManagerReport *one) { return !one->isPaused; });
    return mayAct ? failed(CheckId::ManagerLeaves, {}, repmgrdReadings(sight), Remedy::PauseManager)
                  : passed(CheckId::ManagerLeaves, {}, repmgrdReadings(sight));
}

/// Two who promote at once may promote two: ours comes only where it does not.
Check managerLeaves(const Sight &sight, const ManagerReport &report)
{
    if (report.isPaused)
        return passed(CheckId::ManagerLeaves, {}, {toldBy(report, "automatic_failover", std::string("paused"))});
    if (!report.ttl || !report.loopWait)
        return forceable(
            unknown(CheckId::ManagerLeaves, {}, report.ttl ? report.loopWait.error() : report.ttl.error(), Remedy::WaitForManager));
    const base::microseconds most = *report.ttl + 2 * *report.loopWait;
    const facts::Observation *primary = sight.snapshot().observation(sight.primary());
    const bool isSilent = primary && primary->reach.silentSince;
    const auto since = isSilent ? std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - *primary->reach.silentSince) : base::microseconds(0);
    const std::vector<facts::Evidence> readings{sight.seen("primary_silent_for", since, most),
                                                toldBy(report, "leader_key", std::string(report.isUnlocked ? "held by nobody" : "held"))};
    return report.isUnlocked && since > most ? passed(CheckId::ManagerLeaves, {}, readings)
                                             : forceable(failed(CheckId::ManagerLeaves, {}, readings, Remedy::WaitForManager));
}

} // namespace

Checks checkManager(const Sight &sight, Act act)
{
    if (!sight.isManaged())
        return {};
    Checks checks{managerAnswers(sight, act)};
    const ManagerReport *report = sight.manager();
    const bool isLed = act == Act::Switchover || isToFollow(sight);
    if (!report) {
        checks.push_back(unknown(CheckId::ManagerAgrees, {}, whyNoManager(sight), Remedy::MendManager));
        if (!isLed)
            checks.push_back(forceable(unknown(CheckId::ManagerLeaves, {}, whyNoManager(sight), Remedy::MendManager)));
        return checks;
    }
    checks.push_back(managerAgrees(sight, *report, isLed));
    if (sight.cluster().manager == fleet::Manager::Repmgr)
        checks.push_back(isLed ? repmgrCalm(sight) : repmgrLeaves(sight));
    else
        checks.push_back(isLed ? managerCalm(*report) : managerLeaves(sight, *report));
    return checks;
}

Check checkManagerAllows(const Sight &sight, const ServerId &candidate)
{
    const ManagerReport *report = sight.manager();
    if (!report)
        return unknown(CheckId::ManagerAllows, candidate, whyNoManager(sight), Remedy::MendManager);
    const ManagerMember *member = report->member(applicationNameOf(sight.fleet(), candidate));
    if (!member)
        return failed(CheckId::ManagerAllows, candidate, {toldBy(*report, "member", std::string("unknown there"))}, Remedy::MendManager);
    std::vector<facts::Evidence> readings{toldBy(*report, "state", member->state),
                                          toldBy(*report, "role", std::string(facts::name(member->role)))};
    const bool isRepmgrs = sight.cluster().manager == fleet::Manager::Repmgr;
    if (member->isBarred)
        return failed(CheckId::ManagerAllows, candidate,
                      {isRepmgrs ? toldBy(*report, "priority", std::int64_t(0)) : toldBy(*report, "tag", std::string("nofailover"))},
                      Remedy::ChooseOther);
    if (member->state != "running" && member->state != "streaming")
        return failed(CheckId::ManagerAllows, candidate, std::move(readings), Remedy::MendStandby);
    if (isRepmgrs && (!sight.reachesHost(candidate) || !sight.guard(sight.regionOf(candidate)))) // its commands run there
        return failed(CheckId::ManagerAllows, candidate, {sight.seen("host_reached", std::string("no"))}, Remedy::DeclareHost);
    if (isRepmgrs)
        return passed(CheckId::ManagerAllows, candidate, std::move(readings));
    if (report->isSynchronous && member->role != ManagerMember::Role::SyncStandby)
        return failed(CheckId::ManagerAllows, candidate, {toldBy(*report, "synchronous_mode", std::string("on")), readings[1]},
                      Remedy::ChooseOther);
    // The very number by which it refuses, which may be a loop_wait older than our own.
    if (!member->lag)
        return unknown(CheckId::ManagerAllows, candidate, member->lag.error(), Remedy::WaitForManager);
    if (report->maximumLag)
        readings.insert(readings.begin(), toldBy(*report, "behind_in_its_store", *member->lag, *report->maximumLag));
    if (report->maximumLag && *member->lag > *report->maximumLag)
        return failed(CheckId::ManagerAllows, candidate, std::move(readings), Remedy::WaitForCatchUp);
    if (member->isSparedReads)
        return warned(CheckId::ManagerAllows, candidate, {toldBy(*report, "tag", std::string("noloadbalance"))}, Remedy::ChooseOther);
    return passed(CheckId::ManagerAllows, candidate, std::move(readings));
}

bool isToFollow(const Sight &sight)
{
    const ManagerReport *report = sight.isManaged() ? sight.manager() : nullptr;
    const ManagerMember *leader = report ? report->leader() : nullptr;
    if (!leader || !sight.isFresh(sight.primary()) || sight.facts().writable.size() != 1 || leader->name != applicationNameOf(sight.fleet(), sight.primary()))
        return false;
    return std::any_of(sight.routers().begin(), sight.routers().end(), [](const RouterUse &use) { return use.writes->right && !*use.writes->right; });
}

} // namespace shardlens::operate
