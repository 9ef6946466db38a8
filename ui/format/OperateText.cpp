// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/OperateText.h"

#include "ui/format/Evidence.h"
#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using operate::CheckId;
using operate::Remedy;
using operate::StepKind;

QString checkTitle(CheckId id)
{
    switch (id) {
    case CheckId::ConsoleSees: return Words::tr("This console sees the fleet");
    case CheckId::PrimaryAnswers: return Words::tr("The primary answers");
    case CheckId::PrimaryGone: return Words::tr("The primary is dead, as others see it too");
    case CheckId::OldPrimaryStopped: return Words::tr("The old primary is proven stopped");
    case CheckId::OnePrimary: return Words::tr("No more than one member accepts writes");
    case CheckId::ForeignManager: return Words::tr("No other tool manages this cluster");
    case CheckId::ManagerAnswers: return Words::tr("The manager, through which it is moved, answers");
    case CheckId::ManagerAgrees: return Words::tr("The manager's leader is the primary");
    case CheckId::ManagerCalm: return Words::tr("The manager is not paused, and has no switchover of its own ahead");
    case CheckId::ManagerLeaves: return Words::tr("The manager promotes nobody by itself");
    case CheckId::SameSystem: return Words::tr("The candidate is a copy of this cluster");
    case CheckId::SameTimeline: return Words::tr("The candidate is on the cluster's timeline");
    case CheckId::SameVersion: return Words::tr("The candidate runs the same major version");
    case CheckId::RecentMove: return Words::tr("The cluster was not moved just now");
    case CheckId::CandidateAnswers: return Words::tr("The candidate answers");
    case CheckId::NotMarked: return Words::tr("Nobody works on the candidate, and its region is not evacuated");
    case CheckId::CandidateIsStandby: return Words::tr("The candidate is a standby");
    case CheckId::CandidateAttached: return Words::tr("The candidate streams from this very primary");
    case CheckId::NotDelayed: return Words::tr("The candidate applies the log without delay");
    case CheckId::ReplayRuns: return Words::tr("The candidate's replay runs");
    case CheckId::ReceiveLag: return Words::tr("The candidate has received nearly all");
    case CheckId::ReplayLag: return Words::tr("The candidate's replay is close behind");
    case CheckId::SiblingsAhead: return Words::tr("No other standby has more than the candidate");
    case CheckId::DataLoss: return Words::tr("Nothing that was acknowledged is lost");
    case CheckId::CandidateBrake: return Words::tr("The candidate would accept writes");
    case CheckId::Disk: return Words::tr("The candidate's disk has room");
    case CheckId::CachesCompared: return Words::tr("The candidate's cache can be warmed");
    case CheckId::SameHistory: return Words::tr("The candidate holds the primary's history");
    case CheckId::OffsetLag: return Words::tr("The candidate's offset is close behind");
    case CheckId::Persistence: return Words::tr("The candidate keeps its data on disk as the primary does");
    case CheckId::Memory: return Words::tr("The candidate's memory takes what the primary holds");
    case CheckId::ReplicaPriority: return Words::tr("The candidate may be promoted");
    case CheckId::ManagerAllows: return Words::tr("The manager would promote the candidate");
    case CheckId::CommitsWaiting: return Words::tr("No commit waits for a synchronous standby");
    case CheckId::LongTransaction: return Words::tr("No transaction is open for long");
    case CheckId::PreparedTransactions: return Words::tr("No transaction is prepared");
    case CheckId::BaseBackup: return Words::tr("No base backup runs from the primary");
    case CheckId::ArchiveBacklog: return Words::tr("Archiving keeps up");
    case CheckId::Brake: return Words::tr("The primary has no brake on");
    case CheckId::BrakeHolds: return Words::tr("No role or database has a setting that goes before the brake");
    case CheckId::WritesRefusable: return Words::tr("The primary can be made to refuse writes");
    case CheckId::ExpectedPause: return Words::tr("The pause of writes would be short");
    case CheckId::SyncAfter: return Words::tr("Commits would find their synchronous standbys");
    case CheckId::SyncShrinks: return Words::tr("The candidate would wait for standbys as the primary does");
    case CheckId::WalSenders: return Words::tr("The candidate has a wal sender for each follower");
    case CheckId::Slots: return Words::tr("The candidate has a slot for each follower");
    case CheckId::LogicalSlots: return Words::tr("No logical slot would be lost");
    case CheckId::Subscriptions: return Words::tr("The cluster subscribes to nothing");
    case CheckId::FollowSettings: return Words::tr("The old primary's settings let it follow");
    case CheckId::Settings: return Words::tr("No setting shrinks with the move");
    case CheckId::Libraries: return Words::tr("The candidate loads the same libraries");
    case CheckId::Rewind: return Words::tr("The old primary could be rewound");
    case CheckId::Hba: return Words::tr("The candidate lets in whom the primary lets in");
    case CheckId::ConnectBack: return Words::tr("Every region reaches the candidate");
    case CheckId::Standbys: return Words::tr("The other standbys can follow");
    case CheckId::Term: return Words::tr("The cluster has a term");
    case CheckId::Parts: return Words::tr("The cluster's database holds what moves, guards and caches need");
    case CheckId::Clock: return Words::tr("The candidate's clock is not behind");
    case CheckId::RoutersAnswer: return Words::tr("The routers answer");
    case CheckId::RoutersRight: return Words::tr("The routers lead to the primary");
    case CheckId::RoutersRun: return Words::tr("The routers are not paused");
    case CheckId::RouterMode: return Words::tr("The routers pool by transaction");
    case CheckId::LoginRetry: return Words::tr("The routers dial a new primary at once");
    case CheckId::StableAddresses: return Words::tr("Each stable address leads to the primary");
    case CheckId::StableSwitch: return Words::tr("Each stable address can be led elsewhere");
    case CheckId::Guards: return Words::tr("Each router's region has a guard");
    case CheckId::TargetAnswers: return Words::tr("What is acted on answers");
    case CheckId::TargetRole: return Words::tr("It is a standby");
    case CheckId::RouterDatabase: return Words::tr("The router has that database");
    case CheckId::LeadsRight: return Words::tr("The router leads to where it should");
    case CheckId::NotYet: return Words::tr("It is not so already");
    case CheckId::Redundancy: return Words::tr("Another standby keeps up meanwhile");
    case CheckId::SenderAnswers: return Words::tr("The new sender answers");
    case CheckId::SenderApart: return Words::tr("The new sender does not receive from it");
    case CheckId::SenderAhead: return Words::tr("The new sender has all that the standby has");
    case CheckId::SlotIdle: return Words::tr("Nobody uses the slot");
    case CheckId::SlotAbandoned: return Words::tr("Nobody will come back for the slot");
    case CheckId::OthersStandBy: return Words::tr("No other member is, or may be, a primary");
    case CheckId::BackendSeen: return Words::tr("The backend was looked at");
    case CheckId::MayMake: return Words::tr("Who acts may make what is missing");
    case CheckId::Installed: return Words::tr("The extensions are installed on the machine");
    }
    return {};
}

