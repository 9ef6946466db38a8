// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace shardlens::clients {

/// One thread that waits for hundreds of sockets and timers at once, with epoll. Nothing given to it may block.
/// Always held by a shared_ptr: work done elsewhere (names looked up) keeps only a weak one.
class EventLoop
{
public:
    using Task = std::function<void()>;
    using TimerId = std::uint64_t; ///< 0 is no timer

    /// What a socket is ready for.
    struct Ready {
        bool read = false;
        bool write = false;
        bool broken = false; ///< an error or a hang-up; reading or writing tells which
    };
    using Handler = std::function<void(Ready)>;

    EventLoop();
    ~EventLoop(); ///< stops
    EventLoop(const EventLoop &) = delete;
    EventLoop &operator=(const EventLoop &) = delete;

    void start(const std::string &threadName); ///< at most 15 characters of the name are shown by the system
    void stop();                               ///< any thread but its own; what was posted before is run

    /// Runs `task` in the loop's thread, soon. Any thread.
    void post(Task task);

    // From here on: the loop's thread only.

    /// Calls `handler` whenever `fd` is ready for what is asked. Watching a watched descriptor begins anew.
    void watch(int fd, bool read, bool write, Handler handler);
    void change(int fd, bool read, bool write);
    void forget(int fd);

    /// Calls `task` once, `delay` from now.
    TimerId after(base::microseconds delay, Task task);
    void cancel(TimerId id); ///< of a timer that has fired, or of 0: nothing happens

private:
    struct Watch {
        Handler handler;
        std::uint32_t generation = 0;
    };
    void run();
    bool handleEvents(int timeoutMs);
    void runPosted();
    void runTimers();
    [[nodiscard]] int nextTimeoutMs() const;

    int m_epoll = -1;
    int m_wake = -1;
    std::atomic<bool> m_stopping{false};
    std::thread m_thread;
    std::mutex m_mutex;
    std::vector<Task> m_posted;
    std::unordered_map<int, Watch> m_watches;
    std::uint32_t m_generation = 0;
    std::map<std::pair<base::Instant, TimerId>, Task> m_timers;
    std::unordered_map<TimerId, base::Instant> m_timerAt;
    TimerId m_lastTimer = 0;
};

} // namespace shardlens::clients
