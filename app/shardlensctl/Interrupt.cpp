// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Interrupt.h"

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace shardlens::ctl {

namespace {

// A signal handler may do little more than write to a descriptor; the event loop reads the other end.
int ends[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = ::write(ends[1], &byte, 1);
}

} // namespace

Interrupt::Interrupt(std::function<void()> onInterrupt)
{
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without it a signal ends the program at once, as it would any
    m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [act = std::move(onInterrupt)] { act(); });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Interrupt::~Interrupt()
{
    if (!m_notifier)
        return;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    m_notifier.reset();
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace shardlens::ctl