QString verdictWord(operate::Verdict verdict)
{
    switch (verdict) {
    case operate::Verdict::Passed: return Words::tr("passed");
    case operate::Verdict::Warning: return Words::tr("warning");
    case operate::Verdict::Failed: return Words::tr("failed");
    case operate::Verdict::Unknown: return Words::tr("unknown");
    }
    return {};
}

QString remedyText(Remedy remedy)
{
    switch (remedy) {
    case Remedy::None: return {};
    case Remedy::WaitForAnswers: return Words::tr("wait until it was read");
    case Remedy::LookFromElsewhere: return Words::tr("look from another machine: only this one may be cut off");
    case Remedy::UseSwitchover: return Words::tr("use a switchover, which loses nothing");
    case Remedy::UseFailover: return Words::tr("if it is dead, look at the failover");
    case Remedy::StopOldPrimary: return Words::tr("stop that server and see that no process of it is left");
    case Remedy::UseManager: return Words::tr("move it by the tool that manages it");
    case Remedy::ChooseOther: return Words::tr("choose another standby");
    case Remedy::WaitForCatchUp: return Words::tr("wait until it caught up, or choose another standby");
    case Remedy::ResumeReplay: return Words::tr("resume its replay");
    case Remedy::RemoveDelay: return Words::tr("set recovery_min_apply_delay to 0 there, or choose another standby");
    case Remedy::LiftBrake: return Words::tr("reset default_transaction_read_only there");
    case Remedy::ResetRoleSetting: return Words::tr("run that on the primary: sessions of theirs would write under the brake");
    case Remedy::FreeDisk: return Words::tr("free disk space there");
    case Remedy::EndTransactions: return Words::tr("wait for it, or end it: the move would");
    case Remedy::EndPrepared: return Words::tr("commit or roll back what is prepared");
    case Remedy::WaitForBackup: return Words::tr("wait for the backup, or begin it again afterwards");
    case Remedy::MendArchiving: return Words::tr("mend archive_command");
    case Remedy::WaitAfterMove: return Words::tr("find out why it was moved; wait, or say why it moves again");
    case Remedy::SetSyncNames: return Words::tr("set synchronous_standby_names to whom is there");
    case Remedy::RaiseSetting: return Words::tr("raise the setting to the other's value");
    case Remedy::DropLogicalSlots: return Words::tr("tell its reader: it must begin anew after the move");
    case Remedy::MoveSubscriptions: return Words::tr("see after the move that the subscription goes on");
    case Remedy::LoadLibraries: return Words::tr("add them to shared_preload_libraries there and restart it");
    case Remedy::LogHints: return Words::tr("set wal_log_hints and full_page_writes on; else it needs a new base backup to come back");
    case Remedy::OpenHba: return Words::tr("make pg_hba.conf there the same as on the primary");
    case Remedy::GrantRight: return Words::tr("grant the right; `fleet access` names the statement");
    case Remedy::MendStandby: return Words::tr("bring that standby back; without it, it stays to be done");
    case Remedy::MendLink: return Words::tr("mend the link between them");
    case Remedy::PrepareCluster: return Words::tr("prepare the cluster (shardlensctl prepare): a plan that makes what is missing");
    case Remedy::SetClock: return Words::tr("set that clock right");
    case Remedy::MendRouter: return Words::tr("bring the router back; its clients stay cut off meanwhile");
    case Remedy::PointRouter: return Words::tr("point the router to the primary");
    case Remedy::ResumeRouter: return Words::tr("resume or enable its database");
    case Remedy::UseTransactionMode: return Words::tr("set pool_mode to transaction for it");
    case Remedy::LowerLoginRetry: return Words::tr("lower server_login_retry in its file and reload");
    case Remedy::StartGuard: return Words::tr("start the region's guard");
    case Remedy::MendServer: return Words::tr("bring that server back first");
    case Remedy::NothingToDo: return Words::tr("there is nothing to do");
    case Remedy::PointElsewhere: return Words::tr("name another server");
    case Remedy::WaitForReturn: return Words::tr("wait for that standby to come back, or say why it will not");
    case Remedy::EndUser: return Words::tr("stop who uses it first");
    case Remedy::LiftMark: return Words::tr("choose another standby, or ask its owner and lift the mark");
    case Remedy::MendPersistence: return Words::tr("set appendonly or save there as on the primary");
    case Remedy::DeclareSwitch: return Words::tr("say stable_switch in the fleet file, and start that region's guard; else a person leads it meanwhile, and writes wait for them");
    case Remedy::DeclareTerm: return Words::tr("say term_key in the fleet file: without it a guard does not know an old primary by its term");
    case Remedy::PointStable: return Words::tr("lead it to the primary first");
    case Remedy::MendManager:
        return Words::tr("see why it does not answer (Patroni's REST interface; repmgr's database, and what the observer may read there), "
                         "or the names differ");
    case Remedy::WaitForManager: return Words::tr("wait for the manager to do it, or end what it has ahead");
    case Remedy::ResumeManager:
        return Words::tr("resume it (patronictl resume, repmgr service unpause): until then nobody is promoted when the primary dies");
    case Remedy::PauseManager: return Words::tr("pause it on every member (repmgr service pause), or wait until it has promoted one");
    case Remedy::DeclareHost:
        return Words::tr("declare how its host is reached (reach in [[host]]), and a guard in its region: repmgr is run there");
    case Remedy::MakeExtensions: return Words::tr("CREATE EXTENSION there, or prepare the cluster with warming (shardlensctl prepare --warm); else the move begins with a cold cache");
    case Remedy::InstallExtensions: return Words::tr("install them there: Debian's postgresql package holds them");
    case Remedy::ActAsSuperuser: return Words::tr("act as one of these (--as): the user that acts otherwise may not");
    case Remedy::ChooseNearer: return Words::tr("its lag is small, the links make it long: choose a standby nearer to the routers, or act from nearer");
    case Remedy::LookAtBackend: return Words::tr("look at it first: shardlensctl backend terminate does, and shows it");
    }
    return {};
}

