// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace shardlens::wire {

/// A short conversation over a plain TCP connection: for asking what speaks at an address, and for line protocols that need
/// no library. Blocks; every call ends by its deadline, against a frozen server too. One thread at a time owns it.
class Talk
{
public:
    /// A name is turned into an address in a thread of its own, so that a name server that hangs is not waited for.
    [[nodiscard]] static base::Result<Talk> dial(const std::string &host, std::uint16_t port, base::Instant deadline,
                                                 const Interrupt *interrupt = nullptr);
    ~Talk();
    Talk(Talk &&other) noexcept;
    Talk &operator=(Talk &&other) noexcept;

    [[nodiscard]] base::Result<void> send(std::string_view bytes, base::Instant deadline);
    /// What has come by now, at least one byte; an empty text when the other side has closed.
    [[nodiscard]] base::Result<std::string> receive(base::Instant deadline);
    /// Receives until the answer ends with `end`, or the other side closes. At most 4 MiB.
    [[nodiscard]] base::Result<std::string> receiveUntil(std::string_view end, base::Instant deadline);

private:
    Talk(int fd, const Interrupt *interrupt) : m_fd(fd), m_interrupt(interrupt) {}
    int m_fd = -1;
    const Interrupt *m_interrupt = nullptr;
};

/// The numeric addresses of a name, in the system's order of preference. Errors: NotFound, TimedOut, Cancelled.
[[nodiscard]] base::Result<std::string> numericAddress(const std::string &host, base::Instant deadline,
                                                       const Interrupt *interrupt = nullptr);

} // namespace shardlens::wire
