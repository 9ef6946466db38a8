// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ProblemPhrases.h"

#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/PhraseParts.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

QString capitalised(QString words)
{
    if (!words.isEmpty())
        words[0] = words.at(0).toUpper();
    return words;
}

namespace {

using facts::Problem;
using facts::Rule;
using facts::Snapshot;

/// Refused or lost, as against a server that takes connections and is silent.
bool isGone(const Names &n)
{
    return n.detail == QLatin1String("refused") || n.detail == QLatin1String("lost");
}

/// How it is silent: its own words, or that it has none.
QString silenceOf(const Names &n)
{
    return n.detail == QLatin1String("frozen") ? Words::tr("It takes connections but answers nothing") : capitalised(n.error);
}

Names namesOf(const Problem &problem, const Snapshot &snapshot)
{
    Names names{placeName(problem.place), text(problem.place.server.text()), text(problem.place.region.text()), text(problem.detail), {}};
    if (names.server.isEmpty())
        names.server = names.place;
    if (const facts::Observation *observation = snapshot.observation(problem.place.server)) {
        if (observation->reach.lastError)
            names.error = text(observation->reach.lastError->message);
    }
    if (names.region.isEmpty() && snapshot.fleet) {
        if (const fleet::Server *server = snapshot.fleet->server(problem.place.server))
            names.region = text(server->region.text());
    }
    return names;
}

/// Clusters: who takes writes.
Phrases primaryPhrases(const Problem &problem, const Names &n)
{
    switch (problem.rule) {
    case Rule::PrimaryDown: {
        const bool gone = isGone(n);
        const bool starting = n.detail == QLatin1String("starting");
        const QString how = gone ? Words::tr("%1 takes no writes: %2 is down") : starting ? Words::tr("%1 takes no writes: %2 is starting") : Words::tr("%1 takes no writes: %2 does not answer");
        return {{how.arg(n.place, n.server), Words::tr("%1 takes no writes: primary down").arg(n.place), Words::tr("%1 takes no writes").arg(n.place)},
                Words::tr("%1 takes no writes: its primary %2 has not answered").arg(n.place, n.server),
                silenceOf(n),
                Words::tr("Look whether %1 still runs; if it cannot return soon, a standby that is caught up can take over.").arg(n.server)};
    }
    case Rule::NoPrimary:
        if (n.detail == QLatin1String("silent"))
            return {{Words::tr("%1: none of its members answers").arg(n.place), Words::tr("%1 does not answer").arg(n.place)},
                    Words::tr("No member of %1 has answered").arg(n.place),
                    evidenceValue(problem, {"guard_reaches_it"}).isEmpty() ? Words::tr("Which of them leads is not known") : Words::tr("The guard of %1 still reaches one of them").arg(evidenceValue(problem, {"guard_reaches_it"})),
                    Words::tr("Look from another machine whether any of them still runs; do not fail over before that is known.")};
        return {{Words::tr("%1 has no primary: every member is a standby").arg(n.place), Words::tr("%1 has no primary").arg(n.place)},
                {},
                Words::tr("No member accepts writes"),
                Words::tr("Find out which member has the newest log position before any is promoted.")};
    case Rule::TwoPrimaries:
        return {{Words::tr("%1 has two writable primaries: %2").arg(n.place, n.detail), Words::tr("%1 has two writable primaries").arg(n.place)},
                {},
                n.detail.isEmpty() ? QString() : Words::tr("Both take writes: %1").arg(n.detail),
                Words::tr("Stop writes to one of them now: what is written to both cannot be joined again.")};
    case Rule::WrongServer:
        return {{Words::tr("%1 is not the server that is meant").arg(n.server), Words::tr("%1 is another server").arg(n.server)},
                Words::tr("%1 answers, but it is not the server that the fleet file means").arg(n.server),
                {},
                Words::tr("Compare the address in the fleet file with what runs there; its values are not used.")};
    default: break;
    }
    return {};
}

Phrases standbyPhrases(const Problem &problem, const Names &n)
{
    const QString lagTime = evidenceValue(problem, {"lag", "lag_time", "replay_lag", "heartbeat_age"});
    const QString behind = evidenceValue(problem, {"bytes_behind", "lag_bytes"});
    const QString message = evidenceValue(problem, {"last_message_age"});
    const QString lastAt = evidenceValue(problem, {"last_message_at"});
    switch (problem.rule) {
    case Rule::StandbyDown:
        return {{(isGone(n) ? Words::tr("%1: standby %2 is down") : Words::tr("%1: standby %2 does not answer")).arg(n.place, n.server), Words::tr("%1 does not answer").arg(n.server)},
                Words::tr("The standby %2 of %1 has not answered").arg(n.place, n.server),
                silenceOf(n),
                Words::tr("Look whether it still runs; until it returns %1 has one standby less and its slot keeps log on the primary.").arg(n.place)};
    case Rule::MemberDown:
        return {{(isGone(n) ? Words::tr("%1: %2 is down, its primary is not known") : Words::tr("%1: %2 is silent, its primary is not known")).arg(n.place, n.server),
                 Words::tr("%1 does not answer").arg(n.server)},
                Words::tr("%2 of %1 has not answered, and nobody here has seen which member leads").arg(n.place, n.server),
                silenceOf(n),
                Words::tr("Look whether it still runs: until it answers, or another member takes writes, nobody can say whether %1 has a primary.").arg(n.place)};
    case Rule::StandbyNotStreaming:
        return {{n.detail == QLatin1String("diverged") ? Words::tr("%1 has diverged from its primary").arg(n.server)
                                                      : Words::tr("%1 does not stream from its primary").arg(n.server),
                 Words::tr("%1 does not stream").arg(n.server)},
                {},
                !message.isEmpty()  ? Words::tr("Last message from its primary %1 ago").arg(message)
                : !lastAt.isEmpty() ? Words::tr("Last message from its primary at %1").arg(lastAt)
                                    : Words::tr("No message from its primary"),
                Words::tr("Look at the standby's log and at the link from it to its primary.")};
    case Rule::ReplayPaused:
        return {{Words::tr("%1 receives, but its replay is paused").arg(n.server), Words::tr("%1: replay is paused").arg(n.server)},
                {},
                behind.isEmpty() ? QString() : Words::tr("%1 behind, and growing with every write").arg(behind),
                Words::tr("Resume replay there (pg_wal_replay_resume) once the reason for the pause is gone.")};
    case Rule::Lag:
        return {{Words::tr("%1 is %2 behind").arg(n.server, lagTime.isEmpty() ? behind : lagTime),
                 Words::tr("%1 is behind").arg(n.server)},
                {},
                behind.isEmpty() || lagTime.isEmpty() ? QString() : Words::tr("%1 of log not replayed").arg(behind),
                Words::tr("Open the cluster: the stages say whether the link, the disk or replay holds it up.")};
    case Rule::SlotFilling: {
        const QString kept = evidenceValue(problem, {"slot_retained", "retained", "retained_wal"});
        const QString full = evidenceValue(problem, {"slot_full_at"});
        const facts::Evidence *held = findEvidence(problem, {"slot_retained"});
        const QString limit = held && held->limit ? readingValue(held->reading, *held->limit) : QString();
        if (evidenceValue(problem, {"wal_status"}) == QLatin1String("lost")) {
            return {{Words::tr("%1: the slot of %2 is lost").arg(n.place, n.detail), Words::tr("%1: a slot is lost").arg(n.place)},
                    {},
                    Words::tr("The log that it needs is gone"),
                    Words::tr("Build the standby anew: it cannot catch up from this primary.")};
        }
        return {{Words::tr("%1 keeps %2 of log for %3").arg(n.place, kept, n.detail.isEmpty() ? n.server : n.detail),
                 Words::tr("%1: a slot keeps much log").arg(n.place)},
                {},
                !full.isEmpty()    ? Words::tr("The slot reaches its limit at %1").arg(full)
                : !limit.isEmpty() ? Words::tr("Told from %1 on; it does not grow now").arg(limit)
                                   : QString(),
                Words::tr("Bring the standby back, or drop its slot before the primary's disk is full; a standby without its slot must be rebuilt.")};
    }
    case Rule::ClockSkew:
        return {{Words::tr("%1: its clock is off by %2").arg(n.server, evidenceValue(problem, {"clock_offset", "clock_skew", "offset"})),
                 Words::tr("%1: its clock is off").arg(n.server)},
                {},
                Words::tr("Times that it tells are off by as much"),
                Words::tr("Set the clock of its host; until then do not compare times in its log with those of others.")};
    default: break;
    }
    return {};
}

Phrases routerPhrases(const Problem &problem, const Names &n)
{
    const QString database = n.detail.isEmpty() ? n.place : n.detail;
    switch (problem.rule) {
    case Rule::RouterDown:
        return {{(isGone(n) ? Words::tr("%1 is down: %2 has no way in") : Words::tr("%1 does not answer: %2 has no way in")).arg(n.server, n.region), Words::tr("%1 does not answer").arg(n.server)},
                Words::tr("Applications of %2 reach no database: their router %1 has not answered").arg(n.server, n.region),
                silenceOf(n),
                Words::tr("Start pgbouncer on its host, or look at its log.")};
    case Rule::RouterMisdirected:
        if (problem.impact.harm == facts::Harm::Slow) {
            return {{Words::tr("%1: %2 reads from the primary").arg(n.server, database), Words::tr("%1 reads from the primary").arg(n.server)},
                    Words::tr("The database %2 of %1 leads reads to the primary, though a standby could serve them").arg(n.server, database),
                    {},
                    Words::tr("Point the database at the region's own standby, or the nearest, and reload the router.")};
        }
        if (problem.impact.harm == facts::Harm::DataWrong) {
            return {{Words::tr("%1: %2 reads from a wrong server").arg(n.server, database), Words::tr("%1 reads from a wrong server").arg(n.server)},
                    Words::tr("The database %2 of %1 leads reads to a server that does not follow the primary").arg(n.server, database),
                    {},
                    Words::tr("Point the database at a standby that streams, and reload the router; until then wrong data is shown.")};
        }
        return {{Words::tr("%1 does not lead to the primary: %2").arg(n.server, database), Words::tr("%1 leads to the wrong server").arg(n.server)},
                Words::tr("The database %2 of %1 does not lead to the primary").arg(n.server, database),
                {},
                Words::tr("Point the database at the primary and reload the router; until then writes through it are refused.")};
    case Rule::RouterPaused: {
        const QString waiting = evidenceValue(problem, {"clients_waiting"});
        return {{Words::tr("%1 holds %2: it is paused").arg(n.server, database), Words::tr("%1 is paused").arg(n.server)},
                Words::tr("%1 is paused on the router %2: its clients wait").arg(database, n.server),
                waiting.isEmpty() || waiting == QLatin1String("0") ? Words::tr("Nobody waits there yet")
                : waiting == QLatin1String("1")                    ? Words::tr("1 client waits there")
                                                                   : Words::tr("%1 clients wait there").arg(waiting),
                Words::tr("RESUME it on the router once nobody is moving this cluster.")};
    }
    case Rule::RouterWaiting: {
        const QString clients = evidenceValue(problem, {"clients_waiting"});
        const QString longest = evidenceValue(problem, {"longest_wait"});
        return {{clients == QLatin1String("1") ? Words::tr("%1: 1 client waits for %2").arg(n.server, database)
                                               : Words::tr("%1: %2 clients wait for %3").arg(n.server, clients, database),
                 Words::tr("%1: clients wait for %2").arg(n.server, database), Words::tr("%1: clients wait").arg(n.server)},
                {},
                longest.isEmpty() ? QString() : Words::tr("Longest wait %1").arg(longest),
                Words::tr("Look whether the database behind it is slow, or its pool too small for what is asked.")};
    }
    default: break;
    }
    return {};
}

Phrases redisPhrases(const Problem &problem, const Names &n)
{
    const QString share = evidenceValue(problem, {"memory_share"});
    switch (problem.rule) {
    case Rule::RedisPrimaryDown:
        return {{(isGone(n) ? Words::tr("%1 takes no writes: %2 is down") : Words::tr("%1 takes no writes: %2 does not answer")).arg(n.place, n.server), Words::tr("%1 takes no writes").arg(n.place)},
                Words::tr("%1 takes no writes: its primary %2 has not answered").arg(n.place, n.server),
                silenceOf(n),
                Words::tr("Look whether it still runs; do not restart it empty, its replicas would copy the emptiness.")};
    case Rule::RedisTwoPrimaries:
        return {{Words::tr("%1 has two primaries: %2").arg(n.place, n.detail), Words::tr("%1 has two primaries").arg(n.place)},
                {},
                {},
                Words::tr("Stop writes to one of them; what it took since the split is lost when it follows the other.")};
    case Rule::RedisReplicaDown:
        return {{(isGone(n) ? Words::tr("%1: replica %2 is down") : Words::tr("%1: replica %2 does not answer")).arg(n.place, n.server), Words::tr("%1 does not answer").arg(n.server)},
                Words::tr("The replica %2 of %1 has not answered").arg(n.place, n.server),
                silenceOf(n),
                Words::tr("Look whether it still runs; %1 has one copy less until then.").arg(n.place)};
    case Rule::RedisUnlinked:
        return {{Words::tr("%1 has lost its primary").arg(n.server)}, {}, {}, Words::tr("Look at the link from it to its primary; it serves what it had.")};
    case Rule::RedisMemoryFull:
        if (problem.impact.harm == facts::Harm::WritesRefused) {
            return {{Words::tr("%1 refuses writes: its memory is full").arg(n.server), Words::tr("%1 refuses writes: memory full").arg(n.server), Words::tr("%1: its memory is full").arg(n.server)},
                    {},
                    share.isEmpty() ? QString() : Words::tr("%1 of maxmemory used, and it may not evict").arg(share),
                    Words::tr("Raise maxmemory, or trim what it holds: until then everything that would grow it is refused.")};
        }
        if (problem.impact.harm == facts::Harm::DataWrong) {
            return {{Words::tr("%1 evicts keys: its memory is full").arg(n.server), Words::tr("%1 evicts keys").arg(n.server)},
                    {},
                    share.isEmpty() ? QString() : Words::tr("%1 of maxmemory used").arg(share),
                    Words::tr("Raise maxmemory: what it evicts is kept nowhere else.")};
        }
        return {{Words::tr("%1: its memory is nearly full").arg(n.server), Words::tr("%1: memory nearly full").arg(n.server)},
                {},
                share.isEmpty() ? QString() : Words::tr("%1 of maxmemory used").arg(share),
                Words::tr("Raise maxmemory or trim what it holds before writes are refused or keys are evicted.")};
    case Rule::RedisNotSaved:
        if (problem.impact.harm == facts::Harm::WritesRefused) {
            const bool append = findEvidence(problem, {"last_append"}) != nullptr;
            return {{Words::tr("%1 refuses writes: saving to disk fails").arg(n.server), Words::tr("%1 refuses writes: save failed").arg(n.server), Words::tr("%1 refuses writes").arg(n.server)},
                    {},
                    append ? Words::tr("Its append-only file cannot be written") : Words::tr("It is set to refuse writes after a failed save"),
                    append ? Words::tr("Free space on its disk and look at its log: it takes writes again once it can append.")
                           : Words::tr("Free space on its disk and look at its log, then BGSAVE there: it takes writes again once a save succeeds.")};
        }
        if (findEvidence(problem, {"last_append", "last_save"})) {
            return {{Words::tr("%1 failed to save to disk").arg(n.server)},
                    {},
                    {},
                    Words::tr("Look at its log and at the disk: restarted as it is, it comes back with old data.")};
        }
        return {{Words::tr("%1 does not save to disk").arg(n.server)},
                {},
                Words::tr("Setting appendonly is no"),
                Words::tr("Turn appendonly on: restarted as it is, it comes back empty and empties its replicas.")};
    case Rule::RedisReplicasMissing: {
        const QString good = evidenceValue(problem, {"good_replicas"});
        const QString wanted = evidenceValue(problem, {"min_replicas_to_write"});
        return {{Words::tr("%1 refuses writes: too few replicas").arg(n.server), Words::tr("%1 refuses writes").arg(n.server)},
                {},
                good.isEmpty() ? QString() : Words::tr("%1 of %2 wanted replicas acknowledge in time").arg(good, wanted),
                Words::tr("Bring its replicas back, or lower min-replicas-to-write there: no failover is needed.")};
    }
    case Rule::MediaMapEncoding:
        return {{Words::tr("%1: buckets lost their small encoding").arg(n.place), Words::tr("%1: buckets are not small").arg(n.place)},
                Words::tr("%1: buckets of the media map are stored as hashtable, several times their size").arg(n.place),
                {},
                Words::tr("Compare hash-max-listpack-entries with the bucket's size in the fleet file.")};
    default: break;
    }
    return {};
}

/// Whose matter it is, by what the guards' probes find of the same server.
QString slowServerRemedy(const std::string &seenBy)
{
    if (seenBy == "server")
        return Words::tr("Guards find it slow too: it is the server. Look at what it does and at its host.");
    if (seenBy == "here")
        return Words::tr("Guards reach it as usual: it is the way from this console to it, not the server.");
    if (seenBy == "alone")
        return Words::tr("No guard measures it. Compare with other servers of its region: if all are slow it is the link, else the server.");
    return Words::tr("Compare with other servers of its region: if all are slow it is the link, else the server.");
}

Phrases ownLinkPhrases(const std::string &seenBy, const QString &answers)
{
    const QString title = Words::tr("All other regions are slow from here");
    if (seenBy == "console") {
        return {{title},
                Words::tr("It is this machine's own link, not the servers: only this console finds every other region slow"),
                answers,
                Words::tr("Look at the link of this machine, or look from another console.")};
    }
    if (seenBy == "region") {
        return {{title},
                Words::tr("It is the link of this region, not the servers: its guard finds every other region slow too"),
                answers,
                Words::tr("Look at the link of this region: applications here feel it too.")};
    }
    return {{title},
            Words::tr("It is the link of this place, not the servers: every other region answers slowly; no guard here tells whether it is this machine's alone"),
            answers,
            Words::tr("Look at the link of this machine and of its region; ask another console whether it sees the same.")};
}

Phrases slowRegionPhrases(const std::string &seenBy, const QString &region, const QString &answers)
{
    if (region.isEmpty())
        return ownLinkPhrases(seenBy, answers);
    const QString shortest = Words::tr("%1 is slow").arg(region);
    const QString fromHere = Words::tr("%1 is slow from here, not dead").arg(region);
    if (seenBy == "region") {
        return {{Words::tr("%1 is slow, not dead").arg(region), shortest},
                Words::tr("It is the link of %1, not the servers: other regions find all of it slow too").arg(region),
                answers,
                Words::tr("Look at the link of %1: people of every region feel it.").arg(region)};
    }
    if (seenBy == "servers") {
        return {{Words::tr("%1 is slow, not dead").arg(region), shortest},
                Words::tr("It is no link: the guard of %1 finds what stands beside it slow as well").arg(region),
                answers,
                Words::tr("Look at the hosts of %1 and at what they share.").arg(region)};
    }
    if (seenBy == "link") {
        return {{fromHere, shortest},
                Words::tr("It is the link from here to %1, not the servers: other regions reach it as usual").arg(region),
                answers,
                Words::tr("Look at the link from this region to %1; no other region feels it.").arg(region)};
    }
    if (seenBy == "console") {
        return {{fromHere, shortest},
                Words::tr("It is this machine's own link, not the servers: the guard of its region reaches %1 as usual").arg(region),
                answers,
                Words::tr("Look at the link of this machine, or look from another console.")};
    }
    return {{fromHere, shortest},
            Words::tr("It is the link, not the servers: every server of %1 answers slowly; no other region tells whether it sees the same").arg(region),
            answers,
            Words::tr("Look at the link from this machine, and ask another region whether it sees the same.")};
}

Phrases reachPhrases(const Problem &problem, const Names &n)
{
    const QString region = n.region.isEmpty() ? n.place : n.region;
    const QString usual = evidenceValue(problem, {"usual_latency"});
    const QString now = evidenceValue(problem, {"latency"});
    switch (problem.rule) {
    case Rule::ServerSlow:
        return {{Words::tr("%1 answers slowly").arg(n.server)},
                {},
                now.isEmpty() || usual.isEmpty() ? QString() : Words::tr("%1, was %2").arg(now, usual),
                slowServerRemedy(problem.detail)};
    case Rule::ServerLate:
        return {{Words::tr("%1 is late with its answer").arg(n.server), Words::tr("%1 is late").arg(n.server)},
                {},
                {},
                Words::tr("No answer yet and over the deadline; it counts as down if it stays silent.")};
    case Rule::RegionSlow:
        return slowRegionPhrases(problem.detail, region, now.isEmpty() || usual.isEmpty() ? QString() : Words::tr("Answers in %1, was %2").arg(now, usual));
    default: break;
    }
    return {};
}

/// What is known of things that are not servers: the shard map, and facts that nobody tells.
Phrases factPhrases(const Problem &problem, const Names &n)
{
    if (problem.rule == Rule::FactUnknown) {
        const QString what = n.detail.isEmpty() ? QString() : readingName(problem.detail);
        // The reading's value is the name of what is missing.
        const auto *named = problem.evidence.empty() ? nullptr : std::get_if<std::string>(&problem.evidence.front().value);
        const QString needs = named ? text(*named) : QString();
        return {{Words::tr("%1: %2 is not known").arg(n.server, what), Words::tr("%1: a fact is not known").arg(n.server)},
                {},
                needs.isEmpty() ? QString() : Words::tr("Needs %1").arg(needs),
                Words::tr("Grant what is missing, or add it to the fleet file.")};
    }
    if (problem.rule != Rule::ShardDrift)
        return {};
    const facts::Evidence *found = findEvidence(problem, {"shards_missing", "shards_misplaced", "shards_undeclared", "shards_doubled"});
    const auto *number = found ? std::get_if<std::int64_t>(&found->value) : nullptr;
    const auto told = [&](const QString &one, const QString &many) {
        return number ? (*number == 1 ? one.arg(n.place) : many.arg(n.place, count(*number))) : QString();
    };
    Phrases phrases;
    phrases.second = n.detail;
    if (problem.subject == "missing") {
        phrases.what = {told(Words::tr("%1: 1 declared shard is missing"), Words::tr("%1: %2 declared shards are missing"))};
        phrases.toDo = Words::tr("Open them: whoever is stored there is refused. Restore the schema, or correct the directory.");
    } else if (problem.subject == "misplaced") {
        phrases.what = {told(Words::tr("%1: 1 shard is on another cluster"), Words::tr("%1: %2 shards are on another cluster"))};
        phrases.toDo = Words::tr("Open them: correct the directory, or whoever reads it goes to the wrong cluster.");
    } else if (problem.subject == "doubled") {
        phrases.what = {told(Words::tr("%1: 1 shard is on two clusters"), Words::tr("%1: %2 shards are on two clusters"))};
        phrases.toDo = Words::tr("Open them and find out which copy is written; what goes to both cannot be joined again.");
    } else {
        phrases.what = {told(Words::tr("%1: 1 shard is declared nowhere"), Words::tr("%1: %2 shards are declared nowhere"))};
        phrases.toDo = Words::tr("Open them: declare them in the directory, or remove the schemas if nothing uses them.");
    }
    if (phrases.what.first().isEmpty())
        phrases.what.clear();
    phrases.what << Words::tr("%1: the shard map differs from the catalogs").arg(n.place) << Words::tr("%1: the shard map drifts").arg(n.place);
    return phrases;
}

} // namespace

