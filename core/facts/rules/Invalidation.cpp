// SPDX-License-Identifier: GPL-3.0-or-later
// What a region's invalidator tells, and what its silence means: caches that no longer follow their rows; leases.
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// Late is when half of the deletes took longer than thrice what is usual for the slowest: one long transaction is not.
/// A lag so short is never late, whatever is usual.
constexpr base::milliseconds lateFloor{500};
/// Where nothing is known to be usual, so long is late.
constexpr base::milliseconds lateUnknown{5000};
/// It reads an idle outbox at least each second; so long without a look it stands still.
constexpr base::seconds stillFor{10};
/// Clients so many of whose waits are in vain each second go to the database together.
constexpr double gaveUpPerSecond = 1;
/// Fills that are refused: fewer than these a second are the ordinary race of a delete with a fill.
constexpr double lostPerSecond = 5;
constexpr double lostShare = 0.5;
/// Of measured items: wrong for so many that people notice.
constexpr double staleShareCritical = 0.01;

Problem inRegion(Rule rule, Severity severity, const base::RegionName &region)
{
    Problem problem;
    problem.rule = rule;
    problem.severity = severity;
    problem.place.region = region;
    problem.impact.service = Service::Cache;
    problem.impact.regions = {region};
    return problem;
}

/// Of a cluster's rows that one region's caches do not follow.
Problem ofCluster(const Judgement &j, Rule rule, Severity severity, Harm harm, const base::RegionName &region, const base::ClusterName &cluster)
{
    Problem problem = inRegion(rule, severity, region);
    problem.place.cluster = cluster;
    problem.impact.harm = harm;
    const fleet::Cluster *declared = j.fleet().cluster(cluster);
    if (declared && !declared->partition.isEmpty())
        j.population().fill(problem.impact, {cluster});
    problem.impact.service = Service::Cache;
    return problem;
}

Evidence told(const InvalidatorReport &report, std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit = std::nullopt)
{
    return {std::move(reading), std::move(value), std::move(limit), base::ServerId("invalidator-" + report.region.text()), report.reach.lastAnswer};
}

