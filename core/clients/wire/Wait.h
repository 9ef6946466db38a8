// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <memory>

namespace shardlens::wire
{

/// Ends a blocking call of a session from any thread. Stays raised until lowered; the session's next calls end at once too.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    void raise(); ///< any thread, a signal handler too
    void lower(); ///< the thread that owns the session
    [[nodiscard]] int descriptor() const { return m_fd; }

private:
    int m_fd = -1;
};

enum class Readiness : unsigned { Readable = 1, Writable = 2, Both = 3 };

/// Waits until `socket` is ready, `deadline` passes (TimedOut) or `interrupt` is raised (Cancelled). A frozen server cannot
/// prolong it: nothing but this machine's monotonic clock ends the wait. Tells which of the asked directions is ready.
[[nodiscard]] base::Result<Readiness> waitFor(int socket, Readiness wanted, base::Instant deadline, const Interrupt *interrupt = nullptr);

} // namespace shardlens::wire
