// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Tally.h"

#include <cstdio>
#include <numeric>
#include <utility>

namespace shardlens::traffic
{

Interval Tally::take()
{
    const std::scoped_lock lock(m_mutex);
    Interval taken = std::exchange(m_now, Interval());
    for (const auto &[text, count] : m_errors) {
        if (count > taken.mainErrorCount) {
            taken.mainErrorCount = count;
            taken.mainError = text;
        }
    }
    m_errors.clear();
    return taken;
}

std::string_view name(Deed deed)
{
    switch (deed) {
    case Deed::ReadFeed: return "feed";
    case Deed::Like: return "like";
    case Deed::Comment: return "comment";
    case Deed::Follow: return "follow";
    case Deed::Post: return "post";
    case Deed::LogIn: return "login";
    }
    return "";
}

std::uint64_t Interval::doneInAll() const
{
    return std::accumulate(done.begin(), done.end(), std::uint64_t(0));
}

std::uint64_t Interval::failedInAll() const
{
    return std::accumulate(failed.begin(), failed.end(), std::uint64_t(0));
}

std::string sentence(const Interval &interval)
{
    char text[160];
    std::snprintf(text, sizeof text, "%5lld s  %6.1f/s ", static_cast<long long>(interval.since.count()),
                  static_cast<double>(interval.doneInAll()) / interval.length);
    std::string line = text;
    for (std::size_t i = 0; i < deedCount; ++i) {
        const auto word = name(static_cast<Deed>(i));
        std::snprintf(text, sizeof text, " %.*s %.1f", static_cast<int>(word.size()), word.data(),
                      static_cast<double>(interval.done[i]) / interval.length);
        line += text;
    }
    if (const auto asked = interval.cacheHits + interval.cacheMisses; asked > 0) {
        std::snprintf(text, sizeof text, "  cache %.0f %%", 100.0 * static_cast<double>(interval.cacheHits) / static_cast<double>(asked));
        line += text;
    }
    std::snprintf(text, sizeof text, "  fan-out %.0f/s  %llu failed", static_cast<double>(interval.fannedOut) / interval.length,
                  static_cast<unsigned long long>(interval.failedInAll()));
    line += text;
    if (!interval.mainError.empty())
        line += " (" + std::to_string(interval.mainErrorCount) + " x " + interval.mainError + ")";
    return line;
}

} // namespace shardlens::traffic