std::int64_t counted(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

void judgeSilence(const Judgement &j, const InvalidatorReport &report, Problems &out)
{
    Problem problem = inRegion(Rule::InvalidatorDown, Severity::Critical, report.region);
    problem.impact.harm = Harm::DataWrong;
    const Reach &reach = report.reach;
    problem.detail = reach.lastError && reach.lastError->code == base::ErrorCode::Refused ? "refused" : "silent";
    if (reach.silentSince)
        problem.evidence.push_back(Judgement::seen("silent_for", std::chrono::duration_cast<microseconds>(j.snapshot().takenAt - *reach.silentSince),
                                                   microseconds(j.thresholds().downAfter)));
    if (reach.lastError)
        problem.evidence.push_back(Judgement::seen("last_error", reach.lastError->message));
    if (const auto rate = report.rowsPerSecond(); rate && *rate > 0)
        problem.evidence.push_back(told(report, "deletes_per_second", *rate));
    if (reach.silentSinceUtc && reach.lastAnswerUtc)
        problem.since = {*reach.silentSinceUtc, true};
    out.push_back(std::move(problem));
}

void addBacklog(const InvalidatorReport &report, const OutboxFollowing &outbox, Problem &problem)
{
    problem.evidence.push_back(told(report, outbox.isBehind ? "deletes_waiting_at_least" : "deletes_waiting", counted(outbox.waitingRows)));
}

void judgeFollowing(const Judgement &j, const InvalidatorReport &report, const base::ClusterName &cluster, const OutboxFollowing &outbox, Problems &out)
{
    const auto now = j.snapshot().takenAt;
    const auto still = outbox.readAt ? std::chrono::duration_cast<microseconds>(now - *outbox.readAt) : microseconds(0);
    const bool isFailing = outbox.state == OutboxFollowing::State::Failing;
    if (isFailing || still > stillFor) {
        Problem problem = ofCluster(j, Rule::InvalidationFailing, Severity::Warning, Harm::DataWrong, report.region, cluster);
        problem.detail = isFailing ? "failing" : "still";
        if (!outbox.error.empty())
            problem.evidence.push_back(told(report, "error", outbox.error));
        if (outbox.readAt) {
            problem.evidence.push_back(told(report, "outbox_read_age", still, microseconds(stillFor)));
            problem.since = {std::chrono::time_point_cast<UtcTime::duration>(j.snapshot().takenUtc - still), true};
        }
        addBacklog(report, outbox, problem);
        out.push_back(std::move(problem));
        return;
    }
    if (!outbox.lagMedian)
        return;
    const microseconds limit = outbox.usualLag ? std::max<microseconds>(lateFloor, microseconds(static_cast<std::int64_t>(
                                                                                       static_cast<double>(outbox.usualLag->count()) * j.thresholds().slowFactor)))
                                               : microseconds(lateUnknown);
    if (*outbox.lagMedian <= limit)
        return;
    Problem problem = ofCluster(j, Rule::InvalidationLate, Severity::Warning, Harm::Slow, report.region, cluster);
    problem.evidence.push_back(told(report, "invalidation_lag", *outbox.lagMedian, limit));
    if (outbox.usualLag)
        problem.evidence.push_back(told(report, "usual_invalidation_lag", *outbox.usualLag));
    addBacklog(report, outbox, problem);
    out.push_back(std::move(problem));
}

void judgeMissed(const Judgement &j, const InvalidatorReport &report, const base::ClusterName &cluster, const OutboxFollowing &outbox, Problems &out)
{
    if (outbox.missedSince.empty())
        return;
    Problem problem = ofCluster(j, Rule::CacheMustFlush, Severity::Critical, Harm::DataWrong, report.region, cluster);
    problem.evidence.push_back(told(report, "rows_missed_since", outbox.missedSince));
    std::int64_t waiting = 0;
    for (const auto &[server, member] : report.members)
        waiting += member.state == MemberDelivery::State::MustFlush;
    problem.evidence.push_back(told(report, "members_not_flushed", waiting, counted(report.members.size())));
    out.push_back(std::move(problem));
}

void judgeMember(const Judgement &j, const InvalidatorReport &report, const base::ServerId &server, const MemberDelivery &member, Problems &out)
{
    using State = MemberDelivery::State;
    if (member.state == State::Here || member.state == State::Dialling)
        return;
    Problem problem = j.problem(Rule::CacheHeldBack, Severity::Warning, server);
    j.hit(problem, Harm::Slow, member.pool);
    problem.detail = name(member.state);
    problem.evidence.push_back(told(report, "deletes_waiting", counted(member.waiting)));
    if (!member.error.empty())
        problem.evidence.push_back(told(report, "error", member.error));
    if (member.sinceUtc)
        problem.since = {*member.sinceUtc, true};
    out.push_back(std::move(problem));
}

void judgeStale(const InvalidatorReport &report, Problems &out)
{
    if (!report.staleness || report.staleness->stale == 0)
        return;
    const MeasuredStaleness &measured = *report.staleness;
    Problem problem = inRegion(Rule::CacheStale, report.worstStaleShare() >= staleShareCritical ? Severity::Critical : Severity::Warning, report.region);
    problem.impact.harm = Harm::DataWrong;
    if (!measured.staleKeys.empty())
        problem.detail = measured.staleKeys.front();
    problem.evidence.push_back(told(report, "stale_share", measured.share()));
    problem.evidence.push_back(told(report, "items_stale", counted(measured.stale), counted(measured.compared)));
    if (measured.orphans > 0)
        problem.evidence.push_back(told(report, "items_without_row", counted(measured.orphans)));
    if (measured.oldest)
        problem.evidence.push_back(told(report, "oldest_stale_for", *measured.oldest));
    for (Evidence &evidence : problem.evidence)
        evidence.readAt = measured.at;
    out.push_back(std::move(problem));
}

void judgeLeases(const Judgement &j, const InvalidatorReport &report, const base::PoolName &pool, const LeaseReport &leases, Problems &out)
{
    const double granted = leases.rate("granted");
    const double lost = leases.rate("lost");
    const bool inVain = leases.rate("gave_up") >= gaveUpPerSecond;
    const bool refused = lost >= lostPerSecond && lost >= lostShare * granted;
    if (!inVain && !refused)
        return;
    Problem problem = inRegion(Rule::LeaseStampede, Severity::Warning, report.region);
    problem.place.pool = pool;
    j.hit(problem, Harm::Slow, pool);
    problem.detail = inVain ? "gave_up" : "lost";
    problem.evidence.push_back(told(report, "gave_up_per_second", leases.rate("gave_up"), gaveUpPerSecond));
    problem.evidence.push_back(told(report, "fills_lost_per_second", lost));
    problem.evidence.push_back(told(report, "leases_granted_per_second", granted));
    problem.evidence.push_back(told(report, "waited_per_second", leases.rate("waited")));
    out.push_back(std::move(problem));
}

} // namespace

void judgeInvalidation(const Judgement &j, Problems &out)
{
    for (const InvalidatorReport &report : j.snapshot().invalidators) {
        const Freshness freshness = freshnessOf(report, j.snapshot().takenAt, j.thresholds());
        if (freshness == Freshness::Down)
            judgeSilence(j, report, out);
        if (freshness != Freshness::Fresh)
            continue;
        for (const auto &[cluster, outbox] : report.clusters) {
            judgeFollowing(j, report, cluster, outbox, out);
            judgeMissed(j, report, cluster, outbox, out);
        }
        for (const auto &[server, member] : report.members)
            judgeMember(j, report, server, member, out);
        for (const auto &[pool, leases] : report.leases)
            judgeLeases(j, report, pool, leases, out);
        judgeStale(report, out);
    }
}

} // namespace shardlens::facts::rules
