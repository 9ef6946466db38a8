// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/RedisSample.h"

#include <string_view>

namespace shardlens::clients {

/// What INFO told, as a sample; slow log, save points, media map and term are left alone. False if it is not an INFO.
[[nodiscard]] bool readRedisInfo(std::string_view info, facts::RedisSample &sample);

} // namespace shardlens::clients
