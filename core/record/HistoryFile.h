// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/Event.h"
#include "core/facts/Series.h"

#include <QString>

#include <chrono>
#include <memory>
#include <vector>

namespace shardlens::record {

/// One step of one series.
struct KeptPoint {
    facts::SeriesKey key;
    facts::SeriesPoint point;
};

/// One series with its points.
struct KeptSeries {
    facts::SeriesKey key;
    facts::Series series;
};

/// What was observed, on disk: steps of 10 s and events, for 24 hours, in one SQLite file a fleet. Bounded: what is older goes. Blocking;
/// made, used and destroyed in one thread. Points are written a minute at a time and at the end; a crash loses that minute.
/// Two processes may write the same file: each lays its steps over the other's.
class HistoryFile
{
public:
    static constexpr std::chrono::hours kept{24};

    struct Opened {
        std::unique_ptr<HistoryFile> file;
        QString setAside; ///< where a damaged file was moved; empty = it was sound, or new
        QString why;      ///< what was wrong with it
    };

    /// Opens or makes the file. One that is damaged is moved beside and a new one begun. Errors: Io (folder, disk), Refused
    /// (written by a newer version: it is left as it is).
    [[nodiscard]] static base::Result<Opened> open(const QString &path, base::UtcTime now);

    /// All series that have a point between two times, of a file that is there; it is not changed, and may be in use.
    [[nodiscard]] static base::Result<std::vector<KeptSeries>> read(const QString &path, base::UtcTime from, base::UtcTime to);

    /// The events between two times of a file that is there, newest first; none where an older version wrote it.
    [[nodiscard]] static base::Result<facts::EventList> readEvents(const QString &path, base::UtcTime from, base::UtcTime to);

    /// So many events are kept at most, the newest.
    static constexpr int mostEvents = 20000;

    ~HistoryFile();
    HistoryFile(const HistoryFile &) = delete;
    HistoryFile &operator=(const HistoryFile &) = delete;

    /// Takes finished steps; on disk after the next write().
    void add(const std::vector<KeptPoint> &points);
    /// Writes what was added and drops what is older than 24 hours before `now`.
    [[nodiscard]] base::Result<void> write(base::UtcTime now);

    /// Writes events at once: they are few, and what led to a crash is among them. One that is there already stays once.
    [[nodiscard]] base::Result<void> addEvents(const facts::EventList &events);
    /// The events between two times, newest first.
    [[nodiscard]] base::Result<facts::EventList> events(base::UtcTime from, base::UtcTime to) const;

    /// Every step between two times, gaps included; empty if the series is not known. Sees what was added and not written.
    [[nodiscard]] base::Result<facts::Series> series(const facts::SeriesKey &key, base::UtcTime from, base::UtcTime to) const;
    /// All series that have a point between two times.
    [[nodiscard]] base::Result<std::vector<KeptSeries>> all(base::UtcTime from, base::UtcTime to) const;
    /// The beginning of the oldest ten minutes kept; nothing where there are none.
    [[nodiscard]] base::Result<std::optional<base::UtcTime>> oldest() const;

private:
    struct Private;
    explicit HistoryFile(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::record
