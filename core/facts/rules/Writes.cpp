// SPDX-License-Identifier: GPL-3.0-or-later
// A primary that answers and yet takes no writes, or will soon take none: each for a reason of its own, with a remedy smaller
// than a failover. What cannot be read from outside (a full disk) is taken from what the server said to a real write.
#include "core/facts/derive/Settings.h"
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

constexpr base::milliseconds syncPatience{1500};  ///< a commit to another continent and back takes less
constexpr base::seconds lockPatience{2};
constexpr base::seconds lockLong{10};
constexpr int lockMany = 5;
constexpr int lockCrowd = 20;

/// A real write that failed: through which region's router, and what was said.
struct FailedWrite {
    base::RegionName region;
    base::ServerId router;
    base::Error error;
    std::optional<UtcTime> since;
};

std::vector<FailedWrite> failedWrites(const Judgement &j, const base::ClusterName &cluster)
{
    std::vector<FailedWrite> failed;
    for (const GuardReport &guard : j.snapshot().guards) {
        const auto beat = guard.beats.find(cluster);
        if (guard.reach.state != ReachState::Answering || beat == guard.beats.end())
            continue;
        const GuardBeat &told = beat->second;
        if (told.state != GuardBeat::State::Failing || !told.error || !told.reachedRouter)
            continue;
        const fleet::Router *router = j.fleet().routerOf(guard.region);
        failed.push_back({guard.region, router ? router->server : base::ServerId(), *told.error, told.committedUtc});
    }
    return failed;
}

bool saysDiskFull(const base::Error &error)
{
    return error.sqlState == "53100" || error.message.find("No space left on device") != std::string::npos;
}

void judgeReadOnly(const Judgement &j, const base::ServerId &primary, const PostgresSample &sample, Problems &out)
{
    if (!sample.readOnlyByDefault)
        return;
    Problem problem = j.problem(Rule::ReadOnly, Severity::Critical, primary);
    j.hit(problem, Harm::WritesRefused);
    problem.evidence.push_back(j.said(primary, "default_transaction_read_only", std::string("on")));
    if (sample.configLoadedAt) {
        problem.evidence.push_back(j.said(primary, "configuration_loaded_at", *sample.configLoadedAt));
        problem.since = {*sample.configLoadedAt, false};
    }
    out.push_back(std::move(problem));
}

void judgeDisk(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    const Observation *observation = j.observation(*cluster.primary);
    const auto &own = observation->reach.lastError;
    Problem problem = j.problem(Rule::DiskFull, Severity::Critical, *cluster.primary);
    if (own && saysDiskFull(*own))
        problem.evidence.push_back(Judgement::seen("said", own->message));
    std::optional<UtcTime> since;
    for (const FailedWrite &failed : failedWrites(j, cluster.name)) {
        if (!saysDiskFull(failed.error))
            continue;
        problem.evidence.push_back(Judgement::seen("write_from_" + failed.region.text(), failed.error.message));
        if (failed.since)
            since = std::max(since.value_or(*failed.since), *failed.since);
    }
    if (problem.evidence.empty())
        return;
    j.hit(problem, Harm::WritesRefused);
    if (since) {
        problem.evidence.push_back(Judgement::seen("last_write_committed_at", *since));
        problem.since = {*since, true};
    }
    out.push_back(std::move(problem));
}

void judgeConnections(const Judgement &j, const base::ServerId &id, Problems &out)
{
    const Observation *observation = j.observation(id);
    const bool isPrimary = observation->postgres() && !observation->postgres()->inRecovery;
    const PostgresSample *sample = j.freshPostgres(id);
    const bool refused = isOutOfConnections(observation->reach);
    if (!refused && (!sample || !sample->connections || sample->connections->max <= 0))
        return;
    const int usable = sample && sample->connections ? sample->connections->max - sample->connections->reserved : 0;
    const int used = sample && sample->connections ? sample->connections->total : 0;
    const bool full = refused || used >= usable;
    if (!full && used < j.thresholds().connectionsShare * usable)
        return;
    Problem problem = j.problem(Rule::Connections, full ? Severity::Critical : Severity::Warning, id);
    problem.detail = full ? "full" : "nearly";
    j.hit(problem, !full ? Harm::WillFail : isPrimary ? Harm::WritesRefused : Harm::ReadsRefused);
    if (usable > 0)
        problem.evidence.push_back(j.said(id, "connections_used", static_cast<std::int64_t>(used), static_cast<std::int64_t>(usable)));
    if (sample && sample->connections)
        problem.evidence.push_back(j.said(id, "connections_idle", static_cast<std::int64_t>(sample->connections->idle + sample->connections->idleInTransaction)));
    if (refused)
        problem.evidence.push_back(Judgement::seen("said", observation->reach.lastError->message));
    out.push_back(std::move(problem));
}

void addBackend(const Judgement &j, const base::ServerId &server, const char *reading, const Backend &backend, Problem &problem)
{
    problem.evidence.push_back(j.said(server, std::string(reading) + "_pid", static_cast<std::int64_t>(backend.pid)));
    problem.evidence.push_back(j.said(server, std::string(reading) + "_state", backend.state));
    if (!backend.application.empty())
        problem.evidence.push_back(j.said(server, std::string(reading) + "_application", backend.application));
    problem.evidence.push_back(j.said(server, std::string(reading) + "_transaction_age", backend.transactionAge));
    problem.detail = std::to_string(backend.pid);
}

