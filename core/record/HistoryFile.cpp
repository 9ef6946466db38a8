// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/HistoryFile.h"

#include "core/record/EventRecord.h"
#include "core/record/HistoryChunk.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>

#include <algorithm>
#include <array>
#include <map>

namespace shardlens::record {

using base::ErrorCode;
using base::Result;
using base::UtcTime;
using facts::SeriesKey;

namespace {

constexpr int version = 1;

// Journalled ahead, so that a crash loses the last minute and never the file; space of what was dropped is used again.
constexpr std::array pragmas{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA busy_timeout = 5000", "PRAGMA cache_size = -1024"};
constexpr std::array schema{
    "CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, measure TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (measure, subject))",
    "CREATE TABLE IF NOT EXISTS chunk (series INTEGER NOT NULL, start INTEGER NOT NULL, steps BLOB NOT NULL, PRIMARY KEY (series, start)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS chunk_start ON chunk (start)",
    // Microseconds since the Unix epoch; the key is what tells two events apart, so that consoles on one file keep each once.
    "CREATE TABLE IF NOT EXISTS event (at INTEGER NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, "
    "PRIMARY KEY (at, kind, place, subject)) WITHOUT ROWID",
};

std::int64_t secondOf(UtcTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

UtcTime atSecond(std::int64_t second)
{
    return UtcTime(std::chrono::seconds(second));
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

tl::unexpected<base::Error> failedAt(const QString &path, const QSqlError &error)
{
    return base::fail(ErrorCode::Io, QDir::toNativeSeparators(path).toStdString() + ": " + error.text().trimmed().toStdString());
}

/// The file with what belongs to its journal, moved beside as it is; the new name, or nothing if that failed.
QString movedBeside(const QString &path, UtcTime now)
{
    const QString aside = path + QStringLiteral(".damaged-") + QString::number(secondOf(now));
    if (!QFile::rename(path, aside))
        return {};
    for (const char *tail : {"-wal", "-shm"})
        QFile::remove(path + QLatin1String(tail));
    return aside;
}

} // namespace

struct HistoryFile::Private {
    QString path;
    QString connection;
    QSqlDatabase database;
    std::map<SeriesKey, qint64> ids;
    std::map<std::pair<qint64, std::int64_t>, HistoryChunk> added; ///< by series and beginning: what is not on disk yet

    ~Private()
    {
        database.close();
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(connection);
    }

    Result<void> openToRead()
    {
        connection = QStringLiteral("history-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
        database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"));
        database.setDatabaseName(path);
        if (!database.open())
            return failedAt(path, database.lastError());
        return readIds();
    }

    Result<void> open()
    {
        connection = QStringLiteral("history-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
        database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        database.setDatabaseName(path);
        if (!database.open())
            return failedAt(path, database.lastError());
        for (const char *pragma : pragmas) {
            if (auto done = run(pragma); !done)
                return done;
        }
        return {};
    }

    Result<void> run(const char *sql) const
    {
        QSqlQuery query(database);
        if (!query.exec(QLatin1String(sql)))
            return failedAt(path, query.lastError());
        return {};
    }

    Result<QVariant> value(const char *sql) const
    {
        QSqlQuery query(database);
        if (!query.exec(QLatin1String(sql)) || !query.next())
            return failedAt(path, query.lastError());
        return query.value(0);
    }

    /// What is wrong with an opened file; empty = sound. A newer version's is no damage.
    Result<QString> fault() const
    {
        const auto found = value("PRAGMA user_version");
        if (!found)
            return QString::fromStdString(found.error().message);
        if (found->toInt() > version)
            return base::fail(ErrorCode::Refused, path.toStdString() + " was written by a newer Shardlens");
        const auto check = value("PRAGMA quick_check(1)");
        if (!check)
            return QString::fromStdString(check.error().message);
        return check->toString() == QLatin1String("ok") ? QString() : check->toString();
    }

    Result<void> lay() const
    {
        for (const char *statement : schema) {
            if (auto done = run(statement); !done)
                return done;
        }
        return run("PRAGMA user_version = 1");
    }

    Result<void> readIds()
    {
        QSqlQuery query(database);
        if (!query.exec(QStringLiteral("SELECT id, measure, subject FROM series")))
            return failedAt(path, query.lastError());
        while (query.next()) {
            if (const auto measure = facts::measureNamed(query.value(1).toString().toStdString()))
                ids.emplace(SeriesKey{*measure, query.value(2).toString().toStdString()}, query.value(0).toLongLong());
        }
        return {};
    }

    Result<qint64> idOf(const SeriesKey &key)
    {
        if (const auto found = ids.find(key); found != ids.end())
            return found->second;
        QSqlQuery query(database);
        // Another process may have made it in between: then its number is taken.
        query.prepare(QStringLiteral("INSERT INTO series (measure, subject) VALUES (?, ?) ON CONFLICT (measure, subject) DO UPDATE SET measure = excluded.measure RETURNING id"));
        query.addBindValue(textOf(facts::name(key.measure)));
        query.addBindValue(QString::fromStdString(key.subject));
        if (!query.exec() || !query.next())
            return failedAt(path, query.lastError());
        const qint64 id = query.value(0).toLongLong();
        ids.emplace(key, id);
        return id;
    }

    Result<std::optional<HistoryChunk>> stored(qint64 series, std::int64_t start) const
    {
        QSqlQuery query(database);
        query.prepare(QStringLiteral("SELECT steps FROM chunk WHERE series = ? AND start = ?"));
        query.addBindValue(series);
        query.addBindValue(qint64(start));
        if (!query.exec())
            return failedAt(path, query.lastError());
        return query.next() ? HistoryChunk::unpacked(query.value(0).toByteArray()) : std::nullopt;
    }

    Result<void> writeChunks()
    {
        QSqlQuery put(database);
        put.prepare(QStringLiteral("INSERT OR REPLACE INTO chunk (series, start, steps) VALUES (?, ?, ?)"));
        for (const auto &[at, chunk] : added) {
            auto whole = stored(at.first, at.second);
            if (!whole)
                return tl::unexpected(whole.error());
            HistoryChunk merged = whole->value_or(HistoryChunk());
            merged.overlay(chunk);
            put.bindValue(0, at.first);
            put.bindValue(1, qint64(at.second));
            put.bindValue(2, merged.packed());
            if (!put.exec())
                return failedAt(path, put.lastError());
        }
        return {};
    }

    Result<void> writeEvents(const facts::EventList &events) const
    {
        QSqlQuery put(database);
        put.prepare(QStringLiteral("INSERT OR IGNORE INTO event (at, kind, place, subject, body) VALUES (?, ?, ?, ?, ?)"));
        for (const facts::Event &event : events) {
            const facts::Place &at = event.place;
            const std::string place = at.region.text() + "/" + at.server.text() + "/" + at.cluster.text() + "/" + at.group.text() + "/" + at.pool.text();
            const std::string subject = event.problem ? event.problem->id() : event.subject;
            put.bindValue(0, qint64(event.when.at.time_since_epoch().count()));
            put.bindValue(1, textOf(facts::name(event.kind)));
            put.bindValue(2, QString::fromStdString(place));
            put.bindValue(3, QString::fromStdString(subject));
            put.bindValue(4, QString::fromUtf8(packedEvent(event)));
            if (!put.exec())
                return failedAt(path, put.lastError());
        }
        return {};
    }

    Result<void> dropEventsBefore(UtcTime time) const
    {
        QSqlQuery query(database);
        query.prepare(QStringLiteral("DELETE FROM event WHERE at < max(?, coalesce((SELECT at FROM event ORDER BY at DESC LIMIT 1 OFFSET ?), 0))"));
        query.addBindValue(qint64(time.time_since_epoch().count()));
        query.addBindValue(HistoryFile::mostEvents);
        if (!query.exec())
            return failedAt(path, query.lastError());
        return {};
    }

    Result<void> dropBefore(std::int64_t second) const
    {
        QSqlQuery query(database);
        query.prepare(QStringLiteral("DELETE FROM chunk WHERE start < ?"));
        query.addBindValue(qint64(HistoryChunk::startOf(second)));
        if (!query.exec())
            return failedAt(path, query.lastError());
        return {};
    }
};

HistoryFile::HistoryFile(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
HistoryFile::~HistoryFile() = default;

Result<HistoryFile::Opened> HistoryFile::open(const QString &path, UtcTime now)
{
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return base::fail(ErrorCode::Io, "the folder of " + path.toStdString() + " cannot be made");
    Opened opened;
    for (const bool again : {false, true}) {
        auto d = std::make_unique<Private>();
        d->path = path;
        auto ready = d->open();
        Result<QString> fault = ready ? d->fault() : Result<QString>(QString::fromStdString(ready.error().message));
        if (!fault)
            return tl::unexpected(fault.error());
        if (fault->isEmpty()) {
            ready = d->lay();
            if (ready)
                ready = d->readIds();
            if (!ready)
                return tl::unexpected(ready.error());
            opened.file.reset(new HistoryFile(std::move(d)));
            return opened;
        }
        d.reset(); // closed before it is moved
        if (again || !QFile::exists(path))
            return base::fail(ErrorCode::Io, fault->toStdString());
        opened.why = *fault;
        opened.setAside = movedBeside(path, now);
        if (opened.setAside.isEmpty())
            return base::fail(ErrorCode::Io, fault->toStdString() + "; it could not be moved aside");
    }
    return base::fail(ErrorCode::Io, path.toStdString());
}

Result<std::vector<KeptSeries>> HistoryFile::read(const QString &path, UtcTime from, UtcTime to)
{
    auto d = std::make_unique<Private>();
    d->path = path;
    if (auto ready = d->openToRead(); !ready)
        return tl::unexpected(ready.error());
    return HistoryFile(std::move(d)).all(from, to);
}

void HistoryFile::add(const std::vector<KeptPoint> &points)
{
    for (const KeptPoint &one : points) {
        const auto id = m_d->idOf(one.key);
        if (id && one.point.count > 0)
            m_d->added[{*id, HistoryChunk::startOf(secondOf(one.point.at))}].set(one.point);
    }
}

Result<void> HistoryFile::write(UtcTime now)
{
    if (auto begun = m_d->run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = m_d->writeChunks();
    if (done)
        done = m_d->dropBefore(secondOf(now - kept));
    if (done)
        done = m_d->dropEventsBefore(now - kept);
    if (done)
        done = m_d->run("COMMIT");
    if (!done) {
        (void)m_d->run("ROLLBACK");
        return done; // what was added is kept for the next try
    }
    m_d->added.clear();
    return done;
}

Result<void> HistoryFile::addEvents(const facts::EventList &events)
{
    if (auto begun = m_d->run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = m_d->writeEvents(events);
    if (done)
        done = m_d->run("COMMIT");
    if (!done)
        (void)m_d->run("ROLLBACK");
    return done;
}

Result<facts::EventList> HistoryFile::events(UtcTime from, UtcTime to) const
{
    facts::EventList events;
    QSqlQuery query(m_d->database);
    query.prepare(QStringLiteral("SELECT body FROM event WHERE at BETWEEN ? AND ? ORDER BY at DESC, kind, place, subject"));
    query.addBindValue(qint64(from.time_since_epoch().count()));
    query.addBindValue(qint64(to.time_since_epoch().count()));
    if (!query.exec())
        return failedAt(m_d->path, query.lastError());
    while (query.next()) {
        if (auto event = unpackedEvent(query.value(0).toString().toUtf8())) // one of a newer version's kinds is left out
            events.push_back(std::move(*event));
    }
    return foldedEvents(std::move(events));
}

Result<facts::EventList> HistoryFile::readEvents(const QString &path, UtcTime from, UtcTime to)
{
    auto d = std::make_unique<Private>();
    d->path = path;
    if (auto ready = d->openToRead(); !ready)
        return tl::unexpected(ready.error());
    const auto there = d->value("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'event'");
    if (!there)
        return tl::unexpected(there.error());
    if (there->toInt() == 0)
        return facts::EventList();
    return HistoryFile(std::move(d)).events(from, to);
}

Result<facts::Series> HistoryFile::series(const SeriesKey &key, UtcTime from, UtcTime to) const
{
    facts::Series points;
    const auto id = m_d->ids.find(key);
    if (id == m_d->ids.end())
        return points;
    const std::int64_t first = secondOf(from);
    const std::int64_t last = secondOf(to);
    for (std::int64_t start = HistoryChunk::startOf(first); start <= last; start += HistoryChunk::seconds) {
        auto whole = m_d->stored(id->second, start);
        if (!whole)
            return tl::unexpected(whole.error());
        HistoryChunk chunk = whole->value_or(HistoryChunk());
        if (const auto fresh = m_d->added.find({id->second, start}); fresh != m_d->added.end())
            chunk.overlay(fresh->second);
        for (std::int64_t step = 0; step < HistoryChunk::steps; ++step) {
            const auto point = chunk.at(start, step);
            if (secondOf(point.at) + HistoryChunk::stepSeconds > first && secondOf(point.at) <= last)
                points.push_back(point);
        }
    }
    return points;
}

Result<std::vector<KeptSeries>> HistoryFile::all(UtcTime from, UtcTime to) const
{
    std::vector<KeptSeries> found;
    for (const auto &entry : m_d->ids) {
        auto points = series(entry.first, from, to);
        if (!points)
            return tl::unexpected(points.error());
        if (std::any_of(points->begin(), points->end(), [](const facts::SeriesPoint &point) { return point.count > 0; }))
            found.push_back({entry.first, std::move(*points)});
    }
    return found;
}

Result<std::optional<UtcTime>> HistoryFile::oldest() const
{
    const auto start = m_d->value("SELECT min(start) FROM chunk");
    if (!start)
        return tl::unexpected(start.error());
    if (start->isNull())
        return std::optional<UtcTime>();
    return std::optional(atSecond(start->toLongLong()));
}

} // namespace shardlens::record
