// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Ledger.h"

#include <algorithm>
#include <set>

namespace shardlens::facts::rules {

namespace {

constexpr std::chrono::hours keptFor{12};
/// What holds within so long after observing began was there before: when it began is not known.
constexpr base::seconds settling{6};

/// Ticks may come more often than servers are asked: so many readings are so many ticks over the time they take, and a tick
/// a little early counts.
bool lasted(std::uint32_t readings, std::uint32_t ticks, Instant since, const Ledger::Now &now)
{
    return ticks >= readings && now.at - since >= (readings - 1) * now.interval - now.interval / 4;
}

} // namespace

std::uint32_t readingsToHold(Rule rule)
{
    switch (rule) {
    // Longer than its lags are remembered (10 s): where little is deleted, one long transaction is half of them or more.
    case Rule::InvalidationLate: return 12;
    case Rule::ServerSlow:
    case Rule::LeaseStampede:
    case Rule::CacheEvictingYoung: return 5;
    // Symptoms are told a reading later than the causes that may claim them.
    case Rule::WritesFailing: return 4;
    case Rule::RegionSlow:
    case Rule::LinkSlow:
    case Rule::ServerLate:
    case Rule::Lag:
    case Rule::TwoPrimaries:
    case Rule::RedisTwoPrimaries:
    case Rule::RouterWaiting:
    case Rule::ClockSkew:
    case Rule::GuardDown:
    case Rule::MemberDown:
    case Rule::InvalidationFailing:
    case Rule::FactUnknown: return 3;
    case Rule::CacheHeldBack:
    case Rule::PrimaryCutOff:
    case Rule::Connections:
    case Rule::LockPileUp:
    case Rule::RouterSuspectedPaused:
    case Rule::RouterRetrying:
    case Rule::LinkCut:
    case Rule::NoPrimary:
    case Rule::WrongServer:
    case Rule::StandbyNotStreaming:
    case Rule::RedisUnlinked:
    case Rule::RedisReplicasMissing:
    case Rule::RouterMisdirected:
    case Rule::RouterPaused:
    case Rule::ReplayPaused:
    case Rule::SlotFilling: return 2;
    default: return 1;
    }
}

std::uint32_t readingsToEnd(Rule rule)
{
    // A cause outlasts what was folded under it, else its symptoms would come up as problems of their own while it ends.
    switch (rule) {
    case Rule::RegionSilent:
    case Rule::LinkSlow:
    case Rule::LinkCut: return 5;
    case Rule::RegionSlow: return 7;
    case Rule::LeaseStampede:
    case Rule::InvalidatorDown:
    case Rule::ServerSlow: return 5;
    case Rule::InvalidationLate:
    case Rule::PrimaryDown:
    case Rule::PrimaryCutOff:
    case Rule::RedisPrimaryDown:
    case Rule::StandbyDown:
    case Rule::MemberDown:
    case Rule::RouterDown:
    case Rule::RouterSuspectedPaused:
    case Rule::RouterPaused:
    case Rule::RouterMisdirected:
    case Rule::RouterRetrying:
    case Rule::ReadOnly:
    case Rule::DiskFull:
    case Rule::SyncStandbyLost:
    case Rule::LockPileUp:
    case Rule::Connections:
    case Rule::Lag:
    case Rule::SlotFilling:
    case Rule::RouterWaiting:
    case Rule::ClockSkew: return 3;
    default: return 2;
    }
}

void Ledger::keepSince(Entry &entry, Problem &problem, const Now &now) const
{
    // The rule's own evidence is given as exact; without it the first sight counts, or the time before which it began.
    Since fresh = problem.since;
    if (!fresh.exact) {
        const bool wasThere = entry.firstSeen - now.observingSince < settling;
        // A rule may know an earlier bound than the time that observing began.
        const UtcTime bound = fresh.at != UtcTime() ? std::min(fresh.at, now.observingSince) : now.observingSince;
        const auto remembered = m_remembered.find(problem.id());
        if (wasThere && remembered != m_remembered.end())
            fresh = remembered->second;
        else
            fresh = wasThere ? Since{bound, false} : Since{entry.firstSeen, true};
    }
    const Since &kept = entry.problem.since;
    const bool first = entry.heldTicks <= 1 && !entry.shown;
    const bool better = first || (fresh.exact && (!kept.exact || fresh.at < kept.at - base::seconds(1)));
    problem.since = better ? fresh : kept;
}

/// As it mostly was: one that comes back is heard by others a little before it answers here, and is then only not seen from here.
Problem Ledger::asEnded(Entry entry)
{
    if (entry.knownTicks * 2 < entry.heldTicks || entry.knownTicks == 0)
        return std::move(entry.problem);
    entry.asKnown.since = entry.problem.since;
    entry.asKnown.consequences = entry.problem.consequences;
    return std::move(entry.asKnown);
}

std::vector<Problem> Ledger::settle(std::vector<Problem> found, const Now &now)
{
    std::set<std::string> seen;
    for (Problem &problem : found) {
        const std::string id = problem.id();
        if (!seen.insert(id).second)
            continue;
        const auto [at, isNew] = m_entries.try_emplace(id);
        Entry &entry = at->second;
        if (isNew) {
            entry.firstSeen = now.utc;
            entry.heldSince = now.at;
        }
        entry.lastSeen = now.utc;
        entry.goneTicks = 0;
        ++entry.heldTicks;
        keepSince(entry, problem, now);
        entry.problem = std::move(problem);
        if (entry.problem.impact.harm != Harm::NotSeen) {
            ++entry.knownTicks;
            entry.asKnown = entry.problem;
        }
        entry.shown = entry.shown || lasted(readingsToHold(entry.problem.rule), entry.heldTicks, entry.heldSince, now);
    }
    std::vector<Problem> shown;
    for (auto at = m_entries.begin(); at != m_entries.end();) {
        Entry &entry = at->second;
        if (!seen.contains(at->first)) {
            if (entry.goneTicks++ == 0) {
                entry.goneSince = now.at;
                entry.problem.notSeenSince = now.utc;
            }
            if (!entry.shown || lasted(readingsToEnd(entry.problem.rule), entry.goneTicks, entry.goneSince, now)) {
                entry.problem.notSeenSince.reset();
                if (entry.shown && entry.atTop)
                    m_ended.push_front({asEnded(entry), entry.lastSeen});
                at = m_entries.erase(at);
                continue;
            }
        }
        if (entry.shown) {
            shown.push_back(entry.problem);
            shown.back().consequences.clear(); // folded anew at each tick
        }
        ++at;
    }
    while (!m_ended.empty() && now.utc - m_ended.back().at > keptFor)
        m_ended.pop_back();
    return shown;
}

std::uint32_t Ledger::undecided() const
{
    return static_cast<std::uint32_t>(std::count_if(m_entries.begin(), m_entries.end(), [](const auto &at) {
        const Entry &entry = at.second;
        return !entry.shown && entry.goneTicks == 0 && readingsToHold(entry.problem.rule) <= fewReadings;
    }));
}

void Ledger::restore(Ended ended)
{
    const auto place = std::find_if(m_ended.begin(), m_ended.end(), [&](const Ended &known) { return known.at <= ended.at; });
    if (place == m_ended.end() || place->at != ended.at || place->problem.id() != ended.problem.id())
        m_ended.insert(place, std::move(ended));
}

void Ledger::remember(const Problem &problem)
{
    m_remembered.insert_or_assign(problem.id(), problem.since);
}

void Ledger::told(const std::vector<Problem> &problems, const Now &)
{
    for (auto &[id, entry] : m_entries)
        entry.atTop = false;
    for (const Problem &problem : problems) {
        const auto found = m_entries.find(problem.id());
        if (found == m_entries.end())
            continue;
        found->second.atTop = true;
        found->second.problem.consequences = problem.consequences;
    }
}

} // namespace shardlens::facts::rules
