// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/EventLoop.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fakes {

/// What a peer does with whoever speaks to it. May be changed at any time; connections that exist are bound by it too.
enum class Mood : std::uint8_t {
    Answers,
    HangsAtConnect, ///< the kernel accepts, nobody ever says a word: as a frozen server
    HangsAtQuery,   ///< greets, then never answers what was asked
    ClosesMidAnswer,///< sends half of an answer, then closes
    TalksGarbage,   ///< answers a query with bytes of no protocol
    Refuses,        ///< nothing listens, and every connection is reset
};

/// One side of a wire protocol, for one connection. Lives in the peers' thread.
class Dialect
{
public:
    struct Reply {
        std::string bytes;
        bool isAnswer = false; ///< to a query; a greeting is none
        bool closes = false;   ///< the other side said goodbye
    };

    virtual ~Dialect() = default;
    /// Takes what came, and gives one reply for each complete message in it.
    virtual std::vector<Reply> take(std::string_view bytes) = 0;
};

class FakePeers;

/// A scripted server on a port of 127.0.0.1.
class FakePeer
{
public:
    using MakeDialect = std::function<std::unique_ptr<Dialect>()>;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    void setMood(Mood mood);                        ///< any thread; returns when it holds
    void setDelay(base::milliseconds delay);        ///< before each answer; any thread
    void dropConnections();                         ///< any thread; returns when they are gone
    [[nodiscard]] int connectionsMade() const { return m_made; } ///< accepted since it began
    [[nodiscard]] int queriesSeen() const { return m_queries; }

    ~FakePeer();

private:
    friend class FakePeers;
    struct Connection;
    FakePeer(FakePeers &peers, MakeDialect makeDialect);
    void listen();
    void accept();
    void read(int fd);
    void watch(int fd);
    void reply(const std::shared_ptr<Connection> &connection, const Dialect::Reply &reply);
    void drop(int fd);
    void stopListening();

    FakePeers &m_peers;
    MakeDialect m_makeDialect;
    std::uint16_t m_port = 0;
    int m_listening = -1;
    Mood m_mood = Mood::Answers;
    base::milliseconds m_delay{0};
    std::map<int, std::shared_ptr<Connection>> m_connections;
    std::atomic<int> m_made{0};
    std::atomic<int> m_queries{0};
};

/// A thread that plays any number of peers.
class FakePeers
{
public:
    FakePeers();
    ~FakePeers();

    /// Starts to listen; `makeDialect` is called for each connection, in the peers' thread.
    FakePeer &add(FakePeer::MakeDialect makeDialect);

    /// Runs `task` in the peers' thread and waits for it.
    void run(const std::function<void()> &task);

private:
    friend class FakePeer;
    std::shared_ptr<clients::EventLoop> m_loop;
    std::vector<std::unique_ptr<FakePeer>> m_peers;
};

} // namespace shardlens::fakes
