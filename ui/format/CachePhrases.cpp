// SPDX-License-Identifier: GPL-3.0-or-later
// Caches that no longer follow their rows, and leases.
#include "core/cacheflow/Vouching.h"
#include "ui/format/Evidence.h"
#include "ui/format/PhraseParts.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Rule;

/// "6 s": how soon clients that ask for the vouching leave a member that its invalidator lost.
QString leavingTime()
{
    return QString::number(cacheflow::clientsLeaveWithin.count()) + kNarrowSpace + QStringLiteral("s");
}

Phrases invalidatorDown(const Problem &problem, const Names &n)
{
    const QString rate = evidenceValue(problem, {"deletes_per_second"});
    const QString before = rate.isEmpty() ? QString() : Words::tr("It deleted %1 before").arg(rate);
    if (problem.detail == "refused") {
        return {{Words::tr("%1 deletes no cached keys: invalidator down").arg(n.region), Words::tr("The invalidator of a region is down")},
                Words::tr("The invalidator of %1 is down, and what changes stays in its caches as it was").arg(n.region),
                before.isEmpty() ? Words::tr("Its caches show what was") : before,
                Words::tr("Start shardlens-invalidator there; it goes on from where it was. Clients that ask for its vouching read the databases after %1; what others read may be old.").arg(leavingTime())};
    }
    return {{Words::tr("The invalidator of %1 does not answer").arg(n.region), Words::tr("The invalidator of a region is silent")},
            Words::tr("The invalidator of %1 has not answered, and what changes may stay in its caches as it was").arg(n.region),
            before.isEmpty() ? Words::tr("Its caches may show what was") : before,
            Words::tr("Look whether shardlens-invalidator runs there, or hangs, or only our link to it is cut; started anew it goes on from where it was.")};
}

Phrases following(const Problem &problem, const Names &n)
{
    const QString waiting = evidenceValue(problem, {"deletes_waiting", "deletes_waiting_at_least"});
    if (problem.rule == Rule::InvalidationFailing) {
        const QString why = evidenceValue(problem, {"error"});
        const QString still = evidenceValue(problem, {"outbox_read_age"});
        return {{Words::tr("Caches of %1 do not follow %2").arg(n.region, n.place), Words::tr("A region’s caches do not follow a cluster")},
                Words::tr("The caches of %1 do not follow %2: its invalidator cannot read the outbox").arg(n.region, n.place),
                !why.isEmpty()     ? capitalised(why)
                : !still.isEmpty() ? Words::tr("Outbox not read for %1").arg(still)
                                   : QString(),
                Words::tr("Look at the router and the standby by which that region reads %1. Cached copies of its rows stay as they are until then.").arg(n.place)};
    }
    const QString lag = evidenceValue(problem, {"invalidation_lag"});
    const QString usual = evidenceValue(problem, {"usual_invalidation_lag"});
    return {{Words::tr("Deletes of %2 reach %1 late").arg(n.region, n.place), Words::tr("Deletes reach a region’s caches late")},
            Words::tr("Deletes of %2 take longer than usual to reach the caches of %1").arg(n.region, n.place),
            lag.isEmpty() ? QString()
            : usual.isEmpty() ? Words::tr("Half take over %1").arg(lag)
                              : Words::tr("Half take over %1, was %2").arg(lag, usual),
            waiting.isEmpty() ? Words::tr("Look at the members of the pool and at the replication to that region.")
                              : Words::tr("Look at the members of the pool and at the replication to that region; %1 deletes wait.").arg(waiting)};
}

