// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Judge.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

namespace {

bool isShowing(CopyState state)
{
    return state == CopyState::Exists || state == CopyState::Deleted;
}

bool isPersonal(Field field)
{
    return field == Field::Caption;
}

/// An older row: versions tell; where none does, the time of the last change.
bool isOlder(std::int64_t version, base::UtcTime updatedAt, const RowCopy &truth)
{
    if (version != 0 && truth.version != 0)
        return version < truth.version;
    // A cached time has milliseconds alone.
    return updatedAt + base::milliseconds(1) < truth.updatedAt;
}

/// A copy may be so far behind a change: replication and deletes need their moments, and no look reads all servers in the same one.
constexpr base::seconds onItsWayFor{2};

/// The truth's server has made the change: its clock, else ours.
base::microseconds ago(base::UtcTime at, const RowFacts &truth, base::UtcTime ours)
{
    const base::UtcTime now = truth.now == base::UtcTime{} ? ours : truth.now;
    return std::max(base::microseconds(0), base::microseconds(now - at));
}

/// Whether a change was made so lately that copies may lack it yet.
bool isOnItsWay(base::UtcTime change, const TraceFacts &facts)
{
    return change != base::UtcTime{} && ago(change, *facts.truth, facts.now) < onItsWayFor;
}

/// Whether the map's entry is of before the media was made or deleted, a moment ago.
bool isMapOnItsWay(const MapCopy &map, const TraceFacts &facts)
{
    const RowFacts &truth = *facts.truth;
    const bool isMapped = map.state == CopyState::Exists;
    if (truth.copy.state == CopyState::Exists)
        return !isMapped && isOnItsWay(truth.createdAt, facts);
    return isMapped && truth.tombstone && isOnItsWay(truth.tombstone->at, facts);
}

void addDifferences(std::vector<Difference> &out, Copy copy, const std::map<Field, std::string> &here,
                    const std::map<Field, std::string> &truth)
{
    for (const auto &[field, value] : here) {
        const auto same = truth.find(field);
        if (same == truth.end() || same->second == value)
            continue;
        const bool isHidden = isPersonal(field);
        out.push_back({copy, field, isHidden ? std::string() : value, isHidden ? std::string() : same->second});
    }
}

void compareState(std::vector<Difference> &out, Copy copy, CopyState here, CopyState truth)
{
    if (here != truth)
        out.push_back({copy, Field::State, std::string(name(here)), std::string(name(truth))});
}

std::vector<Difference> differencesOf(const RegionFacts &region, const TraceFacts &facts)
{
    const RowFacts &truth = *facts.truth;
    std::vector<Difference> out;
    if (region.row) {
        compareState(out, Copy::Row, region.row->copy.state, truth.copy.state);
        if (region.row->copy.state == truth.copy.state)
            addDifferences(out, Copy::Row, region.row->fields, truth.fields);
    }
    if (region.cached && isShowing(region.cached->copy.state)) {
        compareState(out, Copy::Cached, region.cached->copy.state, truth.copy.state);
        if (region.cached->copy.state == truth.copy.state)
            addDifferences(out, Copy::Cached, region.cached->fields, truth.fields);
    } else if (region.cached && region.cached->copy.state == CopyState::Garbled) {
        compareState(out, Copy::Cached, CopyState::Garbled, truth.copy.state);
    }
    if (region.map && !isMapOnItsWay(*region.map, facts)) {
        const bool isMapped = region.map->state == CopyState::Exists;
        const bool isThere = truth.copy.state == CopyState::Exists;
        if (isMapped && isThere && region.map->owner != truth.copy.owner)
            out.push_back({Copy::Map, Field::Owner, std::to_string(region.map->owner), std::to_string(truth.copy.owner)});
        else if (isMapped != isThere)
            compareState(out, Copy::Map, region.map->state, isThere ? CopyState::Exists : CopyState::Absent);
    }
    return out;
}

/// When the first change was made that a copy lacks, as far as the rows that were read tell.
base::UtcTime lackedSince(std::int64_t version, base::UtcTime updatedAt, const TraceFacts &facts)
{
    base::UtcTime since = facts.truth->copy.updatedAt;
    for (const RegionFacts &region : facts.regions) {
        const bool isNewer = region.row && region.row->copy.state == CopyState::Exists && isOlder(version, updatedAt, region.row->copy);
        if (isNewer)
            since = std::min(since, region.row->copy.updatedAt);
    }
    return since;
}

/// By the copy that people are shown: the cached one if there is one, else the row that fills it.
Sees seenBy(CopyState state, bool isOld, bool isCached, CopyState truth)
{
    if (truth != CopyState::Exists)
        return state == CopyState::Exists ? Sees::ItStill : Sees::Deletion;
    if (state != CopyState::Exists)
        return Sees::Nothing;
    return !isOld ? Sees::It : isCached ? Sees::OldCopy : Sees::OldRow;
}

/// When the change was made that people do not see; nothing where they see it as it is, or where no server tells.
std::optional<base::UtcTime> changeLacked(Sees sees, const RegionFacts &region, const TraceFacts &facts)
{
    const RowFacts &truth = *facts.truth;
    const bool isCached = region.cached && isShowing(region.cached->copy.state);
    if (sees == Sees::ItStill)
        return truth.tombstone ? std::optional(truth.tombstone->at) : std::nullopt;
    if (sees != Sees::OldCopy && sees != Sees::OldRow && sees != Sees::Nothing)
        return std::nullopt;
    if (!isCached)
        return lackedSince(region.row->copy.version, region.row->copy.updatedAt, facts);
    const CachedCopy &copy = region.cached->copy;
    if (copy.version != 0 || copy.updatedAt != base::UtcTime{})
        return lackedSince(copy.version, copy.updatedAt, facts);
    // It tells neither version nor time: only what was just made can be on its way.
    return isOnItsWay(truth.createdAt, facts) ? std::optional(truth.createdAt) : std::nullopt;
}

void see(RegionRow &row, const RegionFacts &region, const TraceFacts &facts)
{
    const RowFacts &truth = *facts.truth;
    const bool hasPool = region.cached || region.cached.error().why != facts::WhyUnknown::NotConfigured;
    if (region.cached && isShowing(region.cached->copy.state)) {
        const CachedCopy &copy = region.cached->copy;
        row.sees = seenBy(copy.state, isOlder(copy.version, copy.updatedAt, truth.copy), true, truth.copy.state);
    } else if ((region.cached || !hasPool) && region.row) {
        const RowCopy &copy = region.row->copy;
        row.sees = seenBy(copy.state, isOlder(copy.version, copy.updatedAt, truth.copy), false, truth.copy.state);
    } else {
        row.sees = Sees::NotKnown;
        return;
    }
    row.since = changeLacked(row.sees, region, facts);
    if (row.since && isOnItsWay(*row.since, facts)) {
        row.sees = Sees::Before;
        row.since.reset();
    } else if (row.since && region.cached) {
        row.since = std::max(*row.since, region.cached->copy.updatedAt); // one that tells a later moment is wrong since then
    }
    // A like or a follow changes the row, not since when it is there.
    if (row.sees == Sees::It)
        row.since = truth.createdAt;
    else if (row.sees == Sees::Deletion && truth.copy.state != CopyState::Absent)
        row.since = truth.copy.updatedAt;
}

/// No pool's wrong copy hides behind another's good one: the first that is not as it should be is the one that is judged.
RegionFacts judgedFirst(const RegionFacts &read, const TraceFacts &facts)
{
    if (!facts.truth || !read.cached)
        return read;
    const auto isAmiss = [&](const RegionFacts &region) {
        RegionRow row;
        see(row, region, facts);
        return row.sees != Sees::It && row.sees != Sees::Deletion && row.sees != Sees::Before;
    };
    RegionFacts region = read;
    for (std::size_t i = 0; i < read.others.size() && !isAmiss(region); ++i) {
        RegionFacts with = read;
        std::swap(*with.cached, with.others[i]);
        if (isShowing(with.cached->copy.state) && isAmiss(with))
            region = std::move(with);
    }
    return region;
}

/// Gathers regions under one finding each, in the order in which they were first found.
class Findings
{
public:
    Finding &of(Amiss amiss)
    {
        const auto found = std::find_if(m_all.begin(), m_all.end(), [&](const Finding &finding) { return finding.amiss == amiss; });
        if (found != m_all.end())
            return *found;
        Finding fresh;
        fresh.amiss = amiss;
        m_all.push_back(std::move(fresh));
        return m_all.back();
    }
    Finding &in(Amiss amiss, const RegionName &region, const ServerId &server)
    {
        Finding &finding = of(amiss);
        if (std::find(finding.regions.begin(), finding.regions.end(), region) == finding.regions.end())
            finding.regions.push_back(region);
        if (!server.isEmpty() && std::find(finding.servers.begin(), finding.servers.end(), server) == finding.servers.end())
            finding.servers.push_back(server);
        return finding;
    }
    std::vector<Finding> worstFirst()
    {
        std::stable_sort(m_all.begin(), m_all.end(), [](const Finding &a, const Finding &b) { return rank(a.amiss) < rank(b.amiss); });
        return std::move(m_all);
    }

private:
    /// What people see wrongly comes before why the reading is short, and that before what only we see.
    static int rank(Amiss amiss)
    {
        constexpr Amiss order[] = {Amiss::StillShown,        Amiss::SaysDeleted, Amiss::NotVisible,    Amiss::StaleCopy,
                                   Amiss::StaleBoth,         Amiss::RowBehind,   Amiss::PrimarySilent, Amiss::RegionSilent,
                                   Amiss::MapOtherOwner,     Amiss::MapMissing,  Amiss::MapLeftOver,   Amiss::OwnerGone,
                                   Amiss::AskedOwnerDiffers, Amiss::Miscount};
        return static_cast<int>(std::find(std::begin(order), std::end(order), amiss) - std::begin(order));
    }
    std::vector<Finding> m_all;
};

void findInCopies(Findings &findings, const RegionRow &row, const TraceFacts &facts)
{
    const bool isCached = row.cached && isShowing(row.cached->state);
    const ServerId server = isCached ? row.cached->server : row.row ? row.row->server : ServerId();
    std::optional<Amiss> amiss;
    switch (row.sees) {
    case Sees::It:
    case Sees::Deletion:
    case Sees::Before: break;
    case Sees::ItStill: amiss = Amiss::StillShown; break;
    case Sees::Nothing: amiss = isCached ? Amiss::SaysDeleted : Amiss::NotVisible; break;
    case Sees::OldRow: amiss = Amiss::RowBehind; break;
    case Sees::NotKnown: amiss = Amiss::RegionSilent; break;
    case Sees::OldCopy: {
        // The copy is of an older row than its region's own standby has: nobody deleted it when that row came.
        const bool isRowNewer = row.row && row.row->state == CopyState::Exists && row.row->version > row.cached->version;
        amiss = isRowNewer || !row.row ? Amiss::StaleCopy : Amiss::StaleBoth;
        break;
    }
    }
    if (!amiss)
        return;
    Finding &finding = findings.in(*amiss, row.region, server);
    if (row.sees == Sees::NotKnown || !row.since)
        return;
    // How old the copy is tells nothing: a row may stay as it is for months. For how long it is wrong does.
    finding.since = std::min(finding.since.value_or(*row.since), *row.since);
    finding.age = std::max(finding.age, ago(*row.since, *facts.truth, facts.now));
}

void findInMap(Findings &findings, const RegionRow &row, const TraceFacts &facts)
{
    const RowFacts &truth = *facts.truth;
    if (!row.map || isMapOnItsWay(*row.map, facts))
        return;
    const bool isMapped = row.map->state == CopyState::Exists;
    const bool isThere = truth.copy.state == CopyState::Exists;
    if (isThere && !isMapped)
        findings.in(Amiss::MapMissing, row.region, row.map->server);
    else if (!isThere && isMapped)
        findings.in(Amiss::MapLeftOver, row.region, row.map->server).owner = row.map->owner;
    else if (isThere && row.map->owner != truth.copy.owner)
        findings.in(Amiss::MapOtherOwner, row.region, row.map->server).owner = row.map->owner;
}

std::vector<Finding> findingsOf(const TraceFacts &facts, const std::vector<RegionRow> &rows)
{
    Findings findings;
    if (facts.isPrimarySilent)
        findings.of(Amiss::PrimarySilent);
    for (const RegionRow &row : rows) {
        findInCopies(findings, row, facts);
        findInMap(findings, row, facts);
    }
    const bool isThere = facts.truth->copy.state == CopyState::Exists;
    if (isThere && facts.ownerExists && !*facts.ownerExists)
        findings.of(Amiss::OwnerGone).owner = facts.truth->copy.owner;
    if (isThere && facts.askedOwner != 0 && facts.truth->copy.owner != facts.askedOwner)
        findings.of(Amiss::AskedOwnerDiffers).owner = facts.truth->copy.owner;
    if (facts.hasMiscount)
        findings.of(Amiss::Miscount);
    return findings.worstFirst();
}

/// Findings that concern only how much was read say nothing against the thing itself.
bool isAboutReading(const Finding &finding)
{
    return finding.amiss == Amiss::PrimarySilent || finding.amiss == Amiss::RegionSilent;
}

} // namespace

