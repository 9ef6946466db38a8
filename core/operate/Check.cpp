// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Check.h"

namespace shardlens::operate {

bool mustBeKnown(CheckId id)
{
    switch (id) {
    case CheckId::PrimaryAnswers:
    case CheckId::CandidateAnswers:
    case CheckId::RoutersAnswer:
    case CheckId::PrimaryGone:
    case CheckId::OldPrimaryStopped:
    case CheckId::OnePrimary:
    case CheckId::ManagerAnswers:
    case CheckId::ManagerAgrees:
    case CheckId::ManagerLeaves:
    case CheckId::ManagerAllows:
    case CheckId::SameSystem:
    case CheckId::SameTimeline:
    case CheckId::CandidateIsStandby:
    case CheckId::CandidateAttached:
    case CheckId::ReplayLag:
    case CheckId::SameHistory:
    case CheckId::OffsetLag:
    case CheckId::WritesRefusable:
    case CheckId::BrakeHolds:
    case CheckId::TargetAnswers:
    case CheckId::TargetRole:
    case CheckId::MayMake:
    case CheckId::RouterDatabase:
    case CheckId::SenderAnswers:
    case CheckId::SenderApart:
    case CheckId::SenderAhead:
    case CheckId::SlotIdle:
    case CheckId::OthersStandBy:
    case CheckId::LeadsRight:
    case CheckId::RoutersRight: return true;
    default: return false;
    }
}

bool isBlocking(const Check &check)
{
    return check.verdict == Verdict::Failed || (check.verdict == Verdict::Unknown && mustBeKnown(check.id));
}

Topic topicOf(CheckId id)
{
    if (id < CheckId::CandidateAnswers)
        return Topic::Roles;
    if (id < CheckId::CommitsWaiting)
        return Topic::Candidate;
    if (id < CheckId::SyncAfter)
        return Topic::Writes;
    if (id < CheckId::RoutersAnswer)
        return Topic::After;
    return id < CheckId::TargetAnswers ? Topic::Routers : Topic::Target;
}

std::string_view name(CheckId id)
{
    switch (id) {
    case CheckId::ConsoleSees: return "console_sees";
    case CheckId::PrimaryAnswers: return "primary_answers";
    case CheckId::PrimaryGone: return "primary_gone";
    case CheckId::OldPrimaryStopped: return "old_primary_stopped";
    case CheckId::OnePrimary: return "one_primary";
    case CheckId::ForeignManager: return "foreign_manager";
    case CheckId::ManagerAnswers: return "manager_answers";
    case CheckId::ManagerAgrees: return "manager_agrees";
    case CheckId::ManagerCalm: return "manager_calm";
    case CheckId::ManagerLeaves: return "manager_leaves";
    case CheckId::SameSystem: return "same_system";
    case CheckId::SameTimeline: return "same_timeline";
    case CheckId::SameVersion: return "same_version";
    case CheckId::RecentMove: return "recent_move";
    case CheckId::CandidateAnswers: return "candidate_answers";
    case CheckId::NotMarked: return "not_marked";
    case CheckId::CandidateIsStandby: return "candidate_is_standby";
    case CheckId::CandidateAttached: return "candidate_attached";
    case CheckId::NotDelayed: return "not_delayed";
    case CheckId::ReplayRuns: return "replay_runs";
    case CheckId::ReceiveLag: return "receive_lag";
    case CheckId::ReplayLag: return "replay_lag";
    case CheckId::SiblingsAhead: return "siblings_ahead";
    case CheckId::DataLoss: return "data_loss";
    case CheckId::CandidateBrake: return "candidate_brake";
    case CheckId::Disk: return "disk";
    case CheckId::CachesCompared: return "caches_compared";
    case CheckId::SameHistory: return "same_history";
    case CheckId::OffsetLag: return "offset_lag";
    case CheckId::Persistence: return "persistence";
    case CheckId::Memory: return "memory";
    case CheckId::ReplicaPriority: return "replica_priority";
    case CheckId::ManagerAllows: return "manager_allows";
    case CheckId::CommitsWaiting: return "commits_waiting";
    case CheckId::LongTransaction: return "long_transaction";
    case CheckId::PreparedTransactions: return "prepared_transactions";
    case CheckId::BaseBackup: return "base_backup";
    case CheckId::ArchiveBacklog: return "archive_backlog";
    case CheckId::Brake: return "brake";
    case CheckId::BrakeHolds: return "brake_holds";
    case CheckId::WritesRefusable: return "writes_refusable";
    case CheckId::ExpectedPause: return "expected_pause";
    case CheckId::SyncAfter: return "sync_after";
    case CheckId::SyncShrinks: return "sync_shrinks";
    case CheckId::WalSenders: return "wal_senders";
    case CheckId::Slots: return "slots";
    case CheckId::LogicalSlots: return "logical_slots";
    case CheckId::Subscriptions: return "subscriptions";
    case CheckId::FollowSettings: return "follow_settings";
    case CheckId::Settings: return "settings";
    case CheckId::Libraries: return "libraries";
    case CheckId::Rewind: return "rewind";
    case CheckId::Hba: return "hba";
    case CheckId::ConnectBack: return "connect_back";
    case CheckId::Standbys: return "standbys";
    case CheckId::Term: return "term";
    case CheckId::Parts: return "parts";
    case CheckId::Clock: return "clock";
    case CheckId::RoutersAnswer: return "routers_answer";
    case CheckId::RoutersRight: return "routers_right";
    case CheckId::RoutersRun: return "routers_run";
    case CheckId::RouterMode: return "router_mode";
    case CheckId::LoginRetry: return "login_retry";
    case CheckId::StableAddresses: return "stable_addresses";
    case CheckId::StableSwitch: return "stable_switch";
    case CheckId::Guards: return "guards";
    case CheckId::TargetAnswers: return "target_answers";
    case CheckId::TargetRole: return "target_role";
    case CheckId::RouterDatabase: return "router_database";
    case CheckId::LeadsRight: return "leads_right";
    case CheckId::NotYet: return "not_yet";
    case CheckId::Redundancy: return "redundancy";
    case CheckId::SenderAnswers: return "sender_answers";
    case CheckId::SenderApart: return "sender_apart";
    case CheckId::SenderAhead: return "sender_ahead";
    case CheckId::SlotIdle: return "slot_idle";
    case CheckId::SlotAbandoned: return "slot_abandoned";
    case CheckId::OthersStandBy: return "others_stand_by";
    case CheckId::BackendSeen: return "backend_seen";
    case CheckId::MayMake: return "may_make";
    case CheckId::Installed: return "installed";
    }
    return "";
}

std::optional<CheckId> checkNamed(std::string_view text)
{
    for (int i = 0; i <= static_cast<int>(lastCheck); ++i) {
        if (name(static_cast<CheckId>(i)) == text)
            return static_cast<CheckId>(i);
    }
    return std::nullopt;
}

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed: return "passed";
    case Verdict::Warning: return "warning";
    case Verdict::Failed: return "failed";
    case Verdict::Unknown: return "unknown";
    }
    return "";
}

