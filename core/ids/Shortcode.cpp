// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Shortcode.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace shardlens::ids {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t notALetter = 0x80;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    for (auto &value : table)
        value = notALetter;
    for (std::uint8_t i = 0; i < 64; ++i)
        table[static_cast<unsigned char>(alphabet[i])] = i;
    return table;
}();

/// Eight digits in one word, checked and folded in pairs: three multiplications in place of eight that wait for each other.
std::optional<std::uint64_t> eightDigits(const char *text) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, text, sizeof word);
    constexpr std::uint64_t high = 0xf0f0f0f0f0f0f0f0U;
    constexpr std::uint64_t zeros = 0x3030303030303030U;
    // Each letter must be 0x30 to 0x39: its upper half is 3, and stays 3 when 6 is added.
    if ((word & high) != zeros || ((word + 0x0606060606060606U) & high) != zeros)
        return std::nullopt;
    word -= zeros;
    word = word * 10 + (word >> 8);
    constexpr std::uint64_t mask = 0x000000ff000000ffU;
    constexpr std::uint64_t outer = 0x000f424000000064U; // 100 and 1,000,000
    constexpr std::uint64_t inner = 0x0000271000000001U; // 1 and 10,000
    return ((word & mask) * outer + ((word >> 16) & mask) * inner) >> 32;
}

} // namespace

Shortcode::Shortcode(std::uint64_t id) noexcept
{
    do {
        m_letters[--m_first] = alphabet[id & 63];
        id >>= 6;
    } while (id != 0);
}

std::optional<std::uint64_t> parseShortcode(std::string_view text) noexcept
{
    if (text.empty() || text.size() > Shortcode::longest)
        return std::nullopt;
    std::uint64_t id = 0;
    std::uint8_t all = 0;
    for (const char letter : text) {
        const std::uint8_t value = values[static_cast<unsigned char>(letter)];
        all |= value;
        id = (id << 6) | value;
    }
    // Eleven letters are 66 bits: the first may use its lower four only.
    const bool tooGreat = text.size() == Shortcode::longest && values[static_cast<unsigned char>(text.front())] > 15;
    if ((all & notALetter) != 0 || tooGreat)
        return std::nullopt;
    return id;
}

bool isOfAlphabet(std::string_view text) noexcept
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char letter) { return values[static_cast<unsigned char>(letter)] != notALetter; });
}

std::optional<std::uint64_t> parseDecimal(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 20)
        return std::nullopt;
    std::uint64_t value = 0;
    std::size_t at = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (; at + 8 <= text.size() && at < 16; at += 8) {
            const auto chunk = eightDigits(text.data() + at);
            if (!chunk)
                return std::nullopt;
            value = value * 100000000 + *chunk;
        }
    }
    for (; at < text.size(); ++at) {
        const auto digit = static_cast<unsigned>(text[at] - '0');
        if (digit > 9)
            return std::nullopt;
        // Only the twentieth digit can overflow.
        if (at == 19 && (value > 1844674407370955161U || (value == 1844674407370955161U && digit > 5)))
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

} // namespace shardlens::ids
