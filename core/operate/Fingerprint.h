// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Intent.h"
#include "core/operate/Sight.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace shardlens::operate {

/// What a plan does (its act and target) and what it rests on and must find unchanged: members and their addresses, identities, roles, timelines, links, router targets
/// and pauses, settings, terms. Never a lag or a position: for those a newly broken limit expires the plan.
struct Fingerprint {
    std::map<std::string, std::string> facts; ///< "u1-us-east.role" -> "primary"; what is not known is "unknown: why"
    /// Which of the facts only those know who looked on before: what a member that does not answer said last, and how others received from it.
    std::set<std::string> remembered;

    bool operator==(const Fingerprint &) const = default;
    /// 16 hexadecimal digits, the same for the same facts on every machine, whether one looks on there or looks for the first time: without
    /// what is remembered.
    [[nodiscard]] std::string digest() const;
};

[[nodiscard]] Fingerprint fingerprintOf(const Sight &sight);

/// Adds what is done to it: "plan.act", "plan.to" and, of a smaller act, what it acts on. `to`: the candidate, empty if there is none.
void addAct(Fingerprint &print, const Intent &intent, const base::ServerId &to);

/// One fact that is not the same, "" where it is not there.
struct Difference {
    std::string fact;
    std::string before;
    std::string after;
    bool operator==(const Difference &) const = default;
};
[[nodiscard]] std::vector<Difference> differencesBetween(const Fingerprint &before, const Fingerprint &after);

} // namespace shardlens::operate
