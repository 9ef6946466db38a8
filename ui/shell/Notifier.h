// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QDBusPendingCallWatcher;

namespace shardlens::ui::shell {

/// Desktop notifications (org.freedesktop.Notifications). A desktop without them is no error: nothing happens. Never waits.
/// There is one notification at a time: a newer one takes the older one's place. GUI thread.
class Notifier : public QObject
{
    Q_OBJECT

public:
    /// `service` is the bus name that is asked: another one in tests.
    explicit Notifier(QObject *parent = nullptr, QString service = QStringLiteral("org.freedesktop.Notifications"));

    /// `urgent`: stays until it is dismissed. `sound`: the desktop's warning sound, else none.
    void notify(const QString &title, const QString &body, bool urgent, bool sound);
    void withdraw(); ///< the reason is gone

Q_SIGNALS:
    void activated(); ///< the person clicked on it

private Q_SLOTS:
    void onActionInvoked(uint id, const QString &action);

private:
    void remember(QDBusPendingCallWatcher *call);

    QString m_service;
    uint m_id = 0; ///< of the notification that stands; 0 for none
};

} // namespace shardlens::ui::shell
