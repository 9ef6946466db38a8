// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Vantages.h"

#include <algorithm>
#include <map>

namespace shardlens::facts::rules {

namespace {

struct RegionView {
    std::int64_t servers = 0;
    std::int64_t asking = 0;
    std::int64_t silent = 0; ///< late or down
    std::int64_t down = 0;
    std::int64_t slow = 0;
    std::int64_t overdue = 0; ///< late alone: an answer may come yet
    std::int64_t judged = 0; ///< answering with a usual latency to compare with
    std::optional<UtcTime> silentSince;
    std::optional<Instant> silentAt;
    bool answeredBefore = false;
    std::vector<microseconds> latencies;
    std::vector<microseconds> usual;
};

void addServer(const Judgement &j, const Reach &reach, RegionView &view)
{
    ++view.servers;
    if (reach.state == ReachState::Asking) {
        ++view.asking;
        return;
    }
    if (reach.state == ReachState::Late || reach.state == ReachState::Down) {
        ++view.silent;
        view.down += reach.state == ReachState::Down;
        view.overdue += reach.state == ReachState::Late && reach.lastAnswer;
        view.answeredBefore = view.answeredBefore || reach.lastAnswerUtc.has_value();
        // The region was lost when its last server fell silent, not when the first one did.
        if (reach.silentSinceUtc)
            view.silentSince = std::max(view.silentSince.value_or(*reach.silentSinceUtc), *reach.silentSinceUtc);
        if (reach.silentSince)
            view.silentAt = std::max(view.silentAt.value_or(*reach.silentSince), *reach.silentSince);
        return;
    }
    if (!reach.latency || !reach.usualLatency)
        return;
    ++view.judged;
    view.latencies.push_back(*reach.latency);
    view.usual.push_back(*reach.usualLatency);
    const double factor = static_cast<double>(reach.latency->count()) / std::max(1.0, static_cast<double>(reach.usualLatency->count()));
    view.slow += factor > j.thresholds().slowFactor && *reach.latency > j.thresholds().slowFloor;
}

std::map<base::RegionName, RegionView> look(const Judgement &j)
{
    std::map<base::RegionName, RegionView> views;
    for (const fleet::Server &server : j.fleet().servers) {
        if (const Observation *observation = j.observation(server.id))
            addServer(j, observation->reach, views[server.region]);
    }
    return views;
}

bool isSilent(const RegionView &view)
{
    return view.servers > 1 && view.silent == view.servers && view.down * 2 >= view.servers;
}

/// Nearly every server of a region is slow, or has its answer still to come: that is one link, not so many servers.
bool isSlow(const RegionView &view)
{
    const std::int64_t heard = view.judged + view.overdue;
    return heard > 2 && view.slow > 0 && (view.slow + view.overdue) * 5 >= heard * 4;
}

/// Servers elsewhere that still hear one of the region's, and those that lost theirs: whose link is cut?
void addVantage(const Judgement &j, const base::RegionName &region, Problem &problem, bool &heard)
{
    const auto regionOf = [&](const base::ServerId &id) {
        const fleet::Server *server = j.fleet().server(id);
        return server ? server->region : base::RegionName();
    };
    const auto look = [&](const Known<base::ServerId> &primary, const std::vector<StandbyLag> &standbys) {
        for (const StandbyLag &lag : standbys) {
            const bool standbyHere = regionOf(lag.standby) == region;
            const bool primaryHere = primary && regionOf(*primary) == region;
            if (standbyHere == primaryHere || !primary)
                continue;
            const base::ServerId &teller = standbyHere ? *primary : lag.standby;
            if (!j.isFresh(teller))
                continue;
            if (lag.state == StandbyState::NotStreaming) {
                if (std::find(problem.alsoSeenBy.begin(), problem.alsoSeenBy.end(), teller) == problem.alsoSeenBy.end())
                    problem.alsoSeenBy.push_back(teller);
            } else if (lag.state != StandbyState::Unknown && lag.state != StandbyState::Diverged) {
                heard = true;
                problem.evidence.push_back(j.said(teller, standbyHere ? "still_hears" : "still_streams", standbyHere ? lag.standby.text() : primary->text()));
            }
        }
    };
    for (const ClusterFacts &cluster : j.snapshot().clusters)
        look(cluster.primary, cluster.standbys);
    for (const RedisGroupFacts &group : j.snapshot().redisGroups)
        look(group.primary, group.replicas);
}

/// Clusters whose writes from a region are known to fail.
std::vector<base::ClusterName> refusedFrom(const Judgement &j, const base::RegionName &region)
{
    std::vector<base::ClusterName> refused;
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        const ServingRow *row = j.snapshot().serving.writes(cluster.name);
        const ServingCell *cell = row ? row->cell(region) : nullptr;
        if (cell && cell->verdict == ServingVerdict::Refused)
            refused.push_back(cluster.name);
    }
    return refused;
}

void addLostClusters(const Judgement &j, const base::RegionName &region, Problem &problem)
{
    std::vector<base::ClusterName> lost;
    std::optional<UtcTime> heard;
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        const fleet::Server *primary = cluster.primary ? j.fleet().server(*cluster.primary) : nullptr;
        if (!primary || primary->region != region)
            continue;
        problem.severity = Severity::Critical;
        problem.evidence.push_back(Judgement::seen("primary_lost", cluster.name.text()));
        lost.push_back(cluster.name);
        if (const auto sign = lastSignOfLife(j, cluster))
            heard = std::max(heard.value_or(*sign), *sign);
    }
    // It was lost before this console looked; standbys elsewhere still know when the last of its primaries spoke.
    if (heard && !problem.since.exact && *heard < problem.since.at)
        problem.since = {*heard, true};
    // A guard that is left there tells what its people meet.
    if (lost.empty()) {
        lost = refusedFrom(j, region);
        if (!lost.empty()) {
            problem.severity = Severity::Critical;
            problem.impact.regions = {region};
        }
    }
    problem.impact.harm = lost.empty() ? Harm::RedundancyLost : Harm::WritesRefused;
    problem.impact.service = Service::Shards;
    j.population().fill(problem.impact, lost);
}

