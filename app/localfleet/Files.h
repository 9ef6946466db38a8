// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::localfleet
{

/// The whole file; nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> readFile(const std::filesystem::path &path);

/// Replaces a file as one act: a reader sees the old text or the new one, also when this program is killed. Mode 0600.
[[nodiscard]] base::Result<void> writeFile(const std::filesystem::path &path, std::string_view text);

/// Lines `key = value`; blank lines and those that begin with # are skipped.
using Settings = std::map<std::string, std::string>;
[[nodiscard]] Settings parseSettings(std::string_view text);
[[nodiscard]] std::string printSettings(const Settings &settings);

[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string trimmed(std::string_view text);

} // namespace shardlens::localfleet
