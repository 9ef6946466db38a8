// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Faults.h"
#include "core/facts/Problem.h"
#include "tests/live/faults/Hand.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

/// One fault: how it is made and healed, and what must then be the top problem within how long.
struct FaultRow {
    std::string name;
    std::function<std::string()> inflict; ///< an empty text when done; else why not
    std::function<std::string()> heal;
    shardlens::facts::Rule rule = shardlens::facts::Rule::PrimaryDown;
    std::string where;                    ///< a server, cluster, group, pool or region that the problem names
    double within = 5;                    ///< seconds until it is the top problem
    bool quick = false;
    std::set<shardlens::facts::Rule> alsoTrue; ///< what may rightly be told beside it
    std::set<shardlens::facts::Rule> outlasts; ///< what rightly stays a while after the heal: a cache that fills again
    std::string words;                    ///< line 1 or line 2 holds this text; empty: not looked at
};

/// Every fault, for a fleet of two users clusters and one media cluster over three regions, watched from us-east.
[[nodiscard]] std::vector<FaultRow> faultTable(const shardlens::localfleet::Ground &ground, Hand &hand);
