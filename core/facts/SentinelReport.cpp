// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/SentinelReport.h"

#include <algorithm>

namespace shardlens::facts {

bool SentinelReport::isFresh(Instant now) const
{
    return hasAnswered && reach.state == ReachState::Answering && reach.lastAnswer && now - *reach.lastAnswer <= 3 * sentinelInterval;
}

bool SentinelReport::isFailingOver() const
{
    return hasFlag(flags, "failover_in_progress");
}

const SentinelReplica *SentinelReport::replica(const fleet::Endpoint &of) const
{
    const auto found = std::find_if(replicas.begin(), replicas.end(), [&](const SentinelReplica &one) { return one.address == of; });
    return found == replicas.end() ? nullptr : &*found;
}

bool hasFlag(const std::string &flags, const std::string &flag)
{
    return ("," + flags + ",").find("," + flag + ",") != std::string::npos;
}

} // namespace shardlens::facts
