// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::facts {

// Files of resources/sql, by name; made by CMake.
extern const char *const grantsText;
extern const char *const clusterText;
extern const char *const warmingText;

} // namespace shardlens::facts
