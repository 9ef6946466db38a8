// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Met.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
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

constexpr std::string_view infoForm = "INFO ";

std::optional<std::int64_t> numberIn(std::string_view text)
{
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool holdsTerm(std::string_view term, const std::string &answer)
{
    const std::size_t sign = term.find_first_of("<>=");
    if (sign == std::string_view::npos)
        return false;
    const auto value = fieldOf(answer, std::string(term.substr(0, sign)));
    if (!value)
        return false;
    if (term[sign] == '=')
        return *value == term.substr(sign + 1);
    const auto has = numberIn(*value);
    const auto limit = numberIn(term.substr(std::min(sign + 2, term.size())));
    return has && limit && (term[sign] == '>' ? *has >= *limit : *has <= *limit);
}

bool holdsTerms(std::string_view terms, const std::string &answer)
{
    while (!terms.empty()) {
        const std::size_t end = std::min(terms.find(' '), terms.size());
        if (!holdsTerm(terms.substr(0, end), answer))
            return false;
        terms.remove_prefix(std::min(end + 1, terms.size()));
    }
    return true;
}

} // namespace

std::optional<std::string> fieldOf(const std::string &answer, const std::string &name)
{
    const std::string start = name + ":";
    for (std::size_t begin = 0; begin < answer.size();) {
        const std::size_t end = std::min(answer.find('\n', begin), answer.size());
        std::string_view line = std::string_view(answer).substr(begin, end - begin);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.starts_with(start))
            return std::string(line.substr(start.size()));
        begin = end + 1;
    }
    return std::nullopt;
}

bool isMet(const std::string &expects, const std::string &answer)
{
    if (expects.empty() || expects == answer)
        return true;
    if (expects.starts_with(infoForm))
        return holdsTerms(std::string_view(expects).substr(infoForm.size()), answer);
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
