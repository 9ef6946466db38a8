// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Context.h"
#include "core/inspect/lookup/MediaBrief.h"
#include "core/inspect/lookup/RowFacts.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace shardlens::inspect::lookup {

/// Reads something of many IDs: each server is asked once, for all the shards of its that are touched, at the same time as the others.
/// From primaries; where one is silent, from the standbys.
struct BulkQuestion {
    const fleet::Partition *partition = nullptr;
    std::vector<std::uint64_t> ids; ///< their shard is the one that they name
    Stage stage = Stage::Lists;
    /// One SELECT of one schema (quoted), whose IDs are the parameter `ids` ("$1::bigint[]"). What else differs from question to question
    /// is a parameter too: statements are kept prepared by their text. All selects have the same columns.
    std::function<std::string(Sql &sql, const std::string &schema, const std::string &ids)> select;
    /// Where `select` calls a function of the shard: its name, and what is asked of shards that have it not.
    const char *function = nullptr;
    std::function<std::string(Sql &sql, const std::string &schema, const std::string &ids)> orElse;
};

struct BulkAnswer {
    std::vector<std::vector<postgres::Value>> rows;
    std::set<std::uint64_t> unresolved; ///< IDs whose shards did not answer; an ID of no shard is not among them
};
[[nodiscard]] BulkAnswer readInBulk(Context &context, const BulkQuestion &question, Rounds &rounds);
/// Several at the same time; an answer each, in their order.
[[nodiscard]] std::vector<BulkAnswer> readInBulk(Context &context, const std::vector<BulkQuestion> &questions, Rounds &rounds);

using AllRows = std::vector<std::vector<postgres::Value>>;
using ReadSchemas = std::function<base::Result<AllRows>(const std::vector<std::string> &schemas, bool isByFunction)>;
/// Reads shards of one database by the function that they have, those that have it not by `read`'s other way. Which has it not is kept by
/// the link for each. Shards are read together as far as they are alike. In the link's thread.
[[nodiscard]] base::Result<AllRows> readShards(Link &link, const std::string &database, const char *function, const std::vector<std::string> &schemas, const ReadSchemas &read);

[[nodiscard]] std::map<std::uint64_t, MediaBrief> readMedia(Context &context, const std::vector<std::uint64_t> &ids, Rounds &rounds);

} // namespace shardlens::inspect::lookup
