// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/operate/Plan.h"

#include <map>
#include <string>

namespace shardlens::execute {

/// What braces stand for: "final" -> "0/3000060".
using Words = std::map<std::string, std::string>;

/// A command as it is sent: its text, what it expects and its deed with every brace filled in. "{conninfo of X with host=H port=P}"
/// is the word "conninfo of X" with these keywords changed, "{conninfo of X leading nowhere}" the same where nobody answers. Within an SQL literal quotes are doubled. Errors: BadInput where a
/// brace is not known, or is an empty conninfo: it must never be sent.
[[nodiscard]] base::Result<operate::Command> filled(const operate::Command &command, const Words &words);

/// Whether a brace of the command stands for that word.
[[nodiscard]] bool needs(const operate::Command &command, const std::string &word);

} // namespace shardlens::execute
