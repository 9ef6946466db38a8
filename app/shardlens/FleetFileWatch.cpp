// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/FleetFileWatch.h"

#include <QFile>
#include <QFileInfo>

namespace shardlens::app {

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

FleetFileWatch::FleetFileWatch(QString path, QString from, FleetPtr open, QObject *parent)
    : QObject(parent), m_path(std::move(path)), m_from(std::move(from)), m_open(std::move(open)), m_seen(contentOf(m_path))
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &FleetFileWatch::look);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_quiet, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_quiet, qOverload<>(&QTimer::start));
    watch();
}

void FleetFileWatch::watch()
{
    const QString folder = QFileInfo(m_path).absolutePath();
    if (!m_watcher.directories().contains(folder))
        m_watcher.addPath(folder);
    // A file that was replaced is another file: watched anew each time.
    if (QFileInfo::exists(m_path) && !m_watcher.files().contains(m_path))
        m_watcher.addPath(m_path);
}

void FleetFileWatch::setOpen(FleetPtr open)
{
    m_open = std::move(open);
    m_changed.reset();
    m_bad.reset();
    m_seen = contentOf(m_path);
}

void FleetFileWatch::lookAgain()
{
    m_seen.clear();
    look();
}

void FleetFileWatch::look()
{
    watch();
    const QByteArray content = contentOf(m_path);
    if (content == m_seen)
        return; // another file of the folder, or the same content again
    m_seen = content;
    m_changed.reset();
    m_bad.reset();
    fleet::FleetReading reading = fleet::readFleetFile(m_path.toStdString(), m_from.toStdString());
    if (!reading)
        m_bad = reading.error();
    else if (!(*reading == *m_open))
        m_changed = std::make_shared<const fleet::Fleet>(std::move(*reading));
    Q_EMIT looked();
}

} // namespace shardlens::app

#include "moc_FleetFileWatch.cpp"
