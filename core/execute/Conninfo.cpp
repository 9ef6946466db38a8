// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Conninfo.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace shardlens::execute {

namespace {

bool isSpace(char letter)
{
    return std::isspace(static_cast<unsigned char>(letter)) != 0;
}

void skipSpace(std::string_view &text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
}

/// A value in quotes or bare; a backslash takes the next letter as it is in both.
std::string takeValue(std::string_view &text)
{
    const bool isQuoted = !text.empty() && text.front() == '\'';
    if (isQuoted)
        text.remove_prefix(1);
    std::string value;
    while (!text.empty() && (isQuoted ? text.front() != '\'' : !isSpace(text.front()))) {
        if (text.front() == '\\' && text.size() > 1)
            text.remove_prefix(1);
        value += text.front();
        text.remove_prefix(1);
    }
    if (isQuoted && !text.empty())
        text.remove_prefix(1);
    return value;
}

std::string quotedValue(const std::string &value)
{
    const bool isPlain = !value.empty() && std::none_of(value.begin(), value.end(), [](char letter) { return isSpace(letter) || letter == '\'' || letter == '\\'; });
    if (isPlain)
        return value;
    std::string out = "'";
    for (const char letter : value) {
        if (letter == '\'' || letter == '\\')
            out += '\\';
        out += letter;
    }
    return out + "'";
}

std::string percentEncoded(const std::string &value)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char letter : value) {
        const auto byte = static_cast<unsigned char>(letter);
        if (std::isalnum(byte) || letter == '-' || letter == '.' || letter == '_' || letter == '~')
            out += letter;
        else
            out += {'%', digits[byte / 16], digits[byte % 16]};
    }
    return out;
}

std::string uriWith(std::string uri, Keywords changes)
{
    const bool movesHost = std::any_of(changes.begin(), changes.end(), [](const auto &change) { return change.first == "host"; });
    if (movesHost && uri.find("hostaddr=") != std::string::npos)
        changes.emplace_back("hostaddr", "");
    for (const auto &[keyword, value] : changes)
        uri += (uri.find('?') == std::string::npos ? "?" : "&") + keyword + "=" + percentEncoded(value);
    return uri;
}

} // namespace

Keywords keywordsOf(std::string_view conninfo)
{
    Keywords keywords;
    for (skipSpace(conninfo); !conninfo.empty(); skipSpace(conninfo)) {
        std::string keyword;
        while (!conninfo.empty() && conninfo.front() != '=' && !isSpace(conninfo.front())) {
            keyword += conninfo.front();
            conninfo.remove_prefix(1);
        }
        skipSpace(conninfo);
        if (conninfo.empty() || conninfo.front() != '=')
            continue;
        conninfo.remove_prefix(1);
        skipSpace(conninfo);
        keywords.emplace_back(std::move(keyword), takeValue(conninfo));
    }
    return keywords;
}

std::string conninfoWith(const std::string &conninfo, const Keywords &changes)
{
    if (conninfo.starts_with("postgresql://") || conninfo.starts_with("postgres://"))
        return uriWith(conninfo, changes);
    Keywords keywords = keywordsOf(conninfo);
    for (const auto &[keyword, value] : changes) {
        const auto named = [&](const auto &one) { return one.first == keyword; };
        if (keyword == "host")
            std::erase_if(keywords, [](const auto &one) { return one.first == "hostaddr"; });
        const auto found = std::find_if(keywords.begin(), keywords.end(), named);
        if (found == keywords.end()) {
            keywords.emplace_back(keyword, value);
            continue;
        }
        found->second = value;
        keywords.erase(std::remove_if(std::next(found), keywords.end(), named), keywords.end()); // libpq takes the last
    }
    std::string out;
    for (const auto &[keyword, value] : keywords)
        out += (out.empty() ? "" : " ") + keyword + "=" + quotedValue(value);
    return out;
}

std::string withMaskedPasswords(const std::string &text)
{
    // A value: in quotes, which a backslash or, within SQL, their doubling escapes; else up to a blank, a quote or the next parameter.
    static const std::regex keyword(R"((password\s*=\s*)(''(?:[^'\\]|\\.)*''|'(?:[^'\\]|\\.)*'|[^\s'&]+))", std::regex::icase);
    static const std::regex uri(R"((postgres(?:ql)?://[^\s:/@]*:)[^\s@]*@)", std::regex::icase);
    return std::regex_replace(std::regex_replace(text, keyword, "$1***"), uri, "$1***@");
}

} // namespace shardlens::execute
