// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/CachedItem.h"

#include "core/base/Iso8601.h"
#include "core/base/Json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace shardlens::inspect::lookup {

using base::ErrorCode;
using nlohmann::json;

namespace {

constexpr std::size_t longestKey = 250;

std::string_view takeLine(std::string_view &text)
{
    const auto end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
}

std::int64_t toNumber(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The value of " exp=" and the like. Searched from the right: a key may hold anything but spaces.
std::int64_t metaNumber(std::string_view line, std::string_view name)
{
    const auto at = line.rfind(name);
    return at == std::string_view::npos ? 0 : toNumber(line.substr(at + name.size()));
}

/// "VALUE <key> <flags> <bytes> <cas>": how many bytes follow.
std::size_t bytesAnnounced(std::string_view line)
{
    const auto cas = line.rfind(' ');
    const auto bytes = line.rfind(' ', cas - 1);
    return static_cast<std::size_t>(toNumber(line.substr(bytes + 1, cas - bytes - 1)));
}

/// A value as a field of a row reads: numbers and texts alike.
std::string asText(const json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_boolean() ? (value.get<bool>() ? "true" : "false") : base::jsonText(value);
}

struct NamedField {
    const char *key;
    Field field;
};
constexpr NamedField cachedFields[] = {
    {"version", Field::Version}, {"owner", Field::Owner},         {"filter", Field::Filter},       {"private", Field::Private},
    {"likes", Field::Likes},     {"comments", Field::Comments},   {"name", Field::Name},           {"full_name", Field::FullName},
    {"media", Field::Media},     {"followers", Field::Followers}, {"following", Field::Following},
};

} // namespace

std::string askForItem(const std::string &key)
{
    const bool isTaken = !key.empty() && key.size() <= longestKey &&
                         std::none_of(key.begin(), key.end(), [](unsigned char c) { return c <= ' ' || c == 127; });
    return isTaken ? "me " + key + "\r\ngets " + key + "\r\n" : std::string();
}

base::Result<CachedFacts> takeItem(std::string_view &answer, const std::string &key, base::UtcTime now)
{
    CachedFacts item;
    item.copy.key = key;
    const std::string_view meta = takeLine(answer);
    const std::string_view first = takeLine(answer);
    if (meta != "EN" && !meta.starts_with("ME "))
        return base::fail(ErrorCode::Protocol, "it answered " + std::string(meta.substr(0, 80)));
    if (first == "END")
        return item;
    if (!first.starts_with("VALUE "))
        return base::fail(ErrorCode::Protocol, "it answered " + std::string(first.substr(0, 80)));
    const std::size_t bytes = bytesAnnounced(first);
    if (answer.size() < bytes + 2)
        return base::fail(ErrorCode::Protocol, "the value was cut");
    const std::string_view value = answer.substr(0, bytes);
    answer.remove_prefix(bytes + 2);
    if (takeLine(answer) != "END")
        return base::fail(ErrorCode::Protocol, "the value has no end");
    const std::int64_t expires = metaNumber(meta, " exp=");
    if (expires < -1) // -1 means never, and also that one second is left
        item.copy.ttl = base::seconds(-expires);
    item.copy.lastAccess = base::seconds(metaNumber(meta, " la="));
    item.copy.cas = static_cast<std::uint64_t>(metaNumber(meta, " cas="));
    item.copy.bytes = metaNumber(meta, " size=");
    readValue(item, value, now);
    return item;
}

void readValue(CachedFacts &item, std::string_view value, base::UtcTime now)
{
    if (value.empty()) {
        item.copy.state = CopyState::Filling;
        return;
    }
    const json object = base::readJson(value);
    const bool saysDeleted = object.is_null() || (object.is_object() && object.contains("deleted") && object["deleted"] == true);
    if (!object.is_object() && !saysDeleted) {
        item.copy.state = CopyState::Garbled;
        return;
    }
    item.copy.state = saysDeleted ? CopyState::Deleted : CopyState::Exists;
    if (!object.is_object())
        return;
    for (const NamedField &named : cachedFields) {
        if (object.contains(named.key))
            item.fields[named.field] = asText(object[named.key]);
    }
    if (object.contains("caption") && object["caption"].is_string())
        item.fields[Field::Caption] = fingerprintOf(object["caption"].get<std::string>());
    if (object.contains("version") && object["version"].is_number())
        item.copy.version = object["version"].get<std::int64_t>();
    if (const auto owner = item.fields.find(Field::Owner); owner != item.fields.end())
        std::from_chars(owner->second.data(), owner->second.data() + owner->second.size(), item.copy.owner);
    const auto updated = object.find("updated_at");
    const auto at = updated != object.end() && updated->is_string() ? base::parseIso(updated->get<std::string>()) : std::nullopt;
    if (at) {
        item.copy.updatedAt = *at;
        item.copy.age = std::max(base::microseconds(0), now - *at);
    }
}

} // namespace shardlens::inspect::lookup
