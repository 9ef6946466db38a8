// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CrashReport.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <execinfo.h>
#include <exception>
#include <fcntl.h>
#include <unistd.h>

namespace shardlens::app {

namespace {

constexpr int kMostKept = 8;
const QString kUnread = QStringLiteral(".crash");
const QString kRead = QStringLiteral(".told.txt");

// All that the handler needs lies ready before: in it nothing may be allocated.
char g_path[512];
char g_head[512];
void *g_frames[64];

void put(int file, const char *text)
{
    const ssize_t written = write(file, text, std::strlen(text));
    (void)written;
}

void putNumber(int file, long long number)
{
    char digits[24];
    char *at = digits + sizeof digits - 1;
    *at = 0;
    do {
        *--at = char('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(file, at);
}

void onCrash(int signal)
{
    const int file = open(g_path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0) {
        put(file, g_head);
        put(file, "signal ");
        putNumber(file, signal);
        put(file, "\nseconds since 1970 ");
        putNumber(file, static_cast<long long>(std::time(nullptr)));
        put(file, "\n\n");
        backtrace_symbols_fd(g_frames, backtrace(g_frames, 64), file);
        close(file);
    }
    // Then as if nobody had looked: the core dump and the exit status stay what they are.
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

} // namespace

QString CrashReport::usualFolder()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (state.isEmpty())
        state = QDir::homePath() + QStringLiteral("/.local/state");
    return state + QStringLiteral("/shardlens/crashes");
}

void CrashReport::install(const QString &folder, const QString &version)
{
    QDir().mkpath(folder);
    const QString started = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    const QByteArray path = QFile::encodeName(QStringLiteral("%1/%2-%3%4").arg(folder, started).arg(getpid()).arg(kUnread));
    const QByteArray head = QStringLiteral("Shardlens %1 crashed\nstarted %2\nQt %3\n").arg(version, started, QString::fromLatin1(qVersion())).toUtf8();
    if (path.size() >= qsizetype(sizeof g_path) || head.size() >= qsizetype(sizeof g_head))
        return;
    std::memcpy(g_path, path.constData(), std::size_t(path.size()) + 1);
    std::memcpy(g_head, head.constData(), std::size_t(head.size()) + 1);
    // The first call loads a library, which a handler must not.
    backtrace(g_frames, 4);
    static char stack[64 * 1024];
    stack_t alternate{};
    alternate.ss_sp = stack;
    alternate.ss_size = sizeof stack;
    sigaltstack(&alternate, nullptr);
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
        struct sigaction action {};
        action.sa_handler = onCrash;
        action.sa_flags = SA_ONSTACK | int(SA_RESETHAND);
        sigaction(signal, &action, nullptr);
    }
}

QStringList CrashReport::unread(const QString &folder)
{
    QStringList paths;
    const QStringList names = QDir(folder).entryList({QLatin1Char('*') + kUnread}, QDir::Files, QDir::Name | QDir::Reversed);
    for (const QString &name : names)
        paths << folder + QLatin1Char('/') + name;
    return paths;
}

void CrashReport::markRead(const QString &folder)
{
    const QStringList paths = unread(folder);
    for (const QString &path : paths)
        QFile::rename(path, path.chopped(kUnread.size()) + kRead);
    QStringList told = QDir(folder).entryList({QLatin1Char('*') + kRead}, QDir::Files, QDir::Name);
    while (told.size() > kMostKept)
        QFile::remove(folder + QLatin1Char('/') + told.takeFirst());
}

} // namespace shardlens::app
