// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace shardlens::app {

/// One window a fleet: the first console that opens a fleet file listens on a local socket; a second start with the same file hands
/// it its view link, and ends. Sockets are this user's alone. GUI thread.
class OneWindow : public QObject
{
    Q_OBJECT

public:
    explicit OneWindow(const QString &fleetFile, QObject *parent = nullptr);

    /// True if another console shows this fleet and took the link (empty: just come to the front). Waits at most 2 s for it.
    [[nodiscard]] static bool handOver(const QString &fleetFile, const QString &link);
    /// From now on it is this console that is asked. A socket that a crash left is taken over.
    bool listen();

    /// The socket's name: the same for every path that leads to the same file.
    [[nodiscard]] static QString socketName(const QString &fleetFile);

Q_SIGNALS:
    void asked(const QString &link); ///< come to the front; a link may be empty

private:
    void answer();

    QString m_name;
    QLocalServer m_server;
};

} // namespace shardlens::app
