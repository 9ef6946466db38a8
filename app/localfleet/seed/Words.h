// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Random.h"

#include <string>

namespace shardlens::seed
{

struct PersonName {
    std::string user; ///< lower-case ASCII letters, digits, '.' and '_'; not yet unique; at most 24 characters
    std::string full; ///< any script; at most 60 characters
};

// What people are called and write. Pure functions of the numbers drawn.
[[nodiscard]] PersonName personName(Random &random);
[[nodiscard]] std::string bio(Random &random);
[[nodiscard]] std::string caption(Random &random);     ///< at most 300 characters
[[nodiscard]] std::string commentText(Random &random); ///< at most 300 characters
[[nodiscard]] std::string filterName(Random &random);
[[nodiscard]] std::string phone(Random &random);   ///< numbers reserved for fiction
[[nodiscard]] std::string address(Random &random); ///< IPv4 of the ranges reserved for documentation
[[nodiscard]] std::string device(Random &random);

} // namespace shardlens::seed
