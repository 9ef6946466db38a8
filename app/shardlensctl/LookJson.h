// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/JsonWriter.h"
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Bulk.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"

namespace shardlens::ctl {

/// An object each; IDs as strings, times in ISO 8601 UTC. A masked field is {"masked": true}: without a value, which was never read.
void writeJson(JsonWriter &json, const inspect::lookup::Answer &answer, const std::string &sentence);
/// One of many, as it came in; null where nothing was looked up: `error` says why, or who did not answer.
void writeJson(JsonWriter &json, const inspect::lookup::BulkLine *line, const std::string &input, const std::string &error);
void writeJson(JsonWriter &json, const inspect::lookup::FeedPage &page);
void writeJson(JsonWriter &json, const inspect::lookup::FeedExplanation &explanation, const std::string &sentence);
void writeJson(JsonWriter &json, const inspect::lookup::FeedComparison &comparison);
void writeJson(JsonWriter &json, const inspect::lookup::GraphPage &page);
void writeJson(JsonWriter &json, const inspect::lookup::BucketCheck &check);

} // namespace shardlens::ctl
