// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Ledger.h"

#include <algorithm>
#include <set>

namespace shardlens::facts::rules {

namespace {

constexpr std::chrono::hours keptFor{12};
/// What holds within so long after observing began was there before: when it began is not known.
constexpr base::seconds settling{6};

void collectIds(const std::vector<Problem> &problems, std::set<std::string> &ids)
{
    for (const Problem &problem : problems) {
        ids.insert(problem.id());
        collectIds(problem.consequences, ids);
    }
}

} // namespace

std::uint32_t ticksToHold(Rule rule)
{
    switch (rule) {
    case Rule::ServerSlow:
    case Rule::RegionSlow: return 5;
    case Rule::Lag:
    case Rule::TwoPrimaries:
    case Rule::RedisTwoPrimaries:
    case Rule::RouterWaiting:
    case Rule::ClockSkew:
    case Rule::FactUnknown: return 3;
    case Rule::NoPrimary:
    case Rule::WrongServer:
    case Rule::StandbyNotStreaming:
    case Rule::RedisUnlinked:
    case Rule::RouterMisdirected:
    case Rule::RouterPaused:
    case Rule::ReplayPaused:
    case Rule::SlotFilling:
    case Rule::ServerLate: return 2;
    default: return 1;
    }
}

std::uint32_t ticksToEnd(Rule rule)
{
    switch (rule) {
    case Rule::ServerSlow:
    case Rule::RegionSlow: return 5;
    case Rule::Lag:
    case Rule::SlotFilling:
    case Rule::RouterWaiting:
    case Rule::ClockSkew: return 3;
    default: return 2;
    }
}

void Ledger::keepSince(Entry &entry, Problem &problem, const Now &now)
{
    // The rule's own evidence is given as exact; without it the first sight counts, or the time before which it began.
    Since fresh = problem.since;
    if (!fresh.exact) {
        const bool wasThere = entry.firstSeen - now.observingSince < settling;
        fresh = wasThere ? Since{now.observingSince, false} : Since{entry.firstSeen, true};
    }
    const Since &kept = entry.problem.since;
    const bool first = entry.heldTicks <= 1 && !entry.shown;
    const bool better = first || (fresh.exact && (!kept.exact || fresh.at < kept.at - base::seconds(1)));
    problem.since = better ? fresh : kept;
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
        if (isNew)
            entry.firstSeen = now.utc;
        entry.lastSeen = now.utc;
        entry.goneTicks = 0;
        ++entry.heldTicks;
        keepSince(entry, problem, now);
        entry.problem = std::move(problem);
        entry.shown = entry.shown || entry.heldTicks >= ticksToHold(entry.problem.rule);
    }
    std::vector<Problem> shown;
    for (auto at = m_entries.begin(); at != m_entries.end();) {
        Entry &entry = at->second;
        if (!seen.contains(at->first)) {
            ++entry.goneTicks;
            if (!entry.shown || entry.goneTicks >= ticksToEnd(entry.problem.rule)) {
                if (entry.shown && entry.atTop)
                    m_ended.push_front({std::move(entry.problem), entry.lastSeen});
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