SequenceFit sequenceFit(const IdCheck &check, const ids::IdLayout &layout)
{
    if (check.before == 0 || check.after == 0)
        return SequenceFit::NotKnown;
    const std::uint64_t modulus = std::uint64_t(1) << layout.sequenceBits;
    const auto beyond = [&](std::uint64_t sequence) { return (sequence - ids::anatomy(check.before, layout).sequence) % modulus; };
    const std::uint64_t room = beyond(ids::anatomy(check.after, layout).sequence);
    const std::uint64_t own = beyond(check.anatomy.sequence);
    return own > 0 && own < (room == 0 ? modulus : room) ? SequenceFit::Fits : SequenceFit::FitsNot;
}

void takeCopies(RegionFacts &region, const std::vector<Known<CachedFacts>> &copies)
{
    const auto rank = [](const Known<CachedFacts> &copy) {
        if (!copy)
            return 3;
        return isShowing(copy->copy.state) ? 0 : copy->copy.state == CopyState::Garbled ? 1 : copy->copy.state == CopyState::Filling ? 2 : 4;
    };
    const auto first = std::min_element(copies.begin(), copies.end(), [&](const auto &a, const auto &b) { return rank(a) < rank(b); });
    if (first == copies.end())
        return;
    region.cached = *first;
    for (auto copy = copies.begin(); copy != copies.end(); ++copy) {
        if (copy != first && *copy && (*copy)->copy.state != CopyState::Absent)
            region.others.push_back(**copy);
    }
}

