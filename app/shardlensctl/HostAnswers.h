// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/Options.h"
#include "core/campaign/Hosted.h"

namespace shardlens::ctl {

/// host show: what runs on it, who does so elsewhere, its mark, and its kernel, which it is asked for the way that the fleet file declares.
/// Blocks for as long as that takes, ten seconds at most.
[[nodiscard]] Answer hostAnswer(const facts::Snapshot &snapshot, const Options &options);
/// As an array.
void hostedJson(JsonWriter &json, const std::vector<campaign::Hosted> &hosted);

} // namespace shardlens::ctl
