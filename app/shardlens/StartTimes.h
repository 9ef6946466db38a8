// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlens/Console.h"

#include <QElapsedTimer>

#include <string>

namespace shardlens::app {

/// Tells on standard error how long the way from the process's start to the first true picture took, and where it went, when
/// SHARDLENS_TIMES is set to 1. A picture is true once every server of the console's own region has answered and what they
/// said is painted. Made beside a console, before its window is shown; ends by itself.
class StartTimes : public QObject
{
    Q_OBJECT

public:
    [[nodiscard]] static bool areAsked(); ///< SHARDLENS_TIMES is 1
    explicit StartTimes(Console &console);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void look(const facts::SnapshotPtr &snapshot);
    void tell(const char *what);

    Console &m_console;
    QElapsedTimer m_sinceMade;
    qint64 m_beforeMs = 0; ///< from the process's start until this was made
    bool m_isPainted = false;
    bool m_hasAnswers = false;
    bool m_isTrue = false;
};

} // namespace shardlens::app
