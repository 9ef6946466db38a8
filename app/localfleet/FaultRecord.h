// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Files.h"
#include "app/localfleet/Home.h"
#include "core/base/Result.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::localfleet::faults
{

/// A fault that is in effect: one file in DIR/faults, so that `status` shows it and `heal` finds what was before.
struct Record {
    std::string kind;   ///< "kill", "link-cut", …
    std::string target; ///< a server, or "us-east>eu-west"
    std::string since;  ///< UTC, ISO 8601
    Settings details;   ///< what heal needs
    bool operator==(const Record &) const = default;
};

[[nodiscard]] std::vector<Record> all(const Home &home); ///< oldest first
[[nodiscard]] std::optional<Record> find(const Home &home, const std::string &kind, const std::string &target);
/// `since` is filled in; a record of the same kind and target keeps its time.
[[nodiscard]] base::Result<void> keep(const Home &home, Record record);
void forget(const Home &home, const std::string &kind, const std::string &target);

/// What starts a server with its clock off, if that fault is in effect for it.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> clockEnvironment(const Home &home, const std::string &server);

} // namespace shardlens::localfleet::faults
