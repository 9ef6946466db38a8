// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Rules.h"

#include <algorithm>
#include <tuple>

namespace shardlens::facts::rules {

void order(std::vector<Problem> &problems)
{
    std::sort(problems.begin(), problems.end(), [](const Problem &a, const Problem &b) {
        const auto key = [](const Problem &p) {
            return std::tuple(p.impact.harm, p.severity, -static_cast<std::int64_t>(p.impact.shardCount()), p.since.at, p.id());
        };
        return key(a) < key(b);
    });
    for (Problem &problem : problems)
        order(problem.consequences);
}

} // namespace shardlens::facts::rules
