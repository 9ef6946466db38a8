// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/FleetFile.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardlens::fleet {

/// A TOML value with the line it stands on. Exists so that the TOML library is named in one source only.
struct TomlNode {
    enum class Type : std::uint8_t { Boolean, Integer, Float, String, Time, Array, Table };
    Type type = Type::Table;
    int line = 1;
    bool boolean = false;
    std::int64_t integer = 0;
    double number = 0; ///< of an integer too
    std::string text;
    std::vector<TomlNode> items;                           ///< of an array
    std::vector<std::pair<std::string, TomlNode>> entries; ///< of a table, by line

    [[nodiscard]] const TomlNode *find(std::string_view key) const;
};

/// "a number", "a text", "a table" …: what a person calls it.
[[nodiscard]] std::string_view name(TomlNode::Type type);

/// The root table, or the one complaint at the line where reading stopped.
[[nodiscard]] tl::expected<TomlNode, Complaint> parseToml(std::string_view text);

} // namespace shardlens::fleet
