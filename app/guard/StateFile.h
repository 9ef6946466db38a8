// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::guard
{

/// The text of a file; nothing where there is none, or it cannot be read.
[[nodiscard]] std::optional<std::string> readState(const std::filesystem::path &path);

/// A new file beside it, flushed, with mode and owner of the one that it then replaces (else 0600), and the folder flushed: after a
/// crash there is the old text or the new one. Errors: Io, and then the old one stands.
[[nodiscard]] base::Result<void> writeState(const std::filesystem::path &path, std::string_view text);

} // namespace shardlens::guard
