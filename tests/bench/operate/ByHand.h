// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/Session.h"
#include "tests/live/operate/ActingFleet.h"

#include <string>
#include <vector>

namespace shardlens::bench {

/// A move of a primary as somebody does it who knows how: sessions open beforehand, routers paused, brake, sessions ended, final position,
/// promotion, routers pointed and resumed. Nothing is checked, journalled or proven. An error's sentence, or nothing.
class ByHand
{
public:
    ByHand(const live::ActingFleet &fleet, std::string cluster, std::string from, std::string to);

    [[nodiscard]] std::string open();
    [[nodiscard]] std::string move(); ///< what is compared
    [[nodiscard]] std::string mend(); ///< the old primary made anew as a standby, the other one led to the new primary

private:
    [[nodiscard]] std::string await(postgres::Session &session, const std::string &sql, const std::string &answer);
    [[nodiscard]] std::string run(postgres::Session &session, const std::string &sql);
    [[nodiscard]] std::string point(const std::string &region);

    const live::ActingFleet &m_fleet;
    std::string m_cluster;
    std::string m_from;
    std::string m_to;
    std::vector<postgres::Session> m_servers; ///< the old primary's, the new one's
    std::vector<postgres::Session> m_routers;
};

} // namespace shardlens::bench
