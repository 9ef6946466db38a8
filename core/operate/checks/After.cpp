// SPDX-License-Identifier: GPL-3.0-or-later
// What would hold once the candidate is the primary and the old one its standby.
#include "core/facts/derive/Settings.h"
#include "core/operate/GuardReach.h"
#include "core/operate/SyncNames.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace shardlens::operate {

namespace {

using base::Bytes;
using base::microseconds;
using base::ServerId;
using facts::WhyUnknown;

std::set<std::string> wordsOf(const std::string &list)
{
    std::set<std::string> words;
    std::string word;
    for (const char letter : list + ",") {
        if (letter != ',' && letter != ' ' && letter != '"') {
            word += letter;
        } else if (!word.empty()) {
            words.insert(word);
            word.clear();
        }
    }
    return words;
}

class AfterJudge
{
public:
    AfterJudge(const Sight &sight, Act act, const ServerId &candidate) : m_sight(sight), m_act(act), m_id(candidate), m_primary(sight.primary()) {}

    Checks all() const
    {
        return {syncAfter(), syncShrinks(), walSenders(), slots(),  logicalSlots(), subscriptions(), followSettings(), shrinkingSettings(),
                libraries(), rewind(),      hba(),        connectBack(), standbys(), term(),         checkParts(m_sight), clock()};
    }

private:
    facts::Evidence said(std::string reading, facts::Evidence::Value value, std::optional<facts::Evidence::Value> limit = std::nullopt) const
    {
        return m_sight.said(m_id, std::move(reading), std::move(value), std::move(limit));
    }
    Check noSetting(CheckId id, const ServerId &server, const std::string &name) const
    {
        return unknown(id, server, m_sight.whyNoSetting(server, name), Remedy::GrantRight);
    }

    /// Only who streams now: the old primary comes back when the writes run again.
    Check syncAfter() const
    {
        const auto setting = m_sight.setting(m_id, "synchronous_standby_names");
        if (!setting)
            return noSetting(CheckId::SyncAfter, m_id, "synchronous_standby_names");
        const auto names = SyncNames::parse(*setting);
        if (!names)
            return passed(CheckId::SyncAfter, m_id, {said("synchronous_standby_names", *setting)});
        std::vector<std::string> there;
        for (const ServerId &id : m_sight.othersThan(m_id)) {
            if (m_sight.isFresh(id) && (m_act == Act::Failover || isLive(m_sight.lag(id))))
                there.push_back(applicationNameOf(m_sight.fleet(), id));
        }
        const std::vector<facts::Evidence> readings{said("synchronous_standby_names", *setting), m_sight.seen("would_stand_by", joined(there))};
        return names->isSatisfiedBy(there) ? passed(CheckId::SyncAfter, m_id, readings) : forceable(failed(CheckId::SyncAfter, m_id, readings, Remedy::SetSyncNames));
    }

    Check syncShrinks() const
    {
        const auto before = m_sight.setting(m_primary, "synchronous_standby_names");
        const auto after = m_sight.setting(m_id, "synchronous_standby_names");
        if (!before || !after)
            return noSetting(CheckId::SyncShrinks, before ? m_id : m_primary, "synchronous_standby_names");
        const std::vector<facts::Evidence> readings{said("synchronous_standby_names", *after, *before)};
        return !before->empty() && after->empty() ? warned(CheckId::SyncShrinks, m_id, readings, Remedy::SetSyncNames) : passed(CheckId::SyncShrinks, m_id, readings);
    }

    /// One for each other member, the old primary included.
    std::int64_t followers() const { return static_cast<std::int64_t>(m_sight.cluster().servers.size()) - 1; }

    Check walSenders() const
    {
        const facts::PostgresSample *sample = m_sight.fresh(m_id);
        const auto most = wholeNumber(m_sight.setting(m_id, "max_wal_senders"));
        if (!sample || !most)
            return sample ? noSetting(CheckId::WalSenders, m_id, "max_wal_senders") : unknown(CheckId::WalSenders, m_id, m_sight.whySilent(m_id));
        const std::int64_t free = *most - static_cast<std::int64_t>(sample->senders.size());
        const std::vector<facts::Evidence> reading{said("free_wal_senders", free, followers())};
        return free >= followers() ? passed(CheckId::WalSenders, m_id, reading) : forceable(failed(CheckId::WalSenders, m_id, reading, Remedy::RaiseSetting));
    }