QString checkEvidence(const operate::Check &check, facts::Instant now)
{
    QStringList parts;
    if (check.verdict == operate::Verdict::Unknown)
        parts << unknownText(check.why);
    for (const facts::Evidence &reading : check.readings)
        parts << evidenceText(reading, now);
    if (!check.detail.empty())
        parts << text(check.detail);
    return parts.join(QStringLiteral("; "));
}

QString stepTitle(const operate::Step &step)
{
    QStringList names;
    for (const base::ServerId &target : step.targets)
        names << text(target.text());
    const QString on = names.join(QStringLiteral(", "));
    switch (step.kind) {
    case StepKind::WarmTarget: return Words::tr("Warm the cache of %1").arg(on);
    case StepKind::ProveCatchUp: return Words::tr("See that %1 catches up").arg(on);
    case StepKind::PauseRouters: return Words::tr("Pause the routers %1").arg(on);
    case StepKind::Brake: return Words::tr("Put the brake on %1").arg(on);
    case StepKind::ClearBackends: return Words::tr("End the sessions on %1").arg(on);
    case StepKind::ReadFinal: return Words::tr("Read the final position of %1").arg(on);
    case StepKind::CatchUp: return Words::tr("Wait until %1 has replayed it all").arg(on);
    case StepKind::KillRouters: return Words::tr("Cut the routers %1 off the old primary").arg(on);
    case StepKind::Fence: return Words::tr("Stop %1 for certain").arg(on);
    case StepKind::StopReceivers: return Words::tr("Stop the receivers of %1").arg(on);
    case StepKind::ComparePositions: return Words::tr("Compare the positions of %1").arg(on);
    case StepKind::FetchLog: return Words::tr("Let %1 take the rest of the log from %2").arg(on, text(step.detail));
    case StepKind::ReplayAll: return Words::tr("Wait until %1 has replayed all it has").arg(on);
    case StepKind::Promote: return Words::tr("Promote %1").arg(on);
    case StepKind::RaiseTerm: return Words::tr("Raise the term on %1 to %2").arg(on, text(step.detail));
    case StepKind::FollowFirst: return Words::tr("Let %1 follow first").arg(on);
    case StepKind::WriteMarker: return Words::tr("Write the marker on %1").arg(on);
    case StepKind::PointRouters: return Words::tr("Point the routers %1 to the new primary").arg(on);
    case StepKind::WaitClock: return Words::tr("Wait for the clock of %1").arg(on);
    case StepKind::ResumeRouters: return Words::tr("Resume the routers %1").arg(on);
    case StepKind::ReadMarker: return step.detail.empty() ? Words::tr("Read the marker through %1").arg(on) : Words::tr("See that %2 of %1 reaches the primary").arg(on, text(step.detail));
    case StepKind::Follow: return Words::tr("Let %1 follow").arg(on);
    case StepKind::SeeFollowers: return Words::tr("See the marker on %1").arg(on);
    case StepKind::StopOld: return Words::tr("Stop %1").arg(on);
    case StepKind::RejoinOld: return Words::tr("Bring %1 back as a standby").arg(on);
    case StepKind::PointReads: return Words::tr("Point the reads of %1 to a standby").arg(on);
    case StepKind::RecordTerm: return Words::tr("Record term %2 in the directory on %1").arg(on, text(step.detail));
    case StepKind::PauseRouter: return Words::tr("Pause %2 on %1").arg(on, text(step.detail));
    case StepKind::ResumeRouter: return Words::tr("Resume %2 on %1").arg(on, text(step.detail));
    case StepKind::PointRouter: return Words::tr("Point %2 of %1").arg(on, text(step.detail));
    case StepKind::PauseReplay: return Words::tr("Pause the replay of %1").arg(on);
    case StepKind::ResumeReplay: return Words::tr("Resume the replay of %1").arg(on);
    case StepKind::Repoint: return Words::tr("Let %1 receive from %2").arg(on, text(step.detail));
    case StepKind::LeaveSender: return Words::tr("Drop the slot of %2 on %1").arg(on, text(step.detail));
    case StepKind::DropSlot: return Words::tr("Drop the slot %2 on %1").arg(on, text(step.detail));
    case StepKind::LiftBrake: return Words::tr("Lift the brake of %1").arg(on);
    case StepKind::EndBackend: return Words::tr("End the backend %2 on %1").arg(on, text(step.detail));
    case StepKind::PauseWrites: return Words::tr("Pause writes on %1").arg(on);
    case StepKind::RefuseWrites: return Words::tr("Let %1 refuse writes").arg(on);
    case StepKind::CutLinks: return Words::tr("Cut the links of %1").arg(on);
    case StepKind::CompareOffsets: return Words::tr("Compare the offsets of %1").arg(on);
    case StepKind::PointStables: return Words::tr("Lead %1 to %2").arg(on, text(step.detail));
    case StepKind::DemoteOld: return Words::tr("Make %1 a replica of %2").arg(on, text(step.detail));
    case StepKind::TakeWrites: return Words::tr("Let %1 take writes").arg(on);
    case StepKind::KeepRoles: return Words::tr("Keep the roles in the files of %1").arg(on);
    case StepKind::ManagerSwitches: return Words::tr("Let the manager switch from %2 to %1").arg(on, text(step.detail));
    case StepKind::ManagerPromotes: return Words::tr("Let the manager promote %1").arg(on);
    case StepKind::ManagerLed: return Words::tr("See that the manager has promoted %1").arg(on);
    case StepKind::PreferCandidate: return Words::tr("Let the Sentinels prefer %1").arg(text(step.detail));
    case StepKind::SeeManager: return Words::tr("See that all Sentinels lead to %1").arg(on);
    case StepKind::RehearseRepmgr: return Words::tr("Let repmgr rehearse the switch to %1").arg(on);
    case StepKind::SeeRepmgr: return Words::tr("See that repmgr, on the host of %1, has ended well").arg(on);
    case StepKind::RestorePriorities: return Words::tr("Put the priorities of %1 back").arg(on);
    case StepKind::HoldOld: return Words::tr("Keep %1 stopped, as a standby").arg(on);
    case StepKind::CopyData: return Words::tr("Copy the data of %2 for %1").arg(on, text(step.detail));
    case StepKind::StopStandby: return Words::tr("Stop %1").arg(on);
    case StepKind::ExchangeData: return Words::tr("Start %1 with the copy").arg(on);
    case StepKind::DropReplaced: return Words::tr("Remove the old data of %1").arg(on);
    case StepKind::MakePart: return Words::tr("Make the %2 on %1").arg(on, text(step.detail));
    case StepKind::GrantRights: return Words::tr("Give %2 its rights on %1").arg(on, text(step.detail));
    case StepKind::Stonith: return Words::tr("Turn off %2, the host of %1, unless %1 was proven stopped").arg(on, text(step.detail));
    case StepKind::PointLater: return Words::tr("Point %1 to the new primary once it answers").arg(on);
    }
    return {};
}

