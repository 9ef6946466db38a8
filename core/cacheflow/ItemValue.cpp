// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/ItemValue.h"

#include "core/base/Json.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>

namespace shardlens::cacheflow {

using nlohmann::ordered_json;
using Kind = ItemValue::Kind;

namespace {

constexpr std::size_t mostTakenApart = std::size_t(1) << 20;
constexpr std::size_t hexRow = 16;

bool isInteger(std::string_view value)
{
    const std::string_view digits = value.starts_with('-') ? value.substr(1) : value;
    return !digits.empty() && digits.size() <= 20 && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The length of the UTF-8 character that a text begins with; 0 where it begins with none.
std::size_t characterLength(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length == 0 || length > text.size())
        return 0;
    std::uint32_t code = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (next & 0x3f);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool isGood = code >= least.at(length) && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isGood ? length : 0;
}

bool isText(std::string_view value)
{
    while (!value.empty()) {
        const auto c = static_cast<unsigned char>(value.front());
        const bool isControl = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
        const std::size_t length = isControl ? 0 : characterLength(value);
        if (length == 0)
            return false;
        value.remove_prefix(length);
    }
    return true;
}

/// At most so many bytes, and no half character.
std::string beginning(std::string_view text, std::size_t most, bool &isCut)
{
    if (text.size() <= most)
        return std::string(text);
    isCut = true;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;
    return std::string(text.substr(0, most));
}

std::string written(const ordered_json &read, ValueLayout layout)
{
    return base::jsonText(read, layout == ValueLayout::Pretty ? 2 : -1);
}

std::string hexOf(std::string_view value, ValueLayout layout)
{
    std::string out;
    char two[4];
    for (std::size_t from = 0; from < value.size(); from += hexRow) {
        const std::string_view row = value.substr(from, hexRow);
        if (layout == ValueLayout::Pretty && from > 0)
            out += '\n';
        for (const unsigned char c : row) {
            std::snprintf(two, sizeof two, layout == ValueLayout::Pretty ? "%02x " : "%02x", c);
            out += two;
        }
        if (layout != ValueLayout::Pretty)
            continue;
        out.append(3 * (hexRow - row.size()) + 1, ' ');
        for (const unsigned char c : row)
            out += c >= 0x20 && c < 0x7f ? static_cast<char>(c) : '.';
    }
    return out;
}

bool mayBeMessagePack(std::string_view value)
{
    const auto first = static_cast<unsigned char>(value.front());
    return (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
}

/// It begins as a list or an object does.
bool mayHoldMembers(std::string_view value)
{
    return value.front() == '{' || value.front() == '[' || mayBeMessagePack(value);
}

/// A value that is a whole list or object in MessagePack. One that happens to begin so and is text was found to be text before.
std::optional<ordered_json> messagePackIn(std::string_view value)
{
    if (!mayBeMessagePack(value) || value.size() > mostTakenApart)
        return std::nullopt;
    ordered_json read = ordered_json::from_msgpack(value.begin(), value.end(), true, false);
    return read.is_structured() ? std::optional(std::move(read)) : std::nullopt;
}

bool isPrivate(const ordered_json &object)
{
    const auto says = [&](const char *name) { return object.contains(name) && object[name].is_boolean() && object[name].get<bool>(); };
    return says("private") || says("is_private");
}

/// Puts "(masked)" in the place of what is not to be shown; was there any?
bool mask(ordered_json &value, const std::vector<std::string> &masked)
{
    bool wasAny = false;
    const bool isClosed = value.is_object() && isPrivate(value);
    for (auto member = value.begin(); value.is_structured() && member != value.end(); ++member) {
        const std::string name = value.is_object() ? member.key() : std::string();
        const bool isHidden = std::find(masked.begin(), masked.end(), name) != masked.end() || (isClosed && (name == "caption" || name == "body"));
        if (isHidden && !member->is_null())
            *member = "(masked)";
        wasAny = (isHidden && !member->is_null()) || (!isHidden && mask(*member, masked)) || wasAny;
    }
    return wasAny;
}

} // namespace

std::vector<std::string> maskedMembers(const fleet::Queries &queries)
{
    return queries.personal().names;
}

ItemValue decodeValue(std::string_view value, ValueLayout layout, std::size_t most, const std::vector<std::string> &masked)
{
    ItemValue decoded;
    if (value.empty())
        return decoded;
    if (isInteger(value)) {
        decoded.kind = Kind::Integer;
        decoded.text = beginning(value, most, decoded.isCut);
        return decoded;
    }
    if (value.size() > mostTakenApart && !masked.empty() && mayHoldMembers(value)) {
        decoded.kind = isText(value) ? Kind::Text : Kind::Binary;
        decoded.text = "(masked)"; // it is not taken apart, so that nobody knows what of it is personal
        return decoded;
    }
    const bool mayBeJson = value.size() <= mostTakenApart && (value.front() == '{' || value.front() == '[');
    if (isText(value)) {
        ordered_json read = mayBeJson ? base::readOrderedJson(value) : ordered_json();
        const bool isJson = mayBeJson && read.is_structured();
        const bool isWrittenAnew = isJson && (mask(read, masked) || layout == ValueLayout::Pretty);
        decoded.kind = isJson ? Kind::Json : Kind::Text;
        decoded.text = beginning(isWrittenAnew ? written(read, layout) : std::string(value), most, decoded.isCut);
        return decoded;
    }
    if (auto read = messagePackIn(value)) {
        (void)mask(*read, masked);
        decoded.kind = Kind::MsgPack;
        decoded.text = beginning(written(*read, layout), most, decoded.isCut);
        return decoded;
    }
    decoded.kind = Kind::Binary;
    const std::size_t bytes = layout == ValueLayout::Pretty ? std::max(most / 4, hexRow) : most / 2;
    decoded.isCut = value.size() > bytes;
    decoded.text = hexOf(value.substr(0, bytes), layout);
    return decoded;
}

std::string_view name(Kind kind)
{
    switch (kind) {
    case Kind::Empty: return "empty";
    case Kind::Integer: return "integer";
    case Kind::Json: return "json";
    case Kind::MsgPack: return "msgpack";
    case Kind::Text: return "text";
    case Kind::Binary: return "binary";
    }
    return "";
}

} // namespace shardlens::cacheflow
