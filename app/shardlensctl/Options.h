// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "core/operate/Intent.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::ctl {

enum class Command : std::uint8_t {
    IdDecode,
    IdEncode,
    FleetCheck,
    FleetDiscover,
    FleetAccess,
    Status,
    Problems,
    ProblemsClaim,
    ProblemsQuiet,
    ProblemsRelease,
    ProblemsUnquiet,
    Consoles,
    Timeline,
    Servers,
    Shards,
    Replication,
    Routers,
    Redis,
    CacheShow,
    CacheLeases,
    CacheInvalidation,
    CacheLocate,
    CacheWhatif,
    CacheInspect,
    CacheDelete,
    CacheWarm,
    CacheStaleness,
    CacheHot,
    History,
    Serving,
    Events,
    Watch,
    Readiness,
    Switchover,
    Failover,
    SmallAct,
    Prepare,
    OperationsList,
    OperationsShow,
    OperationsCancel,
    OperationsResume,
    OperationsUndo,
    OperationsAbandon,
    OperationsTick,
    Campaign,
    HostShow,
    PlansSave,
    PlansList,
    PlansOpen,
    PlansRemove,
    MaintenanceList,
    MaintenanceMark,
    MaintenanceLift,
    AuditList,
    AuditVerify,
    AuditExport,
    Lookup,
    Trace,
    FeedShow,
    FeedExplain,
    FeedVerify,
    Graph,
    MediaMapVerify,
    FeedRebuild,
    MediaMapMend,
};

/// What look-ups were told.
struct LookOptions {
    std::string caseNumber;
    bool unmask = false; ///< with Options::reason
    bool sessions = false;
    bool activity = false; ///< feed show: the activity feed
    std::string region;  ///< feed show, verify: empty = this one
    std::uint32_t limit = 25;
    std::uint32_t offset = 0; ///< feed show
    std::string after;        ///< graph
    std::string user;         ///< feed: whose, in any form
    std::string media;        ///< feed explain; mediamap mend: this entry alone
    std::string assoc;        ///< graph
    std::optional<std::uint32_t> bucket; ///< mediamap verify, mend
};

/// What `fleet discover` was told. Empty: looked for in the environment, as libpq does. None of it is a secret.
struct DiscoverOptions {
    bool follow = false;
    bool force = false;      ///< an existing output file is replaced
    std::string output;      ///< empty = standard output
    std::string name;
    std::string environment;
    std::string user;
    std::string database;
    std::string service;
    std::string secret;      ///< where it is found: pgpass:FILE, service:NAME, env:NAME, file:FILE, keychain:NAME
    std::string redisUser;
    std::string redisSecret;
    std::string tls;
    std::string tlsCa;
    double patience = 3;     ///< seconds, for each step with one server
};

/// The command line, read.
struct Options {
    Command command = Command::IdDecode;
    bool json = false;
    std::string fleetFile; ///< --fleet, else SHARDLENS_FLEET; empty if neither is set
    std::string from;      ///< --from: the region this program stands in; empty = the fleet file's own

    std::string user;      ///< --as, else SHARDLENS_USER: the database user that the person acts as
    std::string problem;   ///< problems claim and the like: its id, or the name of what it is about
    std::string reason;    ///< problems quiet; switchover, failover
    double minutes = 0;    ///< problems claim, quiet: for so long; 0 = as usual
    std::string since;     ///< events, timeline: from then on; ISO 8601 UTC, or 90s, 30min, 2h, 1d before now. Empty: not asked for

    std::vector<std::string> texts; ///< id decode: what to read; empty = standard input. fleet discover: the addresses
    DiscoverOptions discover;
    std::string minted;             ///< id encode: ISO 8601 UTC or Unix milliseconds
    std::uint64_t shard = 0;
    std::uint64_t sequence = 0;
    std::string file; ///< fleet check

    std::string partition;                       ///< shards: only of this one
    bool driftOnly = false;                      ///< shards: only those that differ from the declared map
    std::string measure;                         ///< history: only this one, by its stable name
    std::string subject;                         ///< history: only of this server, router, pool or region
    double hours = 24;                           ///< history: so far back
    std::string cluster;                         ///< readiness: only this one; switchover, failover: whose primary
    std::string server;                          ///< switchover, failover: to which; empty = the best
    operate::Act act = operate::Act::Switchover; ///< SmallAct: which, and as operate::SmallAct says:
    std::string on;                              ///< the server; of a router also its region, or empty for the only one
    std::string object;
    std::string began;               ///< of the backend that was looked at
    bool warms = false;              ///< switchover: the candidate's cache is loaded first; prepare: for that, too
    bool planOnly = false;           ///< switchover, failover: say what would be done
    std::string confirm;             ///< switchover, failover: the cluster's name again, in staging and production
    std::string fingerprint;         ///< switchover, failover: of the plan that was read; another one is not carried out
    std::vector<std::string> forced; ///< switchover, failover: CHECK=REASON
    std::string operation;           ///< operations: its id
    std::string plan;       ///< plans: its name
    bool replaces = false;  ///< plans save: in place of one of that name
    std::string actName;    ///< plans save: as operate::name(Act) tells, or campaign::name(Aim)
    std::string until;               ///< maintenance mark, plans save: ISO 8601 UTC, or 30min, 2h, 1d from now
    std::int64_t limit = 0;          ///< audit list: the newest so many; 0 = as usual
    std::string output;              ///< audit export: into this file; empty = standard output
    std::string aim;                 ///< Campaign: as campaign::name(Aim) tells; its region or host is `subject`
    unsigned atOnce = 2;             ///< Campaign: moves of a wave
    unsigned stopAfter = 1;          ///< Campaign: failed moves
    bool wavesOnly = false;          ///< Campaign: of the plan, the waves alone
    bool undoes = false;             ///< feed rebuild, mediamap mend: take the newest back
    bool resumes = false;            ///< Campaign: the newest of it that broke off or has things left
    bool bringsHome = false;         ///< host up: what is homed there moves back too
    bool isNow = false;              ///< operations cancel, of a campaign: its moves under way too
    std::vector<std::string> ticked; ///< Campaign, operations tick: manual steps that are done
    double seconds = 0;              ///< watch, events: end after so long; 0 = until interrupted
    LookOptions look;
    std::string region;      ///< cache locate, inspect, whatif, delete: only there
    std::string added;       ///< cache whatif: the address of a server that would join
    std::string removed;     ///< cache whatif: the server that would leave
    bool consumes = false;   ///< cache inspect: takes wins to tell whether a value is stale
    std::uint32_t most = 20;         ///< cache hot: rows of each ranking
    std::uint32_t sampleOneOf = 1;   ///< cache hot: reads counted
    std::uint32_t items = 200; ///< cache staleness: compared in a region, at most
    bool everywhere = false; ///< cache delete: in every region
    std::string warmFrom;           ///< cache warm: the region whose pool is copied from
    std::string warmTo;             ///< and the one that is filled
    std::uint32_t keys = 10'000;    ///< filled at most
    double perSecond = 200;         ///< no more keys a second
};

/// Reads the command line. Where there is nothing to run (help, version, a mistake) the text is already printed and the
/// exit code is the answer.
[[nodiscard]] tl::expected<Options, Exit> parseOptions(int argc, char **argv);

} // namespace shardlens::ctl
