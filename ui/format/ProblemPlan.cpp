// SPDX-License-Identifier: GPL-3.0-or-later
// The act that mends a problem, the smallest one that is enough.
#include "ui/format/ProblemText.h"

#include <algorithm>

namespace shardlens::ui::format {

using facts::Problem;
using facts::Rule;
using operate::Act;
using operate::SmallAct;

namespace {

const facts::Evidence *evidenceNamed(const Problem &problem, const char *reading)
{
    const auto found =
        std::find_if(problem.evidence.begin(), problem.evidence.end(), [&](const facts::Evidence &one) { return one.reading == reading; });
    return found == problem.evidence.end() ? nullptr : &*found;
}

bool saysSo(const Problem &problem, const char *reading, const char *word)
{
    const facts::Evidence *evidence = evidenceNamed(problem, reading);
    const auto *value = evidence ? std::get_if<std::string>(&evidence->value) : nullptr;
    return value && *value == word;
}

SmallAct smallFor(const Problem &problem, Act act, std::string object = {})
{
    return {act, problem.place.cluster, problem.place.server, std::move(object), {}, {}};
}

} // namespace

std::optional<operate::Intent> planOf(const Problem &problem)
{
    if (problem.place.cluster.isEmpty())
        return std::nullopt;
    switch (problem.rule) {
    // Only where the primary is lost to others too: one that this console alone has lost is looked at from elsewhere first.
    case Rule::PrimaryDown: return operate::FailCluster{problem.place.cluster, {}};
    case Rule::ReplayPaused: return smallFor(problem, Act::ResumeReplay);
    case Rule::ReadOnly: return smallFor(problem, Act::LiftBrake);
    case Rule::RouterPaused: // one that is disabled is not resumed
        return saysSo(problem, "paused", "yes") ? std::optional<operate::Intent>(smallFor(problem, Act::ResumeRouter, problem.subject))
                                                : std::nullopt;
    case Rule::RouterMisdirected: {
        const facts::Evidence *primary = evidenceNamed(problem, "primary");
        if (!primary)
            return std::nullopt;
        SmallAct act = smallFor(problem, Act::PointRouter, problem.subject);
        act.to = primary->source;
        return act;
    }
    case Rule::SlotFilling: // a standby's that is lost; an orphan's, which nobody reads
        if (problem.subject.empty() && saysSo(problem, "wal_status", "lost"))
            return smallFor(problem, Act::RebuildStandby);
        return !problem.subject.empty() && saysSo(problem, "slot_active", "no")
                   ? std::optional<operate::Intent>(smallFor(problem, Act::DropSlot, problem.subject))
                   : std::nullopt;
    default: return std::nullopt;
    }
}

std::optional<campaign::Goal> campaignOf(const Problem &problem)
{
    const bool isLost = problem.rule == Rule::RegionSilent && !problem.place.region.isEmpty() && problem.detail.empty();
    if (!isLost || !evidenceNamed(problem, "primary_lost"))
        return std::nullopt;
    return campaign::Goal{campaign::Aim::Evacuate, problem.place.region.text()};
}

} // namespace shardlens::ui::format