Phrases heldBack(const Problem &problem, const Names &n)
{
    const QString waiting = evidenceValue(problem, {"deletes_waiting"});
    const QString second = waiting.isEmpty() ? QString() : Words::tr("%1 deletes are owed to it").arg(waiting);
    if (problem.detail == "must_flush") {
        return {{Words::tr("%1 must be flushed before it is read").arg(n.server), Words::tr("A memcached must be flushed before it is read")},
                Words::tr("%1 is owed more deletes than are kept, so it is flushed when it returns").arg(n.server),
                second,
                Words::tr("Nothing else is needed: its region’s invalidator flushes it. It starts cold, and its keys are read from the databases.")};
    }
    if (problem.detail == "catching_up") {
        return {{Words::tr("%1 is back, its deletes still arrive").arg(n.server), Words::tr("A memcached is back, its deletes still arrive")},
                {},
                second,
                Words::tr("Clients read from it again once all are delivered.")};
    }
    return {{Words::tr("%1 is not read: deletes are owed to it").arg(n.server), Words::tr("A memcached is not read: deletes are owed to it")},
            Words::tr("Clients stop reading from %2 within %3: the invalidator of %1 has not reached it").arg(n.region, n.server, leavingTime()),
            second,
            Words::tr("Look at %1 and at the link of its region’s invalidator to it. Its keys are read from the databases meanwhile.").arg(n.server)};
}

Phrases stale(const Problem &problem, const Names &n)
{
    const QString share = evidenceValue(problem, {"stale_share"});
    const QString oldest = evidenceValue(problem, {"oldest_stale_for"});
    const QString rowless = evidenceValue(problem, {"items_without_row"});
    return {{Words::tr("%1: %2 of cached items are stale").arg(n.region, share), Words::tr("Cached items of a region are stale")},
            rowless.isEmpty() ? Words::tr("In %1 %2 of the cached items that were compared are older than their rows").arg(n.region, share)
                              : Words::tr("In %1 %2 of the cached items that were compared are older than their rows, or without one").arg(n.region, share),
            !oldest.isEmpty()    ? Words::tr("The oldest is %1 behind its row").arg(oldest)
            : !rowless.isEmpty() ? Words::tr("The rows of %1 are deleted").arg(rowless)
                                 : QString(),
            Words::tr("Look such a key up, then delete it or flush its server: shardlensctl cache inspect, cache delete.")};
}

} // namespace

Phrases invalidationPhrases(const Problem &problem, const Names &n)
{
    switch (problem.rule) {
    case Rule::InvalidatorDown: return invalidatorDown(problem, n);
    case Rule::InvalidationFailing:
    case Rule::InvalidationLate: return following(problem, n);
    case Rule::CacheMustFlush:
        return {{Words::tr("%1 must flush what it cached of %2").arg(n.region, n.place), Words::tr("A region must flush its caches")},
                Words::tr("Rows of %2 were pruned before %1 had deleted their keys, so its caches must be flushed before they are read").arg(n.region, n.place),
                evidenceValue(problem, {"members_not_flushed"}).isEmpty()
                    ? QString()
                    : Words::tr("%1 members are not flushed yet").arg(evidenceValue(problem, {"members_not_flushed"})),
                Words::tr("Its invalidator flushes each member that it reaches. Expect the reads of that region at the databases.")};
    case Rule::CacheHeldBack: return heldBack(problem, n);
    case Rule::CacheStale: return stale(problem, n);
    case Rule::LeaseStampede: {
        const QString vain = evidenceValue(problem, {"gave_up_per_second"});
        const QString lost = evidenceValue(problem, {"fills_lost_per_second"});
        if (problem.detail == "lost") {
            return {{Words::tr("%1: most fills come too late").arg(n.place), Words::tr("Most fills of a pool come too late")},
                    Words::tr("In %1 most fills are refused: their keys were deleted meanwhile").arg(n.place),
                    lost.isEmpty() ? QString() : Words::tr("%1 fills lost").arg(lost),
                    Words::tr("Find the keys that change so often: shardlensctl cache hot. They gain nothing from being cached.")};
        }
        return {{Words::tr("%1: clients wait for fills in vain").arg(n.place), Words::tr("Clients wait for fills in vain")},
                {},
                vain.isEmpty() ? QString() : Words::tr("%1 gave up and read the database").arg(vain),
                Words::tr("Find the keys that many miss at once: shardlensctl cache hot. Then look at the databases that fill them.")};
    }
    default: return {};
    }
}

} // namespace shardlens::ui::format
