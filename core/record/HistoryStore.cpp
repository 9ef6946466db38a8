// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/HistoryStore.h"

#include <QPointer>
#include <QTimer>

namespace shardlens::record {

using base::UtcTime;

// Everything of it runs in the store's thread; what it tells goes through the store's signals, queued.
class HistoryStore::Worker : public QObject
{
public:
    Worker(HistoryStore &store, QString path, std::shared_ptr<const base::Clock> clock) : m_store(store), m_path(std::move(path)), m_clock(std::move(clock)) {}

    void open()
    {
        const UtcTime now = m_clock->utcNow();
        auto opened = HistoryFile::open(m_path, now);
        if (!opened) {
            giveUp(opened.error());
            return;
        }
        m_file = std::move(opened->file);
        if (!opened->setAside.isEmpty())
            Q_EMIT m_store.setAside(opened->setAside, opened->why);
        auto hour = m_file->all(now - std::chrono::hours(1) - std::chrono::seconds(10), now);
        const auto oldest = m_file->oldest();
        if (!hour || !oldest) {
            giveUp(hour ? oldest.error() : hour.error());
            return;
        }
        Q_EMIT m_store.restored(std::make_shared<const std::vector<KeptSeries>>(std::move(*hour)), *oldest);
        if (auto events = m_file->events(now - std::chrono::hours(12), now + std::chrono::hours(1)))
            Q_EMIT m_store.eventsRestored(std::make_shared<const facts::EventList>(std::move(*events)));
        m_timer.setInterval(std::chrono::minutes(1));
        connect(&m_timer, &QTimer::timeout, this, &Worker::write);
        m_timer.start();
    }

    void add(const Points &points)
    {
        if (m_file)
            m_file->add(points);
    }

    void addEvents(const facts::EventList &events)
    {
        const auto done = m_file ? m_file->addEvents(events) : base::Result<void>();
        if (!done && !m_told)
            Q_EMIT m_store.failed(QString::fromStdString(done.error().message));
        m_told = m_told || !done;
    }

    void write()
    {
        if (!m_file)
            return;
        const auto done = m_file->write(m_clock->utcNow());
        // A busy or full disk may be free again in a minute; told once.
        if (!done && !m_told)
            Q_EMIT m_store.failed(QString::fromStdString(done.error().message));
        m_told = !done;
    }

    /// Writes what is left. The connection and the timer must end in the thread that made them.
    void close()
    {
        m_timer.stop();
        write();
        m_file.reset();
    }

    [[nodiscard]] std::vector<facts::Series> read(const std::vector<facts::SeriesKey> &keys, UtcTime from, UtcTime to) const
    {
        std::vector<facts::Series> all(keys.size());
        for (std::size_t i = 0; m_file && i < keys.size(); ++i) {
            if (auto series = m_file->series(keys[i], from, to))
                all[i] = std::move(*series);
        }
        return all;
    }

private:
    void giveUp(const base::Error &error)
    {
        m_file.reset();
        Q_EMIT m_store.failed(QString::fromStdString(error.message));
    }

    HistoryStore &m_store;
    QString m_path;
    std::shared_ptr<const base::Clock> m_clock;
    std::unique_ptr<HistoryFile> m_file;
    QTimer m_timer{this};
    bool m_told = false;
};

HistoryStore::HistoryStore(QString path, std::shared_ptr<const base::Clock> clock, QObject *parent)
    : QObject(parent), m_worker(new Worker(*this, std::move(path), std::move(clock)))
{
    qRegisterMetaType<Kept>("shardlens::record::HistoryStore::Kept");
    qRegisterMetaType<std::optional<UtcTime>>("std::optional<shardlens::base::UtcTime>");
    qRegisterMetaType<facts::EventListPtr>("shardlens::facts::EventListPtr");
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("history"));
    m_thread.start(QThread::LowPriority);
}

HistoryStore::~HistoryStore()
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker] { worker->close(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
    delete m_worker;
}

void HistoryStore::open()
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker] { worker->open(); });
}

void HistoryStore::add(Points points)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, points = std::move(points)] { worker->add(points); });
}

void HistoryStore::addEvents(facts::EventList events)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, events = std::move(events)] { worker->addEvents(events); });
}

void HistoryStore::read(const std::vector<facts::SeriesKey> &keys, UtcTime from, UtcTime to, QObject *context, std::function<void(std::vector<facts::Series>)> then)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, keys, from, to, store = this, asker = QPointer<QObject>(context), then = std::move(then)]() mutable {
        // Answered in the store's own thread, where the asker lives: only there may it be looked at.
        QMetaObject::invokeMethod(store, [series = worker->read(keys, from, to), asker, then = std::move(then)]() mutable {
            if (asker)
                then(std::move(series));
        });
    });
}

} // namespace shardlens::record

#include "moc_HistoryStore.cpp"
