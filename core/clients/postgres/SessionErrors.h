// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <string>
#include <string_view>

struct pg_result;

namespace shardlens::postgres
{

/// Whether a statement that was sent may have had an effect when its answer never comes: inside a transaction only what
/// ends it can; outside one, everything but BEGIN, SHOW and ROLLBACK (a SELECT may call a function that writes).
[[nodiscard]] bool mayTakeEffect(std::string_view sql, bool inTransaction);

/// A broken or refused link, from libpq's message; the code follows its words, as libpq 15 keeps no SQLSTATE for it.
[[nodiscard]] base::Error linkError(std::string_view libpqMessage);

/// What the server answered. `ifUnanswered` stands when it says that it cannot tell whether the statement completed.
[[nodiscard]] base::Error serverError(const pg_result *result, const std::string &server, base::Effect ifUnanswered);

} // namespace shardlens::postgres
