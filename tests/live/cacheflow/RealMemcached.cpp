// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/cacheflow/RealMemcached.h"

#include "core/clients/memcached/MetaSession.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

std::uint16_t freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool good = ::bind(fd, reinterpret_cast<const sockaddr *>(&address), length) == 0 &&
                      ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length) == 0;
    ::close(fd);
    return good ? ntohs(address.sin_port) : std::uint16_t(0);
}

} // namespace

RealMemcached::RealMemcached(int megabytes) : m_megabytes(megabytes), m_port(freePort()) {}

RealMemcached::~RealMemcached()
{
    kill();
}

bool RealMemcached::start()
{
    QStringList arguments{"-l", "127.0.0.1", "-p", QString::number(m_port), "-m", QString::number(m_megabytes), "-t", "2", "-U", "0"};
    if (::geteuid() == 0)
        arguments << "-u"
                  << "nobody";
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::ForwardedChannels);
    m_process->start("memcached", arguments);
    if (!m_process->waitForStarted(5000))
        return false;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 5000) {
        auto session = shardlens::memcached::MetaSession::dial(member(), 500ms);
        if (session && session->ask("mn\r\n", 500ms))
            return true;
        QTest::qWait(5);
    }
    return false;
}

void RealMemcached::kill()
{
    if (!m_process)
        return;
    m_process->kill(); // ends a frozen one too
    m_process->waitForFinished(5000);
    m_process.reset();
}

void RealMemcached::signal(int number)
{
    if (m_process && m_process->processId() > 0)
        ::kill(static_cast<pid_t>(m_process->processId()), number);
}

void RealMemcached::freeze()
{
    signal(SIGSTOP);
}

void RealMemcached::thaw()
{
    signal(SIGCONT);
}
