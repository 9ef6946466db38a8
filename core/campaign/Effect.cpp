// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Planning.h"

#include <algorithm>
#include <map>

namespace shardlens::campaign {

namespace {

using base::ServerId;

base::HostName hostOf(const Ground &ground, const ServerId &id)
{
    const fleet::Server *server = ground.fleet().server(id);
    return server ? server->host : base::HostName();
}

void addRate(facts::Known<double> &sum, const facts::Known<double> &rate)
{
    if (!sum)
        return;
    if (rate)
        *sum += *rate;
    else
        sum = tl::unexpected(rate.error());
}

/// The target with the least room counts.
void addConnections(const Ground &ground, const ServerId &target, TargetLoad &load)
{
    const facts::Observation *observation = ground.snapshot.observation(target);
    const facts::PostgresSample *sample = observation ? observation->postgres() : nullptr;
    if (!sample || !sample->connections)
        return;
    const facts::ConnectionCounts &counts = *sample->connections;
    if (load.connectionsMost == 0 || counts.max - counts.total < load.connectionsMost - load.connections) {
        load.connections = counts.total;
        load.connectionsMost = counts.max;
    }
}

std::vector<TargetLoad> loadsOf(const Ground &ground, const std::vector<Row> &rows)
{
    std::map<base::HostName, TargetLoad> loads;
    for (const Row &row : rows) {
        if (!moves(row) || row.isGroup)
            continue;
        TargetLoad &load = loads[hostOf(ground, row.to)];
        if (load.takes.empty()) {
            load.host = hostOf(ground, row.to);
            load.region = row.toRegion;
            load.commitsNow = 0.0;
            for (const facts::ClusterFacts &cluster : ground.snapshot.clusters) {
                if (cluster.primary && hostOf(ground, *cluster.primary) == load.host)
                    addRate(load.commitsNow, cluster.commitsPerSecond);
            }
            load.commitsThen = load.commitsNow;
        }
        load.takes.push_back(row.subject);
        addRate(load.commitsThen, row.commitsPerSecond);
        addConnections(ground, row.to, load);
    }
    std::vector<TargetLoad> all;
    for (auto &[host, load] : loads)
        all.push_back(std::move(load));
    return all;
}

/// What a pool loses is read from the databases.
void addMembers(const std::vector<Hosted> &hosted, Effect &effect)
{
    effect.extraReads = 0.0;
    for (const Hosted &one : hosted) {
        if (one.part == Part::Member) {
            effect.coldMembers.push_back(one.server);
            addRate(effect.extraReads, one.hitsPerSecond);
        }
        const bool isSecond = one.part == Part::Standby && one.others.empty();
        if (isSecond && std::find(effect.withoutSecond.begin(), effect.withoutSecond.end(), one.of) == effect.withoutSecond.end())
            effect.withoutSecond.push_back(one.of);
    }
}

void addRouters(const Ground &ground, Effect &effect)
{
    for (const fleet::Server &server : ground.fleet().servers) {
        if (server.kind == fleet::ServerKind::Pgbouncer && ground.isThere(server.id))
            effect.routers.push_back(server.id);
    }
}

InvalidationBacklog backlogOf(const facts::InvalidatorReport &report)
{
    InvalidationBacklog backlog;
    backlog.region = report.region;
    if (report.reach.state == facts::ReachState::Down || !report.hasAnswered) {
        backlog.keys = facts::unknown(report.reach.state == facts::ReachState::Down ? facts::WhyUnknown::ServerSilent
                                                                                    : facts::WhyUnknown::NotAskedYet);
        return backlog;
    }
    backlog.keys = static_cast<std::int64_t>(report.waitingRows());
    backlog.lag = report.worstLag();
    for (const auto &[cluster, outbox] : report.clusters) {
        backlog.isLeast = backlog.isLeast || outbox.isBehind;
        if (backlog.trouble.empty() && outbox.state == facts::OutboxFollowing::State::Failing)
            backlog.trouble = cluster.text() + ": " + (outbox.error.empty() ? std::string("its outbox cannot be read") : outbox.error);
        if (backlog.trouble.empty() && !outbox.missedSince.empty())
            backlog.trouble = cluster.text() + ": rows were pruned before they were delivered";
    }
    return backlog;
}

/// Of where users are sent.
void addBacklogs(const Ground &ground, Effect &effect)
{
    for (const facts::InvalidatorReport &report : ground.snapshot.invalidators) {
        if (report.region.text() != ground.goal.subject)
            effect.backlogs.push_back(backlogOf(report));
    }
}

template <class T, class U>
void keepLongest(std::optional<T> &longest, const U &one)
{
    if (one)
        longest = std::max(longest.value_or(T()), *one);
}

} // namespace

Effect effectOf(const Ground &ground, const std::vector<Row> &rows, const std::vector<Hosted> &hosted)
{
    Effect effect;
    for (const Row &row : rows) {
        if (row.fit == Fit::NotReady || row.fit == Fit::ByHand)
            ++effect.left;
        if (!moves(row))
            continue;
        ++(row.isGroup ? effect.groups : effect.clusters);
        effect.shards += row.shards;
        keepLongest(effect.longestPause, row.pause.expected);
        keepLongest(effect.longestLag, row.lag);
        if (row.seconds.empty())
            effect.withoutSecond.push_back(row.subject);
    }
    effect.loads = loadsOf(ground, rows);
    if (!ground.comesBack())
        addRouters(ground, effect);
    if (ground.goal.aim == Aim::HostDown)
        addMembers(hosted, effect);
    if (ground.goal.aim == Aim::Evacuate)
        addBacklogs(ground, effect);
    return effect;
}

bool keepsUp(const InvalidationBacklog &backlog)
{
    constexpr base::seconds late{5}; // older than that is what people notice
    return backlog.keys && !backlog.isLeast && backlog.trouble.empty() && backlog.lag.value_or(base::microseconds(0)) < late;
}

namespace {

/// Reads of what does not move, by routers of what stays.
void addReads(const Ground &ground, const std::vector<Row> &rows, std::vector<ManualStep> &steps)
{
    for (const Ground::ReadsThere &one : ground.readsThere()) {
        const bool isMoved = std::any_of(rows.begin(), rows.end(), [&](const Row &row) { return moves(row) && row.subject == one.target->cluster.text(); });
        if (!isMoved)
            steps.push_back({ManualStep::Kind::PointReads, one.target->database + " at " + one.router.text(), *one.target->leadsTo, true});
    }
}

} // namespace

std::vector<ManualStep> manualSteps(const Ground &ground, const std::vector<Row> &rows, const std::vector<ServerBack> &back)
{
    using Kind = ManualStep::Kind;
    std::vector<ManualStep> steps;
    const std::string &subject = ground.goal.subject;
    if (ground.goal.aim == Aim::Evacuate)
        steps.push_back({Kind::MoveUsers, subject, {}, true});
    for (const Row &row : rows) {
        if (row.fit == Fit::ByHand)
            steps.push_back({Kind::MoveGroup, row.subject, row.from, false});
        else if (row.fit == Fit::NotReady && row.failsOver() && !row.from.isEmpty())
            steps.push_back({Kind::MoveDead, row.subject, row.from, false});
    }
    addReads(ground, rows, steps);
    for (const ServerBack &one : back) {
        if (one.comeback == Comeback::Rebuild)
            steps.push_back({Kind::Rebuild, one.server.text(), {}, false});
    }
    if (ground.goal.aim == Aim::Return)
        steps.push_back({Kind::MoveUsers, subject, {}, false});
    if (ground.goal.aim == Aim::HostDown)
        steps.push_back({Kind::WorkOnHost, subject, {}, false});
    return steps;
}

} // namespace shardlens::campaign
