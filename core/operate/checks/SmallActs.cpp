// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of the smaller acts.
#include "core/facts/derive/Settings.h"
#include "core/operate/Unguarded.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>
#include <set>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::WhyUnknown;

constexpr std::uint64_t oneSegment = 16U << 20; ///< of the log

/// Those of a move's checks that a smaller act shares with it.
void addThose(Checks &to, Checks from, const std::set<CheckId> &ids)
{
    for (Check &check : from) {
        if (ids.contains(check.id))
            to.push_back(std::move(check));
    }
}

Check answersAtAll(const Sight &sight, CheckId id, const ServerId &on, Remedy remedy)
{
    if (sight.isFresh(on))
        return passed(id, on, {sight.said(on, "answers", std::string("yes"))});
    if (sight.whySilent(on).why == WhyUnknown::NotAskedYet)
        return unknown(id, on, sight.whySilent(on), Remedy::WaitForAnswers);
    return failed(id, on, {}, remedy);
}

Check standsBy(const Sight &sight, const ServerId &on)
{
    const facts::PostgresSample *sample = sight.fresh(on);
    if (!sample)
        return unknown(CheckId::TargetRole, on, sight.whySilent(on), Remedy::WaitForAnswers);
    const std::vector<facts::Evidence> reading{sight.said(on, "in_recovery", std::string(sample->inRecovery ? "yes" : "no"))};
    return sample->inRecovery ? passed(CheckId::TargetRole, on, reading) : failed(CheckId::TargetRole, on, reading, Remedy::ChooseOther);
}

Check notYet(const Sight &sight, const ServerId &on, const char *reading, const std::string &now, bool isAlready)
{
    const std::vector<facts::Evidence> said{sight.said(on, reading, now)};
    return isAlready ? failed(CheckId::NotYet, on, said, Remedy::NothingToDo) : passed(CheckId::NotYet, on, said);
}

// Routers.

const facts::RouterDatabase *databaseOf(const Sight &sight, const SmallAct &act)
{
    const facts::Observation *observation = sight.snapshot().observation(act.on);
    const facts::RouterSample *sample = observation && sight.isFresh(act.on) ? observation->router() : nullptr;
    if (!sample)
        return nullptr;
    const auto found = std::find_if(sample->databases.begin(), sample->databases.end(),
                                    [&](const facts::RouterDatabase &one) { return one.name == act.object; });
    return found == sample->databases.end() ? nullptr : &*found;
}

Check hasDatabase(const Sight &sight, const SmallAct &act, const facts::RouterDatabase *database)
{
    if (!sight.isFresh(act.on))
        return unknown(CheckId::RouterDatabase, act.on, sight.whySilent(act.on), Remedy::WaitForAnswers);
    if (!database)
        return named(failed(CheckId::RouterDatabase, act.on, {}, Remedy::MendRouter), act.object);
    return passed(CheckId::RouterDatabase, act.on, {sight.said(act.on, "leads_to", database->host + ":" + std::to_string(database->port))});
}

/// What acts on a router or a host goes by its region's guard: without it there is no way.
Check regionsGuard(const Sight &sight, const SmallAct &act)
{
    const base::RegionName region = sight.regionOf(act.on);
    const facts::GuardReport *guard = sight.guard(region);
    const bool answers = guard && guard->reach.state == facts::ReachState::Answering;
    const std::vector<facts::Evidence> reading{sight.seen("guards_answering", std::int64_t(answers ? 1 : 0), std::int64_t(1))};
    if (answers)
        return passed(CheckId::Guards, {}, reading);
    // Where none is declared this console acts by itself, as far as it gets.
    const bool needsHost = act.act == Act::PointRouter;
    if (isUnguarded(sight.fleet(), act.on) && act.act != Act::RebuildStandby && (!needsHost || sight.reachesHost(act.on))) {
        const std::string ways = std::string("the router's admin console") + (needsHost ? ", " + wayTo(sight.fleet(), act.on) : std::string());
        return named(warned(CheckId::Guards, {}, {reading.front(), sight.seen("without_guard_in_" + region.text() + "_acts_through", ways)}, Remedy::StartGuard), region.text());
    }
    if (guard && guard->reach.state == facts::ReachState::Asking)
        return named(unknown(CheckId::Guards, {}, {WhyUnknown::NotAskedYet, region.text()}, Remedy::WaitForAnswers), region.text());
    return named(failed(CheckId::Guards, {}, reading, Remedy::StartGuard), region.text());
}

