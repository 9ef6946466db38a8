// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/FakeCaches.h"

#include <algorithm>
#include <cstdlib>

namespace shardlens::fakes {

namespace {

std::string bulk(const std::string &text)
{
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

} // namespace

RedisDialect::RedisDialect(std::shared_ptr<RedisScript> script) : m_script(std::move(script)) {}

std::vector<Dialect::Reply> RedisDialect::take(std::string_view bytes)
{
    m_unread.append(bytes);
    std::vector<Reply> replies;
    std::vector<std::string> words;
    const std::lock_guard lock(m_script->mutex);
    while (takeCommand(words))
        replies.push_back({answer(words), words.front() != "AUTH", false});
    return replies;
}

// One RESP array of bulk strings, as every client sends a command.
bool RedisDialect::takeCommand(std::vector<std::string> &words)
{
    words.clear();
    std::size_t at = 0;
    const auto number = [&](char mark, std::size_t &value) {
        const auto end = m_unread.find("\r\n", at);
        if (end == std::string::npos || at >= m_unread.size() || m_unread[at] != mark)
            return false;
        value = static_cast<std::size_t>(std::atoll(m_unread.c_str() + at + 1));
        at = end + 2;
        return true;
    };
    std::size_t count = 0;
    if (!number('*', count))
        return false;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t length = 0;
        if (!number('$', length) || m_unread.size() < at + length + 2)
            return false;
        words.push_back(m_unread.substr(at, length));
        at += length + 2;
    }
    m_unread.erase(0, at);
    return !words.empty();
}

std::string RedisDialect::answer(const std::vector<std::string> &words)
{
    const auto &script = *m_script;
    ++m_script->commands;
    if (words[0] == "AUTH") {
        m_allowed = words.back() == script.password;
        if (script.password.empty())
            return "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n";
        return m_allowed ? "+OK\r\n" : "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    }
    if (!m_allowed && !script.password.empty())
        return "-NOAUTH Authentication required.\r\n";
    if (words[0] == "INFO")
        return bulk(info());
    if (words[0] == "GET")
        return script.term.empty() ? "$-1\r\n" : bulk(script.term);
    if (words[0] == "SLOWLOG")
        return "*1\r\n*6\r\n:7\r\n:1700000000\r\n:12345\r\n*3\r\n" + bulk("LRANGE") + bulk("feed:42") + bulk("0") + bulk("127.0.0.1:1") + bulk("");
    if (words[0] == "CONFIG" && words.back() == "min-replicas-to-write")
        return "*2\r\n" + bulk(words.back()) + bulk(std::to_string(script.wantsReplicas));
    if (words[0] == "CONFIG" && words.back() == "stop-writes-on-bgsave-error")
        return "*2\r\n" + bulk(words.back()) + bulk("yes");
    if (words[0] == "CONFIG")
        return "*2\r\n" + bulk("save") + bulk("3600 1");
    if (words[0] == "SCAN" && !script.sessions.empty())
        return scanSessions(words[1]);
    if (words[0] == "HMGET")
        return session(words[1]);
    if (words[0] == "SCAN")
        return scan(words[1]);
    if (words[0] == "OBJECT")
        return encodingOf(words.back()).empty() ? std::string("$-1\r\n") : bulk(encodingOf(words.back()));
    if (words[0] == "HLEN") {
        const auto encoding = encodingOf(words.back());
        if (encoding == "raw" || encoding == "int" || encoding == "embstr")
            return "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
        return encoding.empty() ? ":0\r\n" : ":1000\r\n";
    }
    return "-ERR unknown command\r\n";
}

std::string RedisDialect::scanSessions(const std::string &cursor) const
{
    const std::size_t count = m_script->sessions.size();
    const std::size_t half = (count + 1) / 2;
    const bool isFirst = cursor == "0";
    const std::size_t begin = isFirst ? 0 : half - 1;
    const std::size_t end = isFirst ? half : count;
    std::string text = "*2\r\n" + bulk(isFirst && count > half ? "17" : "0") + "*" + std::to_string(end - begin) + "\r\n";
    for (std::size_t i = begin; i < end; ++i)
        text += bulk("session:" + std::to_string(i));
    return text;
}

std::string RedisDialect::session(const std::string &key) const
{
    const auto at = static_cast<std::size_t>(std::atoll(key.c_str() + key.find(':') + 1));
    if (at >= m_script->sessions.size())
        return "*3\r\n$-1\r\n$-1\r\n$-1\r\n";
    const auto &one = m_script->sessions[at];
    return "*3\r\n" + bulk(one.user) + bulk(one.created) + bulk(one.lastSeen);
}

// Whatever the pattern is: the keys are all of the media map. The cursor is the place among them.
std::string RedisDialect::scan(const std::string &cursor) const
{
    std::vector<std::string> keys;
    for (const auto &[key, encoding] : m_script->keys)
        keys.push_back(key);
    if (keys.empty() && !m_script->bucketEncoding.empty())
        keys.emplace_back("mediamap:12");
    const auto from = std::min(static_cast<std::size_t>(std::atoll(cursor.c_str())), keys.size());
    const auto to = std::min(from + m_script->keysAScan, keys.size());
    std::string reply = "*2\r\n" + bulk(std::to_string(to == keys.size() ? 0 : to)) + "*" + std::to_string(to - from) + "\r\n";
    for (std::size_t i = from; i < to; ++i)
        reply += bulk(keys[i]);
    return reply;
}

std::string RedisDialect::encodingOf(const std::string &key) const
{
    for (const auto &[name, encoding] : m_script->keys) {
        if (name == key)
            return encoding;
    }
    return m_script->keys.empty() ? m_script->bucketEncoding : std::string();
}

std::string RedisDialect::info()
{
    auto &script = *m_script;
    script.offset += 100;
    const auto offset = std::to_string(script.offset);
    std::string text = "# Server\r\nredis_version:7.0.15\r\nprocess_id:99\r\nrun_id:" + script.runId
        + "\r\nuptime_in_seconds:3600\r\n# Clients\r\nconnected_clients:5\r\nblocked_clients:0\r\n# Memory\r\nused_memory:1048576\r\n"
          "used_memory_rss:2097152\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\nallocator_frag_ratio:1.25\r\n# Persistence\r\nloading:0\r\n"
          "aof_enabled:1\r\nrdb_last_bgsave_status:ok\r\naof_last_write_status:ok\r\n# Stats\r\ntotal_commands_processed:"
        + std::to_string(script.commands) + "\r\nkeyspace_hits:9\r\nkeyspace_misses:1\r\nevicted_keys:0\r\nexpired_keys:0\r\n# Replication\r\n";
    if (script.primary)
        text += "role:master\r\n" + std::string(script.wantsReplicas > 0 ? "min_slaves_good_slaves:1\r\n" : "") + "connected_slaves:1\r\nslave0:ip=127.0.0.1,port=7001,state=online,offset=" + offset + ",lag=1\r\n";
    else
        text += "role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:7000\r\nmaster_link_status:up\r\nmaster_last_io_seconds_ago:1\r\n"
                "master_sync_in_progress:0\r\nslave_repl_offset:" + offset + "\r\nconnected_slaves:0\r\n";
    return text + "master_replid:" + script.runId + "\r\nmaster_repl_offset:" + offset
        + "\r\nrepl_backlog_size:1048576\r\n# Keyspace\r\ndb0:keys=12,expires=0,avg_ttl=0\r\n";
}

MemcachedDialect::MemcachedDialect(std::shared_ptr<MemcachedScript> script) : m_script(std::move(script)) {}

std::vector<Dialect::Reply> MemcachedDialect::take(std::string_view bytes)
{
    m_unread.append(bytes);
    std::vector<Reply> replies;
    const std::lock_guard lock(m_script->mutex);
    for (auto end = m_unread.find("\r\n"); end != std::string::npos; end = m_unread.find("\r\n")) {
        const auto line = m_unread.substr(0, end);
        m_unread.erase(0, end + 2);
        if (line == "stats")
            replies.push_back({stats(), true, false});
        else if (line == "stats items")
            replies.push_back({"STAT items:1:number 10\r\nSTAT items:1:evicted " + std::string(m_script->evictedTime > 0 ? "4" : "0")
                                   + "\r\nSTAT items:1:evicted_time " + std::to_string(m_script->evictedTime) + "\r\nEND\r\n", true, false});
        else if (line == "stats slabs")
            replies.push_back({"STAT 1:chunk_size 96\r\nSTAT 1:total_pages 1\r\nSTAT 1:used_chunks 10\r\nSTAT 1:free_chunks 10912\r\n"
                               "STAT active_slabs 1\r\nEND\r\n", true, false});
        else if (line.starts_with("me "))
            replies.push_back({"EN\r\n", true, false});
        else
            replies.push_back({"ERROR\r\n", true, false});
    }
    return replies;
}

std::string MemcachedDialect::stats()
{
    auto &script = *m_script;
    script.gets += 100;
    const auto line = [](const char *name, const std::string &value) { return std::string("STAT ") + name + " " + value + "\r\n"; };
    const auto number = [&](const char *name, std::int64_t value) { return line(name, std::to_string(value)); };
    return number("pid", script.pid) + number("uptime", script.uptime) + line("version", "1.6.18") + number("curr_connections", 8)
        + number("max_connections", 1024) + number("cmd_get", script.gets) + number("cmd_set", script.gets / 10) + number("get_hits", script.gets * 9 / 10)
        + number("get_misses", script.gets / 10) + number("curr_items", 10) + number("bytes", 1000) + number("limit_maxbytes", 67108864)
        + number("evictions", 0) + number("listen_disabled_num", 0) + "END\r\n";
}

} // namespace shardlens::fakes
