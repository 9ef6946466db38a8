// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/execute/ActRequest.h"
#include "core/execute/Operation.h"

#include <string>

namespace shardlens::executor {

/// How the program ends: what its exit code says, as shardlensctl's does.
enum class End : int {
    Done = 0,
    Refused = 1, ///< a check, a role, a lock: nothing was touched
    Usage = 2,
    Failed = 3,  ///< rolled back, or worse: the outcome says it
    Incomplete = 4,
    InDoubt = 5,
};
[[nodiscard]] End endOf(execute::Outcome outcome);
[[nodiscard]] End endOf(campaign::Outcome outcome);

// What whoever started it reads on standard output: a line of JSON each. Nobody may read any more; that is no error.
void sayReady(const std::string &subject);                                                  ///< {"ready":"u1"}: all that a plan of it rests on was read, and it waits
void sayBegun(const std::string &id);                                                       ///< {"begun":id}
void sayDenied(const execute::Denied &denied, const std::vector<operate::Difference> &what); ///< {"denied":why,"names":[…],"differences":[…]}
void sayRefused(const base::Error &error);                                                   ///< {"refused":message,"code":…,"server":…}
void sayEnded(std::string_view outcome, const std::string &said);                            ///< {"ended":outcome,"said":…}

} // namespace shardlens::executor
