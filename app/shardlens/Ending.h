// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSocketNotifier;

namespace shardlens::app {

/// Turns SIGTERM, SIGINT and SIGHUP into a signal of the event loop, so that a session that ends closes its windows as a person
/// would. One per program. GUI thread.
class Ending : public QObject
{
    Q_OBJECT

public:
    explicit Ending(QObject *parent = nullptr);
    ~Ending() override;

Q_SIGNALS:
    void requested();

private:
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace shardlens::app
