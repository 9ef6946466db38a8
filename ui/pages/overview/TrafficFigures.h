// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/observe/History.h"

#include <QString>

namespace shardlens::ui::pages {

/// A chart's figure: the whole fleet now, what it was, and what is missing from it. A sum never counts what is not known as 0.
struct TrafficFigure {
    QString now;     ///< "1,191 /s", "≥ 803 /s", "not known"
    QString was;     ///< "was 1,176"; empty before there is anything to compare
    QString wasAt;   ///< "at 06:12Z", where that is not about an hour ago
    QString missing; ///< "1 of 3 not known"; empty if nothing is
    bool operator==(const TrafficFigure &) const = default;
};

[[nodiscard]] TrafficFigure writesFigure(const facts::Snapshot &snapshot, const observe::History *history);
[[nodiscard]] TrafficFigure lagFigure(const facts::Snapshot &snapshot, const observe::History *history);
[[nodiscard]] TrafficFigure waitingFigure(const facts::Snapshot &snapshot, const observe::History *history);

} // namespace shardlens::ui::pages
