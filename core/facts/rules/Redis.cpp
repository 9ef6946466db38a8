// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/RedisWrites.h"
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// From here on a server that may not evict refuses what would grow it.
constexpr double refusesAt = 0.995;

std::optional<UtcTime> linkDownSince(const Judgement &j, const base::ServerId &replica)
{
    const RedisSample *sample = j.freshRedis(replica);
    if (!sample || !sample->link || sample->link->up || !sample->link->downSinceSeconds || !j.observation(replica)->sampledUtc)
        return std::nullopt;
    return *j.observation(replica)->sampledUtc - base::seconds(*sample->link->downSinceSeconds);
}

/// A replica calls its link up until a time-out: only an exchange after our silence began counts. It tells whole seconds.
bool heardSince(const Judgement &j, const StandbyLag &replica, const base::ServerId &primary)
{
    const RedisSample *sample = j.freshRedis(replica.standby);
    const auto silent = j.observation(primary)->reach.silentSinceUtc;
    const auto sampled = j.observation(replica.standby)->sampledUtc;
    if (!sample || !sample->link || !sample->link->up || sample->link->secondsSinceLastIo < 0 || !silent || !sampled)
        return false;
    return *sampled - base::seconds(sample->link->secondsSinceLastIo + 1) > *silent;
}

void judgePrimary(const Judgement &j, const RedisGroupFacts &group, Problems &out)
{
    if (!group.primary || !j.isDown(*group.primary))
        return;
    std::vector<base::ServerId> lostIt;
    bool heard = false;
    std::optional<std::pair<UtcTime, base::ServerId>> since; ///< the earliest, and who says so: one that copies anew has lost it too
    for (const StandbyLag &replica : group.replicas) {
        if (!j.isFresh(replica.standby))
            continue;
        heard = heard || heardSince(j, replica, *group.primary);
        if (replica.state == StandbyState::NotStreaming)
            lostIt.push_back(replica.standby);
        if (const auto down = linkDownSince(j, replica.standby))
            since = std::min(since.value_or(std::pair(*down, replica.standby)), std::pair(*down, replica.standby));
    }
    heard = heard || (lostIt.empty() && !j.guardsThatReach(*group.primary).empty());
    Problem problem = j.problem(Rule::RedisPrimaryDown, heard ? Severity::Warning : Severity::Critical, *group.primary);
    problem.detail = heard ? "cut_off" : mannerOf(j, *group.primary);
    j.addSilence(problem, *group.primary);
    j.hit(problem, heard ? Harm::NotSeen : Harm::WritesRefused, group.name);
    problem.alsoSeenBy = lostIt;
    if (since && (!problem.since.exact || since->first < problem.since.at)) {
        problem.evidence.push_back(j.said(since->second, "link_down_since", since->first));
        problem.since = {since->first, true};
    }
    out.push_back(std::move(problem));
}

void judgeTwoPrimaries(const Judgement &j, const RedisGroupFacts &group, Problems &out)
{
    std::vector<base::ServerId> answering;
    for (const base::ServerId &id : group.writable) {
        if (j.observation(id)->reach.state == ReachState::Answering && !j.observation(id)->reach.silentSince)
            answering.push_back(id);
    }
    if (answering.size() < 2)
        return;
    Problem problem;
    problem.rule = Rule::RedisTwoPrimaries;
    problem.severity = Severity::Critical;
    problem.place.group = group.name;
    j.hit(problem, Harm::DataWrong, group.name);
    for (const base::ServerId &id : answering) {
        problem.detail += (problem.detail.empty() ? "" : ", ") + id.text();
        problem.evidence.push_back(j.said(id, "replicas", static_cast<std::int64_t>(j.freshRedis(id)->replicas.size())));
    }
    out.push_back(std::move(problem));
}

void judgeReplica(const Judgement &j, const StandbyLag &replica, Problems &out)
{
    if (j.isDown(replica.standby)) {
        Problem problem = j.problem(Rule::RedisReplicaDown, Severity::Warning, replica.standby);
        problem.detail = mannerOf(j, replica.standby);
        j.addSilence(problem, replica.standby);
        const bool isLinked = j.isHeardBySender(replica);
        j.hit(problem, isLinked || !j.guardsThatReach(replica.standby).empty() ? Harm::NotSeen : Harm::RedundancyLost);
        if (isLinked)
            problem.evidence.push_back(j.said(replica.upstream, "still_linked", replica.inputs.senderState));
        for (const base::RegionName &region : j.guardsThatReach(replica.standby))
            problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
        out.push_back(std::move(problem));
        return;
    }
    const RedisSample *sample = j.freshRedis(replica.standby);
    if (!sample || !sample->link || sample->link->up)
        return;
    Problem problem = j.problem(Rule::RedisUnlinked, Severity::Warning, replica.standby);
    j.hit(problem, Harm::RedundancyLost);
    problem.evidence.push_back(j.said(replica.standby, sample->link->syncing ? "copying" : "link", std::string(sample->link->syncing ? "yes" : "down")));
    if (const auto since = linkDownSince(j, replica.standby)) {
        problem.since = {*since, true};
        problem.evidence.push_back(j.said(replica.standby, "link_down_since", *since));
    }
    out.push_back(std::move(problem));
}

