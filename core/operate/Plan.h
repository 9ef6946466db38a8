// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/operate/Candidate.h"
#include "core/operate/Fingerprint.h"
#include "core/operate/HostDeed.h"
#include "core/operate/Intent.h"
#include "core/operate/Loss.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::operate {

/// What a step does. The verb, and why it stands where it stands, are the ui's words. Order: a switchover's.
enum class StepKind : std::uint8_t {
    WarmTarget,   ///< what the primary holds in its cache is loaded on the candidate
    ProveCatchUp, ///< before any pause: the candidate replays what the primary has now
    PauseRouters, ///< all at once
    Brake,
    ClearBackends,
    ReadFinal,
    CatchUp,       ///< to the exact final position
    KillRouters,   ///< failover: every connection to the old primary ends
    Fence,         ///< failover: by every configured means
    StopReceivers, ///< failover: before positions are compared
    ComparePositions,
    FetchLog,  ///< failover: from a standby that has more
    ReplayAll, ///< failover
    Promote,
    RaiseTerm,
    FollowFirst, ///< a standby without which commits would wait: of a switchover once no session is left
    WriteMarker,
    PointRouters,
    WaitClock,
    ResumeRouters,
    ReadMarker,   ///< through each router, as the application
    Follow,       ///< one other standby: of a switchover before anything is held, so that it never has more than the candidate
    SeeFollowers, ///< the marker's row on every other standby
    StopOld,
    RejoinOld,
    PointReads,
    RecordTerm, ///< in the directory
    // smaller acts
    PauseRouter, ///< one router's database
    ResumeRouter,
    PointRouter,
    PauseReplay,
    ResumeReplay,
    Repoint,     ///< a standby to another sender
    LeaveSender, ///< its slot at the sender before
    DropSlot,
    LiftBrake,
    EndBackend,
    // a Redis group's, beside those above that mean the same
    PauseWrites,    ///< CLIENT PAUSE on the primary, and the candidate has what was written before
    RefuseWrites,   ///< what holds: the old primary cannot acknowledge a write any more; its final offset
    CutLinks,       ///< failover: nothing more arrives at any replica
    CompareOffsets, ///< failover: none has more than the candidate
    PointStables,   ///< the stable address of every region; a marker read through each
    DemoteOld,      ///< it follows the new primary, and has its settings back
    TakeWrites,     ///< the new primary, whose file lets it refuse them until all stable addresses lead to it
    KeepRoles,      ///< in every member's configuration file, so that a restart changes no role
    // through the cluster's manager
    ManagerSwitches,   ///< it stops the old primary and promotes the candidate
    ManagerPromotes,   ///< failover: it promotes the candidate
    ManagerLed,        ///< failover: it has promoted somebody by itself, who is seen to lead
    PreferCandidate,   ///< a group's Sentinels would choose the candidate
    SeeManager,        ///< all of them lead to the new primary, and act no more
    RestorePriorities, ///< by which they choose
    RehearseRepmgr,    ///< before anything is held: what it would refuse
    SeeRepmgr,         ///< it has ended well what it goes on with after the promotion
    // a standby's rebuilding
    CopyData, ///< a base backup beside its data, while it goes on with these
    StopStandby,
    ExchangeData, ///< and start it
    DropReplaced,
    // a cluster's preparation
    MakePart,    ///< one object of its database, or one user
    GrantRights, ///< to one user
    Stonith,     ///< failover: the old primary's host is turned off, where its fence proved nothing
    PointLater,  ///< failover: a router that did not answer leads to the old primary until a person points it
    HoldOld,     ///< where the old primary was not brought back: stopped, and a standby whoever starts it, until it is copied anew
};
inline constexpr StepKind lastStep = StepKind::HoldOld;

/// By what a command takes effect.
enum class By : std::uint8_t {
    Sql,     ///< on a session with `on`
    Router,  ///< on the admin console of `on`
    Host,    ///< a command on the host of `on`
    Hand,    ///< no way to that host is declared: a person does it, and ticks it off
    Redis,   ///< on a session with `on`
    Manager, ///< over the REST interface of the Patroni of `on`: "GET /cluster", "POST /switchover leader=node1 candidate=node2"; a SELECT
             ///< on repmgr's tables in `on`, answered by "leader:node1"; by repmgr on its host: what has a deed; of a group the Sentinel at
             ///< `on`, "127.0.0.1:26379", or where that is a member all of them: "SENTINEL MASTER feeds"
    Stonith, ///< the command by which the fleet file of whoever carries it out turns the host of `on` off, run there; `onlyAsks`: whether the
             ///< server `on` answers anything
};

inline constexpr By lastBy = By::Stonith;

/// Exactly what runs. What an earlier step reads is named in braces: {final}.
struct Command {
    By by = By::Sql;
    base::ServerId on;
    std::string database; ///< Sql: which one is entered
    std::string text;
    std::string keepsAs;  ///< the name under which later commands use the answer; else empty
    std::string expects;  ///< the answer that makes it hold; empty: any
    std::optional<HostDeed> deed; ///< Host, Hand: the same as data
    bool onlyAsks = false; ///< Sql, Stonith: a precondition or verification; may be sent before the one ahead of it was answered
    std::string takes = {}; ///< Redis: of an answer's "name:value" lines that one's value is the answer; empty: all of it
    bool operator==(const Command &) const = default;
};

