// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::effects {

/// The text of a pgbouncer's file with one database of its [databases] leading elsewhere: the pairs of `leadsTo` ("host=… port=…
/// dbname=…") take the place of those of the same names, or are added; the line's other settings, and all other lines, stay byte for
/// byte. Nothing where no line is that database's. `section`: the one the text begins in, and afterwards ends in; an included file
/// goes on in its includer's.
[[nodiscard]] std::optional<std::string> withDatabaseLed(const std::string &text, const std::string &database, const std::string &leadsTo, std::string &section);

/// How a router's files are read and replaced, where they lie.
struct RouterFiles {
    std::function<base::Result<std::string>(const std::filesystem::path &)> read;
    std::function<base::Result<void>(const std::filesystem::path &, const std::string &text)> replace; ///< whole, flushed, with its owner and mode
};

/// Finds the file, the main one or one that it includes, that holds the database's line, and replaces it; does not touch it where it
/// says so already. Answers the file. Errors: NotFound (no such line), and those of `files`.
[[nodiscard]] base::Result<std::filesystem::path> leadDatabase(const std::filesystem::path &mainFile, const std::string &database, const std::string &leadsTo,
                                                               const RouterFiles &files);

} // namespace shardlens::effects
