// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Notifier.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>

namespace shardlens::ui::shell {

namespace {
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
const QString kInterface = QStringLiteral("org.freedesktop.Notifications");
constexpr int kDeadlineMs = 2000;
} // namespace

Notifier::Notifier(QObject *parent, QString service) : QObject(parent), m_service(std::move(service))
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (bus.isConnected())
        bus.connect(QString(), kPath, kInterface, QStringLiteral("ActionInvoked"), this, SLOT(onActionInvoked(uint, QString)));
}

void Notifier::notify(const QString &title, const QString &body, bool urgent, bool sound)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    QVariantMap hints{{QStringLiteral("urgency"), QVariant::fromValue(uchar(urgent ? 2 : 1))}, {QStringLiteral("desktop-entry"), QStringLiteral("shardlens")}};
    if (sound)
        hints[QStringLiteral("sound-name")] = QStringLiteral("dialog-warning");
    else
        hints[QStringLiteral("suppress-sound")] = true;
    QDBusMessage call = QDBusMessage::createMethodCall(m_service, kPath, kInterface, QStringLiteral("Notify"));
    call << QStringLiteral("Shardlens") << m_id << QStringLiteral("shardlens") << title << body.toHtmlEscaped()
         << QStringList{QStringLiteral("default"), tr("Open")} << hints << -1;
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, kDeadlineMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &Notifier::remember);
}

void Notifier::remember(QDBusPendingCallWatcher *call)
{
    const QDBusPendingReply<uint> reply = *call;
    if (!reply.isError())
        m_id = reply.value();
    call->deleteLater();
}

void Notifier::withdraw()
{
    if (m_id == 0)
        return;
    QDBusMessage call = QDBusMessage::createMethodCall(m_service, kPath, kInterface, QStringLiteral("CloseNotification"));
    call << m_id;
    QDBusConnection::sessionBus().asyncCall(call, kDeadlineMs);
    m_id = 0;
}

void Notifier::onActionInvoked(uint id, const QString &action)
{
    Q_UNUSED(action)
    if (m_id != 0 && id == m_id)
        Q_EMIT activated();
}

} // namespace shardlens::ui::shell

#include "moc_Notifier.cpp"
