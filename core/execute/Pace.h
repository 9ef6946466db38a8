// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <algorithm>
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

/// Between two looks at the same thing: 1 ms at first, then a sixth of what was waited so far, at most 50 ms. So what takes longer is
/// seen a sixth too late at worst, and asked for no more often than that needs.
class Patience
{
public:
    [[nodiscard]] base::milliseconds next()
    {
        const auto wait = std::clamp(m_waited / 6, base::milliseconds(1), base::milliseconds(50));
        m_waited += wait;
        return wait;
    }
    void reset() { m_waited = base::milliseconds(0); }

private:
    base::milliseconds m_waited{0};
};

} // namespace shardlens::execute
