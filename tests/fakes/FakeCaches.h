// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fakes/FakePeers.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::fakes {

/// What a scripted Redis says of itself; changed by a test under the mutex.
struct RedisScript {
    std::mutex mutex;
    std::string runId = "0123456789abcdef0123456789abcdef01234567";
    bool primary = true;
    std::int64_t offset = 1000; ///< grows by 100 with each INFO
    std::string term = "3";     ///< empty = no such key
    std::string password;       ///< empty = none is asked for
    std::string bucketEncoding = "listpack"; ///< of mediamap:12; empty = there is none
    std::vector<std::pair<std::string, std::string>> keys; ///< in its place, each with its encoding
    std::size_t keysAScan = 100;
    std::int64_t wantsReplicas = 0; ///< min-replicas-to-write; its one replica acknowledges
    std::int64_t commands = 0;
    struct Session {
        std::string user;
        std::string created; ///< seconds
        std::string lastSeen;
    };
    std::vector<Session> sessions; ///< keys "session:0", …; SCAN gives them in two halves, the last of the first twice
};

/// RESP: AUTH, INFO, GET, SLOWLOG, CONFIG GET, SCAN, HMGET, OBJECT ENCODING, HLEN.
class RedisDialect final : public Dialect
{
public:
    explicit RedisDialect(std::shared_ptr<RedisScript> script);
    std::vector<Reply> take(std::string_view bytes) override;

private:
    [[nodiscard]] bool takeCommand(std::vector<std::string> &words);
    [[nodiscard]] std::string answer(const std::vector<std::string> &words);
    [[nodiscard]] std::string info();
    [[nodiscard]] std::string scanSessions(const std::string &cursor) const;
    [[nodiscard]] std::string session(const std::string &key) const;
    [[nodiscard]] std::string scan(const std::string &cursor) const;
    [[nodiscard]] std::string encodingOf(const std::string &key) const; ///< empty = no such key

    std::shared_ptr<RedisScript> m_script;
    std::string m_unread;
    bool m_allowed = false;
};

/// What a scripted memcached says of itself.
struct MemcachedScript {
    std::mutex mutex;
    std::int64_t pid = 4711;
    std::int64_t uptime = 100;
    std::int64_t gets = 0;     ///< grows by 100 with each `stats`, nine in ten of them hits
    std::int64_t evictedTime = 0; ///< of the only class that evicted; 0 = none did
};

/// The text protocol: `stats` and `stats items`.
class MemcachedDialect final : public Dialect
{
public:
    explicit MemcachedDialect(std::shared_ptr<MemcachedScript> script);
    std::vector<Reply> take(std::string_view bytes) override;

private:
    [[nodiscard]] std::string stats();

    std::shared_ptr<MemcachedScript> m_script;
    std::string m_unread;
};

} // namespace shardlens::fakes
