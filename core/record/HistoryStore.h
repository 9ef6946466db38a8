// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/record/HistoryFile.h"

#include <QObject>
#include <QThread>

#include <functional>
#include <memory>

namespace shardlens::record {

/// The history file in a thread of its own: nothing here waits for the disk but the destructor, which writes what is left.
/// Lives in the thread that made it; signals and answers are delivered there.
class HistoryStore : public QObject
{
    Q_OBJECT

public:
    using Points = std::vector<KeptPoint>;
    using Kept = std::shared_ptr<const std::vector<KeptSeries>>;

    /// `path` is the SQLite file of one fleet.
    HistoryStore(QString path, std::shared_ptr<const base::Clock> clock, QObject *parent = nullptr);
    ~HistoryStore() override;

    /// Opens the file and reads the newest hour of all series: restored() and eventsRestored() follow, or failed().
    void open();
    /// Takes finished steps. On disk within a minute. Without an open file they are dropped.
    void add(Points points);
    /// Writes events at once. Without an open file they are dropped.
    void addEvents(facts::EventList events);
    /// Reads whole series; `then` is called with one for each key, in order, unless `context` is gone by then.
    void read(const std::vector<facts::SeriesKey> &keys, base::UtcTime from, base::UtcTime to, QObject *context, std::function<void(std::vector<facts::Series>)> then);

Q_SIGNALS:
    void restored(shardlens::record::HistoryStore::Kept lastHour, std::optional<shardlens::base::UtcTime> oldest);
    void eventsRestored(shardlens::facts::EventListPtr events); ///< of the last 12 hours, newest first; comes after restored()
    void setAside(const QString &movedTo, const QString &why); ///< a damaged file was moved, and a new one begun
    void failed(const QString &why); ///< nothing is kept from now on: the folder, the disk, or a newer version's file

private:
    class Worker;
    QThread m_thread;
    Worker *m_worker; ///< works in m_thread
};

} // namespace shardlens::record
