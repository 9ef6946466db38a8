// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Met.h"

#include <algorithm>
#include <string_view>

namespace shardlens::operate {

namespace {

/// "port=5432" is not within "port=54321": what is looked for ends where a word ends.
bool holdsWords(std::string_view line, std::string_view words)
{
    const auto isEdge = [&](std::size_t at) { return at == 0 || at == line.size() || line[at] == ' ' || line[at - 1] == ' '; };
    for (std::size_t at = line.find(words); at != std::string_view::npos; at = line.find(words, at + 1)) {
        if (isEdge(at) && isEdge(at + words.size()))
            return true;
    }
    return false;
}

} // namespace

bool isMet(const std::string &expects, const std::string &answer)
{
    if (expects.empty() || expects == answer)
        return true;
    const std::size_t colon = expects.find(": ");
    if (colon == std::string::npos)
        return false;
    const std::string start = expects.substr(0, colon + 2);
    const std::string_view words = std::string_view(expects).substr(colon + 2);
    for (std::size_t begin = 0; begin <= answer.size();) {
        const std::size_t end = std::min(answer.find('\n', begin), answer.size());
        const std::string_view line = std::string_view(answer).substr(begin, end - begin);
        if (line.starts_with(start) && holdsWords(line.substr(start.size()), words))
            return true;
        begin = end + 1;
    }
    return false;
}

} // namespace shardlens::operate
