// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <memory>
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

/// How long moves held writes that went between the same two regions, either way: those of the plan's own cluster or group, where there is
/// one, else those of all others of its kind in this fleet. To farther or nearer ones it takes another time.
[[nodiscard]] operate::PastOf pastOf(const std::vector<const Operation *> &operations, std::shared_ptr<const fleet::Fleet> fleet);
[[nodiscard]] operate::PastOf pastOf(const std::vector<Operation> &operations, std::shared_ptr<const fleet::Fleet> fleet);

/// The estimate with what past runs took, and the reading of its check; its verdict stays.
void addPast(operate::PauseEstimate &pause, const PastRuns &past);
void addPast(operate::Checks &checks, const PastRuns &past);

/// The steps with what they usually take.
void setUsual(std::vector<operate::Step> &steps, const PastRuns &past);

} // namespace shardlens::execute
