// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "core/facts/Snapshot.h"

#include <functional>
#include <memory>
#include <optional>

namespace shardlens::observe {

using base::UtcTime;

/// What a kept series of latencies shows as usual: its median; nothing where it holds less than five minutes of them.
[[nodiscard]] std::optional<base::microseconds> usualLatency(const facts::Series &kept);

/// What was observed lately: one point a second for 5 minutes, then one each 10 s (min, mean, max) for an hour; shard series
/// one point a minute for an hour. Bounded; steps in which nothing was observed are gaps. One thread (the reader's).
class History
{
public:
    History();
    ~History();

    /// Adds what is fresh in `snapshot`; what is stale, unknown or down adds nothing.
    void record(const facts::Snapshot &snapshot);

    /// Adds steps of 10 s that were observed earlier, by this console's last run say. Seconds and steps observed since win.
    void restore(const facts::SeriesKey &key, const facts::Series &steps);

    /// Hands over the step of 10 s that ended last before `now`, of every series but the shards' that has a value in it.
    void eachFinishedStep(UtcTime now, const std::function<void(const facts::SeriesKey &key, const facts::SeriesPoint &point)> &take) const;

    /// The series between two times: second steps where the span is at most 5 minutes, else 10 s steps. Gaps included.
    [[nodiscard]] facts::Series series(const facts::SeriesKey &key, UtcTime from, UtcTime to) const;

    /// The newest point, if one was recorded in the last 10 s before `now`.
    [[nodiscard]] std::optional<double> latest(const facts::SeriesKey &key, UtcTime now) const;

    /// "was": the mean of the 10 s step an hour before `now`, else of the oldest step kept; nothing before a minute of history.
    struct Was {
        double value = 0;
        UtcTime at;
    };
    [[nodiscard]] std::optional<Was> was(const facts::SeriesKey &key, UtcTime now) const;

    /// When the first point of any series was recorded.
    [[nodiscard]] std::optional<UtcTime> observedSince() const;

private:
    struct Data;
    std::unique_ptr<Data> m_data;
};

} // namespace shardlens::observe
