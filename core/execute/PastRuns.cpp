// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/PastRuns.h"

#include <algorithm>
#include <set>

namespace shardlens::execute {

namespace {

/// The lower of the two in the middle, so that it is one that was measured.
base::microseconds medianOf(std::vector<base::microseconds> times)
{
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

/// Its primary was moved, by these steps: a manager's own time says nothing of another's.
bool tellsPause(const Operation &operation)
{
    const bool hasMoved = operation.outcome == Outcome::Done || operation.outcome == Outcome::Incomplete;
    const auto isManagers = [](const operate::Step &step) { return step.kind == operate::StepKind::ManagerSwitches; };
    return hasMoved && operation.writesHeld && std::none_of(operation.steps.begin(), operation.steps.end(), isManagers);
}

/// Between which regions; empty: one of the servers is not of this fleet any more.
std::set<base::RegionName> wayOf(const fleet::Fleet &fleet, const base::ServerId &from, const base::ServerId &to)
{
    const fleet::Server *old = fleet.server(from), *next = fleet.server(to);
    return old && next ? std::set<base::RegionName>{old->region, next->region} : std::set<base::RegionName>();
}

operate::PastPauses pausesOf(const std::vector<base::microseconds> &held, bool areOthers)
{
    if (held.empty())
        return {};
    return {static_cast<unsigned>(held.size()), medianOf(held), *std::max_element(held.begin(), held.end()), areOthers};
}

} // namespace

operate::PastOf pastOf(const std::vector<Operation> &operations, std::shared_ptr<const fleet::Fleet> fleet)
{
    std::vector<const Operation *> all;
    for (const Operation &operation : operations)
        all.push_back(&operation);
    return pastOf(all, std::move(fleet));
}

operate::PastOf pastOf(const std::vector<const Operation *> &operations, std::shared_ptr<const fleet::Fleet> fleet)
{
    struct Run {
        operate::Act act;
        bool isGroup;
        std::string subject;
        std::set<base::RegionName> way;
        base::microseconds held;
    };
    auto runs = std::make_shared<std::vector<Run>>();
    for (const Operation *operation : operations) {
        auto way = wayOf(*fleet, operation->from, operation->to);
        if (tellsPause(*operation) && !way.empty())
            runs->push_back({operation->act, !operation->group.isEmpty(), operation->subject(), std::move(way), *operation->writesHeld});
    }
    return [runs, fleet](const operate::Plan &plan) {
        const auto way = wayOf(*fleet, plan.from, plan.to);
        const bool isGroup = !operate::groupOf(plan.intent).isEmpty();
        std::vector<base::microseconds> own, others;
        for (const Run &run : *runs) {
            if (run.act == operate::actOf(plan.intent) && run.isGroup == isGroup && run.way == way)
                (run.subject == operate::nameOf(plan.intent) ? own : others).push_back(run.held);
        }
        return own.empty() ? pausesOf(others, true) : pausesOf(own, false);
    };
}

PastRuns pastRunsOf(const std::vector<Operation> &operations, operate::Act act, const std::string &subject)
{
    std::map<operate::StepKind, std::vector<base::microseconds>> took;
    std::vector<base::microseconds> held;
    for (const Operation &operation : operations) {
        const bool hasMoved = operation.outcome == Outcome::Done || operation.outcome == Outcome::Incomplete;
        if (operation.act != act || !hasMoved || operation.subject() != subject)
            continue;
        if (tellsPause(operation))
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
    if (past.medianPause && past.worstPause)
        operate::addPast(pause, {past.pauses, *past.medianPause, *past.worstPause, false});
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
