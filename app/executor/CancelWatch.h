// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/OperationJournal.h"

#include <atomic>
#include <functional>
#include <thread>

namespace shardlens::executor {

/// Somebody asked for it: by the journal's folder, or by SIGTERM or SIGINT, which this process blocks and nobody has taken yet. Any thread.
[[nodiscard]] bool isCancelAsked(const record::OperationJournal &journal);

/// Looks, as long as it lives, whether somebody asked for this operation to be cancelled: by the journal's folder, or by SIGTERM or
/// SIGINT to this program, which has to block them. Calls once, from its own thread.
class CancelWatch
{
public:
    CancelWatch(const record::OperationJournal &journal, std::function<void()> cancel);
    ~CancelWatch();
    CancelWatch(const CancelWatch &) = delete;
    CancelWatch &operator=(const CancelWatch &) = delete;

private:
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace shardlens::executor