void judgeLocks(const Judgement &j, const base::ServerId &primary, const PostgresSample &sample, Problems &out)
{
    if (!sample.connections || !sample.longestLockWait || sample.connections->waitingForLock == 0)
        return;
    const int waiting = sample.connections->waitingForLock;
    const microseconds longest = *sample.longestLockWait;
    if (!(waiting >= lockMany && longest > lockPatience) && longest <= lockLong)
        return;
    Problem problem = j.problem(Rule::LockPileUp, waiting >= lockCrowd ? Severity::Critical : Severity::Warning, primary);
    // So many are writes that are held until they are given up.
    j.hit(problem, problem.severity == Severity::Critical ? Harm::WritesRefused : Harm::Slow, problem.place.cluster);
    problem.evidence.push_back(j.said(primary, "waiting_for_locks", static_cast<std::int64_t>(waiting)));
    problem.evidence.push_back(j.said(primary, "longest_lock_wait", longest, microseconds(lockPatience)));
    if (sample.blocker)
        addBackend(j, primary, "blocker", *sample.blocker, problem);
    problem.since = {*j.observation(primary)->sampledUtc - longest, true};
    out.push_back(std::move(problem));
}

void judgeTransactions(const Judgement &j, const base::ServerId &primary, const PostgresSample &sample, Problems &out)
{
    if (!sample.longestTransaction || *sample.longestTransaction <= j.thresholds().longTransaction)
        return;
    Problem problem = j.problem(Rule::LongTransaction, Severity::Warning, primary);
    j.hit(problem, Harm::Untidy);
    problem.evidence.push_back(j.said(primary, "longest_transaction", *sample.longestTransaction, microseconds(j.thresholds().longTransaction)));
    if (sample.longestIdleInTransaction)
        problem.evidence.push_back(j.said(primary, "idle_in_transaction", *sample.longestIdleInTransaction));
    if (sample.oldestXminAge)
        problem.evidence.push_back(j.said(primary, "oldest_xmin_age", *sample.oldestXminAge));
    if (sample.oldestTransaction)
        addBackend(j, primary, "transaction", *sample.oldestTransaction, problem);
    problem.since = {*j.observation(primary)->sampledUtc - *sample.longestTransaction, true};
    out.push_back(std::move(problem));
}

void judgeSync(const Judgement &j, const base::ServerId &primary, const PostgresSample &sample, Problems &out)
{
    if (!sample.connections || sample.connections->waitingForSync == 0 || !sample.longestSyncWait || *sample.longestSyncWait < syncPatience)
        return;
    Problem problem = j.problem(Rule::SyncStandbyLost, Severity::Critical, primary);
    j.hit(problem, Harm::WritesRefused);
    problem.evidence.push_back(j.said(primary, "commits_waiting", static_cast<std::int64_t>(sample.connections->waitingForSync)));
    problem.evidence.push_back(j.said(primary, "longest_sync_wait", *sample.longestSyncWait, microseconds(syncPatience)));
    if (const auto names = derive::setting(sample, "synchronous_standby_names"); names && !names->empty()) {
        problem.detail = *names;
        problem.evidence.push_back(j.said(primary, "synchronous_standby_names", *names));
    }
    const auto inSync = std::count_if(sample.senders.begin(), sample.senders.end(), [](const SenderRow &row) {
        return row.state == "streaming" && (row.syncState == "sync" || row.syncState == "quorum");
    });
    problem.evidence.push_back(j.said(primary, "synchronous_standbys_streaming", static_cast<std::int64_t>(inSync)));
    problem.since = {*j.observation(primary)->sampledUtc - *sample.longestSyncWait, true};
    out.push_back(std::move(problem));
}

/// No cause found is a finding too: what the writes themselves said.
void judgeFailing(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    const auto failed = failedWrites(j, cluster.name);
    if (failed.empty())
        return;
    Problem problem = j.problem(Rule::WritesFailing, Severity::Critical, cluster);
    j.hit(problem, Harm::WritesRefused, cluster.name);
    std::optional<UtcTime> since;
    for (const FailedWrite &one : failed) {
        problem.impact.regions.push_back(one.region);
        problem.evidence.push_back(Judgement::seen("write_from_" + one.region.text(), one.error.message));
        if (!one.error.sqlState.empty())
            problem.evidence.push_back(Judgement::seen("sqlstate", one.error.sqlState));
        if (one.since)
            since = std::max(since.value_or(*one.since), *one.since);
    }
    if (failed.size() == j.snapshot().guards.size())
        problem.impact.regions.clear();
    problem.detail = failed.front().region.text();
    if (since)
        problem.since = {*since, true};
    out.push_back(std::move(problem));
}

} // namespace

bool isOutOfConnections(const Reach &reach)
{
    if (!reach.lastError)
        return false;
    const std::string &said = reach.lastError->message;
    return reach.lastError->sqlState == "53300" || said.find("too many clients already") != std::string::npos ||
           said.find("remaining connection slots are reserved") != std::string::npos;
}

void judgeWrites(const Judgement &j, Problems &out)
{
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        for (const base::ServerId &id : j.fleet().cluster(cluster.name)->servers)
            judgeConnections(j, id, out);
        if (cluster.primary) {
            judgeDisk(j, cluster, out);
            if (const PostgresSample *sample = j.freshPostgres(*cluster.primary)) {
                judgeReadOnly(j, *cluster.primary, *sample, out);
                judgeLocks(j, *cluster.primary, *sample, out);
                judgeTransactions(j, *cluster.primary, *sample, out);
                judgeSync(j, *cluster.primary, *sample, out);
            }
        }
        judgeFailing(j, cluster, out);
    }
}

} // namespace shardlens::facts::rules
