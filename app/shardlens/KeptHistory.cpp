// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/KeptHistory.h"

#include <QFileInfo>

#include <algorithm>

namespace shardlens::app {

KeptHistory::KeptHistory(observe::History &history, const QString &path, std::shared_ptr<const base::Clock> clock, QObject *parent)
    : QObject(parent), m_history(history), m_store(path, std::move(clock))
{
    connect(&m_store, &record::HistoryStore::restored, this, [this](const record::HistoryStore::Kept &kept, std::optional<base::UtcTime> oldest) {
        for (const record::KeptSeries &series : *kept)
            m_history.restore(series.key, series.series);
        Q_EMIT opened(oldest);
    });
    connect(&m_store, &record::HistoryStore::eventsRestored, this, &KeptHistory::eventsRestored);
    connect(&m_store, &record::HistoryStore::setAside, this, [this](const QString &movedTo, const QString &why) {
        Q_EMIT troubled(tr("The kept history was damaged (%1). It was set aside as %2, and a new one begun.").arg(why, QFileInfo(movedTo).fileName()));
    });
    connect(&m_store, &record::HistoryStore::failed, this,
            [this](const QString &why) { Q_EMIT troubled(tr("History is kept for this hour only: %1.").arg(why)); });
    m_store.open();
}

void KeptHistory::follow(const facts::Snapshot &snapshot)
{
    followEvents(snapshot.events);
    const std::int64_t step = std::chrono::floor<std::chrono::seconds>(snapshot.takenUtc).time_since_epoch().count() / 10;
    if (step == m_step)
        return;
    // After a clock set back the same step may come twice; the file takes the newer.
    if (m_step != 0) {
        record::HistoryStore::Points points;
        m_history.eachFinishedStep(snapshot.takenUtc, [&](const facts::SeriesKey &key, const facts::SeriesPoint &point) { points.push_back({key, point}); });
        m_store.add(std::move(points));
    }
    m_step = step;
}

/// The new ones; what is handed over a second time the file keeps once.
void KeptHistory::followEvents(const facts::EventListPtr &events)
{
    if (events == m_events)
        return;
    facts::EventList fresh;
    for (const facts::Event &event : *events) {
        if (!m_events || std::find(m_events->begin(), m_events->end(), event) == m_events->end())
            fresh.push_back(event);
    }
    m_events = events;
    if (!fresh.empty())
        m_store.addEvents(std::move(fresh));
}

} // namespace shardlens::app

#include "moc_KeptHistory.cpp"
