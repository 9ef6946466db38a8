// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/ids/IdLayout.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <string_view>

namespace shardlens::ids {

/// What a text was taken for.
enum class Form : std::uint8_t {
    Number,           ///< decimal digits
    NegativeNumber,   ///< a bigint that Postgres shows below zero: an ID of 2^63 or above
    MediaAndOwner,    ///< <media id>_<owner id>
    Shortcode,        ///< 1 to 11 letters
    PrivateShortcode, ///< longer: the first 11 letters are the ID, the rest is an access key
    Link,             ///< a link with /p/, /reel/, /reels/ or /tv/, alone or inside a longer text
};

/// One text read as an ID.
struct Reading {
    Form form = Form::Number;
    std::uint64_t id = 0;
    std::uint64_t owner = 0;   ///< of MediaAndOwner, else 0
    bool hasAccessKey = false; ///< a private shortcode, also within a link

    bool operator==(const Reading &) const = default;
};

/// Why a text is no ID.
enum class NotAnId : std::uint8_t {
    Empty,
    TooGreat,     ///< it needs more than 64 bits, or more than the layout has
    WrongLetters, ///< a letter that no form of an ID has
};

/// The one classifier: what is this text? Spaces, quotes and brackets round it do not count. Any thread, no allocation.
/// Digits alone are always a number, though they could be a shortcode.
[[nodiscard]] tl::expected<Reading, NotAnId> classify(std::string_view text, const IdLayout &layout = {}) noexcept;

/// The same with the reason in a sentence (BadInput), for people.
[[nodiscard]] base::Result<Reading> parseAny(std::string_view text, const IdLayout &layout = {});

[[nodiscard]] std::string_view name(Form form);       ///< number, negative_number, media_and_owner, shortcode, private_shortcode, link
[[nodiscard]] std::string_view sentence(NotAnId why); ///< without a full stop

} // namespace shardlens::ids
