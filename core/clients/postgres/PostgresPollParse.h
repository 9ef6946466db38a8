// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/clients/postgres/PqPollLink.h"
#include "core/facts/PostgresSample.h"

namespace shardlens::clients {

/// One row of the poll statement as a sample. NULL becomes Unknown with the reason that `abilities` tells.
/// Clock offset and settings are left to the caller. Fails with Protocol where the row is not what was asked for.
[[nodiscard]] tl::expected<facts::PostgresSample, base::Error> parsePoll(const PqRows &rows, const PollAbilities &abilities);

/// The row of moveQuery(), read at `readAt`; Unreadable where it is not what was asked for.
[[nodiscard]] facts::Known<facts::MoveReading> parseMove(const PqRows &rows, const PollAbilities &abilities, base::Instant readAt);

/// The row of abilitiesQuery().
[[nodiscard]] PollAbilities parseAbilities(const PqRows &rows, int version, bool heartbeatDeclared, bool termDeclared);

} // namespace shardlens::clients