Problem silent(const Judgement &j, const RegionView &view, const base::RegionName &region)
{
    Problem problem;
    problem.rule = Rule::RegionSilent;
    problem.severity = Severity::Warning;
    problem.place.region = region;
    problem.impact.harm = Harm::NotSeen;
    problem.evidence.push_back(Judgement::seen("servers_silent", view.silent, view.servers));
    if (view.silentAt)
        problem.evidence.push_back(Judgement::seen("silent_for", std::chrono::duration_cast<microseconds>(j.snapshot().takenAt - *view.silentAt)));
    if (view.silentSince && view.answeredBefore)
        problem.since = {*view.silentSince, true};
    else
        problem.since = {j.snapshot().observingSinceUtc, false};
    return problem;
}

Problem slow(const Judgement &j, const RegionView &view, const base::RegionName &region)
{
    Problem problem;
    problem.rule = Rule::RegionSlow;
    problem.severity = Severity::Warning;
    problem.place.region = region;
    j.hit(problem, Harm::Slow);
    problem.evidence.push_back(Judgement::seen("latency", median(view.latencies)));
    problem.evidence.push_back(Judgement::seen("usual_latency", median(view.usual)));
    problem.evidence.push_back(Judgement::seen("servers_slow", view.slow + view.overdue, view.servers));
    return problem;
}

void add(const RegionView &view, RegionView &sum)
{
    sum.servers += view.servers;
    sum.silent += view.silent;
    sum.slow += view.slow;
    sum.overdue += view.overdue;
    sum.judged += view.judged;
    sum.answeredBefore = sum.answeredBefore || view.answeredBefore;
    if (view.silentSince)
        sum.silentSince = std::max(sum.silentSince.value_or(*view.silentSince), *view.silentSince);
    if (view.silentAt)
        sum.silentAt = std::max(sum.silentAt.value_or(*view.silentAt), *view.silentAt);
    sum.latencies.insert(sum.latencies.end(), view.latencies.begin(), view.latencies.end());
    sum.usual.insert(sum.usual.end(), view.usual.begin(), view.usual.end());
}

/// Slow towards every other region at once: our own link, whatever lies at its other ends.
void judgeOwnLink(const std::map<base::RegionName, RegionView> &views, const Judgement &j, Problems &out)
{
    RegionView others;
    int regions = 0;
    for (const auto &[region, view] : views) {
        if (region == j.fleet().ownRegion || view.judged == 0)
            continue;
        if (!isSlow(view))
            return;
        ++regions;
        add(view, others);
    }
    if (regions < 2)
        return;
    out.push_back(slow(j, others, {}));
    out.back().impact.harm = Harm::NotSeen;
    const auto own = views.find(j.fleet().ownRegion);
    out.back().detail = own != views.end() && isSlow(own->second) ? "console" : "alone";
}

/// Only those who stand where we stand lost it: the link from here is cut, and what is homed there takes no writes from here.
void addOwnLink(const Judgement &j, const base::RegionName &region, Problem &problem)
{
    const base::RegionName own = j.fleet().ownRegion;
    const bool neighboursLostIt = std::any_of(problem.alsoSeenBy.begin(), problem.alsoSeenBy.end(), [&](const base::ServerId &id) {
        const fleet::Server *server = j.fleet().server(id);
        return server && server->region == own;
    });
    problem.detail = neighboursLostIt ? "link_cut" : "cut_off";
    std::vector<base::ClusterName> refused = refusedFrom(j, own);
    std::erase_if(refused, [&](const base::ClusterName &name) {
        const ClusterFacts *cluster = j.snapshot().cluster(name);
        const fleet::Server *primary = cluster && cluster->primary ? j.fleet().server(*cluster->primary) : nullptr;
        return !primary || primary->region != region;
    });
    if (refused.empty()) {
        j.hitRefusedGroup(problem, own, region);
        return;
    }
    problem.severity = Severity::Critical;
    problem.impact.harm = Harm::WritesRefused;
    problem.impact.service = Service::Shards;
    problem.impact.regions = {own};
    j.population().fill(problem.impact, refused);
}

} // namespace

void judgeRegions(const Judgement &j, Problems &out)
{
    const auto views = look(j);
    const bool all = std::all_of(views.begin(), views.end(), [](const auto &view) { return isSilent(view.second); });
    if (all && !views.empty()) {
        // Nobody answers: whether the fleet or only this machine is cut off cannot be told from here.
        RegionView whole;
        for (const auto &[region, view] : views)
            add(view, whole);
        out.push_back(silent(j, whole, {}));
        out.back().severity = Severity::Critical;
        return;
    }
    for (const auto &[region, view] : views) {
        if (isSilent(view)) {
            Problem problem = silent(j, view, region);
            bool heard = false;
            addVantage(j, region, problem, heard);
            if (heard)
                addOwnLink(j, region, problem);
            else
                addLostClusters(j, region, problem);
            out.push_back(std::move(problem));
        } else if (isSlow(view)) {
            out.push_back(slow(j, view, region));
        }
    }
    judgeOwnLink(views, j, out);
    tellVantages(j, out);
}

} // namespace shardlens::facts::rules