    Check slots() const
    {
        const facts::PostgresSample *sample = m_sight.fresh(m_id);
        const auto most = wholeNumber(m_sight.setting(m_id, "max_replication_slots"));
        if (!sample || !sample->slots || !most) {
            if (sample && sample->slots)
                return noSetting(CheckId::Slots, m_id, "max_replication_slots");
            return unknown(CheckId::Slots, m_id, sample ? sample->slots.error() : m_sight.whySilent(m_id), Remedy::GrantRight);
        }
        // Slots that already bear a follower's name are used again.
        std::int64_t free = *most;
        for (const facts::SlotRow &slot : *sample->slots) {
            const auto &members = m_sight.cluster().servers;
            const bool isFollowers = slot.physical && std::any_of(members.begin(), members.end(), [&](const ServerId &id) {
                return id != m_id && facts::derive::replicationName(m_sight.fleet(), id) == facts::derive::replicationName(slot.name);
            });
            free -= isFollowers ? 0 : 1;
        }
        const std::vector<facts::Evidence> reading{said("free_slots", free, followers())};
        return free >= followers() ? passed(CheckId::Slots, m_id, reading) : forceable(failed(CheckId::Slots, m_id, reading, Remedy::RaiseSetting));
    }

    Check logicalSlots() const
    {
        const facts::PostgresSample *old = m_sight.last(m_primary);
        if (!old || !old->slots)
            return unknown(CheckId::LogicalSlots, m_primary, old ? old->slots.error() : m_sight.whySilent(m_primary), Remedy::GrantRight);
        std::vector<std::string> lost;
        for (const facts::SlotRow &slot : *old->slots) {
            if (!slot.physical)
                lost.push_back(slot.name);
        }
        const std::vector<facts::Evidence> reading{m_sight.said(m_primary, "logical_slots", static_cast<std::int64_t>(lost.size()), std::int64_t(0))};
        return lost.empty() ? passed(CheckId::LogicalSlots, m_primary, reading)
                            : forceable(named(failed(CheckId::LogicalSlots, m_primary, reading, Remedy::DropLogicalSlots), joined(lost)));
    }

    Check subscriptions() const
    {
        const facts::MoveReading *move = m_sight.move(m_primary) ? m_sight.move(m_primary) : m_sight.move(m_id);
        const ServerId &by = m_sight.move(m_primary) ? m_primary : m_id;
        if (!move)
            return unknown(CheckId::Subscriptions, m_primary, m_sight.whyNoMove(m_primary), Remedy::WaitForAnswers);
        const std::vector<facts::Evidence> reading{m_sight.read(by, "subscriptions", std::int64_t(move->subscriptions), std::int64_t(0))};
        return move->subscriptions == 0 ? passed(CheckId::Subscriptions, by, reading) : warned(CheckId::Subscriptions, by, reading, Remedy::MoveSubscriptions);
    }

    /// A standby with one of these smaller than its primary's stops replaying.
    Check followSettings() const
    {
        static const std::array<const char *, 5> names{"max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_transactions", "max_locks_per_transaction"};
        std::vector<std::string> smaller;
        std::vector<facts::Evidence> readings;
        for (const char *name : names) {
            const auto old = wholeNumber(m_sight.setting(m_primary, name));
            const auto next = wholeNumber(m_sight.setting(m_id, name));
            if (!old || !next)
                return noSetting(CheckId::FollowSettings, old ? m_id : m_primary, name);
            if (*old >= *next)
                continue;
            smaller.emplace_back(name);
            readings.push_back(m_sight.said(m_primary, name, *old, *next));
        }
        return smaller.empty() ? passed(CheckId::FollowSettings, m_primary)
                               : forceable(named(failed(CheckId::FollowSettings, m_primary, std::move(readings), Remedy::RaiseSetting), joined(smaller)));
    }