Check poolsByTransaction(const Sight &sight, const SmallAct &act, const facts::RouterDatabase &database)
{
    const bool isWell = database.poolMode == "transaction" || database.poolMode == "statement";
    const std::vector<facts::Evidence> reading{sight.said(act.on, "pool_mode", database.poolMode, std::string("transaction"))};
    return isWell ? passed(CheckId::RouterMode, act.on, reading)
                  : forceable(failed(CheckId::RouterMode, act.on, reading, Remedy::UseTransactionMode));
}

/// Writes go to the one primary or nowhere. Reads do no harm anywhere, but a person may want to know.
Check leadsRight(const Sight &sight, const SmallAct &act, const facts::RouterTarget &target)
{
    const ServerId leads = act.act == Act::PointRouter ? act.to : target.leadsTo.value_or(ServerId());
    if (leads.isEmpty())
        return unknown(CheckId::LeadsRight, act.on, target.leadsTo ? sight.whySilent(act.on) : target.leadsTo.error(), Remedy::PointRouter);
    if (!target.forReads) {
        const ServerId primary = sight.primary();
        if (primary.isEmpty())
            return unknown(CheckId::LeadsRight, act.on, sight.facts().primary.error(), Remedy::WaitForAnswers);
        const std::vector<facts::Evidence> reading{sight.said(act.on, "leads_to", leads.text(), primary.text())};
        return leads == primary ? passed(CheckId::LeadsRight, act.on, reading)
                                : failed(CheckId::LeadsRight, act.on, reading,
                                         act.act == Act::PointRouter ? Remedy::PointElsewhere : Remedy::PointRouter);
    }
    const facts::PostgresSample *sample = sight.fresh(leads);
    const std::vector<facts::Evidence> reading{sight.said(act.on, "leads_to", leads.text())};
    if (!sample)
        return forceable(named(failed(CheckId::LeadsRight, act.on, reading, Remedy::PointElsewhere), leads.text()));
    const facts::StandbyLag *lag = sight.lag(leads);
    const bool isLate = sample->inRecovery && !isLive(lag);
    return isLate ? warned(CheckId::LeadsRight, act.on, reading, Remedy::MendStandby) : passed(CheckId::LeadsRight, act.on, reading);
}

Checks routerChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendRouter), regionsGuard(sight, act)};
    const facts::RouterDatabase *database = databaseOf(sight, act);
    const facts::RouterTarget &target = *targetNamed(sight, act.on, act.object);
    checks.push_back(hasDatabase(sight, act, database));
    if (!database)
        return checks;
    if (act.act == Act::PointRouter) {
        const std::string now = target.leadsTo ? target.leadsTo->text() : std::string();
        checks.push_back(notYet(sight, act.on, "leads_to", now, now == act.to.text()));
    } else {
        checks.push_back(
            notYet(sight, act.on, "state", database->paused ? "paused" : "running", database->paused == (act.act == Act::PauseRouter)));
    }
    if (act.act == Act::PauseRouter) {
        checks.push_back(poolsByTransaction(sight, act, *database));
        if (!target.forReads)
            addThose(checks, checkWrites(sight, Act::Switchover), {CheckId::LongTransaction});
        return checks;
    }
    checks.push_back(leadsRight(sight, act, target));
    if (!target.forReads)
        addThose(checks, checkRoles(sight, Act::Switchover), {CheckId::PrimaryAnswers, CheckId::OnePrimary});
    return checks;
}

// Standbys.

