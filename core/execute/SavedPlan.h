// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/ActRequest.h"

#include <optional>
#include <string>

namespace shardlens::execute {

/// A plan put aside for later: what is wanted, and what the fleet was like. It is planned anew when it is opened.
struct SavedPlan {
    std::string name;
    Author owner;
    base::UtcTime savedAt;
    std::optional<base::UtcTime> intendedAt; ///< when it is meant to be carried out
    ActRequest request;                      ///< without a fingerprint, forced checks or a reason: they are of the day
    operate::Fingerprint fingerprint;
    bool operator==(const SavedPlan &) const = default;
};

[[nodiscard]] std::string toJson(const SavedPlan &plan);
[[nodiscard]] base::Result<SavedPlan> savedPlanFrom(const std::string &json); ///< Protocol, with what is wrong

} // namespace shardlens::execute
