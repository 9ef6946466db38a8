// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Known.h"
#include "core/facts/Problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::operate {

/// What is asked before a move. Order: as they are told. The stable name is name(CheckId).
enum class CheckId : std::uint8_t {
    // roles
    ConsoleSees,        ///< this console is not cut off, and did not sleep
    PrimaryAnswers,     ///< switchover
    PrimaryGone,        ///< failover: judged from several vantages
    OldPrimaryStopped,  ///< failover: proven, not supposed
    OnePrimary,
    ForeignManager,     ///< Patroni, repmgr or the like would act against us: one that the fleet file does not declare
    ManagerAnswers,     ///< the declared one, through which the primary is moved
    ManagerAgrees,      ///< it says who leads as we see it, and knows our members by their names
    ManagerCalm,        ///< it is not paused, and has no switchover of its own before it
    ManagerLeaves,      ///< failover: it does not promote anybody by itself
    SameSystem,         ///< system identifiers
    SameTimeline,
    SameVersion,        ///< major version
    RecentMove,
    // the candidate
    CandidateAnswers,
    NotMarked, ///< nobody works on it or its host, and its region is not evacuated
    CandidateIsStandby,
    CandidateAttached,  ///< streams, from this very primary
    NotDelayed,         ///< recovery_min_apply_delay
    ReplayRuns,
    ReceiveLag,
    ReplayLag,
    SiblingsAhead,      ///< another standby has more
    DataLoss,           ///< failover
    CandidateBrake,     ///< default_transaction_read_only there
    Disk,
    CachesCompared,     ///< pg_buffercache and pg_prewarm are there: the candidate's cache can be warmed
    SameHistory,     ///< a Redis group's, here and below: the replication id is the primary's
    OffsetLag,       ///< bytes of offset, and the time since the last exchange
    Persistence,     ///< the candidate would keep on disk what the primary keeps
    Memory,          ///< maxmemory takes what the primary holds
    ReplicaPriority, ///< 0: its owner wants it never to be promoted
    ManagerAllows,   ///< the cluster's manager would promote it
    // what writes now
    CommitsWaiting,
    LongTransaction,
    PreparedTransactions,
    BaseBackup,
    ArchiveBacklog,
    Brake,              ///< left on at the primary
    BrakeHolds,         ///< no role's or database's own setting goes before it
    WritesRefusable,    ///< a Redis primary can be made to refuse writes
    ExpectedPause,
    // after the move
    SyncAfter,          ///< the candidate's synchronous_standby_names, with those who would stand by
    SyncShrinks,        ///< the primary waits for a standby, the candidate would not
    WalSenders,
    Slots,
    LogicalSlots,
    Subscriptions,
    FollowSettings,     ///< settings that the old primary must have at least as large to follow
    Settings,           ///< settings that would shrink
    Libraries,
    Rewind,
    Hba,
    ConnectBack,        ///< every member's region reaches the candidate
    Standbys,           ///< the others answer and stream
    Term,
    Parts,              ///< the cluster's database holds what moves, guards and caches need
    Clock,
    // routers and guards
    RoutersAnswer,
    RoutersRight,
    RoutersRun,         ///< not paused, not disabled
    RouterMode,
    LoginRetry,
    StableAddresses, ///< of a Redis group: each is answered, by what takes writes
    StableSwitch,    ///< each can be led elsewhere by its region's guard
    Guards,
    // smaller acts
    TargetAnswers,  ///< the router or server that is acted on
    TargetRole,     ///< it is what the act is for: a standby
    RouterDatabase, ///< the router has that database
    LeadsRight,     ///< the router leads, or will, to where it should
    NotYet,         ///< it is not so already
    Redundancy,     ///< another standby keeps up meanwhile
    SenderAnswers,  ///< the standby's new sender
    SenderApart,    ///< which does not receive from that standby
    SenderAhead,    ///< and has all that the standby has, on its timeline or a later one
    SlotIdle,       ///< nobody uses the slot
    SlotAbandoned,  ///< whoever used it will not come back for it
    OthersStandBy,  ///< no other member is, or may be, a primary
    BackendSeen,    ///< the backend was looked at before
    MayMake,        ///< who acts may make what the cluster lacks
    Installed,      ///< the machine's Postgres has the extensions that are to be made
};