/// While its replay stands still it is no candidate, and reads from it grow old.
Check othersKeepUp(const Sight &sight, const ServerId &on)
{
    std::int64_t others = 0;
    for (const ServerId &id : sight.othersThan(on)) {
        const facts::PostgresSample *sample = sight.fresh(id);
        others += sample && sample->inRecovery && !sample->replayPaused && isLive(sight.lag(id)) ? 1 : 0;
    }
    const std::vector<facts::Evidence> reading{sight.seen("other_standbys_that_replay", others, std::int64_t(1))};
    return others > 0 ? passed(CheckId::Redundancy, {}, reading) : warned(CheckId::Redundancy, {}, reading, Remedy::MendStandby);
}

Checks replayChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendServer), standsBy(sight, act.on)};
    const bool isPause = act.act == Act::PauseReplay;
    if (const facts::PostgresSample *sample = sight.fresh(act.on); sample && sample->inRecovery)
        checks.push_back(notYet(sight, act.on, "replay", sample->replayPaused ? "paused" : "runs", sample->replayPaused == isPause));
    if (isPause)
        checks.push_back(othersKeepUp(sight, act.on));
    return checks;
}

/// From whom a member receives, from whom that one does, and so on.
bool receivesFrom(const Sight &sight, ServerId member, const ServerId &sender)
{
    for (std::size_t hops = 0; hops < sight.cluster().servers.size(); ++hops) {
        const facts::StandbyLag *lag = sight.lag(member);
        if (!lag || lag->upstream.isEmpty())
            return false;
        if (lag->upstream == sender)
            return true;
        member = lag->upstream;
    }
    return false;
}

facts::Known<base::Lsn> endOf(const facts::PostgresSample &sample)
{
    return sample.inRecovery ? sample.received : sample.flushed;
}

Check senderAhead(const Sight &sight, const SmallAct &act)
{
    const facts::PostgresSample *standby = sight.fresh(act.on);
    const facts::PostgresSample *sender = sight.fresh(act.to);
    if (!standby || !sender)
        return unknown(CheckId::SenderAhead, act.to, sight.whySilent(standby ? act.to : act.on), Remedy::WaitForAnswers);
    const auto has = endOf(*standby);
    const auto sends = endOf(*sender);
    if (!has || !sends || !standby->timeline || !sender->timeline)
        return unknown(CheckId::SenderAhead, act.to,
                       !sends              ? sends.error()
                       : !has              ? has.error()
                       : !sender->timeline ? sender->timeline.error()
                                           : standby->timeline.error(),
                       Remedy::GrantRight);
    const std::vector<facts::Evidence> readings{
        sight.said(act.to, "has_until", sends->toString(), has->toString()),
        sight.said(act.to, "timeline", std::int64_t(*sender->timeline), std::int64_t(*standby->timeline))};
    // Two servers are read one after the other: one that streams, and lacks what came in between, has it in a moment, and is asked until
    // then. One that stands still never has it.
    const bool isLiving = !sender->inRecovery || isLive(sight.lag(act.to));
    const std::uint64_t slack = isLiving ? oneSegment : 0;
    const bool isAhead = sends->value + slack >= has->value && *sender->timeline >= *standby->timeline;
    return isAhead ? passed(CheckId::SenderAhead, act.to, readings) : failed(CheckId::SenderAhead, act.to, readings, Remedy::PointElsewhere);
}

Check sameAsSender(const Sight &sight, const SmallAct &act)
{
    const facts::PostgresSample *standby = sight.last(act.on);
    const facts::PostgresSample *sender = sight.last(act.to);
    if (!standby || !sender)
        return unknown(CheckId::SameSystem, act.on, sight.whySilent(standby ? act.to : act.on), Remedy::WaitForAnswers);
    const std::vector<facts::Evidence> reading{
        sight.said(act.on, "system_identifier", std::to_string(standby->systemIdentifier), std::to_string(sender->systemIdentifier))};
    return standby->systemIdentifier == sender->systemIdentifier ? passed(CheckId::SameSystem, act.on, reading)
                                                                 : failed(CheckId::SameSystem, act.on, reading, Remedy::PointElsewhere);
}

