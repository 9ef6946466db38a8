// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

/// The same work as one would write it first, with the standard library's strings and streams: what the ratios compare with.
namespace naive {

struct Parts {
    std::int64_t mintedMs = 0;
    std::uint32_t shard = 0;
    std::uint32_t sequence = 0;
};

[[nodiscard]] std::uint64_t idOfNumber(const std::string &text);
[[nodiscard]] std::uint64_t idOfShortcode(const std::string &text);
[[nodiscard]] std::string shortcodeOf(std::uint64_t id);
[[nodiscard]] Parts partsOf(std::uint64_t id);
[[nodiscard]] std::string isoOf(std::int64_t unixMs);

/// Standard input to standard output, a line each: getline, the functions above, std::cout.
void decodeStandardInput();

} // namespace naive
