// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/wire/Wait.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace shardlens::wire
{

Interrupt::Interrupt() : m_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Interrupt::~Interrupt()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

void Interrupt::raise()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_fd, &one, sizeof one);
}

void Interrupt::lower()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(m_fd, &count, sizeof count);
}

base::Result<Readiness> waitFor(int socket, Readiness wanted, base::Instant deadline, const Interrupt *interrupt)
{
    const bool read = static_cast<unsigned>(wanted) & static_cast<unsigned>(Readiness::Readable);
    const bool write = static_cast<unsigned>(wanted) & static_cast<unsigned>(Readiness::Writable);
    pollfd fds[2] = {{socket, static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)), 0},
                     {interrupt ? interrupt->descriptor() : -1, POLLIN, 0}};
    for (;;) {
        const auto left = std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        const int ready = ::poll(fds, 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return base::fail(base::ErrorCode::Io, std::string("poll: ") + std::strerror(errno));
        if (fds[1].revents != 0)
            return base::fail(base::ErrorCode::Cancelled, "interrupted");
        if (ready == 0) {
            if (std::chrono::steady_clock::now() < deadline)
                continue;
            return base::fail(base::ErrorCode::TimedOut, "no answer within the deadline");
        }
        // An error or a hang-up counts as ready: the read or write that follows tells which.
        const bool broken = (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        const unsigned got =
            ((fds[0].revents & POLLIN) || (broken && read) ? 1U : 0U) | ((fds[0].revents & POLLOUT) || (broken && write) ? 2U : 0U);
        return static_cast<Readiness>(got);
    }
}

} // namespace shardlens::wire
