// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/observe/History.h"
#include "core/record/HistoryStore.h"

#include <QObject>

namespace shardlens::app {

/// A window's history over restarts: begun with the last hour that is on disk, and each finished step handed to the file.
/// Lives in the GUI thread; waits for no disk but at its end.
class KeptHistory : public QObject
{
    Q_OBJECT

public:
    /// `history` outlives it.
    KeptHistory(observe::History &history, const QString &path, std::shared_ptr<const base::Clock> clock, QObject *parent = nullptr);

    /// Call with each snapshot that was recorded in the history.
    void follow(const facts::Snapshot &snapshot);

    /// Whole series from the disk: see record::HistoryStore::read().
    void read(const std::vector<facts::SeriesKey> &keys, base::UtcTime from, base::UtcTime to, QObject *context, std::function<void(std::vector<facts::Series>)> then)
    {
        m_store.read(keys, from, to, context, std::move(then));
    }

Q_SIGNALS:
    void eventsRestored(shardlens::facts::EventListPtr events); ///< what an earlier run kept
    void opened(std::optional<shardlens::base::UtcTime> oldest); ///< the file is there; since when, nothing where it is new
    void troubled(const QString &sentence); ///< what a person should know: a damaged file was set aside, or nothing is kept

private:
    observe::History &m_history;
    record::HistoryStore m_store;
    void followEvents(const facts::EventListPtr &events);

    facts::EventListPtr m_events; ///< handed over, or kept by an earlier run
    std::int64_t m_step = 0; ///< the running step of 10 s; those before it were handed over
};

} // namespace shardlens::app
