// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/Progress.h"
#include "core/base/Result.h"

#include <filesystem>

namespace shardlens::localfleet
{

/// Brings the fleet up, or what is missing of it; returns when every standby streams. Servers under a fault stay as the fault left them,
/// and what does not follow or answer because of a fault is said and let off. Data are never removed where another member's could be
/// all that is left: a member without data is made anew from the primary of today, and where only standbys hold data the error
/// (Unavailable) says which and what to do.
[[nodiscard]] base::Result<Ground> up(const Home &home, const Shape *shape, Progress &progress);

/// Stops everything, also after a crash half-way and under any fault, and forgets the faults. With `alsoDelete`, removes the directory.
[[nodiscard]] base::Result<void> down(const Home &home, bool alsoDelete, Progress &progress);

/// Held while a command changes a fleet, so that two of them do not meet. Released by the end of the process too.
class FleetLock
{
public:
    [[nodiscard]] static base::Result<FleetLock> take(const Home &home);
    ~FleetLock();
    FleetLock(FleetLock &&other) noexcept : m_fd(other.m_fd) { other.m_fd = -1; }
    FleetLock &operator=(FleetLock &&) = delete;

private:
    explicit FleetLock(int fd) : m_fd(fd) {}
    int m_fd = -1;
};

/// Starts the resident processes of a kind that do not run, one a region; an error names what is missing.
[[nodiscard]] base::Result<void> startResidents(const Ground &ground, const std::string &program, const std::string &prefix);
[[nodiscard]] base::Result<void> startRelay(const Ground &ground);
/// The relay's state file.
[[nodiscard]] std::filesystem::path relayState(const Home &home);

} // namespace shardlens::localfleet
