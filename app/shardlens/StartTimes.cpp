// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/StartTimes.h"

#include <QEvent>
#include <QFile>

#include <cstdio>
#include <ctime>
#include <utility>

#include <unistd.h>

namespace shardlens::app {

namespace {

/// Milliseconds that this process has lived, to the system's 10.
qint64 livedMs()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray stat = file.readAll();
    // The program's name, in brackets, may hold anything; the start is the 20th field after it.
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    if (fields.size() < 20 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return 0;
    const qint64 startedMs = fields[19].toLongLong() * 1000 / sysconf(_SC_CLK_TCK);
    return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1000000 - startedMs;
}

bool hasAnswered(const facts::Observation *observation)
{
    return observation && observation->reach.state == facts::ReachState::Answering && observation->sampledAt;
}

} // namespace

bool StartTimes::areAsked()
{
    return qEnvironmentVariable("SHARDLENS_TIMES") == QLatin1String("1");
}

StartTimes::StartTimes(Console &console) : QObject(&console), m_console(console), m_beforeMs(livedMs())
{
    m_sinceMade.start();
    tell("console made (libraries, settings, theme, fleet file, window)");
    connect(&console, &Console::snapshotShown, this, &StartTimes::look);
    console.window().installEventFilter(this);
}

void StartTimes::tell(const char *what)
{
    std::fprintf(stderr, "shardlens: %5lld ms  %s\n", static_cast<long long>(m_beforeMs + m_sinceMade.elapsed()), what);
}

void StartTimes::look(const facts::SnapshotPtr &snapshot)
{
    const fleet::Fleet &fleet = *snapshot->fleet;
    bool some = false;
    bool all = true;
    for (const fleet::Server &server : fleet.servers) {
        const bool answered = hasAnswered(snapshot->observation(server.id));
        some = some || answered;
        if (server.region == fleet.ownRegion)
            all = all && answered;
    }
    if (some && !std::exchange(m_hasAnswers, true))
        tell("the first answers are shown to the pages");
    if (some && all && !std::exchange(m_isTrue, true))
        tell("every server of the own region has answered");
}

bool StartTimes::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::UpdateRequest)
        return QObject::eventFilter(watched, event);
    // Once this event has been dealt with, the window is painted.
    if (!std::exchange(m_isPainted, true))
        QMetaObject::invokeMethod(
            this, [this] { tell("first paint, from the fleet file"); }, Qt::QueuedConnection);
    if (m_isTrue) {
        watched->removeEventFilter(this);
        QMetaObject::invokeMethod(
            this,
            [this] {
                tell("first true picture of the own region");
                deleteLater();
            },
            Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace shardlens::app

#include "moc_StartTimes.cpp"
