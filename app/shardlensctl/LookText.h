// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Bulk.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"

#include <QString>

namespace shardlens::ctl {

/// Look-ups for a terminal: the sentence first, then what it rests on. Whole lines.
[[nodiscard]] QString lookText(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet);
/// The same with every copy of every region, and the commands that would put right what is amiss.
[[nodiscard]] QString traceText(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet);
[[nodiscard]] QString bulkText(const inspect::lookup::BulkLine &line); ///< one line, columns separated by tabs
[[nodiscard]] QString feedText(const inspect::lookup::FeedPage &page);
[[nodiscard]] QString explanationText(const inspect::lookup::FeedExplanation &explanation);
[[nodiscard]] QString comparisonText(const inspect::lookup::FeedComparison &comparison);
[[nodiscard]] QString graphText(const inspect::lookup::GraphPage &page);
[[nodiscard]] QString bucketText(const inspect::lookup::BucketCheck &check);
/// What could not be held against its row is not right either.
[[nodiscard]] Exit bucketExit(const inspect::lookup::BucketCheck &check);

} // namespace shardlens::ctl
