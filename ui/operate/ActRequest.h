// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/operate/Plan.h"

#include <string>
#include <vector>

namespace shardlens::ui::operate {

using namespace shardlens::operate; // in ui, operate::Plan is core's: this folder's name would hide it otherwise

/// What a person confirmed: all that whoever starts an executor needs. A value.
struct ActRequest {
    Intent intent;                         ///< with the candidate that was read, also where it was nobody's choice
    Fingerprint fingerprint;               ///< of the plan that was read: whoever carries it out stops where it differs
    std::vector<execute::Forced> forced;   ///< in spite of these checks, each with its reason
    std::string reason;                    ///< of the whole; may be empty where the fleet is local

    bool operator==(const ActRequest &) const = default;
};

} // namespace shardlens::ui::operate
