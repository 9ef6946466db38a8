// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace shardlens::base {

// Reading and writing JSON, compiled once: in each source that does it they are half of what there is to compile.

/// Discarded (is_discarded()) where the text is no JSON.
[[nodiscard]] nlohmann::json readJson(std::string_view text);
[[nodiscard]] nlohmann::ordered_json readOrderedJson(std::string_view text);
/// Throws nlohmann::json::parse_error where the text is no JSON.
[[nodiscard]] nlohmann::json parseJson(std::string_view text);

/// In one line, or indented by so many blanks a level. What is not UTF-8 is replaced.
[[nodiscard]] std::string jsonText(const nlohmann::json &value, int indent = -1);
[[nodiscard]] std::string jsonText(const nlohmann::ordered_json &value, int indent = -1);

} // namespace shardlens::base
