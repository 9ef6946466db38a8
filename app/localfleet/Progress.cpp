// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Progress.h"

#include <array>
#include <cstdio>

namespace shardlens::localfleet
{

double Progress::seconds() const
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
}

void Progress::say(const std::string &what)
{
    if (!m_sink)
        return;
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), "%6.1f s  ", seconds());
    const std::lock_guard lock(m_mutex);
    m_sink(time.data() + what);
}

} // namespace shardlens::localfleet