inline constexpr CheckId lastCheck = CheckId::Installed;

enum class Topic : std::uint8_t { Roles, Candidate, Writes, After, Routers, Target };

enum class Verdict : std::uint8_t { Passed, Warning, Failed, Unknown };

/// What would make it pass. Words are the ui's.
enum class Remedy : std::uint8_t {
    None,
    WaitForAnswers,
    LookFromElsewhere, ///< from another machine: this one may be cut off
    UseSwitchover,
    UseFailover,
    StopOldPrimary,
    UseManager,
    ChooseOther,
    WaitForCatchUp,
    ResumeReplay,
    RemoveDelay,
    LiftBrake,
    FreeDisk,
    EndTransactions,
    EndPrepared,
    WaitForBackup,
    MendArchiving,
    WaitAfterMove,
    SetSyncNames,
    RaiseSetting,
    DropLogicalSlots,
    MoveSubscriptions,
    LoadLibraries,
    LogHints,
    OpenHba,
    GrantRight,
    MendStandby,
    MendLink,
    PrepareCluster,
    SetClock,
    MendRouter,
    PointRouter,
    ResumeRouter,
    UseTransactionMode,
    LowerLoginRetry,
    StartGuard,
    MendServer,
    NothingToDo,
    PointElsewhere,
    WaitForReturn,
    EndUser,
    LookAtBackend,
    LiftMark,
    MendPersistence,
    DeclareSwitch, ///< stable_switch and a guard
    DeclareTerm,   ///< term_key
    PointStable,
    MendManager,
    WaitForManager,
    ResumeManager,
    PauseManager,
    DeclareHost,    ///< reach of a host, and a guard in its region
    MakeExtensions, ///< by `prepare` with warming
    InstallExtensions,
    ActAsSuperuser, ///< as another user of the fleet file
    ResetRoleSetting, ///< by the statements that the check names
    ChooseNearer,   ///< the distance makes the pause long, not the lag
};

/// A verdict with its reason, evidence and remedy; never a bool with a log line.
struct Check {
    CheckId id = CheckId::ConsoleSees;
    base::ServerId on;                     ///< the server or router it is about; empty: the whole cluster
    Verdict verdict = Verdict::Unknown;
    std::vector<facts::Evidence> readings; ///< value, limit, who said it and when; the one that decides first
    facts::Unknown why;                    ///< of Verdict::Unknown
    std::string detail;                    ///< names that the sentence needs: settings, databases, servers
    Remedy remedy = Remedy::None;
    bool forceable = false;                ///< a person may go on in spite of it, naming it and giving a reason

    bool operator==(const Check &) const = default;
};

/// Nothing starts while it stands: it failed, or is not known and must be.
[[nodiscard]] bool isBlocking(const Check &check);
/// Checks that are as bad as failed while they are not known.
[[nodiscard]] bool mustBeKnown(CheckId id);
[[nodiscard]] Topic topicOf(CheckId id);

[[nodiscard]] std::string_view name(CheckId id);      ///< snake_case, stable: "replay_lag"; what --force will name
[[nodiscard]] std::optional<CheckId> checkNamed(std::string_view name);
[[nodiscard]] std::string_view name(Verdict verdict); ///< passed, warning, failed, unknown
[[nodiscard]] std::string_view name(Topic topic);     ///< roles, candidate, writes, after, routers, target
[[nodiscard]] std::string_view name(Remedy remedy);   ///< snake_case, stable: "wait_for_catch_up"

} // namespace shardlens::operate
