// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::base {

/// A position in Postgres's write-ahead log, in bytes from its beginning.
struct Lsn {
    std::uint64_t value = 0;

    auto operator<=>(const Lsn &) const = default;

    /// Reads Postgres's "16/B374D848"; nothing if it has another form.
    [[nodiscard]] static std::optional<Lsn> parse(std::string_view text);
    [[nodiscard]] std::string toString() const;
};

/// How far `behind` lies before `ahead`; 0 when it does not, as samples of two servers are never of one instant.
[[nodiscard]] inline Bytes bytesBehind(Lsn ahead, Lsn behind)
{
    return Bytes{ahead > behind ? static_cast<std::int64_t>(ahead.value - behind.value) : 0};
}

} // namespace shardlens::base
