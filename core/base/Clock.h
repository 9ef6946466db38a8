// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace shardlens::base {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A moment of this machine's monotonic clock, which also counts the time it is suspended: the only one that ages are measured by.
/// Comparable only with others of the same Clock, not with steady_clock's own now().
using Instant = std::chrono::steady_clock::time_point;

/// A moment in UTC, as a person reads it or a server tells it.
using UtcTime = std::chrono::sys_time<microseconds>;

/// Both clocks of this machine. Injected, so that tests decide what time it is. Any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual UtcTime utcNow() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] UtcTime utcNow() const override;
};

/// A clock that stands still until told: for tests, and for playing an hour in a second. One thread.
class ManualClock final : public Clock
{
public:
    explicit ManualClock(UtcTime start = UtcTime{}) : m_utc(start) {}
    [[nodiscard]] Instant now() const override { return m_now; }
    [[nodiscard]] UtcTime utcNow() const override { return m_utc; }
    void advance(microseconds by)
    {
        m_now += by;
        m_utc += by;
    }

private:
    Instant m_now{std::chrono::hours(1)};
    UtcTime m_utc;
};

} // namespace shardlens::base
