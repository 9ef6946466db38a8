// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/memcached/MetaSession.h"
#include "core/clients/memcached/OwnMark.h"

#include <string_view>

namespace shardlens::cacheflow {

/// One command in the same round trip with the mark. Errors as MetaSession's.
[[nodiscard]] base::Result<memcached::MetaAnswer> askAsOwn(memcached::MetaSession &session, std::string_view command, base::milliseconds timeout);

} // namespace shardlens::cacheflow
