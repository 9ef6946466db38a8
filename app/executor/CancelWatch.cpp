// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/CancelWatch.h"

#include <csignal>
#include <ctime>

namespace shardlens::executor {

bool isCancelAsked(const record::OperationJournal &journal)
{
    sigset_t pending;
    const bool isKnown = sigpending(&pending) == 0;
    return journal.isCancelAsked() || (isKnown && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1));
}

CancelWatch::CancelWatch(const record::OperationJournal &journal, std::function<void()> cancel)
    : m_thread([this, &journal, cancel = std::move(cancel)] {
          sigset_t ending;
          sigemptyset(&ending);
          sigaddset(&ending, SIGTERM);
          sigaddset(&ending, SIGINT);
          const timespec beat{0, 20'000'000};
          while (!m_stop) {
              if (::sigtimedwait(&ending, nullptr, &beat) > 0 || journal.isCancelAsked()) {
                  cancel();
                  return;
              }
          }
      })
{
}

CancelWatch::~CancelWatch()
{
    m_stop = true;
    m_thread.join();
}

} // namespace shardlens::executor
