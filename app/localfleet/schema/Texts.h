// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::schema
{

// Files of resources/sql, by name; made by CMake.
extern const char *const directoryText;
extern const char *const usersShardText;
extern const char *const mediaShardText;

} // namespace shardlens::schema