Checks repointChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendServer), standsBy(sight, act.on),
                  answersAtAll(sight, CheckId::SenderAnswers, act.to, Remedy::PointElsewhere), sameAsSender(sight, act),
                  senderAhead(sight, act)};
    const facts::StandbyLag *lag = sight.lag(act.on);
    const std::string now = lag ? lag->upstream.text() : std::string();
    checks.push_back(notYet(sight, act.on, "receives_from", now, isLive(lag) && now == act.to.text()));
    const bool isBelow = receivesFrom(sight, act.to, act.on);
    const std::vector<facts::Evidence> reading{sight.said(act.to, "receives_from", std::string(isBelow ? act.on.text() : "another"))};
    checks.push_back(isBelow ? failed(CheckId::SenderApart, act.to, reading, Remedy::PointElsewhere)
                             : passed(CheckId::SenderApart, act.to, reading));
    return checks;
}

/// It must be no primary, and none that only fell silent: its data are replaced.
Check isNoPrimary(const Sight &sight, const SmallAct &act)
{
    if (sight.isFresh(act.on))
        return standsBy(sight, act.on);
    const ServerId primary = sight.primary();
    const facts::PostgresSample *leads = primary.isEmpty() || primary == act.on ? nullptr : sight.fresh(primary);
    if (!leads)
        return unknown(CheckId::TargetRole, act.on, sight.whySilent(act.on), Remedy::WaitForAnswers);
    return passed(CheckId::TargetRole, act.on, {sight.said(primary, "in_recovery", std::string(leads->inRecovery ? "yes" : "no"))});
}

/// One for the copy, one for the log that is written meanwhile.
Check sendsBackup(const Sight &sight, const SmallAct &act)
{
    const facts::PostgresSample *sender = sight.fresh(act.to);
    const auto most = wholeNumber(sight.setting(act.to, "max_wal_senders"));
    if (!sender || !most)
        return unknown(CheckId::WalSenders, act.to, sender ? facts::Unknown{WhyUnknown::NotAskedYet, "max_wal_senders"} : sight.whySilent(act.to),
                       Remedy::WaitForAnswers);
    const std::int64_t free = *most - static_cast<std::int64_t>(sender->senders.size());
    const std::vector<facts::Evidence> reading{sight.said(act.to, "free_wal_senders", free, std::int64_t(2))};
    return free >= 2 ? passed(CheckId::WalSenders, act.to, reading) : failed(CheckId::WalSenders, act.to, reading, Remedy::RaiseSetting);
}

/// The lock must hold while the standby is stopped.
Check othersHoldLock(const Sight &sight, const SmallAct &act)
{
    const auto members = static_cast<std::int64_t>(sight.cluster().servers.size());
    std::int64_t answer = 0;
    for (const ServerId &id : sight.cluster().servers)
        answer += id != act.on && sight.isFresh(id) ? 1 : 0;
    const std::vector<facts::Evidence> reading{sight.seen("others_that_answer", answer, members / 2 + 1)};
    return answer >= members / 2 + 1 ? passed(CheckId::Standbys, {}, reading) : failed(CheckId::Standbys, {}, reading, Remedy::MendServer);
}

Checks rebuildChecks(const Sight &sight, const SmallAct &asked)
{
    SmallAct act = asked;
    if (act.to.isEmpty())
        act.to = sight.primary();
    Checks checks{isNoPrimary(sight, act), regionsGuard(sight, act), othersHoldLock(sight, act), othersKeepUp(sight, act.on)};
    if (act.to.isEmpty()) {
        checks.push_back(unknown(CheckId::SenderAnswers, {}, sight.facts().primary.error(), Remedy::WaitForAnswers));
        return checks;
    }
    checks.push_back(answersAtAll(sight, CheckId::SenderAnswers, act.to, Remedy::PointElsewhere));
    checks.push_back(sendsBackup(sight, act));
    const bool isTold = !whoTellsConnection(sight, act.on).isEmpty();
    checks.push_back(isTold ? passed(CheckId::ConnectBack, act.on, {}) : failed(CheckId::ConnectBack, act.on, {}, Remedy::MendStandby));
    return checks;
}

