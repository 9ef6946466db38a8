// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "core/observe/History.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace shardlens::ui::pages {

/// Series that reach further back than the hour in memory: the older part from the disk, read in the background and kept here, the
/// newer part from memory. What is asked for and not there yet is read, and arrived() told; until then it is a gap.
/// GUI thread; waits for nothing.
class KeptSeries : public QObject
{
    Q_OBJECT

public:
    using UtcTime = base::UtcTime;
    /// Reads series of 10 s steps and calls `then` later in this thread with one for each key, in order, unless `context` is gone.
    using Reader = std::function<void(const std::vector<facts::SeriesKey> &keys, UtcTime from, UtcTime to, QObject *context,
                                      std::function<void(std::vector<facts::Series>)> then)>;

    static constexpr std::chrono::minutes wideStep{2}; ///< of spans over an hour: a step a pixel, about

    /// `recent` outlives it.
    explicit KeptSeries(const observe::History &recent, QObject *parent = nullptr);

    /// What is on disk, and since when.
    void setReader(Reader reader);
    void setOldest(std::optional<UtcTime> oldest) { m_oldest = oldest; }
    [[nodiscard]] bool reaches(UtcTime at) const { return m_reader && observedSince().value_or(UtcTime::max()) <= at; }
    [[nodiscard]] std::optional<UtcTime> observedSince() const; ///< on disk or in memory

    /// Every step between two times, gaps included: of 10 s, or of 2 min where the span is over an hour.
    [[nodiscard]] facts::Series series(const facts::SeriesKey &key, UtcTime from, UtcTime to);

Q_SIGNALS:
    void arrived();

private:
    /// Steps of one width, of one series, as they were read.
    struct Part {
        facts::Series steps;
        UtcTime from;
        UtcTime to;
        UtcTime askedTo; ///< the end of the span that was asked for last: what nobody asks for any more goes
    };
    using PartKey = std::pair<facts::SeriesKey, bool>; ///< true: of wide steps

    void ask(const PartKey &key);
    void readAsked();
    void take(const std::vector<PartKey> &keys, UtcTime from, UtcTime to, std::vector<facts::Series> found, bool isWide);

    const observe::History &m_recent;
    Reader m_reader;
    std::optional<UtcTime> m_oldest;
    std::map<PartKey, Part> m_parts;
    std::set<PartKey> m_asked; ///< read with the next turn of the event loop
    std::set<PartKey> m_awaited;
    UtcTime m_newest; ///< the latest time that was asked for
};

} // namespace shardlens::ui::pages
