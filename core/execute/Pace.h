// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <functional>
#include <vector>

namespace shardlens::execute {

/// How a runner waits, and how it does several things at once. Injected, so that tests decide what time it is and in which order
/// things happen.
class Pace
{
public:
    virtual ~Pace() = default;
    virtual void wait(base::milliseconds time) = 0;
    /// All of them; returns when the last one has.
    virtual void together(const std::vector<std::function<void()>> &deeds) = 0;
};

/// Sleeps, and a thread for each but one.
class ThreadPace final : public Pace
{
public:
    void wait(base::milliseconds time) override;
    void together(const std::vector<std::function<void()>> &deeds) override;
};

/// Between two looks at the same thing: the first at once, then 2 ms, rising to 50.
class Patience
{
public:
    [[nodiscard]] base::milliseconds next()
    {
        m_next = std::min(m_next * 3 / 2 + base::milliseconds(1), base::milliseconds(50));
        return m_next;
    }
    void reset() { m_next = base::milliseconds(1); }

private:
    base::milliseconds m_next{1};
};

} // namespace shardlens::execute
