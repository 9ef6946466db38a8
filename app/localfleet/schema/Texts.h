// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::schema
{

// The files of resources/sql, by name; made by CMake.
extern const char *const grantsText;
extern const char *const clusterText;
extern const char *const directoryText;
extern const char *const usersShardText;
extern const char *const mediaShardText;

} // namespace shardlens::schema
