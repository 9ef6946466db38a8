// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/traffic/Traffic.h"
#include "core/base/Error.h"

#include <map>
#include <mutex>

namespace shardlens::traffic
{

/// What all workers did since the last look. Any thread.
class Tally
{
public:
    void done(Deed deed)
    {
        with([&] { ++m_now.done[static_cast<std::size_t>(deed)]; });
    }
    void failed(Deed deed, const base::Error &error)
    {
        with([&] {
            ++m_now.failed[static_cast<std::size_t>(deed)];
            ++m_errors[(error.server.empty() ? "" : error.server + ": ") + error.message];
        });
    }
    void cache(bool hit)
    {
        with([&] { ++(hit ? m_now.cacheHits : m_now.cacheMisses); });
    }
    void fannedOut(std::uint64_t entries)
    {
        with([&] { m_now.fannedOut += entries; });
    }

    /// What happened since the last call.
    [[nodiscard]] Interval take();

private:
    template <class Do>
    void with(Do change)
    {
        const std::scoped_lock lock(m_mutex);
        change();
    }
    std::mutex m_mutex;
    Interval m_now;
    std::map<std::string, std::uint64_t> m_errors;
};

} // namespace shardlens::traffic
