// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace shardlens::effects {

/// A postgresql.auto.conf with these two in place of its own, and without the brake; an empty slot: none. All other lines stay.
[[nodiscard]] std::string withStandbySettings(const std::string &text, const std::string &connection, const std::string &slot);

} // namespace shardlens::effects
