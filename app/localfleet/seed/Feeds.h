// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Counter.h"
#include "app/localfleet/seed/Model.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::seed
{

// What Redis holds of a world. Lists are written newest first and trimmed to the fleet's feed length, as applications leave
// them by LPUSH and LTRIM; a list is written whole, so that writing it again changes nothing.

/// The main feed of a user: IDs of what those they follow posted, newest first.
[[nodiscard]] std::vector<std::uint64_t> mainFeed(const World &world, const std::vector<std::vector<std::uint32_t>> &mediaOfUser,
                                                  const std::vector<std::uint32_t> &followed, std::size_t length);

/// Feeds into the group `feeds`: {main_feed} of media IDs; {activity_feed} of "l:<media>:<user>" (liked),
/// "c:<media>:<user>:<comment>" and "f:<user>" (followed), of the last 30 days.
[[nodiscard]] base::Result<void> fillFeeds(const fleet::Fleet &fleet, const World &world, Counter &counter);
/// The media-to-user map into the group `media_map`; see MediaMap.h.
[[nodiscard]] base::Result<void> fillMediaMap(const fleet::Fleet &fleet, const World &world, Counter &counter);
/// Sessions into the group `sessions`: {session} hashes of user, created, last_seen, ip, agent; each lives 30 days.
[[nodiscard]] base::Result<void> fillSessions(const fleet::Fleet &fleet, const World &world, Counter &counter);

/// About how many entries the above write.
[[nodiscard]] std::int64_t redisEntries(const World &world, std::size_t feedLength);

} // namespace shardlens::seed
