// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Shared.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

/// Clocks differ a little, and a problem is told some readings after it began.
constexpr base::seconds clocksApart{5};

} // namespace

const Claim *claimOn(const Shared *shared, const Problem &problem, Claim::Kind kind, UtcTime now)
{
    if (!shared)
        return nullptr;
    const std::string id = problem.id();
    const auto found = std::find_if(shared->claims.begin(), shared->claims.end(), [&](const Claim &claim) {
        const bool isOver = claim.until && *claim.until <= now;
        const bool isOlder = problem.since.exact && claim.at + clocksApart < problem.since.at;
        return claim.kind == kind && claim.problem == id && !isOver && !isOlder;
    });
    return found == shared->claims.end() ? nullptr : &*found;
}

const Mark *markOn(const Shared *shared, const fleet::Fleet &fleet, const base::ServerId &server)
{
    const fleet::Server *declared = fleet.server(server);
    if (!shared || !declared)
        return nullptr;
    const auto found = std::find_if(shared->marks.begin(), shared->marks.end(), [&](const Mark &mark) {
        switch (mark.kind) {
        case Mark::Kind::Server: return mark.subject == server.text();
        case Mark::Kind::Host: return mark.subject == declared->host.text();
        case Mark::Kind::Region: return mark.subject == declared->region.text();
        }
        return false;
    });
    return found == shared->marks.end() ? nullptr : &*found;
}

const Mark *evacuationOf(const Shared *shared, const base::RegionName &region)
{
    if (!shared || region.isEmpty())
        return nullptr;
    const auto found = std::find_if(shared->marks.begin(), shared->marks.end(), [&](const Mark &mark) { return mark.kind == Mark::Kind::Region && mark.subject == region.text(); });
    return found == shared->marks.end() ? nullptr : &*found;
}

std::string_view name(Mark::Kind kind)
{
    switch (kind) {
    case Mark::Kind::Server: return "server";
    case Mark::Kind::Host: return "host";
    case Mark::Kind::Region: return "region";
    }
    return "";
}

std::string_view name(Claim::Kind kind)
{
    return kind == Claim::Kind::Claimed ? "claimed" : "quieted";
}

std::string_view name(ClaimRefusal refusal)
{
    switch (refusal) {
    case ClaimRefusal::None: return "none";
    case ClaimRefusal::NoDirectory: return "no_directory";
    case ClaimRefusal::LookOnly: return "look_only";
    case ClaimRefusal::NoUser: return "no_user";
    case ClaimRefusal::Role: return "role";
    case ClaimRefusal::NotPrepared: return "not_prepared";
    case ClaimRefusal::Rights: return "rights";
    }
    return "rights";
}

} // namespace shardlens::facts
