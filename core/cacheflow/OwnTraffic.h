// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/memcached/MetaSession.h"

#include <string_view>

namespace shardlens::cacheflow {

/// A key that only Shardlens asks for: whoever does so on a connection is one of its programs, and a watch of hot keys leaves out what it
/// does there. It is asked for with `me`, which counts no get and moves nothing.
inline constexpr std::string_view ownKey = "shardlens.own";
inline constexpr std::string_view ownMark = "me shardlens.own\r\n";

/// One command in the same round trip with the mark. Errors as MetaSession's.
[[nodiscard]] base::Result<memcached::MetaAnswer> askAsOwn(memcached::MetaSession &session, std::string_view command, base::milliseconds timeout);

} // namespace shardlens::cacheflow
