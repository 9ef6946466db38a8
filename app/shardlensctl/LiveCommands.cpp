// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LiveCommands.h"

#include "app/shardlensctl/Changes.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"

#include <algorithm>
#include <cstdio>

namespace shardlens::ctl {

namespace {

using Say = Answer (*)(const facts::Snapshot &, const Options &);

Exit answer(const Options &options, Need need, Say say)
{
    const auto snapshot = observe(options, need);
    return snapshot ? print(say(**snapshot, options)) : snapshot.error();
}

Exit watchFleet(const Options &options)
{
    facts::SnapshotPtr last;
    return observeOn(options, [&](const facts::SnapshotPtr &snapshot) {
        if (!last && !hasSettled(*snapshot))
            return; // the first answers are the beginning, not changes
        print(changesSince(last.get(), *snapshot, options.json));
        std::fflush(stdout);
        last = snapshot;
    });
}

/// What changed since this program looks, as it comes; what went on before is told by since-when of the problems.
Exit tellEvents(const Options &options)
{
    facts::EventListPtr last;
    return observeOn(options, [&](const facts::SnapshotPtr &snapshot) {
        if (!hasSettled(*snapshot) || snapshot->events == last)
            return;
        const auto &events = *snapshot->events;
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            if (!last || std::find(last->begin(), last->end(), *event) == last->end())
                print(eventLine(*event, *snapshot, options.json));
        }
        std::fflush(stdout);
        last = snapshot->events;
    });
}

} // namespace

Exit runLive(const Options &options)
{
    switch (options.command) {
    case Command::Status: return answer(options, Need::Answers, statusOf);
    // The map too: drift is a problem that only the catalogs tell.
    case Command::Problems: return answer(options, Need::ShardMap, problemsOf);
    case Command::Servers: return answer(options, Need::Answers, serversOf);
    case Command::Shards: return answer(options, Need::ShardMap, shardsOf);
    case Command::Replication: return answer(options, Need::Answers, replicationOf);
    case Command::Routers: return answer(options, Need::Rates, routersOf);
    case Command::Redis: return answer(options, Need::Rates, redisOf);
    case Command::CacheShow: return answer(options, Need::Rates, cacheOf);
    case Command::Serving: return answer(options, Need::Answers, servingOf);
    case Command::Events: return tellEvents(options);
    case Command::Watch: return watchFleet(options);
    default: return Exit::Usage;
    }
}

} // namespace shardlens::ctl
