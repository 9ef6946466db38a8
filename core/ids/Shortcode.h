// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shardlens::ids {

/// An ID in base 64 with the alphabet A-Z a-z 0-9 - _, most significant first, without leading A: 1 to 11 letters.
class Shortcode
{
public:
    static constexpr std::size_t longest = 11;

    explicit Shortcode(std::uint64_t id) noexcept;

    [[nodiscard]] std::string_view text() const noexcept { return {m_letters.data() + m_first, longest - m_first}; }

private:
    std::array<char, longest> m_letters;
    std::size_t m_first = longest;
};

/// The ID of 1 to 11 letters of the alphabet; nothing if a letter is not of it, or the number needs more than 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parseShortcode(std::string_view text) noexcept;

/// True if every letter is of the alphabet (and there is one).
[[nodiscard]] bool isOfAlphabet(std::string_view text) noexcept;

/// The number of 1 to 20 decimal digits; nothing if it has another letter or needs more than 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parseDecimal(std::string_view text) noexcept;

} // namespace shardlens::ids
