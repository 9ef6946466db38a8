// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/SyncNames.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace shardlens::operate {

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return out;
}

/// Words, quoted names (marked by a leading quote), and the signs ( ) ,
std::vector<std::string> tokensOf(std::string_view text)
{
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < text.size();) {
        const char letter = text[at];
        if (std::isspace(static_cast<unsigned char>(letter))) {
            ++at;
        } else if (letter == '(' || letter == ')' || letter == ',') {
            tokens.emplace_back(1, letter);
            ++at;
        } else if (letter == '"') {
            std::string name = "\"";
            for (++at; at < text.size(); ++at) {
                if (text[at] == '"' && (at + 1 >= text.size() || text[at + 1] != '"'))
                    break;
                if (text[at] == '"')
                    ++at;
                name += text[at];
            }
            ++at;
            tokens.push_back(std::move(name));
        } else {
            const std::size_t end = std::min(text.find_first_of(" \t\n(),\"", at), text.size());
            tokens.emplace_back(text.substr(at, end - at));
            at = end;
        }
    }
    return tokens;
}

std::optional<std::size_t> numberOf(const std::string &token)
{
    std::size_t number = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), number);
    return read.ec == std::errc() && read.ptr == token.data() + token.size() ? std::optional(number) : std::nullopt;
}

} // namespace

std::optional<SyncNames> SyncNames::parse(std::string_view setting)
{
    auto tokens = tokensOf(setting);
    SyncNames found;
    std::size_t at = 0;
    const auto token = [&](std::size_t i) { return i < tokens.size() ? tokens[i] : std::string(); };
    const bool counted = token(tokens.size() - 1) == ")";
    if (counted) {
        const std::string word = lower(token(0));
        if (word == "any" || word == "first") {
            found.any = word == "any";
            ++at;
        }
        const auto number = numberOf(token(at));
        if (!number || token(at + 1) != "(")
            return std::nullopt;
        found.need = *number;
        at += 2;
        tokens.pop_back();
    } else {
        found.need = 1;
    }
    for (; at < tokens.size(); ++at) {
        if (tokens[at] != ",")
            found.names.push_back(tokens[at].front() == '"' ? tokens[at].substr(1) : tokens[at]);
    }
    return found.names.empty() || found.need == 0 ? std::nullopt : std::optional(found);
}

bool SyncNames::matches(std::string_view applicationName) const
{
    return std::any_of(names.begin(), names.end(), [&](const std::string &one) { return one == "*" || lower(one) == lower(applicationName); });
}

bool SyncNames::isSatisfiedBy(const std::vector<std::string> &applicationNames) const
{
    const auto matching = std::count_if(applicationNames.begin(), applicationNames.end(), [&](const std::string &one) { return matches(one); });
    return static_cast<std::size_t>(matching) >= need;
}

} // namespace shardlens::operate