QString stepWhy(StepKind kind)
{
    switch (kind) {
    case StepKind::WarmTarget: return Words::tr("What the primary holds in its cache and it does not is read there now, not by the first who wait. It goes on after a minute in any case.");
    case StepKind::ProveCatchUp: return Words::tr("A candidate that cannot catch up is found before anybody waits.");
    case StepKind::PauseRouters: return Words::tr("Transactions wait instead of failing; all routers at once, so that none goes on alone.");
    case StepKind::Brake: return Words::tr("Sessions that begin from now on write nothing. It only asks them: what holds is the next step and the stop.");
    case StepKind::ClearBackends: return Words::tr("A session that is already open could still write.");
    case StepKind::ReadFinal: return Words::tr("After the last writer is gone, this is the exact end of what was acknowledged.");
    case StepKind::CatchUp: return Words::tr("Nothing is lost only if the candidate has that very position.");
    case StepKind::KillRouters: return Words::tr("A frozen primary that thaws must not find its old connections; their COMMIT fails.");
    case StepKind::Fence: return Words::tr("Two primaries would lose more than the failure did.");
    case StepKind::StopReceivers: return Words::tr("Positions are compared only when nothing can arrive any more.");
    case StepKind::ComparePositions: return Words::tr("The one with the most log loses the least.");
    case StepKind::FetchLog: return Words::tr("The other standby holds acknowledged commits that the candidate lacks.");
    case StepKind::ReplayAll: return Words::tr("A promotion ends the replay: all that was received comes first.");
    case StepKind::Promote: return Words::tr("From the sending of this command the old primary is not let go again.");
    case StepKind::RaiseTerm: return Words::tr("What carries an older term is out of date from now on.");
    case StepKind::FollowFirst: return Words::tr("Without it every commit would wait for a synchronous standby.");
    case StepKind::WriteMarker: return Words::tr("A row that only the new primary has proves where a router leads.");
    case StepKind::PointRouters: return Words::tr("Shown by the router itself: RELOAD answers success on a broken file, too.");
    case StepKind::WaitClock: return Words::tr("IDs are minted from the clock: one that is behind would mint the same again.");
    case StepKind::ResumeRouters: return Words::tr("Writes go on.");
    case StepKind::ReadMarker: return Words::tr("As the application: the proof that clients reach the new primary.");
    case StepKind::Follow: return Words::tr("It must never have more than the new primary: what the old one writes at its end would part them.");
    case StepKind::SeeFollowers: return Words::tr("The row proves that they follow; a command's answer does not.");
    case StepKind::StopOld: return Words::tr("The brake is no fence: only a stopped server writes nothing.");
    case StepKind::RejoinOld: return Words::tr("It comes back as a standby, never writable; rewound only if its log went further.");
    case StepKind::PointReads: return Words::tr("Each region reads from its own standby again.");
    case StepKind::RecordTerm: return Words::tr("The directory's twin of the term; the move does not wait for it.");
    case StepKind::PauseRouter: return Words::tr("Transactions wait until it is resumed; none fails.");
    case StepKind::ResumeRouter: return Words::tr("What waited goes on, to the one primary that was seen.");
    case StepKind::PointRouter: return Words::tr("Shown by the router itself: RELOAD answers success on a broken file, too.");
    case StepKind::PauseReplay: return Words::tr("It goes on receiving, and shows what was so when it stopped.");
    case StepKind::ResumeReplay: return Words::tr("It replays what it has received meanwhile.");
    case StepKind::Repoint: return Words::tr("It goes on from where it is: the new sender has all of that.");
    case StepKind::LeaveSender: return Words::tr("A slot that nobody uses keeps the log until the disk is full.");
    case StepKind::DropSlot: return Words::tr("The server may remove the log that it kept; a slot that is gone cannot be given back.");
    case StepKind::LiftBrake: return Words::tr("New sessions write again; every other member was seen to stand by.");
    case StepKind::EndBackend: return Words::tr("Its transaction is rolled back, and who waits for it goes on.");
    case StepKind::PauseWrites: return Words::tr("Writes wait instead of failing, and end waiting by themselves; the candidate has all that was written before.");
    case StepKind::RefuseWrites: return Words::tr("A pause runs out, this does not: from here on the old primary acknowledges nothing, and its offset is final.");
    case StepKind::CutLinks: return Words::tr("Offsets are compared only when nothing can arrive any more.");
    case StepKind::CompareOffsets: return Words::tr("The one with the highest offset loses the least.");
    case StepKind::PointStables: return Words::tr("Writes go on; the marker read through each address proves where it leads.");
    case StepKind::DemoteOld: return Words::tr("It comes back as a replica before its pause ends, and who waited there dials anew.");
    case StepKind::TakeWrites: return Words::tr("Its file lets it refuse them until every stable address leads to it: no two take writes, whoever is started again.");
    case StepKind::KeepRoles: return Words::tr("A server that is started again has the role that its file says.");
    case StepKind::ManagerSwitches:
        return Words::tr("It lets the candidate lead, which has all that the old primary acknowledged. Its own switchover sees to its "
                         "automatic failover: it alone changes who leads.");
    case StepKind::ManagerPromotes: return Words::tr("It was seen not to do so by itself; it alone changes who leads.");
    case StepKind::ManagerLed: return Words::tr("It did so by itself: from here on routers or stable addresses, and the term, only follow.");
    case StepKind::PreferCandidate: return Words::tr("They promote the replica with the lowest priority, by what they read up to 10 s ago: this comes before anybody waits.");
    case StepKind::RehearseRepmgr: return Words::tr("What it would refuse is known before anybody waits, and nothing was touched.");
    case StepKind::SeeRepmgr:
        return Words::tr(
            "It goes on after the promotion, with the old primary and the other standbys, and tells only at its end what it could not do.");
    case StepKind::SeeManager: return Words::tr("One that knows of no move would make the new primary a replica again.");
    case StepKind::RestorePriorities: return Words::tr("Whom they promote next is as it was; their own writing into the files is mended with it.");
    case StepKind::HoldOld: return Words::tr("A rewind that broke off leaves data that are good for nothing: whoever starts them, they take no writes.");
    case StepKind::CopyData: return Words::tr("Beside the old data: until the copy is whole, nothing is given up.");
    case StepKind::StopStandby: return Words::tr("Data are exchanged under no running server; it was seen to be no primary.");
    case StepKind::ExchangeData: return Words::tr("The old data stay beside it until it streams; what fails is put back.");
    case StepKind::DropReplaced: return Words::tr("It streams with the new ones: nobody needs the old.");
    case StepKind::MakePart: return Words::tr("It is missing. It bears this operation's name, so that taking it back drops nothing else.");
    case StepKind::GrantRights: return Words::tr("No more than it lacks of what the fleet file's role needs.");
    case StepKind::Stonith: return Words::tr("A machine that is off takes no writes. Where the command does not say that it is, nothing is promoted.");
    case StepKind::PointLater: return Words::tr("It does not answer, and nothing waits for it. Until it is pointed it leads to the old primary.");
    }
    return {};
}

