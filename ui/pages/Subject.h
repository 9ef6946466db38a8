// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/ShardMap.h"

#include <variant>

namespace shardlens::ui::pages {

/// A thing a person can select, find or open, on any page.
using Subject = std::variant<std::monostate, base::ServerId, base::ClusterName, base::GroupName, base::PoolName, base::RegionName, facts::ShardKey, base::HostName>;

} // namespace shardlens::ui::pages
