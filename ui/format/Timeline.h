// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QString>

#include <optional>
#include <vector>

namespace shardlens::ui::format {

/// An incident as text to paste: what it was, since when and by which evidence, who felt what, who was on it, what changed before and
/// meanwhile. Every moment is absolute, in UTC, with its date. `endedAt`: nothing while it runs. Events from half an hour before it
/// began to half an hour after it ended.
[[nodiscard]] QString timelineText(const facts::Problem &problem, std::optional<facts::UtcTime> endedAt, const facts::Snapshot &snapshot);

/// What people did: an operation that was begun, or that ended.
struct Happening {
    facts::UtcTime at;
    QString where; ///< the cluster, group or server
    QString what;  ///< "switchover to u1-us-west begun by oncall1 (anna on ws3): kernel upgrade"
};

/// The same of all that runs or ended since `from`, over these events, newest first, and what people did.
[[nodiscard]] QString timelineText(facts::UtcTime from, const facts::EventList &events, const facts::Snapshot &snapshot, const std::vector<Happening> &done = {});

/// What is refused, for whom: a line a way that fails now.
[[nodiscard]] QStringList refusedNow(const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
