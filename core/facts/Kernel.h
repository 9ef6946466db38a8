// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::facts {

/// What a host says of the kernel that it runs. The moment is by the host's own clock, to the second.
struct Kernel {
    std::string release; ///< uname -r: "6.1.0-30-amd64"
    std::string bootId;  ///< another one each time that it boots
    base::UtcTime bootedAt;
    bool operator==(const Kernel &) const = default;
};

/// How the kernel that a host runs now compares with the one that it ran before it was taken down.
enum class KernelChange : std::uint8_t {
    Renewed,      ///< another release
    Restarted,    ///< the same release, booted since
    NotRestarted, ///< the very kernel that ran before
    NotCompared,  ///< what ran before was not noted, and it has booted since it was marked, or has no mark
};

/// `before` as it was noted when the host was taken down; `marked`: since when its mark holds. Without either nothing can be compared.
[[nodiscard]] KernelChange changeOf(const std::optional<Kernel> &before, const Kernel &now, const std::optional<base::UtcTime> &marked);

[[nodiscard]] std::string_view name(KernelChange change); ///< renewed, restarted, not_restarted, not_compared

} // namespace shardlens::facts
