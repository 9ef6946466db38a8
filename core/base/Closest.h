// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::base {

/// Edits that turn `a` into `b`: insert, delete, replace a letter, or swap two neighbours; upper and lower case count as equal.
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);

/// The candidate that was most likely meant by `word`; empty if none is near enough (a third of its letters, at least one edit).
[[nodiscard]] std::string closest(std::string_view word, const std::vector<std::string> &candidates);

} // namespace shardlens::base
