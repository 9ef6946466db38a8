// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Options.h"
#include "core/execute/Operation.h"
#include "core/facts/Audit.h"
#include "core/fleet/Fleet.h"
#include "ui/format/Timeline.h"

#include <memory>
#include <vector>

namespace shardlens::ctl {

/// The beginning or the end of an operation.
struct Deed {
    std::string operation; ///< its id
    bool hasEnded = false;
    ui::format::Happening words;
};

/// What began and ended from `from` to `to`, oldest first: as the journals of this machine tell it, and of others as the directory's
/// audit log does where it may be read. Blocks for as long as reading that log takes.
[[nodiscard]] std::vector<Deed> deedsBetween(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, base::UtcTime from, base::UtcTime to);

/// Of one operation. `runs`: its executor lives.
[[nodiscard]] std::vector<Deed> deedsOf(const execute::Operation &operation, bool runs);
/// Nothing where the row is not of an operation or campaign.
[[nodiscard]] std::optional<Deed> deedOf(const facts::AuditRow &row);

/// A line of JSON.
[[nodiscard]] std::string jsonOf(const Deed &deed);

} // namespace shardlens::ctl
