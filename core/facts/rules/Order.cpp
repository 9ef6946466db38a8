// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Rules.h"

#include <algorithm>
#include <tuple>

namespace shardlens::facts::rules {

namespace {

/// What people feel of it: writes refused, wrong or lost data, reads refused, redundancy lost, slow, will fail, untidy.
int weightOf(Rule rule)
{
    switch (rule) {
    case Rule::PrimaryDown:
    case Rule::NoPrimary:
    case Rule::RedisPrimaryDown: return 0;
    case Rule::TwoPrimaries:
    case Rule::RedisTwoPrimaries:
    case Rule::WrongServer: return 1;
    case Rule::RegionSilent: return 2;
    case Rule::RouterDown:
    case Rule::RouterMisdirected:
    case Rule::RouterPaused: return 3;
    case Rule::ShardDrift: return 4;
    case Rule::StandbyDown:
    case Rule::StandbyNotStreaming:
    case Rule::RedisReplicaDown:
    case Rule::RedisUnlinked:
    case Rule::CacheServerDown: return 5;
    case Rule::RegionSlow:
    case Rule::RouterWaiting:
    case Rule::ReplayPaused:
    case Rule::Lag:
    case Rule::ServerLate:
    case Rule::ServerSlow: return 6;
    case Rule::SlotFilling:
    case Rule::RedisMemoryFull: return 7;
    case Rule::RedisNotSaved:
    case Rule::MediaMapEncoding:
    case Rule::ClockSkew:
    case Rule::FactUnknown: return 8;
    }
    return 8;
}

} // namespace

void order(std::vector<Problem> &problems)
{
    std::sort(problems.begin(), problems.end(), [](const Problem &a, const Problem &b) {
        const auto key = [](const Problem &p) { return std::tuple(p.severity, weightOf(p.rule), -static_cast<std::int64_t>(p.shardsAffected), p.since.at, p.id()); };
        return key(a) < key(b);
    });
    for (Problem &problem : problems)
        order(problem.consequences);
}

} // namespace shardlens::facts::rules
