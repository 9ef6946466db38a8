// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/LockKey.h"

#include <algorithm>
#include <string_view>

namespace shardlens::execute {

namespace {

/// The value of a line's "name=value".
std::string_view clientField(std::string_view line, std::string_view name)
{
    const std::string start = " " + std::string(name) + "=";
    std::size_t at = line.starts_with(start.substr(1)) ? 0 : line.find(start);
    if (at == std::string_view::npos)
        return {};
    at = line.find('=', at) + 1;
    return line.substr(at, line.find(' ', at) - at);
}

} // namespace

std::vector<std::string> sessionsOf(const std::string &clientList, const std::string &operation, const std::string &own)
{
    std::vector<std::string> ids;
    for (std::size_t begin = 0; begin < clientList.size();) {
        const std::size_t end = std::min(clientList.find('\n', begin), clientList.size());
        const std::string_view line = std::string_view(clientList).substr(begin, end - begin);
        begin = end + 1;
        const std::string_view session = clientField(line, "name");
        const std::string id(clientField(line, "id"));
        // One that listens sends nothing that is carried out: it is the lock.
        const bool isLock = clientField(line, "sub") != "0" && !clientField(line, "sub").empty();
        if (session.starts_with("shardlens-executor:") && session.ends_with(":" + operation) && id != own && !isLock)
            ids.push_back(id);
    }
    return ids;
}

} // namespace shardlens::execute
