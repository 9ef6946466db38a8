// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Shared.h"

#include <chrono>
#include <string>

namespace shardlens::desk {

/// What is set where nobody says for how long: a claim is good for a shift.
constexpr std::chrono::hours claimLasts{12};
constexpr std::chrono::minutes quietLasts{30};

/// What a console tells of itself.
struct Vantage {
    std::string console; ///< a name of its own
    facts::Person by;    ///< without the database user: the directory sees that itself
    base::RegionName region;
    std::uint32_t answering = 0;
    std::uint32_t declared = 0;
    std::vector<base::ServerId> lost;
    bool operator==(const Vantage &) const = default;
};

/// What is to be written for a person.
struct Deed {
    enum class What : std::uint8_t { Set, Release };
    What what = What::Set;
    facts::Claim claim;             ///< of Release only its kind and problem
    base::seconds lasting{0};       ///< of Set
};

/// An entry of the audit log for what no function of the directory writes there itself: something done to other servers.
struct AuditNote {
    std::string action;  ///< "cache_delete"
    std::string subject; ///< "key u:42"
    std::string reason;
    std::string detail = "{}"; ///< JSON
    std::string caseNumber = {};
};

/// A maintenance or evacuation mark to be set or lifted; of Lift only the mark's kind and subject.
struct MarkDeed {
    enum class What : std::uint8_t { Set, Lift };
    What what = What::Set;
    facts::Mark mark;
};

} // namespace shardlens::desk
