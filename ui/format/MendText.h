// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mend/Plan.h"

#include <QString>

namespace shardlens::ui::format {

/// Mends of feeds and of the media map in words. Any thread.

/// "the feed of user 42", "bucket 7 of the media map".
[[nodiscard]] QString mendSubject(const mend::Intent &intent);
/// What would be done, or that there is nothing to do, or what is in the way; one sentence.
[[nodiscard]] QString mendSentence(const mend::Plan &plan);
/// "2 added, 1 removed".
[[nodiscard]] QString mendCounts(const std::vector<mend::Change> &changes);
/// What is at stake, for the confirmation: what readers see meanwhile, and how it is taken back.
[[nodiscard]] QString mendCost(const mend::Plan &plan);

struct MendCheckWords {
    QString title;   ///< "One server of feeds is the primary"
    QString reading; ///< what was found, with the limit
    QString remedy;  ///< what can be done where it does not pass; else empty
};
[[nodiscard]] MendCheckWords mendCheckWords(const mend::Check &check, const mend::Plan &plan);

[[nodiscard]] QString changeKindText(mend::Change::Kind kind);  ///< "added", "removed", "moved", "other owner"
[[nodiscard]] QString changeEvidence(const mend::Change &change); ///< "from 4 to 2", "owner 5, was 6"

/// "The feed of user 42 was written anew: 481 entries. Taken back by: …"
[[nodiscard]] QString doneSentence(const mend::Plan &plan, const mend::Done &done);

} // namespace shardlens::ui::format