std::string_view name(Topic topic)
{
    switch (topic) {
    case Topic::Roles: return "roles";
    case Topic::Candidate: return "candidate";
    case Topic::Writes: return "writes";
    case Topic::After: return "after";
    case Topic::Routers: return "routers";
    case Topic::Target: return "target";
    }
    return "";
}

std::string_view name(Remedy remedy)
{
    switch (remedy) {
    case Remedy::None: return "none";
    case Remedy::WaitForAnswers: return "wait_for_answers";
    case Remedy::LookFromElsewhere: return "look_from_elsewhere";
    case Remedy::UseSwitchover: return "use_switchover";
    case Remedy::UseFailover: return "use_failover";
    case Remedy::StopOldPrimary: return "stop_old_primary";
    case Remedy::UseManager: return "use_manager";
    case Remedy::ChooseOther: return "choose_other";
    case Remedy::WaitForCatchUp: return "wait_for_catch_up";
    case Remedy::ResumeReplay: return "resume_replay";
    case Remedy::RemoveDelay: return "remove_delay";
    case Remedy::LiftBrake: return "lift_brake";
    case Remedy::FreeDisk: return "free_disk";
    case Remedy::EndTransactions: return "end_transactions";
    case Remedy::EndPrepared: return "end_prepared";
    case Remedy::WaitForBackup: return "wait_for_backup";
    case Remedy::MendArchiving: return "mend_archiving";
    case Remedy::WaitAfterMove: return "wait_after_move";
    case Remedy::SetSyncNames: return "set_sync_names";
    case Remedy::RaiseSetting: return "raise_setting";
    case Remedy::DropLogicalSlots: return "drop_logical_slots";
    case Remedy::MoveSubscriptions: return "move_subscriptions";
    case Remedy::LoadLibraries: return "load_libraries";
    case Remedy::LogHints: return "log_hints";
    case Remedy::OpenHba: return "open_hba";
    case Remedy::GrantRight: return "grant_right";
    case Remedy::MendStandby: return "mend_standby";
    case Remedy::MendLink: return "mend_link";
    case Remedy::PrepareCluster: return "prepare_cluster";
    case Remedy::SetClock: return "set_clock";
    case Remedy::MendRouter: return "mend_router";
    case Remedy::PointRouter: return "point_router";
    case Remedy::ResumeRouter: return "resume_router";
    case Remedy::UseTransactionMode: return "use_transaction_mode";
    case Remedy::LowerLoginRetry: return "lower_login_retry";
    case Remedy::StartGuard: return "start_guard";
    case Remedy::MendServer: return "mend_server";
    case Remedy::NothingToDo: return "nothing_to_do";
    case Remedy::PointElsewhere: return "point_elsewhere";
    case Remedy::WaitForReturn: return "wait_for_return";
    case Remedy::EndUser: return "end_user";
    case Remedy::LookAtBackend: return "look_at_backend";
    case Remedy::LiftMark: return "lift_mark";
    case Remedy::MendPersistence: return "mend_persistence";
    case Remedy::DeclareSwitch: return "declare_switch";
    case Remedy::DeclareTerm: return "declare_term";
    case Remedy::PointStable: return "point_stable";
    case Remedy::MendManager: return "mend_manager";
    case Remedy::WaitForManager: return "wait_for_manager";
    case Remedy::ResumeManager: return "resume_manager";
    case Remedy::PauseManager: return "pause_manager";
    case Remedy::DeclareHost: return "declare_host";
    case Remedy::MakeExtensions: return "make_extensions";
    case Remedy::InstallExtensions: return "install_extensions";
    case Remedy::ActAsSuperuser: return "act_as_superuser";
    case Remedy::ResetRoleSetting: return "reset_role_setting";
    case Remedy::ChooseNearer: return "choose_nearer";
    }
    return "";
}

} // namespace shardlens::operate
