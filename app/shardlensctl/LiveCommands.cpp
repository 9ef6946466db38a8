// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LiveCommands.h"

#include "app/shardlensctl/ActCommands.h"
#include "app/shardlensctl/AuditCommands.h"
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/Changes.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/EventCommands.h"
#include "app/shardlensctl/HostAnswers.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/MaintenanceCommands.h"
#include "app/shardlensctl/OperationCommands.h"
#include "app/shardlensctl/SavedPlanCommands.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "core/observe/Settled.h"

#include <cstdio>

namespace shardlens::ctl {

namespace {

using Say = Answer (*)(const facts::Snapshot &, const Options &);

Exit answer(const Options &options, Need need, Say say, Directory directory = Directory::LeftOut)
{
    const auto snapshot = observe(options, need, directory);
    return snapshot ? print(say(**snapshot, options)) : snapshot.error();
}

Exit watchFleet(const Options &options)
{
    facts::SnapshotPtr last;
    return observeOn(options, [&](const facts::SnapshotPtr &snapshot) {
        if (!last && !observe::hasSettled(*snapshot))
            return; // the first answers are the beginning, not changes
        print(changesSince(last.get(), *snapshot, options.json));
        std::fflush(stdout);
        last = snapshot;
    });
}

Exit doCampaign(const Options &options)
{
    return options.planOnly || options.wavesOnly ? answer(options, Need::Plans, campaignPlanAnswer, Directory::Asked) : startCampaign(options);
}

Exit move(const Options &options)
{
    return options.planOnly ? answer(options, Need::Moves, planAnswer, Directory::Asked) : startAct(options);
}

} // namespace

Exit runLive(const Options &options)
{
    switch (options.command) {
    // The map too: it tells how many people are hit, and drift is a problem that only the catalogs tell.
    case Command::Status: return answer(options, Need::ShardMap, statusOf, Directory::Asked);
    case Command::Problems: return answer(options, Need::ShardMap, problemsOf, Directory::Asked);
    case Command::Servers: return answer(options, Need::Answers, serversOf);
    case Command::Shards: return answer(options, Need::ShardMap, shardsOf);
    case Command::Replication: return answer(options, Need::Answers, replicationOf);
    case Command::Routers: return answer(options, Need::Rates, routersOf);
    case Command::Redis: return answer(options, Need::Rates, redisOf);
    case Command::CacheShow: return answer(options, Need::Rates, cacheAnswer);
    case Command::CacheLeases:
    case Command::CacheInvalidation: return showInvalidators(options);
    case Command::CacheLocate: return locateKeys(options);
    case Command::CacheWhatif: return showMoves(options);
    case Command::CacheInspect: return inspectKey(options);
    case Command::CacheHot: return showHotKeys(options);
    case Command::CacheStaleness: return showStaleness(options);
    case Command::CacheDelete: return deleteKey(options);
    case Command::CacheWarm: return warmPool(options);
    case Command::Serving: return answer(options, Need::Answers, servingOf);
    case Command::Events: return tellEvents(options);
    case Command::Timeline: return showTimeline(options);
    case Command::Consoles: return showConsoles(options);
    case Command::ProblemsClaim:
    case Command::ProblemsQuiet:
    case Command::ProblemsRelease:
    case Command::ProblemsUnquiet: return changeClaim(options);
    case Command::Watch: return watchFleet(options);
    case Command::Readiness: return answer(options, Need::Plans, readinessAnswer, Directory::Asked);
    case Command::Switchover:
    case Command::Failover: return move(options);
    case Command::SmallAct:
    case Command::Prepare: return doSmallAct(options);
    case Command::OperationsList: return listOperations(options);
    case Command::OperationsShow: return showOperation(options);
    case Command::OperationsCancel: return cancelOperation(options);
    case Command::OperationsResume:
    case Command::OperationsUndo: return goOnWith(options);
    case Command::OperationsAbandon: return abandonOperation(options);
    case Command::OperationsTick: return tickCampaign(options);
    case Command::Campaign: return doCampaign(options);
    case Command::HostShow: return answer(options, Need::Rates, hostAnswer, Directory::Asked);
    case Command::PlansSave: return saveThePlan(options);
    case Command::PlansList: return listThePlans(options);
    case Command::PlansOpen: return openThePlan(options);
    case Command::PlansRemove: return removeThePlan(options);
    case Command::MaintenanceList: return listMarks(options);
    case Command::MaintenanceMark:
    case Command::MaintenanceLift: return changeMark(options);
    case Command::AuditList: return listAudit(options);
    case Command::AuditVerify: return verifyAudit(options);
    case Command::AuditExport: return exportAudit(options);
    default: return Exit::Usage;
    }
}

} // namespace shardlens::ctl
