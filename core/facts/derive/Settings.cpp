// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace shardlens::facts::derive {

namespace {

struct Split {
    std::int64_t number = 0;
    std::string_view unit;
};

std::optional<Split> split(std::string_view text)
{
    Split parts;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts.number);
    if (error != std::errc())
        return std::nullopt;
    parts.unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (!parts.unit.empty() && parts.unit.front() == ' ')
        parts.unit.remove_prefix(1);
    return parts;
}

microseconds timeoutOr(const PostgresSample *sample, const std::string &name, microseconds otherwise)
{
    if (!sample)
        return otherwise;
    const auto text = setting(*sample, name);
    return text ? parseDuration(*text).value_or(otherwise) : otherwise;
}

} // namespace

std::optional<microseconds> parseDuration(std::string_view text)
{
    using Unit = std::pair<std::string_view, std::int64_t>;
    static constexpr std::array<Unit, 7> units{{{"", 1000}, {"us", 1}, {"ms", 1000}, {"s", 1000000}, {"min", 60000000}, {"h", 3600000000}, {"d", 86400000000}}};
    const auto parts = split(text);
    if (!parts)
        return std::nullopt;
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit &u) { return u.first == parts->unit; });
    if (unit == units.end())
        return std::nullopt;
    return microseconds(parts->number * unit->second);
}

std::optional<Bytes> parseSize(std::string_view text, Bytes unit)
{
    using Unit = std::pair<std::string_view, std::int64_t>;
    static constexpr std::array<Unit, 5> units{{{"B", 1}, {"kB", 1LL << 10}, {"MB", 1LL << 20}, {"GB", 1LL << 30}, {"TB", 1LL << 40}}};
    const auto parts = split(text);
    if (!parts || parts->number < 0)
        return std::nullopt;
    if (parts->unit.empty())
        return Bytes{parts->number * unit.count};
    const auto named = std::find_if(units.begin(), units.end(), [&](const Unit &u) { return u.first == parts->unit; });
    if (named == units.end())
        return std::nullopt;
    return Bytes{parts->number * named->second};
}

std::optional<std::string> setting(const PostgresSample &sample, const std::string &name)
{
    if (!sample.settings)
        return std::nullopt;
    const auto found = sample.settings->find(name);
    return found == sample.settings->end() ? std::nullopt : std::optional(found->second);
}

std::optional<microseconds> messageAgeLimit(const PostgresSample *sender, const PostgresSample *receiver, microseconds interval)
{
    // Either side's probe makes a message flow, so the sooner one bounds the silence; Postgres's default is 60 s for both.
    const microseconds usual = base::seconds(60);
    const microseconds sends = timeoutOr(sender, "wal_sender_timeout", usual);
    const microseconds receives = timeoutOr(receiver, "wal_receiver_timeout", usual);
    // The primary's probe is silent while the standby replies on its own (wal_receiver_status_interval), the standby's is
    // not: the later of the two is the age that may be seen on a link that works.
    const microseconds later = std::max(sends, receives);
    if (later == microseconds(0))
        return std::nullopt;
    return later / 2 + interval + base::seconds(1);
}

std::string replicationName(std::string_view name)
{
    std::string plain;
    for (const char letter : name)
        plain += std::isalnum(static_cast<unsigned char>(letter)) ? static_cast<char>(std::tolower(static_cast<unsigned char>(letter))) : '_';
    return plain;
}

std::string replicationName(const fleet::Fleet &fleet, const base::ServerId &server)
{
    const fleet::Server *declared = fleet.server(server);
    return replicationName(declared && !declared->replicationName.empty() ? declared->replicationName : server.text());
}

} // namespace shardlens::facts::derive
