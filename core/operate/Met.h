// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace shardlens::operate {

/// Whether an answer is what a command expects: it equals it; or, where that reads "name: words", one of its lines begins with
/// "name: " and holds those words, each whole. Or, where it reads "INFO name=value other>=12 third<=7", each of these holds for the
/// answer's lines "name:value", as Redis tells them.
[[nodiscard]] bool isMet(const std::string &expects, const std::string &answer);

/// The value of an answer's line "name:value"; nothing where it has none.
[[nodiscard]] std::optional<std::string> fieldOf(const std::string &answer, const std::string &name);

} // namespace shardlens::operate
