// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/ChartFeed.h"

#include "ui/format/ProblemText.h"

#include <algorithm>

namespace shardlens::ui::pages {

namespace {
constexpr std::chrono::minutes hour{60};
constexpr std::size_t mostMarks = 3;
} // namespace

ChartFeed::ChartFeed(const observe::History *history, const facts::Snapshot &snapshot, std::chrono::seconds range)
    : m_history(history), m_snapshot(snapshot), m_to(snapshot.takenUtc), m_range(range)
{
}

std::optional<facts::UtcTime> ChartFeed::observedSince() const
{
    return m_history ? m_history->observedSince() : std::nullopt;
}

/// An hour is kept in all: the earlier line may begin no earlier than that, and is drawn only where it does not overlap.
std::chrono::microseconds ChartFeed::wasShift() const
{
    const auto since = observedSince();
    if (!since)
        return {};
    const auto kept = std::min<std::chrono::microseconds>(hour, m_to - *since);
    const auto shift = std::min<std::chrono::microseconds>(hour, kept - m_range);
    return shift >= m_range ? shift : std::chrono::microseconds(0);
}

facts::Series ChartFeed::sumBetween(const std::vector<facts::SeriesKey> &keys, facts::UtcTime from, facts::UtcTime to) const
{
    facts::Series total;
    if (!m_history)
        return total;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        auto next = m_history->series(keys[k], from, to);
        if (k == 0) {
            total = std::move(next);
            continue;
        }
        total.resize(std::min(total.size(), next.size()));
        for (std::size_t i = 0; i < total.size(); ++i) {
            total[i].min += next[i].min;
            total[i].mean += next[i].mean;
            total[i].max += next[i].max;
            total[i].count = std::min(total[i].count, next[i].count);
        }
    }
    return total;
}

charts::ChartLine ChartFeed::sum(const QString &name, int series, const std::vector<facts::SeriesKey> &keys) const
{
    charts::ChartLine line;
    line.name = name;
    line.series = series;
    line.points = sumBetween(keys, from(), m_to);
    if (const auto shift = wasShift(); shift.count() > 0) {
        line.was = sumBetween(keys, from() - shift, m_to - shift);
        line.wasShift = shift;
    }
    return line;
}

charts::ChartLine ChartFeed::line(const QString &name, int series, const facts::SeriesKey &key) const
{
    return sum(name, series, {key});
}

std::vector<charts::ChartMark> ChartFeed::marks(const base::ClusterName &cluster) const
{
    std::vector<charts::ChartMark> marks;
    for (const auto &problem : m_snapshot.problems) {
        if (!problem.since.exact || problem.since.at < from() || problem.since.at > m_to || problem.severity == facts::Severity::Unknown)
            continue;
        if (!cluster.isEmpty() && problem.place.cluster != cluster)
            continue;
        const auto kind = problem.severity == facts::Severity::Critical ? charts::ChartMark::Kind::Critical : charts::ChartMark::Kind::Warning;
        marks.push_back({problem.since.at, kind, format::placeName(problem.place)});
    }
    std::sort(marks.begin(), marks.end(), [](const auto &a, const auto &b) { return a.kind != b.kind ? a.kind > b.kind : a.at > b.at; });
    if (marks.size() > mostMarks)
        marks.resize(mostMarks);
    return marks;
}

} // namespace shardlens::ui::pages
