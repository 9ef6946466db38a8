// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/ConsoleLoad.h"

#include <QFile>
#include <QList>

#include <ctime>
#include <unistd.h>

namespace shardlens::ui::shell {

std::optional<ConsoleLoad::Reading> ConsoleLoad::read(base::Instant now)
{
    QFile statm(QStringLiteral("/proc/self/statm"));
    timespec used{};
    if (!statm.open(QIODevice::ReadOnly) || clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
        return std::nullopt;
    const QList<QByteArray> pages = statm.readAll().split(' ');
    if (pages.size() < 2)
        return std::nullopt;
    Reading reading;
    reading.residentBytes = pages.at(1).toLongLong() * sysconf(_SC_PAGESIZE);
    const double cpu = double(used.tv_sec) + double(used.tv_nsec) / 1e9;
    const double apart = std::chrono::duration<double>(now - m_at).count();
    if (m_cpuSeconds && apart > 0)
        reading.cpuShare = (cpu - *m_cpuSeconds) / apart;
    m_cpuSeconds = cpu;
    m_at = now;
    return reading;
}

} // namespace shardlens::ui::shell