std::vector<RegionRow> regionRows(const TraceFacts &facts)
{
    std::vector<RegionRow> rows;
    for (const RegionFacts &told : facts.regions) {
        const RegionFacts region = judgedFirst(told, facts);
        RegionRow row;
        row.region = region.region;
        row.row = region.row.map([](const RowFacts &read) { return read.copy; });
        row.cached = region.cached.map([](const CachedFacts &read) { return read.copy; });
        for (const CachedFacts &other : region.others)
            row.others.push_back(other.copy);
        row.map = region.map;
        row.readAt = facts.now;
        if (facts.truth) {
            see(row, region, facts);
            row.differences = differencesOf(region, facts);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

Verdict judge(const TraceFacts &facts, const std::vector<RegionRow> &rows)
{
    Verdict verdict;
    // A server whose clock is ahead may have minted an ID of the future: what is there counts.
    const bool isNowhere = !facts.truth || facts.truth->copy.state == CopyState::Absent;
    if (isNowhere && (facts.isFuture || !facts.isShardThere)) {
        verdict.outcome = facts.isFuture ? Outcome::NotMinted : Outcome::NoSuchShard;
        return verdict;
    }
    if (!facts.truth)
        return verdict; // not known: nothing that would tell it answers
    verdict.findings = findingsOf(facts, rows);
    const bool isOnTheWay = std::any_of(rows.begin(), rows.end(), [&](const RegionRow &row) {
        return row.sees == Sees::Before || (row.map && isMapOnItsWay(*row.map, facts));
    });
    if (isOnTheWay)
        verdict.changedAgo = ago(facts.truth->copy.updatedAt, *facts.truth, facts.now);
    const bool isAmiss = !std::all_of(verdict.findings.begin(), verdict.findings.end(), isAboutReading);
    const RowFacts &truth = *facts.truth;
    switch (truth.copy.state) {
    case CopyState::Exists:
        verdict.outcome = isAmiss ? Outcome::ExistsAmiss : Outcome::Exists;
        verdict.since = truth.createdAt;
        break;
    case CopyState::Deleted:
        verdict.outcome = isAmiss ? Outcome::DeletedAmiss : Outcome::Deleted;
        verdict.since = truth.tombstone ? std::optional(truth.tombstone->at) : std::nullopt;
        verdict.by = truth.tombstone ? truth.tombstone->by : std::string();
        break;
    default: verdict.outcome = Outcome::NoTrace; break;
    }
    if (verdict.outcome == Outcome::NoTrace || (truth.copy.state == CopyState::Deleted && verdict.by.empty()))
        verdict.notRecorded.push_back(NotRecorded::WhoDeleted);
    if (facts.entity == Entity::Media)
        verdict.notRecorded.push_back(NotRecorded::Viewers);
    verdict.notRecorded.push_back(NotRecorded::DeviceCopies);
    if (truth.copy.state == CopyState::Exists)
        verdict.notRecorded.push_back(NotRecorded::EarlierVersions);
    verdict.notRecorded.push_back(NotRecorded::WhenCached);
    return verdict;
}

} // namespace shardlens::inspect::lookup
