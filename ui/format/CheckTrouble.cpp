// SPDX-License-Identifier: GPL-3.0-or-later
// What is so where a check does not pass: titles say what should be, these say what is.
#include "ui/format/PlanText.h"

#include "ui/format/OperateText.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using operate::CheckId;

namespace {

/// Of who leads, and of the server that would.
QString roleTrouble(CheckId id)
{
    switch (id) {
    case CheckId::ConsoleSees: return Words::tr("This console does not see enough of the fleet");
    case CheckId::PrimaryAnswers: return Words::tr("The primary does not answer");
    case CheckId::PrimaryGone: return Words::tr("The primary is not lost to everybody");
    case CheckId::OldPrimaryStopped: return Words::tr("Nothing proves that the old primary stopped");
    case CheckId::OnePrimary: return Words::tr("More than one member accepts writes");
    case CheckId::ForeignManager: return Words::tr("Another tool manages this cluster");
    case CheckId::ManagerAnswers: return Words::tr("The manager does not answer, or too little of it does");
    case CheckId::ManagerAgrees: return Words::tr("The manager names another leader, or other members");
    case CheckId::ManagerCalm: return Words::tr("The manager is paused, fails over, or has a switchover ahead");
    case CheckId::ManagerLeaves: return Words::tr("The manager may promote somebody by itself");
    case CheckId::ManagerAllows: return Words::tr("The manager would not promote the candidate");
    case CheckId::SameSystem: return Words::tr("The candidate is a copy of another cluster");
    case CheckId::SameTimeline: return Words::tr("The candidate is on another timeline");
    case CheckId::SameVersion: return Words::tr("The candidate runs another major version");
    case CheckId::RecentMove: return Words::tr("The cluster was moved just now");
    case CheckId::CandidateAnswers: return Words::tr("The candidate does not answer");
    case CheckId::NotMarked: return Words::tr("The candidate is marked: in maintenance, or in a region that is evacuated");
    case CheckId::CandidateIsStandby: return Words::tr("The candidate is no standby");
    case CheckId::CandidateAttached: return Words::tr("The candidate does not stream from this primary");
    case CheckId::NotDelayed: return Words::tr("The candidate applies the log with a delay");
    case CheckId::ReplayRuns: return Words::tr("The candidate's replay is paused");
    case CheckId::ReceiveLag: return Words::tr("The candidate has not received all");
    case CheckId::ReplayLag: return Words::tr("The candidate's replay is behind");
    case CheckId::SiblingsAhead: return Words::tr("Another standby has more than the candidate");
    case CheckId::DataLoss: return Words::tr("Acknowledged writes may be lost");
    case CheckId::CandidateBrake: return Words::tr("The candidate would refuse writes");
    case CheckId::Disk: return Words::tr("The candidate's disk is full, or has little room");
    case CheckId::CachesCompared: return Words::tr("The candidate's cache cannot be warmed");
    default: return {};
    }
}

/// Of a Redis group.
QString groupTrouble(CheckId id)
{
    switch (id) {
    case CheckId::SameHistory: return Words::tr("The candidate holds another history than the primary");
    case CheckId::OffsetLag: return Words::tr("The candidate's offset is behind");
    case CheckId::Persistence: return Words::tr("The candidate keeps less on disk than it should");
    case CheckId::Memory: return Words::tr("The candidate has less memory than the primary, or evicts otherwise");
    case CheckId::ReplicaPriority: return Words::tr("The candidate is never to be promoted");
    case CheckId::WritesRefusable: return Words::tr("The primary cannot be made to refuse writes");
    case CheckId::StableAddresses: return Words::tr("Not each stable address leads to the primary");
    case CheckId::StableSwitch: return Words::tr("Not each stable address can be led elsewhere");
    default: return {};
    }
}

/// Of what writes now, and of what would be afterwards.
QString moveTrouble(CheckId id)
{
    switch (id) {
    case CheckId::CommitsWaiting: return Words::tr("Commits wait for a synchronous standby");
    case CheckId::LongTransaction: return Words::tr("A transaction is open for long");
    case CheckId::PreparedTransactions: return Words::tr("Transactions are prepared");
    case CheckId::BaseBackup: return Words::tr("A base backup runs from the primary");
    case CheckId::ArchiveBacklog: return Words::tr("Archiving does not keep up");
    case CheckId::Brake: return Words::tr("The primary has its brake on");
    case CheckId::BrakeHolds: return Words::tr("A role or database has a setting that goes before the brake");
    case CheckId::ExpectedPause: return Words::tr("The pause of writes would be long");
    case CheckId::SyncAfter: return Words::tr("Commits would wait for a standby that is not there");
    case CheckId::SyncShrinks: return Words::tr("Commits would wait for no standby any more");
    case CheckId::WalSenders: return Words::tr("The candidate has too few wal senders");
    case CheckId::Slots: return Words::tr("The candidate has too few slots");
    case CheckId::LogicalSlots: return Words::tr("Logical slots would be lost");
    case CheckId::Subscriptions: return Words::tr("The cluster subscribes to others");
    case CheckId::FollowSettings: return Words::tr("The old primary's settings would not let it follow");
    case CheckId::Settings: return Words::tr("Settings shrink with the move");
    case CheckId::Libraries: return Words::tr("The candidate lacks libraries");
    case CheckId::Rewind: return Words::tr("The old primary could not be rewound");
    case CheckId::Hba: return Words::tr("The candidate lets others in than the primary");
    case CheckId::ConnectBack: return Words::tr("Not every region reaches the candidate");
    case CheckId::Standbys: return Words::tr("Not all other standbys can follow");
    case CheckId::Term: return Words::tr("The cluster has no term");
    case CheckId::Parts: return Words::tr("The cluster's database lacks what moves, guards or caches need");
    case CheckId::Clock: return Words::tr("The candidate's clock is behind");
    case CheckId::RoutersAnswer: return Words::tr("A router does not answer");
    case CheckId::RoutersRight: return Words::tr("A router leads elsewhere");
    case CheckId::RoutersRun: return Words::tr("A router is paused");
    case CheckId::RouterMode: return Words::tr("A router does not pool by transaction");
    case CheckId::LoginRetry: return Words::tr("A router would dial a new primary late");
    case CheckId::Guards: return Words::tr("A router's region has no guard");
    default: return {};
    }
}

} // namespace

QString checkSentence(const operate::Check &check)
{
    switch (check.verdict) {
    case operate::Verdict::Passed: return checkTitle(check.id);
    case operate::Verdict::Unknown: return Words::tr("Not known: %1").arg(checkTitle(check.id).replace(0, 1, checkTitle(check.id).at(0).toLower()));
    case operate::Verdict::Warning:
    case operate::Verdict::Failed: break;
    }
    if (check.id > CheckId::Guards)
        return smallTrouble(check.id);
    if (check.id == CheckId::OldPrimaryStopped && !check.readings.empty() && check.readings.front().reading == "turned_off_by")
        return Words::tr("The old primary's host is turned off before anything is promoted, unless it is proven stopped");
    for (const auto &troubleOf : {roleTrouble, groupTrouble, moveTrouble}) {
        if (const QString trouble = troubleOf(check.id); !trouble.isEmpty())
            return trouble;
    }
    return {};
}

} // namespace shardlens::ui::format
