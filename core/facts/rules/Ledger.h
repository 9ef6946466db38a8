// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace shardlens::facts::rules {

/// Since when each problem holds, so that none flaps: a problem must hold for some readings before it is told, and be gone for
/// some before it ends. What ended is kept for 12 hours. One thread.
class Ledger
{
public:
    struct Now {
        Instant at;
        UtcTime utc;
        UtcTime observingSince;
        microseconds interval{1000000}; ///< how often servers are asked; ticks in between bring nothing new
    };

    /// Takes what the rules found at this tick, unfolded; returns what is to be told, each with its lasting `since`.
    [[nodiscard]] std::vector<Problem> settle(std::vector<Problem> found, const Now &now);

    /// How many of those that settle() took last were not told, as they must hold for a few readings; those that need more than
    /// fewReadings are left out.
    [[nodiscard]] std::uint32_t undecided() const;
    static constexpr std::uint32_t fewReadings = 4;

    /// Takes what was told at the top level after folding; what was told before and is no longer there or folded has ended.
    void told(const std::vector<Problem> &problems, const Now &now);

    struct Ended {
        Problem problem;
        UtcTime at;
    };
    [[nodiscard]] const std::deque<Ended> &ended() const { return m_ended; } ///< newest first
    /// One that an earlier run saw end.
    void restore(Ended ended);
    /// One that an earlier run left running: if it is there from the beginning, it began when that run knew it did.
    void remember(const Problem &problem);

private:
    struct Entry {
        Problem problem;   ///< as it was found last
        Problem asKnown;   ///< as it was found last while it was more than not seen from here
        UtcTime firstSeen;
        UtcTime lastSeen;
        Instant heldSince;
        Instant goneSince;
        std::uint32_t heldTicks = 0;
        std::uint32_t goneTicks = 0;
        std::uint32_t knownTicks = 0; ///< of the held ones
        bool shown = false;
        bool atTop = false;
    };

    void keepSince(Entry &entry, Problem &problem, const Now &now) const;
    [[nodiscard]] static Problem asEnded(Entry entry);

    std::map<std::string, Entry> m_entries;
    std::deque<Ended> m_ended;
    std::map<std::string, Since> m_remembered;
};

/// For how many readings in a row a rule must hold before it is told, and be gone before it ends: 1 = at once, n = so many
/// ticks over at least n - 1 intervals.
[[nodiscard]] std::uint32_t readingsToHold(Rule rule);
[[nodiscard]] std::uint32_t readingsToEnd(Rule rule);

} // namespace shardlens::facts::rules
