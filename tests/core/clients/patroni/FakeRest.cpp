// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/clients/patroni/FakeRest.h"

#include <array>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::fakes {

namespace {

bool isReadable(int fd, int milliseconds)
{
    pollfd waited = {fd, POLLIN, 0};
    return ::poll(&waited, 1, milliseconds) > 0;
}

/// Head and as much of a body as it announces.
bool isWhole(const std::string &request)
{
    const std::size_t head = request.find("\r\n\r\n");
    const std::size_t length = request.find("Content-Length: ");
    return head != std::string::npos && (length == std::string::npos || request.size() >= head + 4 + std::stoul(request.substr(length + 16)));
}

} // namespace

FakeRest::FakeRest(Answers answers) : m_answers(std::move(answers)), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool listens = ::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), length) == 0 && ::listen(m_listener, 8) == 0 &&
                         ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) == 0;
    m_port = listens ? ntohs(address.sin_port) : std::uint16_t(0);
    m_thread = std::thread([this] { run(); });
}

FakeRest::~FakeRest()
{
    m_stop = true;
    m_thread.join();
    ::close(m_listener);
}

std::vector<std::string> FakeRest::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::string FakeRest::said(int status, const std::string &body)
{
    return "HTTP/1.0 " + std::to_string(status) + " Whatever\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: application/json\r\n\r\n" + body;
}

void FakeRest::run()
{
    while (!m_stop) {
        if (!isReadable(m_listener, 20))
            continue;
        const int fd = ::accept(m_listener, nullptr, nullptr);
        if (fd < 0)
            continue;
        serve(fd);
        ::close(fd);
    }
}

void FakeRest::serve(int fd)
{
    std::string request;
    std::array<char, 4096> buffer{};
    while (!m_stop && !isWhole(request)) {
        if (!isReadable(fd, 20))
            continue;
        const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (got <= 0)
            return;
        request.append(buffer.data(), static_cast<std::size_t>(got));
    }
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }
    const auto answer = m_answers(request);
    if (answer && !answer->empty())
        (void)!::send(fd, answer->data(), answer->size(), MSG_NOSIGNAL);
    while (!answer && !m_stop && !isReadable(fd, 20)) { // it hangs, until the other side gives up
    }
}

} // namespace shardlens::fakes
