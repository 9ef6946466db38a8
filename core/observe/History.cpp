// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/History.h"

#include "core/observe/HistoryRecord.h"
#include "core/observe/HistoryTrack.h"
#include "core/observe/ShardHistory.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace shardlens::observe {

using facts::Measure;
using facts::SeriesKey;
using facts::SeriesPoint;

namespace {

constexpr std::size_t measures = static_cast<std::size_t>(Measure::CacheReadsSaved) + 1;
constexpr std::int64_t hour = 3600;

bool isShards(Measure measure)
{
    return measure == Measure::ShardWrites || measure == Measure::ShardBytes;
}

double inSeconds(UtcTime time)
{
    return static_cast<double>(time.time_since_epoch().count()) / 1e6;
}

std::int64_t secondOf(UtcTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

UtcTime atSecond(std::int64_t second)
{
    return UtcTime(std::chrono::seconds(second));
}

SeriesPoint pointOf(std::int64_t second, const std::optional<double> &value)
{
    const double known = value.value_or(0);
    return {atSecond(second), known, known, known, value ? 1U : 0U};
}

} // namespace

struct History::Data {
    std::array<std::unordered_map<std::string, HistoryTrack>, measures> tracks;
    ShardHistory shards;
    std::optional<UtcTime> since;
    std::optional<UtcTime> lastTaken;
    std::int64_t newest = 0; ///< the second that the last snapshot was recorded under

    [[nodiscard]] const HistoryTrack *track(const SeriesKey &key) const
    {
        const auto &of = tracks[static_cast<std::size_t>(key.measure)];
        const auto found = of.find(key.subject);
        return found == of.end() ? nullptr : &found->second;
    }

    /// Ticks come a little early or late; counted on from the last one they fill one second each, where flooring their times
    /// would now and then leave a second empty. Only near a second's edge may the count differ from the clock.
    [[nodiscard]] std::int64_t secondFor(UtcTime taken) const
    {
        if (!lastTaken || taken <= *lastTaken)
            return secondOf(taken);
        constexpr double edge = 0.25;
        const std::int64_t counted = newest + std::max<std::int64_t>(0, std::llround(inSeconds(taken) - inSeconds(*lastTaken)));
        const double early = static_cast<double>(counted) - inSeconds(taken); // 0 down to -1 within its own second
        return early <= edge && early > -1 - edge ? counted : secondOf(taken);
    }

    void forgetAfter(std::int64_t second)
    {
        for (auto &of : tracks) {
            for (auto &[subject, track] : of)
                track.forgetAfter(second);
        }
        shards.forgetAfter(second);
    }

