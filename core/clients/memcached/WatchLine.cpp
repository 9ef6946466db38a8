// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/WatchLine.h"

#include <charconv>

namespace shardlens::memcached {

namespace {

template <class Number>
bool readNumber(std::string_view text, Number &value)
{
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// "1466120156.99667": seconds, then microseconds that are not padded.
bool readTime(std::string_view text, std::int64_t &micros)
{
    const auto dot = text.find('.');
    std::int64_t seconds = 0;
    std::int64_t rest = 0;
    if (dot == std::string_view::npos || !readNumber(text.substr(0, dot), seconds) || !readNumber(text.substr(dot + 1), rest))
        return false;
    micros = seconds * 1000000 + rest;
    return true;
}

/// False for a word that makes the line one of another kind, or unreadable.
bool takeWord(std::string_view name, std::string_view value, WatchLine &line)
{
    if (name == "ts")
        return readTime(value, line.micros);
    if (name == "key")
        line.key = value;
    else if (name == "cfd")
        return readNumber(value, line.client);
    else if (name == "size")
        return readNumber(value, line.size);
    else if (name == "status")
        line.found = line.stored = value == "found" || value == "stored";
    else if (name == "type") {
        line.kind = value == "item_store" ? WatchLine::Kind::Store : value.starts_with("conn_") ? WatchLine::Kind::Change : WatchLine::Kind::Get;
        return line.kind != WatchLine::Kind::Get || value == "item_get";
    } else if (name == "skipped") {
        line.kind = WatchLine::Kind::Skipped;
        return readNumber(value, line.size);
    }
    return true;
}

} // namespace

std::optional<WatchLine> parseWatchLine(std::string_view text)
{
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    WatchLine line;
    while (!text.empty()) {
        const auto space = text.find(' ');
        const auto word = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos)
            continue;
        if (!takeWord(word.substr(0, equals), word.substr(equals + 1), line))
            return std::nullopt;
    }
    if (line.kind == WatchLine::Kind::Skipped)
        return line.size > 0 ? std::optional(line) : std::nullopt;
    const bool isWhole = line.kind == WatchLine::Kind::Change || !line.key.empty();
    return !isWhole || line.micros == 0 ? std::nullopt : std::optional(line);
}

std::string decodedKey(std::string_view uri)
{
    std::string text;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        unsigned code = 0;
        if (uri[i] == '%' && i + 2 < uri.size() && std::from_chars(uri.data() + i + 1, uri.data() + i + 3, code, 16).ec == std::errc()) {
            text += static_cast<char>(code);
            i += 2;
        } else {
            text += uri[i];
        }
    }
    return text;
}

} // namespace shardlens::memcached
