// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::seed
{

/// The rows of one table of one logical shard, as COPY's text.
struct TableRows {
    std::string table;   ///< without its schema
    std::string columns; ///< (id, name, …)
    std::string lines;
    std::int64_t rows = 0;
};

/// What a logical shard holds, table by table; empty tables are left out. Pure.
[[nodiscard]] std::vector<TableRows> usersShardRows(const World &world, const ByShard &index, std::uint32_t shard);
[[nodiscard]] std::vector<TableRows> mediaShardRows(const World &world, const ByShard &index, std::uint32_t shard);

/// Postgres's text for a moment: 2026-11-21 22:37:18.301+00.
[[nodiscard]] std::string timestampText(std::int64_t ms);

} // namespace shardlens::seed
