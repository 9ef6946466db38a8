// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"

namespace shardlens::base {

Instant SystemClock::now() const
{
    return std::chrono::steady_clock::now();
}

UtcTime SystemClock::utcNow() const
{
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

} // namespace shardlens::base
