// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Planning.h"

#include "core/operate/Readiness.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

using base::ServerId;
using operate::Candidate;

/// May become the primary by this campaign.
bool isTarget(const Ground &ground, const ServerId &id)
{
    return ground.isThere(id) == ground.comesBack();
}

/// Eligible ones come first, best first: the first where the person wants it, else the first, else whoever is rejected last.
ServerId targetAmong(const Ground &ground, const std::vector<Candidate> &candidates)
{
    const Candidate *best = nullptr;
    for (const Candidate &one : candidates) {
        if (!isTarget(ground, one.server))
            continue;
        if (!one.rejectedFor && one.region == ground.options.toRegion)
            return one.server;
        best = best ? best : &one;
    }
    return best ? best->server : ServerId();
}

/// A cluster or a Redis group, as far as rows are alike.
struct Thing {
    base::RegionName home;
    const std::vector<ServerId> &servers;
    const facts::Known<ServerId> &primary;
    const std::vector<facts::StandbyLag> &standbys;
};

const facts::StandbyLag *lagOf(const Thing &thing, const ServerId &id)
{
    const auto found = std::find_if(thing.standbys.begin(), thing.standbys.end(), [&](const facts::StandbyLag &lag) { return lag.standby == id; });
    return found == thing.standbys.end() ? nullptr : &*found;
}

bool answers(const Ground &ground, const ServerId &id)
{
    const facts::Observation *observation = ground.snapshot.observation(id);
    return observation && observation->reach.state == facts::ReachState::Answering;
}

/// After a failover: whoever answers follows, though it streams from nobody now, and not the old primary.
std::vector<ServerId> secondsOf(const Ground &ground, const Thing &thing, const Row &row)
{
    std::vector<ServerId> seconds;
    for (const ServerId &id : thing.servers) {
        const bool isLeft = !ground.comesBack() && ground.isThere(id);
        const bool stands = row.failsOver() ? id != row.from && answers(ground, id) : id == row.from || operate::isLive(lagOf(thing, id));
        if (id != row.to && !isLeft && stands)
            seconds.push_back(id);
    }
    return seconds;
}

facts::Known<base::microseconds> logKeptFor(const facts::ClusterFacts &facts)
{
    if (!facts.walBytesPerSecond)
        return tl::unexpected(facts.walBytesPerSecond.error());
    for (const facts::StandbyLag &lag : facts.standbys) {
        if (lag.slotLimit && *facts.walBytesPerSecond > 0)
            return base::microseconds(static_cast<std::int64_t>(static_cast<double>(lag.slotLimit->count) / *facts.walBytesPerSecond * 1e6));
        if (!lag.slotLimit && lag.slotLimit.error().why == facts::WhyUnknown::NoValue)
            return tl::unexpected(lag.slotLimit.error());
    }
    return facts::unknown(facts::WhyUnknown::NoValue);
}

/// Who comes home was moved by us, however short ago: that is a warning. So is what a person forces.
bool isForced(const Ground &ground, const operate::Check &check)
{
    const auto &forced = ground.options.forced;
    const bool isAsked = std::any_of(forced.begin(), forced.end(), [&](const execute::Forced &one) { return one.check == check.id; });
    return check.forceable && (isAsked || (ground.comesBack() && check.id == operate::CheckId::RecentMove));
}

void judge(const Ground &ground, Row &row, operate::Plan plan)
{
    for (operate::Check &check : plan.checks) {
        if (operate::isBlocking(check) && !isForced(ground, check))
            row.blocking.push_back(std::move(check));
        else if (check.verdict != operate::Verdict::Passed)
            row.amiss.push_back(std::move(check));
    }
    row.pause = plan.pause;
    row.loss = plan.loss;
    row.shards = plan.shards;
    if (plan.steps.empty() || !row.blocking.empty())
        row.fit = Fit::NotReady;
    else
        row.fit = row.amiss.empty() ? Fit::Ready : Fit::Warnings;
}

void addFacts(operate::Fingerprint &to, const operate::Fingerprint &from, const Row &row)
{
    for (const auto &[fact, value] : from.facts) {
        if (!fact.starts_with("plan.")) // what is done is the row's own, below
            to.facts.emplace(fact, value);
    }
    to.remembered.insert(from.remembered.begin(), from.remembered.end());
    to.facts[row.subject + ".moves_to"] = moves(row) ? row.to.text() : "stays";
}

