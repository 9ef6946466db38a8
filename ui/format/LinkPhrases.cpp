// SPDX-License-Identifier: GPL-3.0-or-later
// Links, regions and caches; and what only this console lost.
#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/PhraseParts.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Rule;

Phrases regionSilent(const Problem &problem, const QString &region)
{
    const QString toDo = Words::tr("Find out whether it is the region or only our link: ask the guards, and do not fail over from here before.");
    if (region.isEmpty())
        return {{Words::tr("No server answers this console")}, Words::tr("No server has answered this console"), Words::tr("Only this machine may be cut off"), toDo};
    const facts::Evidence *silent = findEvidence(problem, {"servers_silent"});
    const QString servers = silent && silent->limit ? Words::tr("%1 of %2 servers silent").arg(readingValue(silent->reading, silent->value), readingValue(silent->reading, *silent->limit))
                                                    : QString();
    if (problem.detail == "link_cut") {
        return {{Words::tr("The link from here to %1 is cut").arg(region)},
                Words::tr("The link from this region to %1 is cut: nobody here has heard from it").arg(region),
                Words::tr("Other regions still hear it"),
                Words::tr("Look at the link; what is homed there takes writes from elsewhere. Do not fail over from here.")};
    }
    if (problem.detail == "cut_off")
        return {{Words::tr("This console cannot reach %1").arg(region)}, Words::tr("No server of %1 has answered this console").arg(region), Words::tr("Others still hear it: our link is cut"), toDo};
    if (problem.impact.harm == facts::Harm::WritesRefused) {
        return {{Words::tr("%1 is lost, and the primaries in it").arg(region), Words::tr("%1 is lost").arg(region)},
                Words::tr("%1 is lost to other regions too: no server there has answered").arg(region),
                servers,
                Words::tr("Find out from the region itself whether it runs; evacuating it fails over what was homed there.")};
    }
    return {{Words::tr("This console cannot reach %1").arg(region)}, Words::tr("No server of %1 has answered this console").arg(region), servers, toDo};
}

Phrases cacheDown(const Problem &problem, const Names &n)
{
    const facts::Evidence *left = findEvidence(problem, {"pool_answering"});
    const auto *answering = left ? std::get_if<std::int64_t>(&left->value) : nullptr;
    const auto *declared = left && left->limit ? std::get_if<std::int64_t>(&*left->limit) : nullptr;
    QStringList what{Words::tr("%1: %2 does not answer").arg(n.place, n.server), Words::tr("%1 does not answer").arg(n.server)};
    if (answering && declared)
        what.prepend(Words::tr("%1 has lost %2 of %3 memcached").arg(n.place, count(*declared - *answering), count(*declared)));
    return {what,
            Words::tr("The memcached %2 of %1 has not answered").arg(n.place, n.server),
            n.error.isEmpty() ? n.server : Words::tr("%1: %2").arg(n.server, n.error),
            problem.detail == "refused" ? Words::tr("Its keys are read from the databases until it returns; then it starts cold.")
                                        : Words::tr("Its keys are read from the databases until it returns and has every delete that it missed.")};
}

} // namespace

Phrases linkPhrases(const Problem &problem, const Names &n)
{
    switch (problem.rule) {
    case Rule::RegionSilent: return regionSilent(problem, n.region.isEmpty() ? n.place : n.region);
    case Rule::LinkCut: {
        const facts::Evidence *streams = findEvidence(problem, {"streams_broken"});
        return {{Words::tr("The link %1 to %2 is cut").arg(n.region, n.detail), Words::tr("A link between two regions is cut")},
                Words::tr("%1 and %2 answer this console, but the link between them is cut").arg(n.region, n.detail),
                streams && streams->limit ? Words::tr("%1 of %2 streams over it are broken").arg(readingValue(streams->reading, streams->value), readingValue(streams->reading, *streams->limit))
                                          : QString(),
                Words::tr("Look at the link between them: the servers are well, and none needs a failover for it.")};
    }
    case Rule::LinkSlow: {
        const QString now = evidenceValue(problem, {"latency"});
        const QString usual = evidenceValue(problem, {"usual_latency"});
        return {{Words::tr("The link %1 to %2 is slow").arg(n.region, n.detail), Words::tr("A link between two regions is slow")},
                Words::tr("%1 and %2 answer this console as usual, but the link between them is slow").arg(n.region, n.detail),
                now.isEmpty() || usual.isEmpty() ? QString() : Words::tr("There and back %1, was %2").arg(now, usual),
                Words::tr("Look at the link between them: the servers are well, and none needs a failover for it.")};
    }
    case Rule::GuardDown:
        return {{Words::tr("The guard of %1 does not answer").arg(n.region), Words::tr("A guard does not answer")},
                Words::tr("The guard of %1 has not answered").arg(n.region),
                Words::tr("Writes from there are not proven now"),
                Words::tr(
                    "Start shardlens-guard there; without it no write from that region is tried, and no pause there would end by itself.")};
    case Rule::MaintenanceOverdue:
        return {{Words::tr("Maintenance of %1 is overdue").arg(text(problem.subject)),
                 Words::tr("%1: maintenance is overdue").arg(n.server), Words::tr("Maintenance is overdue")},
                Words::tr("%1 was marked for maintenance by %2, and the time is over").arg(text(problem.subject), n.detail),
                Words::tr("It is no candidate as long as it is marked"),
                Words::tr("Ask %1, then lift the mark or give it more time: shardlensctl maintenance.").arg(n.detail)};
    case Rule::RegionEvacuated:
        return {{Words::tr("%1 is evacuated: what is wrong there is expected").arg(n.region), Words::tr("%1 is evacuated").arg(n.region)},
                Words::tr("%1 was evacuated by %2: what is wrong there is expected").arg(n.region, n.detail),
                Words::tr("No server there is a candidate"),
                Words::tr("Plan the way home from the strip above, or by shardlensctl return %1.").arg(n.region)};
    case Rule::RouterSuspectedPaused: {
        const QString clients = evidenceValue(problem, {"clients_waiting"});
        return {{clients == QLatin1String("1") ? Words::tr("%1 seems paused: 1 client waits").arg(n.server) : Words::tr("%1 seems paused: %2 clients wait").arg(n.server, clients),
                 Words::tr("%1 seems paused").arg(n.server)},
                Words::tr("%1 seems paused as a whole: the servers are well, none is used, and clients wait").arg(n.server),
                evidenceValue(problem, {"longest_wait"}).isEmpty() ? QString() : Words::tr("No server in use, longest wait %1").arg(evidenceValue(problem, {"longest_wait"})),
                Words::tr("RESUME on its admin console once nobody is moving a cluster: a pause of all shows in no other way.")};
    }
    case Rule::RouterRetrying:
        return {{Words::tr("%1 dials %2 again only each %3").arg(n.server, n.detail, evidenceValue(problem, {"server_login_retry"})), Words::tr("%1 is slow to dial again").arg(n.server)},
                Words::tr("%1 dials %2 again only each %3, and turns clients away though its server is back").arg(n.server, n.detail, evidenceValue(problem, {"server_login_retry"})),
                {},
                Words::tr("KILL and RESUME the database on the router, and set server_login_retry lower.")};
    default: return {};
    }
}

