// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/SessionSearch.h"

#include "core/ids/Shortcode.h"

#include <algorithm>
#include <set>

namespace shardlens::inspect::lookup {

namespace {

constexpr base::milliseconds searchLasts{500};

base::UtcTime utcOfSeconds(const std::string &text)
{
    return base::UtcTime(
        base::seconds(static_cast<std::int64_t>(std::min<std::uint64_t>(ids::parseDecimal(text).value_or(0), 1ULL << 40))));
}

} // namespace

base::Result<Sessions> searchSessions(Link &link, const std::string &pattern, std::uint64_t user)
{
    Sessions sessions;
    const std::string wanted = std::to_string(user);
    const base::Instant end = std::chrono::steady_clock::now() + searchLasts;
    std::string cursor = "0";
    std::set<std::string> seen; // SCAN may give a key twice
    do {
        const auto scanned = link.redis({{"SCAN", cursor, "MATCH", pattern, "COUNT", "1000"}});
        if (!scanned)
            return base::fail(scanned.error());
        const redis::Reply &reply = scanned->front();
        if (reply.isError() || reply.items.size() != 2)
            return base::fail(base::ErrorCode::Rejected, reply.text, link.server().id.text());
        cursor = reply.items[0].text;
        std::vector<std::vector<std::string>> commands;
        for (const redis::Reply &key : reply.items[1].items) {
            if (seen.insert(key.text).second)
                commands.push_back({"HMGET", key.text, "user", "created", "last_seen"});
        }
        const auto read = commands.empty() ? base::Result<std::vector<redis::Reply>>(std::vector<redis::Reply>()) : link.redis(commands);
        if (!read)
            return base::fail(read.error());
        for (const redis::Reply &one : *read) {
            if (one.items.size() == 3 && one.items[0].text == wanted)
                sessions.times.emplace_back(utcOfSeconds(one.items[1].text), utcOfSeconds(one.items[2].text));
        }
        sessions.searched += static_cast<std::int64_t>(commands.size());
        sessions.isComplete = cursor == "0";
    } while (!sessions.isComplete && sessions.searched < mostSessionKeys && std::chrono::steady_clock::now() < end);
    sessions.count = static_cast<std::int64_t>(sessions.times.size());
    std::sort(sessions.times.begin(), sessions.times.end(), std::greater<>());
    return sessions;
}

} // namespace shardlens::inspect::lookup