    Check shrinkingSettings() const
    {
        std::vector<std::string> shrinking;
        std::vector<facts::Evidence> readings;
        const auto compare = [&](const char *name, auto isSmaller) {
            const auto old = m_sight.setting(m_primary, name);
            const auto next = m_sight.setting(m_id, name);
            if (!old || !next || *old == *next || !isSmaller(*next, *old))
                return;
            shrinking.emplace_back(name);
            readings.push_back(said(name, *next, *old));
        };
        const auto size = [](const std::string &next, const std::string &old) {
            const auto a = facts::derive::parseSize(next, Bytes{1LL << 20});
            const auto b = facts::derive::parseSize(old, Bytes{1LL << 20});
            return a && (!b || *a < *b); // no limit is the most
        };
        if (!m_sight.setting(m_id, "shared_buffers") || !m_sight.setting(m_primary, "shared_buffers"))
            return noSetting(CheckId::Settings, m_sight.setting(m_id, "shared_buffers") ? m_primary : m_id, "shared_buffers");
        for (const char *name : {"shared_buffers", "max_wal_size", "wal_keep_size", "max_slot_wal_keep_size"})
            compare(name, size);
        compare("max_replication_slots", [](const std::string &next, const std::string &old) { return wholeNumber(next) < wholeNumber(old); });
        compare("wal_level", [](const std::string &next, const std::string &) { return next != "logical"; });
        compare("archive_mode", [](const std::string &next, const std::string &) { return next == "off"; });
        return shrinking.empty() ? passed(CheckId::Settings, m_id) : named(warned(CheckId::Settings, m_id, std::move(readings), Remedy::RaiseSetting), joined(shrinking));
    }

    Check libraries() const
    {
        const auto old = m_sight.setting(m_primary, "shared_preload_libraries");
        const auto next = m_sight.setting(m_id, "shared_preload_libraries");
        if (!old || !next)
            return noSetting(CheckId::Libraries, old ? m_id : m_primary, "shared_preload_libraries");
        const auto has = wordsOf(*next);
        std::vector<std::string> missing;
        for (const std::string &library : wordsOf(*old)) {
            if (!has.contains(library))
                missing.push_back(library);
        }
        const std::vector<facts::Evidence> reading{said("shared_preload_libraries", *next, *old)};
        return missing.empty() ? passed(CheckId::Libraries, m_id, reading)
                               : forceable(named(failed(CheckId::Libraries, m_id, reading, Remedy::LoadLibraries), joined(missing)));
    }

    Check rewind() const
    {
        const auto checksums = m_sight.setting(m_primary, "data_checksums");
        const auto hints = m_sight.setting(m_primary, "wal_log_hints");
        const auto pages = m_sight.setting(m_primary, "full_page_writes");
        if (!checksums || !hints || !pages)
            return noSetting(CheckId::Rewind, m_primary, "data_checksums");
        const std::vector<facts::Evidence> readings{m_sight.said(m_primary, "data_checksums", *checksums), m_sight.said(m_primary, "wal_log_hints", *hints),
                                                    m_sight.said(m_primary, "full_page_writes", *pages)};
        return (*checksums == "on" || *hints == "on") && *pages == "on" ? passed(CheckId::Rewind, m_primary, readings)
                                                                        : warned(CheckId::Rewind, m_primary, readings, Remedy::LogHints);
    }

    /// Who gets in at the primary by name and address gets in at the candidate, when the candidate has the same rules.
    Check hba() const
    {
        const facts::MoveReading *old = m_sight.move(m_primary);
        const facts::MoveReading *next = m_sight.move(m_id);
        if (!old || !next)
            return unknown(CheckId::Hba, m_id, m_sight.whyNoMove(old ? m_id : m_primary), Remedy::WaitForAnswers);
        if (!old->hbaRules || !next->hbaRules)
            return unknown(CheckId::Hba, m_id, old->hbaRules ? next->hbaRules.error() : old->hbaRules.error(), Remedy::GrantRight);
        std::vector<std::string> missing;
        for (const std::string &rule : *old->hbaRules) {
            if (std::find(next->hbaRules->begin(), next->hbaRules->end(), rule) == next->hbaRules->end())
                missing.push_back(rule);
        }
        const bool broken = std::any_of(next->hbaRules->begin(), next->hbaRules->end(), [](const std::string &rule) { return rule.starts_with("error: "); });
        std::vector<facts::Evidence> readings{m_sight.read(m_id, "rules", static_cast<std::int64_t>(next->hbaRules->size()), static_cast<std::int64_t>(old->hbaRules->size()))};
        if (!missing.empty() || broken)
            return forceable(named(failed(CheckId::Hba, m_id, std::move(readings), Remedy::OpenHba), joined(missing)));
        return *old->hbaRules == *next->hbaRules ? passed(CheckId::Hba, m_id, std::move(readings)) : warned(CheckId::Hba, m_id, std::move(readings), Remedy::OpenHba);
    }

