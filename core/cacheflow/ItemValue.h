// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Queries.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::cacheflow {

/// What a cached value was taken for, and how a person reads it. A value.
struct ItemValue {
    enum class Kind : std::uint8_t {
        Empty,
        Integer, ///< decimal digits, a minus before them perhaps
        Json,    ///< an object or a list
        MsgPack, ///< an object or a list in MessagePack, shown as JSON
        Text,    ///< UTF-8 without control characters
        Binary,  ///< anything else, shown in hexadecimal
    };
    Kind kind = Kind::Empty;
    std::string text;
    bool isCut = false; ///< longer than asked for: `text` is its beginning
    bool operator==(const ItemValue &) const = default;
};

enum class ValueLayout : std::uint8_t {
    Compact, ///< as it stands there; hexadecimal without spaces, MessagePack as JSON in one line
    Pretty,  ///< JSON over several lines; hexadecimal 16 bytes a line, with their text beside them
};

/// What a value's members are called that a look at a key does not show: the fleet's personal columns. Of an object that says that it is
/// private, its caption and body too.
[[nodiscard]] std::vector<std::string> maskedMembers(const fleet::Queries &queries);

/// Never longer than about `most` bytes; a value that is longer than 1 MiB is not taken apart. Of JSON and MessagePack, the members named in
/// `masked` are told as "(masked)", at any depth; what may be either and is not taken apart, as a whole. Pure.
[[nodiscard]] ItemValue decodeValue(std::string_view value, ValueLayout layout, std::size_t most, const std::vector<std::string> &masked);

[[nodiscard]] std::string_view name(ItemValue::Kind kind); ///< empty, integer, json, msgpack, text, binary

} // namespace shardlens::cacheflow
