// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::operate {

/// synchronous_standby_names, read: how many of whom must confirm a commit. PostgreSQL's grammar since 10.
struct SyncNames {
    bool any = false;               ///< ANY n (…); else the first n that stream
    std::size_t need = 0;
    std::vector<std::string> names; ///< as written, quotes taken off; "*" is everybody

    /// Nothing where the setting is empty, or cannot be read.
    [[nodiscard]] static std::optional<SyncNames> parse(std::string_view setting);
    [[nodiscard]] bool matches(std::string_view applicationName) const; ///< as Postgres does: without regard to case
    [[nodiscard]] bool isSatisfiedBy(const std::vector<std::string> &applicationNames) const;
};

} // namespace shardlens::operate
