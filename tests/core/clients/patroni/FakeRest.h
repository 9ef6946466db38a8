// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::fakes {

/// A REST interface on loopback that answers as it is told. A thread of its own; one connection after the other.
class FakeRest
{
public:
    /// The whole answer, head included, to a request; nothing: it stays silent until the other side is tired of it. An empty one: it
    /// closes the connection.
    using Answers = std::function<std::optional<std::string>(const std::string &request)>;

    explicit FakeRest(Answers answers);
    ~FakeRest();
    FakeRest(const FakeRest &) = delete;
    FakeRest &operator=(const FakeRest &) = delete;

    [[nodiscard]] fleet::Endpoint endpoint() const { return {"127.0.0.1", m_port}; }
    [[nodiscard]] std::vector<std::string> requests() const;

    [[nodiscard]] static std::string said(int status, const std::string &body);

private:
    void run();
    void serve(int fd);

    Answers m_answers;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace shardlens::fakes
