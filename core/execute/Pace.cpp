// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Pace.h"

#include <system_error>
#include <thread>

namespace shardlens::execute {

void ThreadPace::wait(base::milliseconds time)
{
    std::this_thread::sleep_for(time);
}

void ThreadPace::together(const std::vector<std::function<void()>> &deeds)
{
    std::vector<std::thread> threads;
    std::size_t next = 0;
    try {
        for (; next + 1 < deeds.size(); ++next)
            threads.emplace_back(deeds[next]);
    } catch (const std::system_error &) {
        // No further thread is to be had: the rest is done one after the other.
    }
    for (; next < deeds.size(); ++next)
        deeds[next]();
    for (std::thread &thread : threads)
        thread.join();
}

} // namespace shardlens::execute