QString stepWhy(const operate::Step &step)
{
    if (step.insteadOf == 0)
        return stepWhy(step.kind);
    const QString why = step.kind == StepKind::ExchangeData ? Words::tr("With a slot from where the copy began.") : stepWhy(step.kind);
    return Words::tr("Only where step %1 does not do it.").arg(step.insteadOf) + QLatin1Char(' ') + why;
}

QString commandPlace(const operate::Command &command)
{
    const QString on = text(command.on.text());
    switch (command.by) {
    case operate::By::Sql: return Words::tr("SQL on %1, database %2").arg(on, text(command.database));
    case operate::By::Router: return Words::tr("admin console of %1").arg(on);
    case operate::By::Host: return Words::tr("on the host of %1").arg(on);
    case operate::By::Hand: return Words::tr("by hand on the host of %1").arg(on);
    case operate::By::Stonith: return command.onlyAsks ? Words::tr("whether %1 answers").arg(on) : Words::tr("here, to turn off the host of %1").arg(on);
    case operate::By::Redis: return Words::tr("Redis on %1").arg(on);
    case operate::By::Manager:
        if (!command.text.starts_with("SENTINEL "))
            return command.deed                          ? Words::tr("repmgr on the host of %1").arg(on)
                   : command.text.starts_with("SELECT ") ? Words::tr("repmgr's tables on %1").arg(on)
                                                         : Words::tr("Patroni of %1").arg(on);
        return on.contains(QLatin1Char(':')) ? Words::tr("Sentinel at %1").arg(on) : Words::tr("all Sentinels, about %1").arg(on);
    }
    return {};
}