// Slots, brakes, backends.

/// The declared member whose slot it is by its name; empty: none.
ServerId ownerOf(const Sight &sight, const SmallAct &act)
{
    for (const ServerId &id : sight.cluster().servers) {
        if (id != act.on && facts::derive::replicationName(sight.fleet(), id) == act.object)
            return id;
    }
    return {};
}

Check slotAbandoned(const Sight &sight, const SmallAct &act, const facts::SlotRow &slot)
{
    std::vector<facts::Evidence> readings;
    if (slot.retained)
        readings.push_back(sight.said(act.on, "retained", *slot.retained));
    if (!slot.physical)
        return forceable(named(failed(CheckId::SlotAbandoned, act.on, readings, Remedy::DropLogicalSlots), act.object));
    const ServerId owner = ownerOf(sight, act);
    if (owner.isEmpty())
        return passed(CheckId::SlotAbandoned, act.on, readings);
    const facts::StandbyLag *lag = sight.lag(owner);
    if (isLive(lag) && !lag->upstream.isEmpty() && lag->upstream != act.on) {
        readings.push_back(sight.said(owner, "receives_from", lag->upstream.text()));
        return passed(CheckId::SlotAbandoned, act.on, readings);
    }
    const facts::Observation *observation = sight.snapshot().observation(owner);
    if (observation && observation->sampledAt)
        readings.push_back(
            sight.seen("away_for", std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - *observation->sampledAt)));
    return forceable(named(failed(CheckId::SlotAbandoned, act.on, readings, Remedy::WaitForReturn), owner.text()));
}

Checks slotChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendServer)};
    const facts::PostgresSample *sample = sight.fresh(act.on);
    if (!sample || !sample->slots) {
        checks.push_back(
            unknown(CheckId::SlotIdle, act.on, sample ? sample->slots.error() : sight.whySilent(act.on), Remedy::WaitForAnswers));
        return checks;
    }
    const auto found =
        std::find_if(sample->slots->begin(), sample->slots->end(), [&](const facts::SlotRow &one) { return one.name == act.object; });
    if (found == sample->slots->end()) {
        checks.push_back(
            named(failed(CheckId::NotYet, act.on, {sight.said(act.on, "slot", std::string("none"))}, Remedy::NothingToDo), act.object));
        return checks;
    }
    const std::vector<facts::Evidence> reading{sight.said(act.on, "slot", std::string(found->active ? "in use" : "idle"))};
    checks.push_back(
        named(found->active ? failed(CheckId::SlotIdle, act.on, reading, Remedy::EndUser) : passed(CheckId::SlotIdle, act.on, reading),
              act.object));
    checks.push_back(slotAbandoned(sight, act, *found));
    return checks;
}

/// Lifted on the one true primary alone: no other is out of recovery, none that is silent may be, none has a newer term or timeline.
Check othersStandBy(const Sight &sight, const SmallAct &act, const facts::PostgresSample &own)
{
    std::vector<std::string> primaries;
    std::vector<std::string> silent;
    std::vector<facts::Evidence> readings;
    for (const ServerId &id : sight.cluster().servers) {
        if (id == act.on)
            continue;
        const facts::PostgresSample *sample = sight.fresh(id);
        if (!sample) {
            silent.push_back(id.text());
            continue;
        }
        const bool isNewer = (sample->term && own.term && *sample->term > *own.term) ||
                             (sample->timeline && own.timeline && *sample->timeline > *own.timeline);
        if (!sample->inRecovery || isNewer) {
            primaries.push_back(id.text());
            readings.push_back(sight.said(id, "in_recovery", std::string(sample->inRecovery ? "yes" : "no")));
            if (isNewer && sample->timeline)
                readings.push_back(sight.said(id, "timeline", std::int64_t(*sample->timeline), std::int64_t(own.timeline.value_or(0))));
        }
    }
    if (!primaries.empty())
        return named(failed(CheckId::OthersStandBy, {}, readings, Remedy::StopOldPrimary), joined(primaries));
    const auto others = static_cast<std::int64_t>(sight.cluster().servers.size()) - 1;
    readings = {sight.seen("others_that_stand_by", others - static_cast<std::int64_t>(silent.size()), others)};
    if (!silent.empty())
        return forceable(named(failed(CheckId::OthersStandBy, {}, readings, Remedy::StopOldPrimary), joined(silent)));
    return passed(CheckId::OthersStandBy, {}, readings);
}

