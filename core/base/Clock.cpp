// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"

#include <ctime>

namespace shardlens::base {

Instant SystemClock::now() const
{
    // As steady_clock, but it goes on while the machine is suspended: a value read before is then as old as it is.
    timespec time = {};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return Instant(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

UtcTime SystemClock::utcNow() const
{
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

} // namespace shardlens::base