QString readyWord(operate::Ready ready)
{
    switch (ready) {
    case operate::Ready::Ready: return Words::tr("ready");
    case operate::Ready::Warnings: return Words::tr("ready with warnings");
    case operate::Ready::NotReady: return Words::tr("not ready");
    }
    return {};
}

QString rankingText(operate::Ranking ranking)
{
    switch (ranking) {
    case operate::Ranking::Only: return Words::tr("no other is eligible");
    case operate::Ranking::Asked: return Words::tr("it was asked for");
    case operate::Ranking::InSync: return Words::tr("the primary waits for it at each commit");
    case operate::Ranking::MostLog: return Words::tr("it received the most");
    case operate::Ranking::Home: return Words::tr("it stands in the home region");
    case operate::Ranking::LeastLag: return Words::tr("it is the least behind");
    case operate::Ranking::FileOrder: return Words::tr("alike, and named first in the fleet file");
    }
    return {};
}

QString pauseText(const operate::PauseEstimate &pause)
{
    if (pause.isManagers)
        return Words::tr("as long as its manager takes");
    if (!pause.expected)
        return unknownText(pause.expected.error());
    if (pause.pastRuns == 0)
        return Words::tr("about %1 (from the present lag and links; no past run)").arg(duration(*pause.expected));
    if (!pause.pastMedian || !pause.pastWorst)
        return Words::tr("about %1 (from the present lag and links, and past runs: %2)").arg(duration(*pause.expected)).arg(pause.pastRuns);
    const QString past = pause.pastAreOthers ? Words::tr("past runs of others between these regions: median %1, worst %2 of %3; none of its own") : Words::tr("past runs: median %1, worst %2 of %3");
    return Words::tr("about %1 (from the present lag and links, and %2)").arg(duration(*pause.expected), past.arg(duration(*pause.pastMedian), duration(*pause.pastWorst)).arg(pause.pastRuns));
}