    /// A server that left the fleet keeps its hour, no longer.
    void dropOld()
    {
        for (auto &of : tracks)
            std::erase_if(of, [&](const auto &entry) { return entry.second.newest() < newest - hour; });
    }
};

History::History() : m_data(std::make_unique<Data>()) {}
History::~History() = default;

void History::record(const facts::Snapshot &snapshot)
{
    Data &data = *m_data;
    const std::int64_t second = data.secondFor(snapshot.takenUtc);
    if (second < data.newest)
        data.forgetAfter(second - 1);
    if (second / hour != data.newest / hour) {
        data.newest = second;
        data.dropOld();
    }
    data.newest = second;
    data.lastTaken = snapshot.takenUtc;
    bool any = false;
    eachValue(snapshot, [&](Measure measure, const std::string &subject, double value) {
        any = true;
        data.tracks[static_cast<std::size_t>(measure)][subject].add(second, value);
    });
    // A reading that is a little late is none that is missing.
    const base::microseconds readWithin = 2 * std::max<base::microseconds>(snapshot.fleet->thresholds.shardMapInterval, base::seconds(ShardHistory::stepSeconds));
    data.shards.add(snapshot.shardMap, second, snapshot.takenAt - readWithin);
    if (any && !data.since)
        data.since = snapshot.takenUtc;
}

void History::restore(const SeriesKey &key, const facts::Series &steps)
{
    if (isShards(key.measure))
        return;
    HistoryTrack &track = m_data->tracks[static_cast<std::size_t>(key.measure)][key.subject];
    for (const SeriesPoint &point : steps) {
        // The step that runs now is being observed; a restored one would end the track before its time.
        if (point.count == 0 || (m_data->newest > 0 && secondOf(point.at) / HistoryTrack::stepSeconds >= m_data->newest / HistoryTrack::stepSeconds))
            continue;
        track.restore(secondOf(point.at) / HistoryTrack::stepSeconds,
                      {static_cast<float>(point.min), static_cast<float>(point.mean), static_cast<float>(point.max), point.count});
        if (!m_data->since || point.at < *m_data->since)
            m_data->since = point.at;
    }
}

void History::eachFinishedStep(UtcTime now, const std::function<void(const SeriesKey &, const SeriesPoint &)> &take) const
{
    const std::int64_t index = secondOf(now) / HistoryTrack::stepSeconds - 1;
    for (std::size_t i = 0; i < measures; ++i) {
        for (const auto &[subject, track] : m_data->tracks[i]) {
            if (const HistoryTrack::Step step = track.step(index); step.count > 0)
                take({static_cast<Measure>(i), subject}, {atSecond(index * HistoryTrack::stepSeconds), step.min, step.mean, step.max, step.count});
        }
    }
}

facts::Series History::series(const SeriesKey &key, UtcTime from, UtcTime to) const
{
    facts::Series points;
    // Nothing before the hour that is kept: a day asked for is answered with the hour.
    const std::int64_t first = std::max(secondOf(from), m_data->newest - hour);
    const std::int64_t last = secondOf(to);
    if (isShards(key.measure)) {
        constexpr std::int64_t step = ShardHistory::stepSeconds;
        for (std::int64_t i = first / step; i <= last / step; ++i)
            points.push_back(pointOf(i * step, m_data->shards.at(key.measure, key.subject, i)));
        return points;
    }
    const HistoryTrack *track = m_data->track(key);
    const bool bySeconds = to - from <= std::chrono::minutes(5) && first > m_data->newest - HistoryTrack::secondsKept - HistoryTrack::stepSeconds;
    if (bySeconds) {
        for (std::int64_t second = first; second <= last; ++second)
            points.push_back(pointOf(second, track ? track->at(second) : std::nullopt));
        return points;
    }
    constexpr std::int64_t step = HistoryTrack::stepSeconds;
    for (std::int64_t i = first / step; i <= last / step; ++i) {
        const HistoryTrack::Step at = track ? track->step(i) : HistoryTrack::Step();
        points.push_back({atSecond(i * step), at.min, at.mean, at.max, at.count});
    }
    return points;
}

std::optional<double> History::latest(const SeriesKey &key, UtcTime now) const
{
    const std::int64_t second = secondOf(now);
    if (isShards(key.measure)) {
        // Read once a minute, a value of the last minute but one is the newest there can be.
        for (std::int64_t minute = second / 60; minute >= second / 60 - 2; --minute) {
            if (const auto value = m_data->shards.at(key.measure, key.subject, minute))
                return value;
        }
        return std::nullopt;
    }
    const HistoryTrack *track = m_data->track(key);
    for (std::int64_t back = -1; track && back <= 10; ++back) {
        if (const auto value = track->at(second - back))
            return value;
    }
    return std::nullopt;
}

std::optional<History::Was> History::was(const SeriesKey &key, UtcTime now) const
{
    const std::int64_t youngest = secondOf(now) - 60;
    if (isShards(key.measure)) {
        for (std::int64_t minute = secondOf(now) / 60 - 59; minute * 60 <= youngest; ++minute) {
            if (const auto value = m_data->shards.at(key.measure, key.subject, minute))
                return Was{*value, atSecond(minute * 60)};
        }
        return std::nullopt;
    }
    const HistoryTrack *track = m_data->track(key);
    if (!track)
        return std::nullopt;
    constexpr std::int64_t step = HistoryTrack::stepSeconds;
    for (std::int64_t i = (secondOf(now) - hour) / step; i * step <= youngest; ++i) {
        const HistoryTrack::Step at = track->step(i);
        if (at.count > 0)
            return Was{at.mean, atSecond(i * step)};
    }
    return std::nullopt;
}

std::optional<UtcTime> History::observedSince() const
{
    return m_data->since;
}

std::optional<base::microseconds> usualLatency(const facts::Series &kept)
{
    constexpr std::size_t fewest = 30; // steps of 10 s
    std::vector<double> seconds;
    for (const facts::SeriesPoint &point : kept) {
        if (point.count > 0)
            seconds.push_back(point.mean);
    }
    if (seconds.size() < fewest)
        return std::nullopt;
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::nth_element(seconds.begin(), middle, seconds.end());
    return base::microseconds(std::llround(*middle * 1e6));
}

} // namespace shardlens::observe
