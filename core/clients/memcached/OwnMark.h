// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace shardlens::memcached {

/// A key that only Shardlens asks for: whoever does so on a connection is one of its programs, and a watch of hot keys leaves out what it
/// does there. It is asked for with `me`, which counts no get and moves nothing; the answer is one line.
inline constexpr std::string_view ownKey = "shardlens.own";
inline constexpr std::string_view ownMark = "me shardlens.own\r\n";

} // namespace shardlens::memcached