QString lossText(const operate::LossWindow &loss)
{
    if (!loss.atLeast)
        return unknownText(loss.atLeast.error());
    QString words = !loss.readBy.empty() ? Words::tr("exactly %1 of log, whose end the %2 has read").arg(bytes(*loss.atLeast), text(loss.readBy))
                    : loss.atMost ? Words::tr("%1 to about %2 of log").arg(bytes(*loss.atLeast), bytes(*loss.atMost))
                                : Words::tr("at least %1 of log; at most: %2").arg(bytes(*loss.atLeast), unknownText(loss.atMost.error()));
    if (loss.since)
        words += Words::tr(", the commits of at most %1").arg(duration(*loss.since));
    return words;
}

QString sentinelsText(const operate::SentinelSum &sum)
{
    QStringList parts{Words::tr("%1 of %2 Sentinels answer").arg(sum.answering).arg(sum.declared)};
    if (sum.doAgree())
        parts << Words::tr("all lead to %1").arg(text(sum.leadTo.front().first));
    for (const auto &[who, count] : sum.leadTo) {
        if (!sum.doAgree())
            parts << Words::tr("%1 lead to %2").arg(count).arg(text(who));
    }
    if (sum.isFailingOver)
        parts << Words::tr("one fails over now");
    if (sum.answering > 0)
        parts << (sum.hasQuorum ? Words::tr("quorum %1").arg(sum.quorum) : Words::tr("too few for a failover (quorum %1, majority %2)").arg(sum.quorum).arg(sum.majority));
    return parts.join(QStringLiteral(", "));
}

QString sentinelsShort(const operate::SentinelSum &sum)
{
    const QString count = Words::tr("%1 of %2").arg(sum.answering).arg(sum.declared);
    if (sum.isFailingOver)
        return Words::tr("%1, failing over").arg(count);
    if (sum.leadTo.size() > 1)
        return Words::tr("%1, they disagree").arg(count);
    return sum.answering > 0 && !sum.hasQuorum ? Words::tr("%1, too few").arg(count) : count;
}

} // namespace shardlens::ui::format
