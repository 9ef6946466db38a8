// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Feeds.h"

#include <QString>

namespace shardlens::ui::format {

/// Feeds in words. Any thread.

[[nodiscard]] QString feedKindText(inspect::lookup::FeedKind kind);     ///< "Main feed"
[[nodiscard]] QString markText(inspect::lookup::Mark mark);             ///< "deleted", "twice", "out of order"
[[nodiscard]] QString activityText(inspect::lookup::ActivityKind kind); ///< "liked"

/// A step's name ("The user follows the owner") and what it rests on ("since 3 Nov 2026, 18:22 UTC, told by u2-eu-west").
struct StepWords {
    QString title;
    QString evidence;
};
[[nodiscard]] StepWords stepWords(const inspect::lookup::ExplainedStep &step);

/// "Not in the feed: the user does not follow the owner." or "It is in the feed, in every region."
[[nodiscard]] QString explanationSentence(const inspect::lookup::FeedExplanation &explanation);
/// "as it should be", or "2 missing, 1 too many, 1 out of order, 1 twice".
[[nodiscard]] QString comparisonText(const inspect::lookup::FeedComparison &comparison);

} // namespace shardlens::ui::format
