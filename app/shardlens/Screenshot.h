// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/Console.h"

#include <QElapsedTimer>
#include <QTimer>

namespace shardlens::app {

/// Writes a picture of a console's window once its page holds live data and every server answered or timed out; then finished(0).
/// After 15 s it gives up with a message and finished(3).
class Screenshot : public QObject
{
    Q_OBJECT

public:
    static constexpr int kPatienceMs = 15000;
    static constexpr int kRulesMs = 8000; ///< so long after observing began it waits for problems that are found and not told yet

    Screenshot(Console &console, QString file, QObject *parent = nullptr);

Q_SIGNALS:
    void finished(int exitCode);

private:
    void look(const facts::SnapshotPtr &snapshot);
    void take();
    void giveUp();

    Console &m_console;
    QString m_file;
    QTimer m_patience;
    bool m_taking = false;
    int m_answered = 0;
    int m_servers = 0;
};

} // namespace shardlens::app
