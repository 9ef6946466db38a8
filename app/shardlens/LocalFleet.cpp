// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/LocalFleet.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

#include <unistd.h>

namespace shardlens::app {

QString LocalFleet::program()
{
    const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/shardlens-localfleet");
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(QStringLiteral("shardlens-localfleet"));
}

QString LocalFleet::directory()
{
    // As root the servers run as another user, who must be able to reach it.
    return geteuid() == 0 ? QStringLiteral("/var/lib/shardlens-localfleet") : QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/shardlens/localfleet");
}

LocalFleet::LocalFleet(QObject *parent) : QObject(parent)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::readyRead, this, [this] {
        while (m_process.canReadLine()) {
            m_lastLine = QString::fromLocal8Bit(m_process.readLine()).trimmed();
            Q_EMIT said(m_lastLine);
        }
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed(m_process.errorString());
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        if (status == QProcess::NormalExit && code == 0)
            Q_EMIT ready(directory() + QStringLiteral("/fleet.toml"));
        else
            Q_EMIT failed(m_lastLine);
    });
}

void LocalFleet::start()
{
    if (m_process.state() == QProcess::NotRunning)
        m_process.start(program(), {QStringLiteral("--dir"), directory(), QStringLiteral("up")});
}

} // namespace shardlens::app

#include "moc_LocalFleet.cpp"