/// What the target has, and what becomes of it all with it.
void describeTarget(const Ground &ground, const Thing &thing, Row &row)
{
    row.toRegion = ground.regionOf(row.to);
    if (const facts::StandbyLag *lag = lagOf(thing, row.to)) {
        row.behind = lag->behind;
        row.lag = lag->time;
    }
    row.seconds = secondsOf(ground, thing, row);
}

bool hasMemberThere(const Ground &ground, const std::vector<ServerId> &servers)
{
    return std::any_of(servers.begin(), servers.end(), [&](const ServerId &id) { return ground.isThere(id); });
}

/// Whether a thing with this home and primary is a row at all; and one that has nothing to move.
struct Concern {
    bool isRow = false;
    bool isSettled = false;
};

Concern concernOf(const Ground &ground, const Thing &thing)
{
    const bool isPrimaryThere = thing.primary && ground.isThere(*thing.primary);
    if (!hasMemberThere(ground, thing.servers))
        return {};
    if (ground.comesBack())
        return {ground.isHomed(thing.home), isPrimaryThere};
    const bool isOurs = isPrimaryThere || (isOfRegion(ground.goal.aim) && ground.isHomed(thing.home));
    return {isOurs, thing.primary && !isPrimaryThere};
}

/// Chooses the target of the row's move, and judges it. False: it cannot be planned at all.
bool planRow(const Ground &ground, const Thing &thing, Row &row, operate::Fingerprint &facts)
{
    const auto first = operate::planFor(ground.snapshot, row.intent);
    if (!first)
        return false;
    row.to = targetAmong(ground, first->candidates);
    row.intent = operate::withCandidate(row.intent, row.to);
    auto plan = row.to.isEmpty() ? base::Result<operate::Plan>(*first) : operate::planFor(ground.snapshot, row.intent);
    if (!plan)
        return false;
    if (row.to.isEmpty())
        plan->steps.clear(); // planned for somebody who is no target of ours
    const operate::Fingerprint fingerprint = plan->fingerprint;
    judge(ground, row, std::move(*plan));
    describeTarget(ground, thing, row);
    addFacts(facts, fingerprint, row);
    return true;
}

/// It is where it would be brought to.
void settle(const Ground &ground, Row &row)
{
    row.fit = Fit::Settled;
    row.to = row.from;
    row.toRegion = ground.regionOf(row.to);
}

} // namespace

std::optional<Row> clusterRow(const Ground &ground, const fleet::Cluster &cluster, operate::Fingerprint &facts)
{
    const facts::ClusterFacts *seen = ground.snapshot.cluster(cluster.name);
    if (!seen)
        return std::nullopt;
    const Thing thing{cluster.home, cluster.servers, seen->primary, seen->standbys};
    const Concern concern = concernOf(ground, thing);
    if (!concern.isRow)
        return std::nullopt;
    Row row;
    row.subject = cluster.name.text();
    row.intent = operate::shunning(operate::moveOf(operate::actNow(ground.snapshot, cluster.name), cluster.name, {}, {}), ground.leftOf(cluster.name));
    row.isDirectory = ground.fleet().directory && ground.fleet().directory->cluster == cluster.name;
    row.from = seen->primary.value_or(ServerId());
    row.commitsPerSecond = seen->commitsPerSecond;
    row.shards = seen->shardCount;
    if (concern.isSettled) {
        settle(ground, row);
        return row;
    }
    if (!planRow(ground, thing, row, facts))
        return row;
    std::string detail;
    if (ground.comesBack())
        row.comeback = comebackOf(ground, cluster, row.to, detail);
    else
        row.logKeptFor = logKeptFor(*seen);
    return row;
}

std::optional<Row> groupRow(const Ground &ground, const fleet::RedisGroup &group, operate::Fingerprint &facts)
{
    const facts::RedisGroupFacts *seen = ground.snapshot.redisGroup(group.name);
    if (!seen)
        return std::nullopt;
    const Thing thing{group.home, group.servers, seen->primary, seen->replicas};
    const Concern concern = concernOf(ground, thing);
    if (!concern.isRow)
        return std::nullopt;
    Row row;
    row.subject = group.name.text();
    row.isGroup = true;
    row.intent = operate::moveOf(operate::actNow(ground.snapshot, group.name), {}, group.name, {});
    row.from = seen->primary.value_or(ServerId());
    row.commitsPerSecond = seen->commandsPerSecond;
    if (concern.isSettled)
        settle(ground, row);
    else if (!planRow(ground, thing, row, facts))
        row.fit = Fit::ByHand;
    return row;
}

} // namespace shardlens::campaign