Checks brakeChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendServer)};
    const facts::PostgresSample *sample = sight.fresh(act.on);
    if (!sample)
        return checks;
    checks.push_back(
        notYet(sight, act.on, "default_transaction_read_only", sample->readOnlyByDefault ? "on" : "off", !sample->readOnlyByDefault));
    // A standby takes no writes, with a brake or without.
    if (!sample->inRecovery)
        checks.push_back(othersStandBy(sight, act, *sample));
    return checks;
}

Checks backendChecks(const Sight &sight, const SmallAct &act)
{
    Checks checks{answersAtAll(sight, CheckId::TargetAnswers, act.on, Remedy::MendServer)};
    if (act.began.empty())
        checks.push_back(named(failed(CheckId::BackendSeen, act.on, {}, Remedy::LookAtBackend), act.object));
    else
        checks.push_back(passed(CheckId::BackendSeen, act.on, {sight.seen("pid", act.object), sight.seen("began", act.began)}));
    return checks;
}

} // namespace

const facts::RouterTarget *targetNamed(const Sight &sight, const ServerId &router, const std::string &database)
{
    const facts::RouterFacts *facts = sight.snapshot().router(router);
    if (!facts)
        return nullptr;
    const auto found = std::find_if(facts->targets.begin(), facts->targets.end(), [&](const facts::RouterTarget &one) {
        return one.cluster == sight.cluster().name && one.database == database;
    });
    return found == facts->targets.end() ? nullptr : &*found;
}

Checks checkSmall(const Sight &sight, const SmallAct &act)
{
    Checks checks;
    // A router is nobody's but ours, and a backend is ended whoever manages the cluster.
    // repmgr knows of no brake: one there is a guard's, which fences where repmgr does not.
    const bool isGuardsBrake = act.act == Act::LiftBrake && sight.cluster().manager == fleet::Manager::Repmgr;
    const bool touchesManaged = act.act >= Act::PauseReplay && act.act <= Act::LiftBrake && !isGuardsBrake;
    addThose(checks, checkRoles(sight, Act::Switchover),
             touchesManaged                      ? std::set{CheckId::ConsoleSees, CheckId::ForeignManager}
             : act.act == Act::PrepareCluster ? std::set{CheckId::ConsoleSees, CheckId::OnePrimary}
                                                 : std::set{CheckId::ConsoleSees});

    for (Check &check : checks) { // what is moved through its manager has its members' replication from there, too
        if (check.id == CheckId::ForeignManager && sight.isManaged())
            check = named(failed(CheckId::ForeignManager, {}, check.readings, Remedy::UseManager), std::string(fleet::name(sight.cluster().manager)));
    }
    const auto addMore = [&](Checks more) {
        for (Check &check : more)
            checks.push_back(std::move(check));
    };
    switch (act.act) {
    case Act::PauseRouter:
    case Act::ResumeRouter:
    case Act::PointRouter: addMore(routerChecks(sight, act)); break;
    case Act::PauseReplay:
    case Act::ResumeReplay: addMore(replayChecks(sight, act)); break;
    case Act::RepointStandby: addMore(repointChecks(sight, act)); break;
    case Act::RebuildStandby: addMore(rebuildChecks(sight, act)); break;
    case Act::DropSlot: addMore(slotChecks(sight, act)); break;
    case Act::LiftBrake: addMore(brakeChecks(sight, act)); break;
    case Act::EndBackend: addMore(backendChecks(sight, act)); break;
    case Act::PrepareCluster: addMore(checkPreparing(sight, act)); break;
    case Act::Switchover:
    case Act::Failover: break;
    }
    return checks;
}

} // namespace shardlens::operate
