// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Aftermath.h"

#include "core/operate/Sight.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

std::int64_t termOf(const Sight &sight, const base::ServerId &id)
{
    const facts::PostgresSample *sample = sight.fresh(id);
    return sample ? sample->term.value_or(0) : 0;
}

void addRouters(const Sight &sight, const base::ServerId &primary, std::vector<Intent> &remedies)
{
    const auto act = [&](Act what, const RouterUse &use, const base::ServerId &to) {
        remedies.emplace_back(SmallAct{what, sight.cluster().name, use.router->server, use.writes->database, to, {}});
    };
    for (const RouterUse &use : sight.routers()) {
        if (use.writes->leadsTo && *use.writes->leadsTo != primary)
            act(Act::PointRouter, use, primary);
        if (use.writes->paused)
            act(Act::ResumeRouter, use, {});
    }
}

} // namespace

Aftermath aftermathOf(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
{
    Aftermath after;
    const Sight sight(snapshot, cluster);
    if (!sight.isDeclared())
        return after;
    for (const base::ServerId &id : sight.cluster().servers) {
        const facts::PostgresSample *sample = sight.fresh(id);
        if (!sample)
            after.silent.push_back(id);
        else if (!sample->inRecovery)
            after.primaries.push_back(id);
    }
    std::stable_sort(after.primaries.begin(), after.primaries.end(), [&](const auto &a, const auto &b) { return termOf(sight, a) > termOf(sight, b); });
    if (after.primaries.empty()) {
        after.remedies.emplace_back(FailCluster{cluster, {}});
        return after;
    }
    const base::ServerId &primary = after.primaries.front();
    // While there are two nothing is let flow to either.
    if (after.primaries.size() > 1)
        return after;
    if (sight.fresh(primary)->readOnlyByDefault)
        after.remedies.emplace_back(SmallAct{Act::LiftBrake, cluster, primary, {}, {}, {}});
    addRouters(sight, primary, after.remedies);
    for (const base::ServerId &id : sight.cluster().servers) {
        const facts::PostgresSample *sample = sight.fresh(id);
        const facts::StandbyLag *lag = sight.lag(id);
        if (sample && sample->inRecovery && lag && lag->upstream.isEmpty())
            after.remedies.emplace_back(SmallAct{Act::RepointStandby, cluster, id, {}, primary, {}});
    }
    return after;
}

} // namespace shardlens::operate
