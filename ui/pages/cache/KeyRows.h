// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/KeyDelete.h"
#include "core/cacheflow/KeyLook.h"
#include "core/facts/Snapshot.h"
#include "core/inspect/lookup/Answer.h"
#include "ui/models/FactRow.h"
#include "ui/operate/Arming.h"

#include <optional>

namespace shardlens::ui::pages {

/// What is known of one key. A value.
struct KeyPicture {
    std::string key;
    bool tookWins = false;
    std::optional<base::UtcTime> lookedAt;                        ///< nothing: it is being looked at
    std::optional<base::Result<std::vector<cacheflow::PlacedLook>>> items;
    bool hasRow = false;                                          ///< the key is a user's or a photo's
    std::optional<base::Result<inspect::lookup::Answer>> rows;    ///< of such a key, once told
    [[nodiscard]] bool hidesValues() const;                       ///< the person's role may not see users and photos
};

/// Keys that a typed or pasted text may stand for, the likeliest first: those that the fleet's patterns make of an ID, short code or
/// link; else the text as it is. Empty for none.
[[nodiscard]] std::vector<std::string> keysIn(const fleet::Fleet &fleet, const QString &text, base::UtcTime now);

/// A row a fact, a column a pool, so that regions stand side by side. Rows' ids: server, lease, flags, row, version, age, ttl, access,
/// size, cas, client_flags. Columns' keys are the pools' names.
[[nodiscard]] std::vector<models::FactColumn> keyColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> keyRows(const fleet::Fleet &fleet, const KeyPicture &picture);

/// Values to read side by side: regions whose values are the same share one.
struct ValueText {
    QString regions; ///< "us-east, us-west"
    QString kind;    ///< "JSON, 312 B"; why there is none
    QString text;    ///< decoded
    bool operator==(const ValueText &) const = default;
};
[[nodiscard]] std::vector<ValueText> valueTexts(const fleet::Fleet &fleet, const KeyPicture &picture);

/// How keys lie on members, and what would move: a row a member, and one a pool for one member more. Ids: the servers' names, "+POOL".
[[nodiscard]] std::vector<models::FactColumn> spreadColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> spreadRows(const fleet::Fleet &fleet, const std::vector<cacheflow::PoolSpread> &pools,
                                                      const KeyPicture &picture);

/// The members that a delete goes to: whether they hold the key, the reads that it costs the databases, and what became of it. Ids: the pools' names.
[[nodiscard]] std::vector<models::FactColumn> deleteColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> deleteRows(const facts::Snapshot &snapshot, const cacheflow::DeletePlan &plan, const KeyPicture &picture,
                                                      const std::vector<cacheflow::DeletedPlace> &done);
/// What a person confirms.
[[nodiscard]] operate::ConfirmWords deleteWords(const facts::Snapshot &snapshot, const cacheflow::DeletePlan &plan, const KeyPicture &picture);
/// "Deleted in 2 of 3 pools, was not there in 1."
[[nodiscard]] QString deletedText(const std::vector<cacheflow::DeletedPlace> &done);

} // namespace shardlens::ui::pages