/// One row of the plan. Idempotent; its verification reads back what is so, whatever the command answered.
struct Step {
    int number = 0;
    StepKind kind = StepKind::ProveCatchUp;
    std::vector<base::ServerId> targets;    ///< acted on at the same time
    std::vector<Command> preconditions;
    std::vector<Command> commands;
    std::vector<Command> verifications;     ///< asked until they hold, or the deadline passes; asking again does no harm
    std::vector<Command> undo;              ///< empty: nothing to undo. Of one that stands in for another: cleared away where it is left
    base::milliseconds deadline{0};
    facts::Known<base::microseconds> usual = facts::notAsked<base::microseconds>(); ///< of past runs; NoValue "no_past_run"
    bool holdsWrites = false;               ///< while it runs, writes are held
    bool isPointOfNoReturn = false;         ///< from the sending of its command it can only go forward
    bool mayBeLeft = false;                 ///< its failure makes the outcome "done, things left", not failed
    unsigned exchanges = 1;                 ///< round trips one after the other
    int insteadOf = 0;                      ///< taken only where the earlier step of this number was left, and what else stands in for that one held; then that one counts as done. 0: always
    std::string detail;                     ///< a name that the sentence needs
    bool operator==(const Step &) const = default;
};

/// How long past moves held writes that went the same way. Whoever reads journals tells it; here it is data.
struct PastPauses {
    unsigned runs = 0;
    base::microseconds median{0};
    base::microseconds worst{0};
    bool areOthers = false; ///< of other clusters or groups of this fleet: this one was never moved that way
    bool operator==(const PastPauses &) const = default;
};

/// What a pause of writes will take: the present lag, and the longer of what the links alone take and what past runs took.
struct PauseEstimate {
    facts::Known<base::microseconds> expected = facts::notAsked<base::microseconds>();
    facts::Known<base::microseconds> fromLinks = facts::notAsked<base::microseconds>(); ///< the candidate's lag, and each held step's exchanges at its target's usual latency
    std::optional<base::microseconds> lag; ///< the candidate's, which is in both
    bool isManagers = false;  ///< it stops one server and promotes another in its own time: expected is NoValue, and runs of others say nothing
    unsigned pastRuns = 0;                                                             ///< how many runs the estimate rests on besides
    std::optional<base::microseconds> pastMedian; ///< how long those held writes
    std::optional<base::microseconds> pastWorst;
    bool pastAreOthers = false; ///< as PastPauses tells
    bool operator==(const PauseEstimate &) const = default;
};

/// The whole of what would be done, as data. Made by pure functions; whoever carries it out (an executor with a lock, a journal, and
/// the guards' effects) first makes it anew from fresh facts, compares the fingerprints, and stops where they differ.
struct Plan {
    Intent intent;
    base::ServerId from;     ///< the primary; empty if not known
    base::ServerId to;       ///< the candidate; empty if none is eligible and none was asked for. Of a smaller act: where to, if anywhere
    base::ServerId runnerUp; ///< the next eligible one; empty if none is
    std::vector<Candidate> candidates; ///< eligible ones first, best first
    Checks checks;                     ///< by topic; each id once
    std::vector<Step> steps;           ///< empty where there is no candidate
    PauseEstimate pause;               ///< of a switchover
    LossWindow loss;                   ///< of a failover
    std::uint32_t shards = 0;          ///< logical shards on the cluster
    std::int64_t term = 0;             ///< of a smaller act: the cluster's, which it leaves as it is; 0: it keeps none
    Fingerprint fingerprint;
    base::Instant takenAt;                  ///< of the snapshot it was made from
    base::UtcTime takenUtc;

    bool operator==(const Plan &) const = default;
    [[nodiscard]] bool isBlocked() const;   ///< a check blocks, or there is no candidate
    [[nodiscard]] int pointOfNoReturn() const; ///< that step's number; 0 = none
};

/// Fails with NotFound where the fleet has no such cluster or group, or the server asked for is not a standby of it; with BadInput where a
/// smaller act does not say all that it needs.
/// `past`: asked about the plan's act, `from` and `to`, where it is a switchover.
using PastOf = std::function<PastPauses(const Plan &)>;
[[nodiscard]] base::Result<Plan> planFor(const facts::Snapshot &snapshot, const Intent &intent, const PastOf &past = {});

/// What past runs took makes an estimate longer, never shorter: the links allow no less.
void addPast(PauseEstimate &pause, const PastPauses &past);

/// Those without whom every commit would wait after the move: they follow before the first write. Empty where none would.
[[nodiscard]] std::vector<base::ServerId> mustFollowFirst(const Sight &sight, const base::ServerId &candidate);

[[nodiscard]] std::string_view name(StepKind kind); ///< snake_case, stable: "prove_catch_up"
[[nodiscard]] std::optional<StepKind> stepKindNamed(std::string_view name);
[[nodiscard]] std::string_view name(By by);         ///< sql, router, host, hand, redis, manager, stonith

} // namespace shardlens::operate
