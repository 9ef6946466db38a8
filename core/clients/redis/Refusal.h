// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"

#include <string_view>

namespace shardlens::clients {

/// What an error line of Redis (without its leading '-') means: rights that are missing, or a command that it rejects.
[[nodiscard]] inline base::ErrorCode codeOf(std::string_view message)
{
    const bool rights = message.starts_with("NOAUTH") || message.starts_with("WRONGPASS") || message.starts_with("NOPERM");
    return rights ? base::ErrorCode::NoRights : base::ErrorCode::Rejected;
}

} // namespace shardlens::clients
