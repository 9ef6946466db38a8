// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Sql.h"

#include <nlohmann/json_fwd.hpp>

namespace shardlens::inspect::lookup {

/// A user's or media's row as one server has it: what copies are compared by.
struct RowFacts {
    RowCopy copy;      ///< the server's name is the asker's to fill in
    base::UtcTime now; ///< on the server's clock
    base::UtcTime createdAt;
    std::optional<Tombstone> tombstone;
    bool isPrivate = false;
    bool hasSchema = true;               ///< false: the shard is not on this server
    std::map<Field, std::string> fields; ///< of a row that exists; a caption by its fingerprint alone
    bool operator==(const RowFacts &) const = default;
};

/// An item as one memcached server has it.
struct CachedFacts {
    CachedCopy copy;
    std::map<Field, std::string> fields; ///< those that the value has
    bool operator==(const CachedFacts &) const = default;
};

/// The JSON object of one of the statements; nothing where it is none.
[[nodiscard]] std::optional<nlohmann::json> answerIn(const postgres::Rows &rows);
[[nodiscard]] RowFacts factsIn(const nlohmann::json &answer, Entity entity);

/// "before" or "after": the ID next to the one that was asked for; 0 where there is none.
[[nodiscard]] std::uint64_t neighbourIn(const nlohmann::json &answer, const char *side);

/// Fills a card from the statement's answer. Personal columns are masked unless the question unmasks them.
void fillUser(UserCard &card, const nlohmann::json &answer, const Question &question, const fleet::Queries &queries);
void fillMedia(MediaCard &card, const nlohmann::json &answer, const Question &question);
/// What the user posted, from the media partition's answer.
void fillPosted(UserCard &card, const nlohmann::json &answer, const Question &question);

/// Hex of the MD5 sum, as Postgres's md5() writes it: only to compare texts without showing them.
[[nodiscard]] std::string fingerprintOf(const std::string &text);

[[nodiscard]] base::UtcTime utcOfMicros(std::int64_t micros);

} // namespace shardlens::inspect::lookup
