// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Lsn.h"

#include <cstdint>

namespace shardlens::facts {

/// Where the log of a Postgres server ends that was stopped, as its files say: nothing comes after it.
struct LogEnd {
    base::Lsn end;             ///< behind the last whole record
    std::int32_t timeline = 0; ///< of the file that it lies in
    base::Instant readAt;      ///< on the observer's clock
    bool operator==(const LogEnd &) const = default;
};

} // namespace shardlens::facts
