// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Verdict.h"

#include <algorithm>

namespace shardlens::guard
{

using base::ServerId;

namespace
{

MemberSeen seenIn(const Look &look, const ServerId &server)
{
    const auto found = look.find(server);
    return found == look.end() ? MemberSeen{} : found->second;
}

bool isPrimary(const MemberSeen &member)
{
    return member.isReachable && !member.inRecovery;
}

bool mayWrite(const MemberSeen &member)
{
    return isPrimary(member) && !member.isBraked;
}

/// What a verdict rests on must be the same both times; a term may have been raised between them by nobody else.
bool isSteady(const MemberSeen &before, const MemberSeen &after)
{
    return before.isReachable == after.isReachable && before.inRecovery == after.inRecovery && before.isBraked == after.isBraked && before.isPromoting == after.isPromoting;
}

std::string decisionOf(const clients::GuardOperation &of)
{
    return of.operation + " (guard of ";
}

bool saysDecided(const clients::GuardAnnouncement &told, const MemberSeen &candidate)
{
    return told.term > 0 && candidate.term == told.term && candidate.raisedBy.starts_with(decisionOf(told.of));
}

Verdict nobody(std::string why)
{
    return {Verdict::To::Nobody, "no primary that is verified: " + std::move(why) + "; a person must act"};
}

Verdict judgePromoted(const clients::GuardAnnouncement &told, const MemberSeen &from, const MemberSeen &to)
{
    const std::string name = told.to.text();
    if (from.isReachable && from.term && to.term && *from.term > *to.term)
        return nobody(told.from.text() + " has a newer term than " + name);
    if (mayWrite(from))
        return nobody(told.from.text() + " and " + name + " both take writes");
    const bool isFenced = saysDecided(told, to) || from.isProvenStopped || (from.isReachable && (from.inRecovery || from.isBraked));
    // A failover promotes after its fence alone, so a candidate that was promoted tells that the fence held.
    if (!isFenced && told.act != operate::Act::Failover)
        return nobody(name + " was promoted, but nothing proves that " + told.from.text() + " takes no writes");
    return {Verdict::To::New, name + " was promoted, and " + (told.from.isEmpty() ? std::string("the old primary") : told.from.text()) + " takes no writes"};
}

/// Nothing was to be promoted: writes go on where they went, if that is still the one primary.
Verdict judgeUnmoved(const clients::GuardAnnouncement &told, const MemberSeen &first, const MemberSeen &second)
{
    const std::string name = told.from.isEmpty() ? std::string("the primary") : told.from.text();
    if (!isSteady(first, second))
        return nobody("what is seen still changes");
    if (!isPrimary(second))
        return nobody(name + (second.isReachable ? " is in recovery" : " is not reached"));
    if (second.isBraked)
        return nobody(name + " has a brake");
    return {Verdict::To::Old, name + " is the one primary, and nothing was to be promoted"};
}

} // namespace

bool isDecided(const clients::GuardAnnouncement &told, const Look &seen)
{
    for (const auto &[server, member] : seen) {
        if (server != told.to && mayWrite(member))
            return false;
    }
    return mayWrite(seenIn(seen, told.to)) && saysDecided(told, seenIn(seen, told.to));
}

bool isMovedOn(const clients::GuardAnnouncement &told, const Look &seen)
{
    const auto isNewer = [&](const auto &each) { return each.second.isReachable && each.second.term.value_or(0) > told.term; };
    return operate::isMove(told.act) && told.term > 0 && std::any_of(seen.begin(), seen.end(), isNewer);
}

LeftBrake leftBrake(const clients::GuardAnnouncement &told, const Look &seen)
{
    const MemberSeen from = seenIn(seen, told.from);
    if (told.act != operate::Act::Switchover || isMovedOn(told, seen) || isPrimary(seenIn(seen, told.to))) // a failover brakes nobody
        return LeftBrake::None;
    if (!from.isReachable)
        return LeftBrake::NotKnown;
    return isPrimary(from) && from.isBraked ? LeftBrake::There : LeftBrake::None;
}

std::string decidedBy(const clients::GuardOperation &of, const base::RegionName &region)
{
    return decisionOf(of) + region.text() + ")";
}

Verdict judge(const clients::GuardAnnouncement &told, const Look &first, const Look &second)
{
    const MemberSeen from = seenIn(second, told.from);
    const MemberSeen to = seenIn(second, told.to);
    if (isMovedOn(told, second))
        return {Verdict::To::Outlived, "a newer operation has raised the term past " + std::to_string(told.term)};
    for (const auto &[server, member] : second) {
        if (server != told.from && server != told.to && mayWrite(member))
            return nobody(server.text() + ", which the operation does not name, takes writes");
    }
    if (!operate::isMove(told.act))
        return judgeUnmoved(told, seenIn(first, told.from), from);
    if (!isSteady(seenIn(first, told.from), from) || !isSteady(seenIn(first, told.to), to))
        return nobody("what is seen still changes");
    if (isPrimary(to))
        return to.isBraked ? nobody(told.to.text() + " was promoted and has a brake") : judgePromoted(told, from, to);
    if (!isPrimary(from))
        return nobody((told.from.isEmpty() ? std::string("the old primary") : told.from.text()) + (from.isReachable ? " is in recovery" : " is not reached") + ", and " + told.to.text() +
                      (to.isReachable ? " is not promoted" : " is not reached"));
    if (!to.isReachable)
        return nobody(told.to.text() + " is not reached, and may have been promoted");
    if (to.isPromoting)
        return nobody(told.to.text() + " is being promoted");
    if (!to.hasReplayedAll)
        return nobody(told.to.text() + " still replays, and would take notice of a promotion only after that");
    return {Verdict::To::Old, told.to.text() + " is proven unpromoted"};
}

} // namespace shardlens::guard
