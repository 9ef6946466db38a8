// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace shardlens::operate {

/// Whether an answer is what a command expects: it equals it; or, where that reads "name: words", one of its lines begins with
/// "name: " and holds those words, each whole.
[[nodiscard]] bool isMet(const std::string &expects, const std::string &answer);

} // namespace shardlens::operate
