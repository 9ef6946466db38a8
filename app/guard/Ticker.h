// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/wire/Wait.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::guard
{

/// Whether it is raised; waits for nothing.
[[nodiscard]] inline bool isRaised(const wire::Interrupt &stop)
{
    pollfd fd = {stop.descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, 0) > 0;
}

/// An even beat that does not drift: whoever is late ticks at once, drops what was missed, and is back in step with the next. One thread.
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
        m_next += m_interval;
        if (m_next < now)
            m_next += (now - m_next) / m_interval * m_interval;
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
