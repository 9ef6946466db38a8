// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/observe/History.h"
#include "ui/charts/TimeChart.h"

#include <chrono>
#include <vector>

namespace shardlens::ui::pages {

class KeptSeries;

/// What a page's charts draw, taken from the kept history. A range ends at the snapshot's time.
class ChartFeed
{
public:
    /// `history` may be null: then every line is empty. Without `kept` nothing reaches further back than it.
    ChartFeed(const observe::History *history, KeptSeries *kept, const facts::Snapshot &snapshot, std::chrono::seconds range);

    [[nodiscard]] facts::UtcTime from() const { return m_to - m_range; }
    [[nodiscard]] facts::UtcTime to() const { return m_to; }

    /// A line with what it was an hour earlier, or as early as is kept without overlapping the range.
    [[nodiscard]] charts::ChartLine line(const QString &name, int series, const facts::SeriesKey &key) const;
    /// The same for a sum of several series; a step in which one of them is missing is a gap.
    [[nodiscard]] charts::ChartLine sum(const QString &name, int series, const std::vector<facts::SeriesKey> &keys) const;

    /// What changed inside the range: beginnings of problems, restarts, changes of roles, settings and routers; the worst and newest few.
    /// With a cluster, a group or a pool, only its own.
    [[nodiscard]] std::vector<charts::ChartMark> marks(const facts::Place &of = {}) const;
    [[nodiscard]] std::optional<facts::UtcTime> observedSince() const;
    /// Gives a chart the range, what changed inside it, and since when there is anything to draw.
    void dress(charts::TimeChart &chart, std::vector<charts::ChartMark> marks) const;

private:
    [[nodiscard]] facts::Series seriesBetween(const facts::SeriesKey &key, facts::UtcTime from, facts::UtcTime to) const;
    [[nodiscard]] facts::Series sumBetween(const std::vector<facts::SeriesKey> &keys, facts::UtcTime from, facts::UtcTime to) const;
    [[nodiscard]] std::chrono::microseconds wasShift() const;
    [[nodiscard]] facts::Place placeOf(facts::Place place) const;

    const observe::History *m_history;
    KeptSeries *m_kept;
    const facts::Snapshot &m_snapshot;
    facts::UtcTime m_to;
    std::chrono::seconds m_range;
};

} // namespace shardlens::ui::pages
