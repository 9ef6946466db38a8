// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <optional>

namespace onebyone {

/// Asks every server of the fleet in turn as a person with a shell would: the real psql for Postgres (the engine's own
/// statement) and pgbouncer, redis-cli, and a socket for memcached. Seconds for all of them; nothing if one did not answer.
[[nodiscard]] std::optional<double> sweep(const shardlens::fleet::Fleet &fleet);

} // namespace onebyone
