// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Cards.h"
#include "core/inspect/lookup/Link.h"

namespace shardlens::inspect::lookup {

/// Sessions of a user on one Redis server. Keys are named by tokens and no index leads from a user to them: they are looked through
/// with SCAN, a thousand a round trip, until `mostSessionKeys` or half a second. Tokens are not kept.
constexpr std::int64_t mostSessionKeys = 200'000;
[[nodiscard]] base::Result<Sessions> searchSessions(Link &link, const std::string &pattern, std::uint64_t user);

} // namespace shardlens::inspect::lookup
