// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/wire/Wait.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::guard
{

/// An even beat that does not drift: each tick is counted from the last one, and ticks that were missed are dropped. One thread.
class Ticker
{
public:
    Ticker(base::milliseconds interval, const wire::Interrupt &stop)
        : m_interval(interval), m_stop(stop), m_next(std::chrono::steady_clock::now())
    {
    }

    /// Sleeps until the next tick; false when stopped.
    [[nodiscard]] bool wait()
    {
        const auto now = std::chrono::steady_clock::now();
        m_next = std::max(m_next + m_interval, now);
        pollfd fd = {m_stop.descriptor(), POLLIN, 0};
        for (;;) {
            const auto left = std::chrono::ceil<base::milliseconds>(m_next - std::chrono::steady_clock::now()).count();
            const int ready = ::poll(&fd, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
            if (ready > 0)
                return false;
            if (ready == 0 && std::chrono::steady_clock::now() >= m_next)
                return true;
        }
    }

private:
    base::milliseconds m_interval;
    const wire::Interrupt &m_stop;
    base::Instant m_next;
};

} // namespace shardlens::guard
