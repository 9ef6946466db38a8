// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/Options.h"
#include "core/fleet/Fleet.h"
#include "core/mend/Plan.h"

#include <QString>

#include <memory>

namespace shardlens::ctl {

/// feed rebuild, mediamap mend: plans it, and without --plan carries it out. Well: done, or there was nothing to do. Problem: refused, or a
/// check does not pass. Failed: nothing was written; InDoubt: the link broke after it was sent.
[[nodiscard]] Exit runMend(const Options &options, std::shared_ptr<const fleet::Fleet> fleet, const mend::Intent &intent);

/// A plan for a terminal: the sentence, checks with reading, what changes, the commands. Whole lines.
[[nodiscard]] QString mendText(const mend::Plan &plan);
void writeJson(JsonWriter &json, const mend::Plan &plan);

} // namespace shardlens::ctl
