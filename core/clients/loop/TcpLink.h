// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/clients/loop/EventLoop.h"
#include "core/clients/loop/Resolver.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shardlens::clients {

/// A plain TCP connection in an EventLoop. One thread: the loop's.
class TcpLink
{
public:
    struct Hooks {
        std::function<void()> opened;
        std::function<void(std::string_view)> received; ///< what came since the last call
        std::function<void(base::Error)> failed;        ///< also when the other side closed; the link is closed by then
    };

    TcpLink(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, Hooks hooks);
    ~TcpLink();
    TcpLink(const TcpLink &) = delete;
    TcpLink &operator=(const TcpLink &) = delete;

    void open();
    void send(std::string_view bytes); ///< once opened
    void close();                      ///< no hook is called any more until open()

private:
    void dial(const Resolver::Addresses &addresses);
    void handle(EventLoop::Ready ready);
    void finishConnecting();
    void readAll();
    void writeSome();
    void fail(base::ErrorCode code, const std::string &message);

    std::shared_ptr<EventLoop> m_loop;
    std::shared_ptr<Resolver> m_resolver;
    fleet::Endpoint m_endpoint;
    Hooks m_hooks;
    int m_fd = -1;
    bool m_connecting = false;
    std::string m_unsent;
    std::size_t m_attempt = 0;           ///< turns through the addresses of a name
    std::shared_ptr<int> m_life;         ///< replaced by close(): late answers of the resolver are of another life
};

/// The error of a failed connect or read, by errno.
[[nodiscard]] base::ErrorCode codeOfErrno(int number);

} // namespace shardlens::clients
