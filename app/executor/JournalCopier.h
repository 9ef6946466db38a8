// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/clients/wire/Wait.h"
#include "core/desk/JournalCopy.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace shardlens::executor {

/// Lets the directory's copy of an operation's journal follow the file, in a thread of its own: nothing waits for it, and what it has not copied
/// yet stands in the file, not in memory. A directory that does not answer is tried again every second.
class JournalCopier
{
public:
    /// `actor` carries the operation out under that number; what the file holds already is copied first.
    JournalCopier(const Setting &setting, const fleet::DatabaseUser &actor, std::int64_t number);
    ~JournalCopier();
    JournalCopier(const JournalCopier &) = delete;
    JournalCopier &operator=(const JournalCopier &) = delete;

    void nudge(); ///< a line was written. Any thread; takes no time
    /// Once nothing more is written: waits for the copy, at most so long. What of it is missing, in words; empty: nothing, or there is no directory.
    [[nodiscard]] std::string finish(base::milliseconds patience);

private:
    void run();
    [[nodiscard]] bool copyMore();

    QString m_folder;
    std::string m_id;
    std::shared_ptr<wire::Interrupt> m_interrupt = std::make_shared<wire::Interrupt>();
    desk::JournalCopy m_copy;
    std::int64_t m_next = 0; ///< offset in the file; the thread's, as is the line
    std::size_t m_line = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isNudged = true;
    bool m_isStopped = false;
    bool m_isEnding = false;
    bool m_isOver = false;   ///< nothing more will come of it
    bool m_isWhole = false;  ///< all that was there when it was last looked is copied
    bool m_isExpected = true; ///< the fleet has a directory
    std::size_t m_copied = 0;
    std::string m_why;        ///< the newest trouble
    std::thread m_thread;     ///< the last member: it uses the others
};

} // namespace shardlens::executor
