// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/redis/Session.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <string>

namespace shardlens::seed
{

using Stop = std::shared_ptr<wire::Interrupt>;

/// A session straight with a cluster's primary, found by asking its members at their own region's address; as the first user
/// that the fleet file gives `role`. Errors: NotFound (no such user), WrongServer (no member is a primary), or what the last
/// member said.
[[nodiscard]] base::Result<postgres::Session> openPrimary(const fleet::Fleet &fleet, const fleet::Cluster &cluster, fleet::Role role,
                                                          const Stop &stop);

/// A session with the primary of a redis group, found likewise.
[[nodiscard]] base::Result<redis::Session> openRedisPrimary(const fleet::Fleet &fleet, const fleet::RedisGroup &group, const Stop &stop);

/// The group with a role; null if none is declared.
[[nodiscard]] const fleet::RedisGroup *groupWith(const fleet::Fleet &fleet, fleet::RedisRole role);

/// A Redis key of the fleet file's pattern, or of `fallback` where it names none.
[[nodiscard]] std::string redisKey(const fleet::Fleet &fleet, const std::string &pattern, const std::string &fallback,
                                   const std::string &word, const std::string &value);

} // namespace shardlens::seed