Phrases cachePhrases(const Problem &problem, const Names &n)
{
    switch (problem.rule) {
    case Rule::CacheServerDown: return cacheDown(problem, n);
    case Rule::CacheCold: {
        const QString items = evidenceValue(problem, {"items"});
        const QString before = evidenceValue(problem, {"items_before"});
        const QString hits = evidenceValue(problem, {"client_hit_ratio"});
        const QString what = problem.detail == "flushed" ? Words::tr("%1 was flushed and is cold") : Words::tr("%1 was restarted and is cold");
        return {{what.arg(n.server), Words::tr("%1 is cold").arg(n.server), Words::tr("A memcached is cold")},
                {},
                !before.isEmpty() ? (items == QLatin1String("1") ? Words::tr("Holds 1 item, held %1").arg(before) : Words::tr("Holds %1 items, held %2").arg(items, before))
                : !hits.isEmpty() ? Words::tr("%1 of its pool’s reads need no database").arg(hits)
                                  : QString(),
                Words::tr("Watch the reads at the databases while it fills, or fill it from another region’s pool: shardlensctl cache warm.")};
    }
    case Rule::CacheEvictingYoung: {
        const QString unused = evidenceValue(problem, {"youngest_victim_unused_for"});
        return {{Words::tr("%1 evicts what was used lately").arg(n.server), Words::tr("A memcached evicts what was used lately")},
                {},
                unused.isEmpty() ? QString() : Words::tr("What it evicts was last used %1 before").arg(unused),
                Words::tr("Give the pool more memory, or keep less in it: what is asked for does not fit.")};
    }
    case Rule::CacheRefusing: {
        const QString open = evidenceValue(problem, {"connections"});
        return {{Words::tr("%1 turns connections away").arg(n.server), Words::tr("A memcached turns connections away")},
                {},
                open.isEmpty() ? QString() : Words::tr("%1 are open").arg(open),
                Words::tr("Raise its limit of connections, or find who opens so many.")};
    }
    default: return {};
    }
}

Phrases notSeenPhrases(const Problem &problem, const Names &n)
{
    const bool isLoss = problem.rule == Rule::PrimaryCutOff || problem.rule == Rule::PrimaryDown || problem.rule == Rule::RedisPrimaryDown || problem.rule == Rule::RedisReplicaDown ||
                        problem.rule == Rule::StandbyDown || problem.rule == Rule::RouterDown || problem.rule == Rule::CacheServerDown;
    if (!isLoss || (problem.impact.harm != facts::Harm::NotSeen && problem.rule != Rule::PrimaryCutOff))
        return {};
    const QString writes = evidenceValue(problem, {"guard_writes_through_it"});
    const QString guard = evidenceValue(problem, {"guard_reaches_it"});
    const QString second = !writes.isEmpty()                                                  ? Words::tr("Writes from %1 still go through").arg(writes)
                           : findEvidence(problem, {"still_streams", "still_linked"}) ? Words::tr("Its cluster still hears it")
                           : !guard.isEmpty()                                                 ? Words::tr("The guard of %1 still reaches it").arg(guard)
                                                                                              : QString();
    // Without a word of others it is only not known.
    if (second.isEmpty()) {
        return {{Words::tr("%1 is not known from here").arg(n.server), Words::tr("Not known from here")},
                Words::tr("Whether %1 works is not known: it has not answered this console").arg(n.server),
                n.error.isEmpty() ? QString() : capitalised(n.error),
                Words::tr("Look at the link from this machine; do not fail over from here.")};
    }
    return {{Words::tr("%1 is silent only for this console").arg(n.server), Words::tr("%1 is silent only from here").arg(n.server), Words::tr("Silent only for this console")},
            Words::tr("Others still see %1, but it has not answered this console").arg(n.server),
            second,
            Words::tr("Look at the link from this machine; do not fail over from here.")};
}

} // namespace shardlens::ui::format
