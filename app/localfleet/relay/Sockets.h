// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <cstdint>
#include <string>

namespace shardlens::localfleet
{

/// A file descriptor that closes itself. Moves only.
class Fd
{
public:
    Fd() = default;
    explicit Fd(int fd) : m_fd(fd) {}
    ~Fd() { reset(); }
    Fd(Fd &&other) noexcept : m_fd(other.m_fd) { other.m_fd = -1; }
    Fd &operator=(Fd &&other) noexcept;
    Fd(const Fd &) = delete;
    Fd &operator=(const Fd &) = delete;

    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    void reset();
    void resetWithRst(); ///< a TCP socket: the peer is told that the connection is gone, at once

private:
    int m_fd = -1;
};

[[nodiscard]] base::Result<Fd> listenOnLoopback(std::uint16_t port);        ///< non-blocking
[[nodiscard]] base::Result<Fd> listenOnUnixSocket(const std::string &path); ///< replaces a socket left by a dead process
[[nodiscard]] base::Result<Fd> startConnect(std::uint16_t port); ///< non-blocking, to loopback; writable when it is there or failed

/// One question to a line-based server (Redis, memcached, the relay), with a deadline that holds against a frozen one.
class LineClient
{
public:
    [[nodiscard]] static base::Result<LineClient> toPort(std::uint16_t port, base::milliseconds deadline);
    [[nodiscard]] static base::Result<LineClient> toUnixSocket(const std::string &path, base::milliseconds deadline);

    [[nodiscard]] base::Result<void> send(const std::string &text);
    [[nodiscard]] base::Result<std::string> line(); ///< without its end of line
    [[nodiscard]] base::Result<std::string> bytes(std::size_t count);
    [[nodiscard]] base::Result<std::string> rest(); ///< until the server closes

private:
    LineClient(Fd fd, base::Instant end) : m_fd(std::move(fd)), m_end(end) {}
    [[nodiscard]] base::Result<bool> more(); ///< false: the server closed

    Fd m_fd;
    base::Instant m_end;
    std::string m_buffer;
};

} // namespace shardlens::localfleet
