// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Lsn.h"

#include <charconv>
#include <cstdio>

namespace shardlens::base {

namespace {

std::optional<std::uint32_t> parseHex(std::string_view text)
{
    std::uint32_t value = 0;
    if (text.empty() || text.size() > 8)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

std::optional<Lsn> Lsn::parse(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto high = parseHex(text.substr(0, slash));
    const auto low = parseHex(text.substr(slash + 1));
    if (!high || !low)
        return std::nullopt;
    return Lsn{(std::uint64_t(*high) << 32) | *low};
}

std::string Lsn::toString() const
{
    char text[24];
    std::snprintf(text, sizeof text, "%X/%X", unsigned(value >> 32), unsigned(value & 0xffffffffU));
    return text;
}

} // namespace shardlens::base
