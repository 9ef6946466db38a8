// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Planning.h"

#include <algorithm>
#include <array>

namespace shardlens::campaign {

namespace {

using base::ErrorCode;

constexpr std::array<std::string_view, 4> aimNames{"evacuate", "return", "host_down", "host_up"};

base::Result<void> checkGoal(const fleet::Fleet &fleet, const Goal &goal, const Options &options)
{
    const auto isRegion = [&](const std::string &text) {
        return std::any_of(fleet.regions.begin(), fleet.regions.end(), [&](const fleet::Region &region) { return region.name.text() == text; });
    };
    const bool isHost = std::any_of(fleet.hosts.begin(), fleet.hosts.end(), [&](const fleet::Host &host) { return host.name.text() == goal.subject; });
    if (isOfRegion(goal.aim) ? !isRegion(goal.subject) : !isHost)
        return base::fail(ErrorCode::NotFound, std::string("the fleet has no ") + (isOfRegion(goal.aim) ? "region '" : "host '") + goal.subject + "'");
    if (options.atOnce == 0)
        return base::fail(ErrorCode::BadInput, "no move at once moves nothing");
    if (!options.toRegion.isEmpty() && (!isRegion(options.toRegion.text()) || options.toRegion.text() == goal.subject))
        return base::fail(ErrorCode::BadInput, "'" + options.toRegion.text() + "' is no other region of the fleet");
    return {};
}

/// Who returns to a region or host is planned as if its mark were lifted: that is the first that is done.
facts::Snapshot unmarked(const facts::Snapshot &snapshot, const Goal &goal)
{
    facts::Snapshot without = snapshot;
    if (!snapshot.shared)
        return without;
    auto shared = std::make_shared<facts::Shared>(*snapshot.shared);
    const auto kind = isOfRegion(goal.aim) ? facts::Mark::Kind::Region : facts::Mark::Kind::Host;
    std::erase_if(shared->marks, [&](const facts::Mark &mark) { return mark.kind == kind && mark.subject == goal.subject; });
    without.shared = std::move(shared);
    return without;
}

bool isMarked(const facts::Snapshot &snapshot, const Goal &goal)
{
    const auto kind = isOfRegion(goal.aim) ? facts::Mark::Kind::Region : facts::Mark::Kind::Host;
    return snapshot.shared && std::any_of(snapshot.shared->marks.begin(), snapshot.shared->marks.end(),
                                          [&](const facts::Mark &mark) { return mark.kind == kind && mark.subject == goal.subject; });
}

/// The way home of a host is only offered, unless it was asked for.
void holdHome(std::vector<Row> &rows)
{
    for (Row &row : rows)
        row.wave = 0;
}

CampaignPlan planned(const Ground &ground)
{
    CampaignPlan plan;
    plan.goal = ground.goal;
    plan.options = ground.options;
    plan.takenAt = ground.snapshot.takenAt;
    plan.takenUtc = ground.snapshot.takenUtc;
    for (const fleet::Cluster &cluster : ground.fleet().clusters) {
        if (auto row = clusterRow(ground, cluster, plan.fingerprint))
            plan.rows.push_back(std::move(*row));
    }
    for (const fleet::RedisGroup &group : ground.fleet().redisGroups) {
        if (auto row = groupRow(ground, group, plan.fingerprint))
            plan.rows.push_back(std::move(*row));
    }
    const bool offersOnly = ground.goal.aim == Aim::HostUp && !ground.options.bringsHome;
    plan.servers = serversBack(ground);
    plan.manual = manualSteps(ground, plan.rows, plan.servers);
    if (ground.goal.aim == Aim::HostDown)
        plan.hosted = hostedOn(ground.snapshot, base::HostName(ground.goal.subject));
    plan.effect = offersOnly ? Effect() : effectOf(ground, plan.rows, plan.hosted);
    plan.waves = setWaves(plan.rows, ground.options.atOnce);
    if (offersOnly) {
        holdHome(plan.rows);
        plan.waves = 0;
    }
    return plan;
}

} // namespace

bool Ground::isThere(const base::ServerId &id) const
{
    const fleet::Server *server = fleet().server(id);
    return server && (isOfRegion(goal.aim) ? server->region.text() : server->host.text()) == goal.subject;
}

bool Ground::isHomed(const base::RegionName &home) const
{
    if (isOfRegion(goal.aim))
        return home.text() == goal.subject;
    return std::any_of(fleet().hosts.begin(), fleet().hosts.end(), [&](const fleet::Host &host) { return host.name.text() == goal.subject && host.region == home; });
}

base::RegionName Ground::regionOf(const base::ServerId &id) const
{
    const fleet::Server *server = fleet().server(id);
    return server ? server->region : base::RegionName();
}

std::vector<base::ServerId> Ground::leftOf(const base::ClusterName &cluster) const
{
    std::vector<base::ServerId> left;
    const fleet::Cluster *declared = comesBack() ? nullptr : fleet().cluster(cluster);
    for (const base::ServerId &id : declared ? declared->servers : std::vector<base::ServerId>()) {
        if (isThere(id))
            left.push_back(id);
    }
    return left;
}

std::vector<Ground::ReadsThere> Ground::readsThere() const
{
    std::vector<ReadsThere> reads;
    if (comesBack())
        return reads;
    for (const facts::RouterFacts &router : snapshot.routers) {
        for (const facts::RouterTarget &target : router.targets) {
            if (target.forReads && target.leadsTo && isThere(*target.leadsTo) && !isThere(router.server))
                reads.push_back({&target, router.server});
        }
    }
    return reads;
}

std::string ManualStep::id() const
{
    return std::string(name(kind)) + " " + subject;
}

bool CampaignPlan::isEmpty() const
{
    return waves == 0 && !setsMark && !liftsMark;
}

std::vector<const Row *> CampaignPlan::wave(unsigned number) const
{
    std::vector<const Row *> of;
    for (const Row &row : rows) {
        if (row.wave == number && number != 0)
            of.push_back(&row);
    }
    return of;
}

base::Result<CampaignPlan> planFor(const facts::Snapshot &snapshot, const Goal &goal, const Options &options)
{
    if (const auto right = checkGoal(*snapshot.fleet, goal, options); !right)
        return base::fail(right.error());
    const bool isBack = goal.aim == Aim::Return || goal.aim == Aim::HostUp;
    const facts::Snapshot ground = isBack ? unmarked(snapshot, goal) : snapshot;
    CampaignPlan plan = planned({ground, goal, options});
    plan.isMarked = isMarked(snapshot, goal);
    const auto isLeftThere = [](const Row &row) { return row.fit == Fit::NotReady; };
    const bool isAllLeft = plan.waves == 0 && std::any_of(plan.rows.begin(), plan.rows.end(), isLeftThere);
    if (isBack) // a region to which nothing can return stays evacuated; a host's servers are looked at before
        plan.liftsMark = plan.isMarked && (goal.aim == Aim::HostUp || !isAllLeft);
    else // a region or host that nothing leaves is not marked as if something had
        plan.setsMark = snapshot.fleet->directory.has_value() && (plan.waves > 0 || (!plan.isMarked && std::none_of(plan.rows.begin(), plan.rows.end(), isLeftThere)));
    plan.fingerprint.facts[goal.subject + ".mark"] = plan.isMarked ? "set" : "none";
    return plan;
}

std::string_view name(Aim aim)
{
    return aimNames.at(static_cast<std::size_t>(aim));
}

std::optional<Aim> aimNamed(std::string_view text)
{
    const auto found = std::find(aimNames.begin(), aimNames.end(), text);
    return found == aimNames.end() ? std::nullopt : std::optional(static_cast<Aim>(found - aimNames.begin()));
}

std::string_view name(Fit fit)
{
    switch (fit) {
    case Fit::Ready: return "ready";
    case Fit::Warnings: return "ready_with_warnings";
    case Fit::NotReady: return "not_ready";
    case Fit::ByHand: return "by_hand";
    case Fit::Settled: return "settled";
    }
    return "";
}

std::string_view name(Comeback comeback)
{
    switch (comeback) {
    case Comeback::Now: return "now";
    case Comeback::CatchUp: return "catch_up";
    case Comeback::Rebuild: return "rebuild";
    case Comeback::Silent: return "silent";
    }
    return "";
}

std::string_view name(ManualStep::Kind kind)
{
    switch (kind) {
    case ManualStep::Kind::MoveUsers: return "move_users";
    case ManualStep::Kind::MoveGroup: return "move_group";
    case ManualStep::Kind::MoveDead: return "move_dead";
    case ManualStep::Kind::PointReads: return "point_reads";
    case ManualStep::Kind::Rebuild: return "rebuild";
    case ManualStep::Kind::WorkOnHost: return "work_on_host";
    }
    return "";
}

} // namespace shardlens::campaign