    /// The guards stand where the members and routers stand.
    Check connectBack() const
    {
        std::set<base::RegionName> regions;
        for (const ServerId &id : m_sight.cluster().servers) {
            if (id != m_id)
                regions.insert(m_sight.regionOf(id));
        }
        for (const RouterUse &use : m_sight.routers())
            regions.insert(use.router->region);
        std::vector<std::string> cut;
        std::vector<std::string> notYet;
        std::vector<std::string> notKnown;
        facts::Unknown why{WhyUnknown::NotConfigured, "guard"};
        for (const base::RegionName &region : regions) {
            switch (guardReach(m_sight.snapshot(), region, m_id)) {
            case GuardReach::Reaches: break;
            case GuardReach::Cut: cut.push_back(region.text()); break;
            case GuardReach::NotYet: notYet.push_back(region.text()); break;
            case GuardReach::NoGuard: notKnown.push_back(region.text()); break;
            case GuardReach::Silent:
                notKnown.push_back(region.text());
                why.why = WhyUnknown::ServerSilent;
                break;
            }
        }
        for (const auto *amiss : {&cut, &notYet}) {
            if (!amiss->empty())
                return forceable(named(failed(CheckId::ConnectBack, m_id, {m_sight.seen("regions_that_do_not_reach_it", joined(*amiss))}, amiss == &cut ? Remedy::MendLink : Remedy::WaitForAnswers), joined(*amiss)));
        }
        if (!notKnown.empty())
            return named(unknown(CheckId::ConnectBack, m_id, why, Remedy::StartGuard), joined(notKnown));
        return passed(CheckId::ConnectBack, m_id, {m_sight.seen("regions_that_reach_it", static_cast<std::int64_t>(regions.size()))});
    }

    Check standbys() const
    {
        const auto others = m_sight.othersThan(m_id);
        std::vector<std::string> amiss;
        for (const ServerId &id : others) {
            if (!m_sight.isFresh(id) || (m_act == Act::Switchover && !isLive(m_sight.lag(id))))
                amiss.push_back(id.text());
        }
        const auto well = static_cast<std::int64_t>(others.size() - amiss.size());
        const std::vector<facts::Evidence> reading{m_sight.seen("other_standbys", well, static_cast<std::int64_t>(others.size()))};
        return amiss.empty() ? passed(CheckId::Standbys, {}, reading) : named(warned(CheckId::Standbys, {}, reading, Remedy::MendStandby), joined(amiss));
    }

    Check term() const
    {
        const facts::PostgresSample *old = m_sight.last(m_primary);
        if (old && old->term)
            return passed(CheckId::Term, m_primary, {m_sight.said(m_primary, "term", *old->term)});
        const facts::Unknown why = old ? old->term.error() : m_sight.whySilent(m_primary);
        if (why.why == WhyUnknown::NoRights || why.why == WhyUnknown::ServerSilent || why.why == WhyUnknown::NotAskedYet)
            return unknown(CheckId::Term, m_primary, why, Remedy::GrantRight);
        return warned(CheckId::Term, m_primary, {m_sight.said(m_primary, "term", std::string("none"))}, Remedy::PrepareCluster);
    }

    /// next_id() takes the milliseconds of the clock: one that is behind would mint again what was minted.
    Check clock() const
    {
        const facts::PostgresSample *old = m_sight.last(m_primary);
        const facts::PostgresSample *next = m_sight.fresh(m_id);
        if (!old || !next || !old->clockOffset || !next->clockOffset)
            return unknown(CheckId::Clock, m_id, !old ? m_sight.whySilent(m_primary) : !next ? m_sight.whySilent(m_id) : facts::Unknown{WhyUnknown::NotAskedYet, "clock"});
        const microseconds behind = *old->clockOffset - *next->clockOffset;
        const microseconds most = m_sight.fleet().thresholds.clockSkew;
        const microseconds unsure = (m_sight.latency(m_id).value_or(microseconds(0)) + m_sight.latency(m_primary).value_or(microseconds(0))) / 2;
        const std::vector<facts::Evidence> readings{said("clock_behind", std::max(behind, microseconds(0)), most), m_sight.seen("uncertainty", unsure)};
        return behind <= most ? passed(CheckId::Clock, m_id, readings) : forceable(failed(CheckId::Clock, m_id, readings, Remedy::SetClock));
    }

    const Sight &m_sight;
    Act m_act;
    ServerId m_id;
    ServerId m_primary;
};

} // namespace

Checks checkAfter(const Sight &sight, Act act, const ServerId &candidate)
{
    return AfterJudge(sight, act, candidate).all();
}

std::optional<std::int64_t> wholeNumber(const std::optional<std::string> &text)
{
    std::int64_t number = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

} // namespace shardlens::operate