Phrases phrasesOf(const Problem &problem, const Snapshot &snapshot)
{
    const Names n = namesOf(problem, snapshot);
    // A form that speaks of a reading or name the problem does not carry has a hole in it; a shorter one says less, but is whole.
    const auto hasHole = [](const QString &form) {
        return form.contains(QLatin1String("  ")) || form.endsWith(QLatin1Char(' ')) || form.endsWith(QLatin1Char(':')) || form.startsWith(QLatin1Char(' '));
    };
    for (const auto group : {notSeenPhrases, primaryPhrases, writePhrases, linkPhrases, cachePhrases, invalidationPhrases, standbyPhrases, routerPhrases, redisPhrases, reachPhrases, factPhrases}) {
        Phrases phrases = group(problem, n);
        if (phrases.what.isEmpty())
            continue;
        if (hasHole(phrases.full))
            phrases.full.clear();
        while (phrases.what.size() > 1 && hasHole(phrases.what.first()))
            phrases.what.removeFirst();
        return phrases;
    }
    // A rule younger than these words still says where it is and what was read.
    const QString reading = problem.evidence.empty() ? n.detail : evidenceShort(problem.evidence.front());
    return {{Words::tr("%1: %2").arg(n.place, reading), Words::tr("%1: see the evidence").arg(n.place)}, {}, {}, Words::tr("Read the evidence.")};
}

} // namespace shardlens::ui::format
