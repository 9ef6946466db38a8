// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <optional>
#include <string>
#include <vector>

namespace shardlens::live {

/// A Postgres cluster whose primary is about to be moved, watched: an application writes through a region's router and remembers what was
/// acknowledged, and a plain INSERT is tried on every member each 10 ms. Main thread.
class MovedCluster
{
public:
    MovedCluster(const ActingFleet &fleet, std::string name, std::string writesFrom);

    /// Both begin, on an empty ledger; an error or nothing. Returns once rows were acknowledged.
    [[nodiscard]] std::string begin();
    void stop();

    [[nodiscard]] const std::string &old() const { return m_old; } ///< the primary when it began
    [[nodiscard]] std::vector<std::string> standbys() const;       ///< the others, in the order of the fleet file
    [[nodiscard]] std::string standbyOutside(const std::string &region) const; ///< the first of them that is not in it
    [[nodiscard]] Ledger &ledger() { return *m_ledger; }
    [[nodiscard]] const Writability &writable() const { return *m_writable; }
    [[nodiscard]] bool flows(int patienceMs) const; ///< some rows more are acknowledged within it

    /// Through a region's router, as the application: a row is committed within 3 s.
    [[nodiscard]] bool takesWrites(const std::string &region) const;
    /// It is the one primary, each router leads there and lets a row through, all others stream from it, no member has a brake, and the
    /// application's rows flow, each within the patience; else what is amiss.
    [[nodiscard]] std::string whyNotWell(const std::string &primary, int patienceMs = 30000) const;
    /// What the product offers for what is amiss: a brake lifted, routers pointed or resumed, standbys rebuilt. Says which it took.
    [[nodiscard]] std::string mend() const;

    /// Members took plain INSERTs one after the other, none of them again once another one did, and this one was the last; else the order.
    [[nodiscard]] std::string whyNotOneAtATime(const std::string &primary) const;

    /// When what a failover loses was acknowledged: from the newest commit that the candidate was told to have, to the old primary's death.
    struct Window {
        base::UtcTime from;
        base::Instant to;
    };
    /// Acknowledged rows that it lacks, and that do not lie in the window, as words; nothing where there is none.
    [[nodiscard]] std::string whatIsMissing(const std::string &primary, const std::optional<Window> &window = {}) const;

private:
    const ActingFleet &m_fleet;
    std::string m_name;
    std::string m_writesFrom;
    std::string m_old;
    std::optional<Ledger> m_ledger;
    std::optional<Writability> m_writable;
};

/// Starts those routers that do not run: a pgbouncer that is told to KILL while somebody logs in may crash (pgbouncer#1401). How many.
int startCrashedRouters(const localfleet::Ground &ground);

} // namespace shardlens::live
