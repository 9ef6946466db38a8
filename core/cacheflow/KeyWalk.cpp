// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyWalk.h"

#include "core/clients/memcached/WatchLine.h"
#include "core/clients/wire/Talk.h"

#include <charconv>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

namespace {

std::string_view walkWord(std::string_view line, std::string_view name)
{
    const auto at = line.find(name);
    const auto rest = at == std::string_view::npos ? std::string_view() : line.substr(at + name.size());
    return rest.substr(0, rest.find_first_of(" \r\n"));
}

/// Nothing: the server has no such walk.
Result<std::optional<std::vector<WalkedKey>>> walked(const memcached::Member &member, const char *walk, std::size_t atMost,
                                                     base::milliseconds patience, const wire::Interrupt *stop)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto talk = wire::Talk::dial(member.endpoint.host, member.endpoint.port, deadline, stop);
    if (!talk)
        return base::fail(talk.error());
    if (const auto sent = talk->send(std::string("lru_crawler metadump ") + walk + "\r\n", deadline); !sent)
        return base::fail(sent.error());
    std::vector<WalkedKey> keys;
    std::string unread;
    while (keys.size() < atMost) {
        auto more = talk->receive(deadline);
        if (!more)
            return base::fail(more.error());
        if (more->empty())
            break;
        unread += *more;
        std::size_t from = 0;
        for (auto end = unread.find('\n'); end != std::string::npos && keys.size() < atMost; end = unread.find('\n', from)) {
            const std::string_view line = std::string_view(unread).substr(from, end - from);
            from = end + 1;
            if (line.starts_with("END"))
                return std::optional(std::move(keys));
            if (line.starts_with("BUSY") || line.starts_with("ERROR locked"))
                return base::fail(ErrorCode::Rejected, std::string(line.substr(0, line.find('\r'))), member.server);
            if (line.starts_with("ERROR") || line.starts_with("CLIENT_ERROR") || line.starts_with("BADCLASS"))
                return std::optional<std::vector<WalkedKey>>();
            if (auto key = walkedKeyIn(line))
                keys.push_back(std::move(*key));
        }
        unread.erase(0, from);
    }
    return std::optional(std::move(keys));
}

} // namespace

std::optional<WalkedKey> walkedKeyIn(std::string_view line)
{
    if (!line.starts_with("key="))
        return std::nullopt;
    WalkedKey key{memcached::decodedKey(walkWord(line, "key="))};
    const auto access = walkWord(line, " la=");
    std::from_chars(access.data(), access.data() + access.size(), key.lastAccess);
    const auto size = walkWord(line, " size=");
    std::from_chars(size.data(), size.data() + size.size(), key.bytes);
    key.wasFetched = walkWord(line, " fetch=") == "yes";
    return key;
}

Result<std::vector<WalkedKey>> walkKeys(const memcached::Member &member, std::size_t atMost, base::milliseconds patience, const wire::Interrupt *stop)
{
    for (const char *walk : {"hash", "all"}) {
        auto keys = walked(member, walk, atMost, patience, stop);
        if (!keys)
            return base::fail(keys.error());
        if (*keys)
            return std::move(**keys);
    }
    return base::fail(ErrorCode::Rejected, "it tells no keys: its crawler is off, or it is older than 1.4.31", member.server);
}

} // namespace shardlens::cacheflow
