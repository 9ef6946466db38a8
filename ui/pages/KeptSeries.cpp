// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/KeptSeries.h"

#include <algorithm>

namespace shardlens::ui::pages {

using facts::Series;
using facts::SeriesPoint;

namespace {

constexpr std::chrono::seconds narrowStep{10};
constexpr std::chrono::minutes inMemory{58};    ///< of the hour in memory; its beginning is being let go
constexpr std::chrono::minutes narrowSpan{130}; ///< an hour that ends an hour ago, for most of an hour to come
constexpr std::chrono::hours wideSpan{24};
constexpr std::chrono::minutes unasked{10}; ///< what nobody asked for so long is let go

base::microseconds stepOf(bool isWide)
{
    return isWide ? base::microseconds(KeptSeries::wideStep) : base::microseconds(narrowStep);
}

base::UtcTime floorTo(base::UtcTime at, base::microseconds step)
{
    return at - at.time_since_epoch() % step;
}

/// Lays points into steps of an even grid: means by how much was observed. A step in which nothing was observed stays a gap.
void lay(const Series &points, base::UtcTime from, base::UtcTime to, Series &grid, base::microseconds step)
{
    for (const SeriesPoint &point : points) {
        if (point.count == 0 || point.at < from || point.at >= to)
            continue;
        const auto index = (floorTo(point.at, step) - grid.front().at) / step;
        if (index < 0 || index >= static_cast<std::ptrdiff_t>(grid.size()))
            continue;
        SeriesPoint &into = grid[static_cast<std::size_t>(index)];
        if (into.count == 0) {
            const auto at = into.at;
            into = point;
            into.at = at;
            continue;
        }
        into.min = std::min(into.min, point.min);
        into.max = std::max(into.max, point.max);
        into.mean = (into.mean * into.count + point.mean * point.count) / (into.count + point.count);
        into.count += point.count;
    }
}

Series emptyGrid(base::UtcTime from, base::UtcTime to, base::microseconds step)
{
    Series grid;
    for (auto at = floorTo(from, step); at <= to; at += step)
        grid.push_back({at, 0, 0, 0, 0});
    return grid;
}

} // namespace

KeptSeries::KeptSeries(const observe::History &recent, QObject *parent) : QObject(parent), m_recent(recent) {}

void KeptSeries::setReader(Reader reader)
{
    m_reader = std::move(reader);
    m_parts.clear();
}

std::optional<base::UtcTime> KeptSeries::observedSince() const
{
    const auto recent = m_recent.observedSince();
    if (!m_oldest || !recent)
        return m_oldest ? m_oldest : recent;
    return std::min(*m_oldest, *recent);
}

Series KeptSeries::series(const facts::SeriesKey &key, UtcTime from, UtcTime to)
{
    const bool isWide = to - from > std::chrono::hours(1);
    const auto step = stepOf(isWide);
    Series grid = emptyGrid(from, to, step);
    if (grid.empty())
        return grid;
    m_newest = std::max(m_newest, to);
    // What is on disk ends where memory begins; steps across the seam are not counted twice. The first step may begin before the
    // range, the last one at its end.
    const UtcTime end = to + step;
    UtcTime seam = std::max(from, to - inMemory);
    const auto part = m_parts.find({key, isWide});
    if (part != m_parts.end()) {
        part->second.askedTo = m_newest;
        seam = part->second.to > to ? end : std::max(from, floorTo(part->second.to, step));
        lay(part->second.steps, grid.front().at, seam, grid, step);
    }
    if (seam <= to)
        lay(m_recent.series(key, seam, to), seam, end, grid, step);
    if (part != m_parts.end() && grid.back().count == 0)
        lay(part->second.steps, grid.back().at, end, grid, step); // memory has let go of where the disk ends
    const bool covers = part != m_parts.end() && part->second.from <= from + step && to - part->second.to < inMemory;
    if (!covers)
        ask({key, isWide});
    return grid;
}

void KeptSeries::ask(const PartKey &key)
{
    if (!m_reader || m_awaited.contains(key))
        return;
    if (m_asked.empty())
        QMetaObject::invokeMethod(this, &KeptSeries::readAsked, Qt::QueuedConnection);
    m_asked.insert(key);
}

void KeptSeries::readAsked()
{
    std::erase_if(m_parts, [this](const auto &entry) { return entry.second.askedTo < m_newest - unasked; });
    for (const bool isWide : {false, true}) {
        std::vector<PartKey> keys;
        std::vector<facts::SeriesKey> series;
        for (const PartKey &key : m_asked) {
            if (key.second != isWide)
                continue;
            keys.push_back(key);
            series.push_back(key.first);
            m_awaited.insert(key);
        }
        if (keys.empty())
            continue;
        const UtcTime to = floorTo(m_newest, stepOf(isWide));
        const UtcTime from = isWide ? to - wideSpan - wideStep : to - narrowSpan;
        m_reader(series, from, to + stepOf(isWide), this,
                 [this, keys, from, to, isWide](std::vector<Series> found) { take(keys, from, to, std::move(found), isWide); });
    }
    m_asked.clear();
}

void KeptSeries::take(const std::vector<PartKey> &keys, UtcTime from, UtcTime to, std::vector<Series> found, bool isWide)
{
    for (std::size_t i = 0; i < keys.size() && i < found.size(); ++i) {
        m_awaited.erase(keys[i]);
        Series steps = std::move(found[i]);
        if (isWide) {
            Series grid = emptyGrid(from, to, stepOf(true));
            lay(steps, from, to + stepOf(true), grid, stepOf(true));
            steps = std::move(grid);
        }
        m_parts[keys[i]] = {std::move(steps), from, to, m_newest};
    }
    Q_EMIT arrived();
}

} // namespace shardlens::ui::pages

#include "moc_KeptSeries.cpp"
