// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Text.h"
#include "core/facts/Problem.h"
#include "core/facts/Snapshot.h"

#include <initializer_list>
#include <string>

namespace shardlens::ctl {

/// What a command says, and how it ends.
struct Answer {
    std::string out;   ///< for standard output, whole lines
    std::string error; ///< for standard error
    Exit exit = Exit::Well;

    void line(const std::string &words) { out += words + "\n"; }
    void line(const QString &words) { line(plain(words).toStdString()); }
    void add(const TextTable &table); ///< with the line that explains brackets, where it has any
};

/// Prints it; its exit.
Exit print(const Answer &answer);

/// Problem if the snapshot holds one of these rules (all rules if the list is empty), also folded into another, else Well.
[[nodiscard]] Exit exitFor(const facts::Snapshot &snapshot, std::initializer_list<facts::Rule> rules = {});
/// The same; Problem also if a server of this kind does not answer: what is not known is not well.
[[nodiscard]] Exit exitFor(const facts::Snapshot &snapshot, fleet::ServerKind kind, std::initializer_list<facts::Rule> rules);

} // namespace shardlens::ctl
