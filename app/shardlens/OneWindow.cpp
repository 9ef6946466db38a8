// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/OneWindow.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QStandardPaths>

namespace shardlens::app {

namespace {
constexpr int kDeadlineMs = 2000;
constexpr qint64 kLongest = 16384;
const QByteArray kTaken = QByteArrayLiteral("taken\n");
} // namespace

QString OneWindow::socketName(const QString &fleetFile)
{
    const QString canonical = QFileInfo(fleetFile).canonicalFilePath();
    const QString path = canonical.isEmpty() ? QFileInfo(fleetFile).absoluteFilePath() : canonical;
    const QByteArray hash = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (folder.isEmpty())
        folder = QDir::tempPath();
    return folder + QStringLiteral("/shardlens-") + QString::fromLatin1(hash);
}

bool OneWindow::handOver(const QString &fleetFile, const QString &link)
{
    QLocalSocket socket;
    socket.connectToServer(socketName(fleetFile));
    if (!socket.waitForConnected(kDeadlineMs))
        return false;
    socket.write(link.toUtf8().toBase64() + '\n');
    // A console that hangs says nothing: then this one opens a window of its own.
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(kDeadlineMs))
            return false;
    }
    return socket.readLine() == kTaken;
}

OneWindow::OneWindow(const QString &fleetFile, QObject *parent) : QObject(parent), m_name(socketName(fleetFile))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &OneWindow::answer);
}

bool OneWindow::listen()
{
    if (m_server.listen(m_name))
        return true;
    // Somebody's, who did not answer just now, or nobody's.
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
}

void OneWindow::answer()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            if (socket->bytesAvailable() > kLongest) {
                socket->abort();
                return;
            }
            if (!socket->canReadLine())
                return;
            const QString link = QString::fromUtf8(QByteArray::fromBase64(socket->readLine().trimmed()));
            socket->write(kTaken);
            socket->flush();
            socket->disconnectFromServer();
            Q_EMIT asked(link);
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        read();
    }
}

} // namespace shardlens::app

#include "moc_OneWindow.cpp"
