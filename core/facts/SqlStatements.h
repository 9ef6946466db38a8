// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace shardlens::facts {

/// A script's statements, each without the semicolon at its end, and without comments before or behind it. Semicolons within quotes,
/// dollar quotes and comments end none. For the files of resources/sql, which hold no nested comments.
[[nodiscard]] std::vector<std::string> sqlStatements(const std::string &script);

/// The members of "a, f(b, c), d": "a", "f(b, c)", "d".
[[nodiscard]] std::vector<std::string> sqlList(const std::string &text);

[[nodiscard]] std::string sqlLiteral(const std::string &text); ///< 'it''s'
[[nodiscard]] std::string sqlName(const std::string &name);    ///< an identifier, quoted only where it must be

} // namespace shardlens::facts
