// SPDX-License-Identifier: GPL-3.0-or-later
// Writes that are refused or held though the primary answers: each has a remedy smaller than a failover.
#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/PhraseParts.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Rule;

/// "Held by process 4711, idle in transaction, for 34 s"
QString heldBy(const Problem &problem, const char *who)
{
    const auto value = [&](const char *what) { return evidenceValue(problem, {(std::string(who) + what).c_str()}); };
    const QString pid = value("_pid");
    const QString state = value("_state");
    const QString open = value("_transaction_age");
    return pid.isEmpty() ? QString() : Words::tr("Held by process %1, %2, for %3").arg(pid, state, open);
}

/// What the first failed write was told.
/// pgbouncer ends a session with the name of the limit that was reached; the name itself stays in the evidence.
QString inWords(const QString &answer)
{
    if (answer == QLatin1String("query_wait_timeout"))
        return Words::tr("No connection to it was free in time");
    if (answer == QLatin1String("server_login_retry"))
        return Words::tr("The router waits before it dials again");
    return answer;
}

QString firstAnswer(const Problem &problem)
{
    for (const facts::Evidence &evidence : problem.evidence) {
        if (evidence.reading.starts_with("write_from_") || evidence.reading == "said")
            return capitalised(inWords(readingValue(evidence.reading, evidence.value)));
    }
    return {};
}

Phrases heldPhrases(const Problem &problem, const Names &n)
{
    const QString waiting = evidenceValue(problem, {"waiting_for_locks"});
    switch (problem.rule) {
    case Rule::LockPileUp:
        return {{waiting == QLatin1String("1") ? Words::tr("%1: 1 session waits for a lock").arg(n.server) : Words::tr("%1: %2 sessions wait for locks").arg(n.server, waiting),
                 Words::tr("%1: sessions wait for locks").arg(n.place)},
                {},
                heldBy(problem, "blocker"),
                n.detail.isEmpty() ? Words::tr("Find who holds the lock, and end it once you know what it does.")
                                   : Words::tr("Find out what process %1 does, and end it with pg_terminate_backend(%1) if it may go.").arg(n.detail)};
    case Rule::LongTransaction:
        return {{Words::tr("%1: a transaction is open for %2").arg(n.server, evidenceValue(problem, {"longest_transaction"})),
                 Words::tr("%1: a transaction is open for long").arg(n.place)},
                {},
                heldBy(problem, "transaction"),
                Words::tr("Ask its owner or end it: until then no old row can be cleaned up, and tables grow.")};
    case Rule::SyncStandbyLost: {
        const QString commits = evidenceValue(problem, {"commits_waiting"});
        return {{Words::tr("%1: commits wait for a lost standby").arg(n.place), Words::tr("Commits wait for a lost standby")},
                Words::tr("%1 commits nothing: its primary %2 waits for a synchronous standby that is not there").arg(n.place, n.server),
                commits.isEmpty() ? QString() : Words::tr("%1 wait, the longest for %2").arg(commits, evidenceValue(problem, {"longest_sync_wait"})),
                Words::tr("Bring that standby back, or take it out of synchronous_standby_names and reload: no failover is needed.")};
    }
    default: return {};
    }
}

} // namespace

Phrases writePhrases(const Problem &problem, const Names &n)
{
    switch (problem.rule) {
    case Rule::ReadOnly:
        return {{Words::tr("%1 takes no writes: %2 is read-only").arg(n.place, n.server), Words::tr("%1 takes no writes: read-only").arg(n.place)},
                Words::tr("%1 takes no writes: its primary %2 starts every session read-only").arg(n.place, n.server),
                Words::tr("Its setting for new transactions is read-only"),
                Words::tr("Reset default_transaction_read_only there and reload, once nobody is moving this cluster: no failover is needed.")};
    case Rule::DiskFull:
        return {{Words::tr("%1 takes no writes: disk of %2 is full").arg(n.place, n.server), Words::tr("%1 takes no writes: disk full").arg(n.place)},
                Words::tr("%1 takes no writes: the disk of its primary %2 is full").arg(n.place, n.server),
                firstAnswer(problem),
                Words::tr("Free space on its disk: old log kept by slots, temporary files. No failover is needed.")};
    case Rule::Connections: {
        const facts::Evidence *used = findEvidence(problem, {"connections_used"});
        const QString usable = used && used->limit ? readingValue(used->reading, *used->limit) : QString();
        const QString idle = evidenceValue(problem, {"connections_idle"});
        const QString full = usable.isEmpty() ? Words::tr("%1: all connections are in use").arg(n.server) : Words::tr("%1: all %2 connections are in use").arg(n.server, usable);
        const QString nearly = Words::tr("%1: %2 of %3 connections in use").arg(n.server, evidenceValue(problem, {"connections_used"}), usable);
        return {{problem.detail == "full" ? full : nearly, problem.detail == "full" ? Words::tr("All connections are in use") : Words::tr("Nearly all connections are in use")},
                {},
                idle.isEmpty() ? QString() : Words::tr("%1 of them do nothing").arg(idle),
                Words::tr("Find who holds them, idle ones first; new sessions are refused until some end.")};
    }
    case Rule::WritesFailing: {
        const auto regions = problem.impact.regions.size();
        return {{regions == 1 ? Words::tr("%1: writes from %2 fail").arg(n.place, n.detail)
                 : regions == 0 ? Words::tr("%1: writes fail from every region").arg(n.place)
                                : Words::tr("%1: writes fail from %2 regions").arg(n.place, count(std::int64_t(regions))),
                 Words::tr("Writes fail on %1").arg(n.place)},
                Words::tr("No cause is seen, but writes to %1 fail").arg(n.place),
                firstAnswer(problem),
                Words::tr("Read what the server said: no cause of it is seen from here.")};
    }
    default: return heldPhrases(problem, n);
    }
}

} // namespace shardlens::ui::format
