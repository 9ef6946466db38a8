// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/PastRuns.h"

#include <algorithm>

namespace shardlens::execute {

namespace {

/// The lower of the two in the middle, so that it is one that was measured.
base::microseconds medianOf(std::vector<base::microseconds> times)
{
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

} // namespace

PastRuns pastRunsOf(const std::vector<Operation> &operations, operate::Act act, const std::string &subject)
{
    std::map<operate::StepKind, std::vector<base::microseconds>> took;
    std::vector<base::microseconds> held;
    for (const Operation &operation : operations) {
        const bool hasMoved = operation.outcome == Outcome::Done || operation.outcome == Outcome::Incomplete;
        if (operation.act != act || !hasMoved || operation.subject() != subject)
            continue;
        const bool isManagers = std::any_of(operation.steps.begin(), operation.steps.end(), [](const operate::Step &step) { return step.kind == operate::StepKind::ManagerSwitches; });
        if (operation.writesHeld && !isManagers)
            held.push_back(*operation.writesHeld);
        for (std::size_t i = 0; i < operation.steps.size() && i < operation.progress.size(); ++i) {
            const bool wasNotNeeded = operation.steps[i].insteadOf > 0 && !operation.progress[i].said.empty();
            if (operation.progress[i].state == StepState::Done && operation.progress[i].took && !wasNotNeeded)
                took[operation.steps[i].kind].push_back(*operation.progress[i].took);
        }
    }
    PastRuns past;
    for (const auto &[kind, times] : took)
        past.steps[kind] = {medianOf(times), static_cast<unsigned>(times.size())};
    past.pauses = static_cast<unsigned>(held.size());
    if (!held.empty()) {
        past.medianPause = medianOf(held);
        past.worstPause = *std::max_element(held.begin(), held.end());
    }
    return past;
}

void addPast(operate::PauseEstimate &pause, const PastRuns &past)
{
    if (pause.isManagers)
        return;
    pause.pastRuns = past.pauses;
    pause.pastMedian = past.medianPause;
    pause.pastWorst = past.worstPause;
}

void addPast(operate::Plan &plan, const PastRuns &past)
{
    addPast(plan.pause, past);
    setUsual(plan.steps, past);
    addPast(plan.checks, past);
}

void addPast(operate::Checks &checks, const PastRuns &past)
{
    for (operate::Check &check : checks) {
        for (facts::Evidence &reading : check.readings) {
            if (check.id == operate::CheckId::ExpectedPause && reading.reading == "past_runs")
                reading.value = std::int64_t(past.pauses);
        }
    }
}

void setUsual(std::vector<operate::Step> &steps, const PastRuns &past)
{
    for (operate::Step &step : steps) {
        if (const auto found = past.steps.find(step.kind); found != past.steps.end())
            step.usual = found->second.median;
    }
}

} // namespace shardlens::execute
