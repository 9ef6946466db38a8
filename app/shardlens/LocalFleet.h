// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>

namespace shardlens::app {

/// Brings the local fleet up by its own program, which lies beside this one, and tells how it goes on. GUI thread; never waits.
class LocalFleet : public QObject
{
    Q_OBJECT

public:
    explicit LocalFleet(QObject *parent = nullptr);

    [[nodiscard]] static QString program();   ///< empty if it is not installed here
    [[nodiscard]] static QString directory(); ///< where it brings its fleet up
    void start();

Q_SIGNALS:
    void said(const QString &line);
    void ready(const QString &fleetFile);
    void failed(const QString &why);

private:
    QProcess m_process;
    QString m_lastLine;
};

} // namespace shardlens::app
