// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/cacheflow/KeyPlace.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// What deleting a key would do: the member of each pool that holds it. A value.
struct DeletePlan {
    std::string key;
    std::vector<KeyPlace> places;
    bool operator==(const DeletePlan &) const = default;
};

/// Of one region's pools, or with an empty region of all. Errors: as placesOf(). Asks no server.
[[nodiscard]] base::Result<DeletePlan> planDelete(const fleet::Fleet &fleet, const std::string &key, const std::string &region);

/// What became of it in one pool; true: there was an item.
struct DeletedPlace {
    KeyPlace place;
    base::Result<bool> wasThere;
};

/// What stands in the audit log beside the subject "key KEY", before: {"key":…,"members":[…]}, and after: what became of it in each region.
[[nodiscard]] std::string deleteRecord(const DeletePlan &plan);
[[nodiscard]] std::string deletedRecord(const std::string &key, const std::vector<DeletedPlace> &done);

/// What came of a delete, and whether that stands in the audit log.
struct DeleteEnd {
    std::vector<DeletedPlace> places;
    std::optional<base::Error> unrecorded;
};

/// Has it recorded ("cache_delete"), deletes, and has what came of it recorded ("cache_deleted"): nothing is deleted that could not be. A
/// member that does not answer keeps no other from being asked. A lease that is out is void then. Errors: those of the first `record`.
/// Blocks, at most a second a member; any thread.
[[nodiscard]] base::Result<DeleteEnd> carryOut(const fleet::Fleet &fleet, const DeletePlan &plan,
                                               const std::function<base::Result<void>(const char *action, const std::string &detail)> &record);

} // namespace shardlens::cacheflow