void judgeMemory(const Judgement &j, const base::ServerId &id, const RedisSample &sample, Problems &out)
{
    if (sample.maxMemory.count <= 0)
        return;
    const double share = static_cast<double>(sample.usedMemory.count) / static_cast<double>(sample.maxMemory.count);
    const bool evictsWhenFull = mayEvict(sample);
    const RedisRates *rates = j.observation(id)->redisRates();
    const bool evicts = rates && rates->evictionsPerSecond && *rates->evictionsPerSecond > 0;
    // A full cache is well; these groups hold data, so evicting is losing.
    if (evictsWhenFull ? !evicts : share < j.thresholds().redisMemoryShare)
        return;
    Problem problem = j.problem(Rule::RedisMemoryFull, !evictsWhenFull && share >= refusesAt && sample.isPrimary ? Severity::Critical : Severity::Warning, id);
    j.hit(problem, problem.severity == Severity::Critical ? Harm::WritesRefused : evicts ? Harm::DataWrong : Harm::WillFail);
    problem.evidence.push_back(j.said(id, "memory_share", share, j.thresholds().redisMemoryShare));
    problem.evidence.push_back(j.said(id, "used_memory", sample.usedMemory, sample.maxMemory));
    problem.evidence.push_back(j.said(id, "maxmemory_policy", sample.maxMemoryPolicy));
    if (evicts)
        problem.evidence.push_back(j.said(id, "evictions_per_second", *rates->evictionsPerSecond));
    out.push_back(std::move(problem));
}

void judgeSaving(const Judgement &j, const base::ServerId &id, const RedisSample &sample, Problems &out)
{
    const bool fills = sample.loading || (sample.link && sample.link->syncing); // meanwhile it appends to no file, whatever it is set to
    const bool never = !sample.appendOnly && !sample.snapshotting && !fills;
    if (!never && !sample.lastAppendFailed && !sample.lastSaveFailed)
        return;
    const bool refuses = refusesForDisk(sample);
    Problem problem = j.problem(Rule::RedisNotSaved, refuses ? Severity::Critical : Severity::Warning, id);
    j.hit(problem, refuses ? Harm::WritesRefused : Harm::Untidy);
    if (never)
        problem.evidence.push_back(j.said(id, "appendonly", std::string("no")));
    if (sample.lastAppendFailed)
        problem.evidence.push_back(j.said(id, "last_append", std::string("failed")));
    if (sample.lastSaveFailed)
        problem.evidence.push_back(j.said(id, "last_save", std::string("failed")));
    if (sample.lastSaveFailed && sample.stopsOnFailedSave)
        problem.evidence.push_back(j.said(id, "stop_writes_on_bgsave_error", std::string(*sample.stopsOnFailedSave ? "yes" : "no")));
    out.push_back(std::move(problem));
}

void judgeWanted(const Judgement &j, const base::ServerId &id, const RedisSample &sample, Problems &out)
{
    if (!refusesForReplicas(sample))
        return;
    Problem problem = j.problem(Rule::RedisReplicasMissing, Severity::Critical, id);
    j.hit(problem, Harm::WritesRefused);
    problem.evidence.push_back(j.said(id, "good_replicas", *sample.goodReplicas));
    problem.evidence.push_back(j.said(id, "min_replicas_to_write", *sample.replicasWanted));
    out.push_back(std::move(problem));
}

void judgeEncoding(const Judgement &j, const base::ServerId &id, const RedisSample &sample, Problems &out)
{
    if (!sample.mediaMapEncoding || sample.mediaMapEncoding->encoding != "hashtable")
        return;
    Problem problem = j.problem(Rule::MediaMapEncoding, Severity::Warning, id);
    j.hit(problem, Harm::Untidy);
    problem.detail = sample.mediaMapEncoding->key;
    problem.evidence.push_back(j.said(id, "encoding", sample.mediaMapEncoding->encoding));
    problem.evidence.push_back(j.said(id, "fields", sample.mediaMapEncoding->fields));
    out.push_back(std::move(problem));
}

} // namespace

void judgeRedis(const Judgement &j, Problems &out)
{
    for (const RedisGroupFacts &group : j.snapshot().redisGroups) {
        judgePrimary(j, group, out);
        judgeTwoPrimaries(j, group, out);
        if (group.primary) {
            for (const StandbyLag &replica : group.replicas)
                judgeReplica(j, replica, out);
        }
        for (const base::ServerId &id : j.fleet().redisGroup(group.name)->servers) {
            const RedisSample *sample = j.freshRedis(id);
            if (!sample)
                continue;
            judgeMemory(j, id, *sample, out);
            judgeSaving(j, id, *sample, out);
            judgeWanted(j, id, *sample, out);
            judgeEncoding(j, id, *sample, out);
        }
    }
}

} // namespace shardlens::facts::rules
