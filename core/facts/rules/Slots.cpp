// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Settings.h"
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// A slot that would be full within the hour at its present pace is told before its size alone would be.
constexpr std::chrono::hours soon{1};
/// Less than this kept is no backlog: a slot always keeps the segments around the standby's position.
constexpr Bytes little{64LL << 20};

const StandbyLag *standbyOf(const fleet::Fleet &fleet, const ClusterFacts &cluster, const SlotRow &slot)
{
    const auto found = std::find_if(cluster.standbys.begin(), cluster.standbys.end(),
                                    [&](const StandbyLag &lag) { return derive::replicationName(fleet, lag.standby) == derive::replicationName(slot.name); });
    return found == cluster.standbys.end() ? nullptr : &*found;
}

void judgeSlot(const Judgement &j, const ClusterFacts &cluster, const PostgresSample &primary, const SlotRow &slot, Problems &out)
{
    const StandbyLag *standby = standbyOf(j.fleet(), cluster, slot);
    const auto setting = derive::setting(primary, "max_slot_wal_keep_size");
    const auto most = setting ? derive::parseSize(*setting, Bytes{1LL << 20}) : std::nullopt;
    const bool lost = slot.walStatus == "lost" || slot.walStatus == "unreserved";
    const Bytes limit = most ? Bytes{static_cast<std::int64_t>(static_cast<double>(most->count) * j.thresholds().slotWarnShare)} : j.thresholds().slotWarnBytes;
    const bool much = slot.retained && *slot.retained >= limit;
    const bool fillsSoon = standby && standby->slotFullIn && *standby->slotFullIn < soon && slot.retained && *slot.retained > little;
    if (!lost && !much && !fillsSoon)
        return;
    Problem problem = j.problem(Rule::SlotFilling, lost ? Severity::Critical : Severity::Warning, standby ? standby->standby : *cluster.primary);
    j.hit(problem, lost ? Harm::RedundancyLost : Harm::WillFail);
    if (standby && standby->slotFullIn && !lost)
        problem.impact.failsAt = j.snapshot().takenUtc + *standby->slotFullIn;
    // The place is where the log is kept for; an orphan's is where it is kept.
    problem.subject = standby ? std::string() : slot.name;
    problem.detail = standby ? standby->standby.text() : slot.name;
    if (slot.retained)
        problem.evidence.push_back(j.said(*cluster.primary, "slot_retained", *slot.retained, limit));
    if (standby && standby->slotFullIn)
        problem.evidence.push_back(j.said(*cluster.primary, "slot_full_at", j.snapshot().takenUtc + *standby->slotFullIn));
    problem.evidence.push_back(j.said(*cluster.primary, "wal_status", slot.walStatus));
    problem.evidence.push_back(j.said(*cluster.primary, "slot_active", std::string(slot.active ? "yes" : "no")));
    out.push_back(std::move(problem));
}

} // namespace

void judgeSlots(const Judgement &j, Problems &out)
{
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        const PostgresSample *primary = cluster.primary ? j.freshPostgres(*cluster.primary) : nullptr;
        if (!primary || !primary->slots)
            continue;
        for (const SlotRow &slot : *primary->slots)
            judgeSlot(j, cluster, *primary, slot, out);
    }
}

} // namespace shardlens::facts::rules
