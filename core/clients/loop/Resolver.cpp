// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/loop/Resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace shardlens::clients {

namespace {

constexpr int mostThreads = 4;

base::Result<Resolver::Addresses> lookUp(const std::string &host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code != 0)
        return base::fail(base::ErrorCode::Unreachable, host + ": " + gai_strerror(code));
    Resolver::Addresses addresses;
    for (const auto *one = list; one != nullptr; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
            addresses.emplace_back(text.data());
    }
    freeaddrinfo(list);
    if (addresses.empty())
        return base::fail(base::ErrorCode::Unreachable, host + ": the name has no address");
    return addresses;
}

} // namespace

struct Resolver::State {
    struct Wanted {
        std::string host;
        std::weak_ptr<EventLoop> loop;
        Done done;
    };
    std::mutex mutex;
    std::deque<Wanted> wanted;
    std::map<std::string, Addresses> lastGood;
    int threads = 0;
    bool ended = false;

    // Threads end when nothing is wanted: a fleet of numeric addresses never has one.
    static void work(const std::shared_ptr<State> &state)
    {
        for (;;) {
            Wanted next;
            {
                const std::lock_guard lock(state->mutex);
                if (state->wanted.empty() || state->ended) {
                    --state->threads;
                    return;
                }
                next = std::move(state->wanted.front());
                state->wanted.pop_front();
            }
            auto result = lookUp(next.host);
            {
                const std::lock_guard lock(state->mutex);
                if (result)
                    state->lastGood[next.host] = *result;
                else if (const auto known = state->lastGood.find(next.host); known != state->lastGood.end())
                    result = known->second;
            }
            if (const auto loop = next.loop.lock())
                loop->post([done = std::move(next.done), result = std::move(result)] { done(result); });
        }
    }
};

Resolver::Resolver() : m_state(std::make_shared<State>()) {}

Resolver::~Resolver()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->ended = true;
    m_state->wanted.clear();
}

void Resolver::resolve(const std::string &host, const std::weak_ptr<EventLoop> &loop, Done done)
{
    if (isNumericAddress(host)) {
        done(Addresses{host});
        return;
    }
    const std::lock_guard lock(m_state->mutex);
    m_state->wanted.push_back({host, loop, std::move(done)});
    if (m_state->threads < mostThreads) {
        ++m_state->threads;
        // Detached: getaddrinfo cannot be interrupted, and closing the console must not wait for it.
        std::thread([state = m_state] { State::work(state); }).detach();
    }
}

bool isNumericAddress(const std::string &host)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

} // namespace shardlens::clients
