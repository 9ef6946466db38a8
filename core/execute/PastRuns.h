// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"

#include <map>
#include <optional>
#include <vector>

namespace shardlens::execute {

/// What past operations took: for a plan's usual times and its expected pause.
struct PastRuns {
    struct Step {
        base::microseconds median{0};
        unsigned runs = 0;
        bool operator==(const Step &) const = default;
    };
    std::map<operate::StepKind, Step> steps; ///< of those that were done
    std::optional<base::microseconds> medianPause; ///< how long writes were held by those that moved the primary
    std::optional<base::microseconds> worstPause;
    unsigned pauses = 0;                     ///< how many these rest on
    bool operator==(const PastRuns &) const = default;
};

/// Of the operations of that act on the cluster or Redis group of that name that ended with its primary moved; the others' times say
/// nothing of a move that succeeds, and another cluster's links are not this one's.
[[nodiscard]] PastRuns pastRunsOf(const std::vector<Operation> &operations, operate::Act act, const std::string &subject);

/// The estimate with what past runs took, and a plan with all that is known of them: usual times, and the reading of its check.
void addPast(operate::PauseEstimate &pause, const PastRuns &past);
void addPast(operate::Plan &plan, const PastRuns &past);
void addPast(operate::Checks &checks, const PastRuns &past);

/// The steps with what they usually take.
void setUsual(std::vector<operate::Step> &steps, const PastRuns &past);

} // namespace shardlens::execute
