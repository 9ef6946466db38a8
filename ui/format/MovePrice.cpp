// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/MovePrice.h"

#include "core/operate/Plan.h"
#include "core/operate/Readiness.h"
#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Rule;
using facts::Snapshot;
using operate::Plan;

constexpr qsizetype pricesShown = 3;

bool isHomedIn(const facts::ClusterFacts &cluster, const base::RegionName &region, const Snapshot &snapshot)
{
    const fleet::Server *primary = cluster.primary ? snapshot.fleet->server(*cluster.primary) : nullptr;
    return primary && !region.isEmpty() && primary->region == region;
}

/// Whose move the problem tempts to: its own cluster's, those led from the slow region, those that lag over the slow link.
bool temptsToMove(const Problem &problem, const facts::ClusterFacts &cluster, const Snapshot &snapshot)
{
    switch (problem.rule) {
    case Rule::Lag:
    case Rule::ServerSlow: return problem.place.cluster == cluster.name;
    case Rule::RegionSlow: return isHomedIn(cluster, problem.place.region, snapshot);
    case Rule::LinkSlow:
        return std::any_of(problem.consequences.begin(), problem.consequences.end(),
                           [&](const Problem &one) { return one.rule == Rule::Lag && one.place.cluster == cluster.name; });
    default: return false;
    }
}

/// Its primary answers, and all that a plan rests on was read.
bool isKnownWell(const facts::ClusterFacts &cluster, const Snapshot &snapshot)
{
    const facts::Observation *primary = cluster.primary ? snapshot.observation(*cluster.primary) : nullptr;
    return primary && primary->reach.state == facts::ReachState::Answering && operate::notReadYet(snapshot, cluster.name).empty();
}

QString priceOf(const Plan &plan, const QString &cluster)
{
    const auto isLong = [](const operate::Check &check) {
        return check.id == operate::CheckId::ExpectedPause && operate::isBlocking(check) && !check.readings.empty() && check.readings.front().limit;
    };
    const auto tooLong = std::find_if(plan.checks.begin(), plan.checks.end(), isLong);
    if (tooLong != plan.checks.end()) {
        const facts::Evidence &pause = tooLong->readings.front();
        return Words::tr("A switchover of %1 now would hold writes for about %2 (limit %3): not offered.")
            .arg(cluster, readingValue(pause.reading, pause.value), readingValue(pause.reading, *pause.limit));
    }
    QString held;
    if (plan.pause.isManagers)
        held = Words::tr("A switchover of %1 now would hold writes as long as its manager takes").arg(cluster);
    else if (plan.pause.expected)
        held = Words::tr("A switchover of %1 now would hold writes for about %2").arg(cluster, duration(*plan.pause.expected));
    if (!plan.isBlocked())
        return held.isEmpty() ? QString() : held + QLatin1Char('.');
    const auto blocks = std::find_if(plan.checks.begin(), plan.checks.end(), operate::isBlocking);
    const QString why = blocks != plan.checks.end() ? checkSentence(*blocks) : Words::tr("No standby is eligible");
    return held.isEmpty() ? Words::tr("A switchover of %1 now is not offered. %2.").arg(cluster, why)
                          : Words::tr("%1: not offered. %2.").arg(held, why);
}

QString priceOf(const base::ClusterName &cluster, const Snapshot &snapshot)
{
    auto plan = operate::planFor(snapshot, operate::SwitchCluster{cluster, {}});
    // Where nobody is eligible the price to the best of them says why.
    if (plan && plan->to.isEmpty() && !plan->candidates.empty()) {
        const base::ServerId best = plan->candidates.front().server;
        plan = operate::planFor(snapshot, operate::SwitchCluster{cluster, best});
    }
    return plan ? priceOf(*plan, text(cluster.text())) : QString();
}

} // namespace

QStringList movePrices(const Problem &problem, const Snapshot &snapshot)
{
    QStringList lines;
    std::int64_t more = 0;
    for (const facts::ClusterFacts &cluster : snapshot.clusters) {
        if (!snapshot.fleet || !temptsToMove(problem, cluster, snapshot) || !isKnownWell(cluster, snapshot))
            continue;
        if (lines.size() == pricesShown) {
            ++more;
            continue;
        }
        if (const QString line = priceOf(cluster.name, snapshot); !line.isEmpty())
            lines << line;
    }
    if (more > 0)
        lines << Words::tr("and %1 more").arg(count(more));
    return lines;
}

} // namespace shardlens::ui::format
