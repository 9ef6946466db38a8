// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardlens::fakes::wire {

/// Pieces of Postgres's protocol 3, as a server sends them.
using Cells = std::vector<std::optional<std::string>>;

[[nodiscard]] std::string int16(int value);
[[nodiscard]] std::string int32(std::uint32_t value);
[[nodiscard]] std::uint32_t readInt32(std::string_view bytes);
[[nodiscard]] std::string message(char type, const std::string &body);
[[nodiscard]] std::string rowDescription(const std::vector<std::string> &columns);
[[nodiscard]] std::string dataRow(const Cells &cells);
[[nodiscard]] std::string complete(const std::string &tag);
[[nodiscard]] std::string ready();
[[nodiscard]] std::string error(const std::string &sqlState, const std::string &text, const std::string &severity = "ERROR");
[[nodiscard]] std::string parameter(const std::string &name, const std::string &value);

/// Takes one whole message off `unread`; nothing while it is not complete.
[[nodiscard]] std::optional<std::pair<char, std::string>> takeMessage(std::string &unread);
/// Likewise for the first packets of a connection, which have no type: their body, beginning with the code.
[[nodiscard]] std::optional<std::string> takeStartup(std::string &unread);

} // namespace shardlens::fakes::wire
