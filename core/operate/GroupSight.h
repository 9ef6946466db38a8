// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Sight.h"

namespace shardlens::operate {

/// Who of the group listens there: by host and port, else the only member at that port. Empty: nobody.
[[nodiscard]] base::ServerId memberAt(const fleet::Fleet &fleet, const fleet::RedisGroup &group, const fleet::Endpoint &endpoint);

/// One Redis group of a snapshot as the checks and plans read it. Lives no longer than the snapshot.
class GroupSight : public SightBase
{
public:
    GroupSight(const facts::Snapshot &snapshot, const base::GroupName &group);

    [[nodiscard]] bool isDeclared() const { return m_group && m_facts; }
    [[nodiscard]] const fleet::RedisGroup &group() const { return *m_group; }
    [[nodiscard]] const facts::RedisGroupFacts &facts() const { return *m_facts; }
    [[nodiscard]] base::ServerId primary() const { return m_facts->primary.value_or(base::ServerId()); } ///< empty if not known

    [[nodiscard]] const facts::RedisSample *last(const base::ServerId &id) const;  ///< as it last said, however long ago; null if never
    [[nodiscard]] const facts::RedisSample *fresh(const base::ServerId &id) const; ///< null unless it answers
    [[nodiscard]] const facts::StandbyLag *lag(const base::ServerId &id) const;
    [[nodiscard]] const facts::RedisMoveReading *move(const base::ServerId &id) const; ///< null if it was not read
    [[nodiscard]] facts::Unknown whyNoMove(const base::ServerId &id) const;
    [[nodiscard]] std::optional<std::string> setting(const base::ServerId &id, const std::string &name) const;
    [[nodiscard]] std::int64_t settingNumber(const base::ServerId &id, const std::string &name, std::int64_t otherwise) const;
    [[nodiscard]] std::int64_t offset(const base::ServerId &id) const; ///< of the stream that it wrote or received; 0: not known
    [[nodiscard]] facts::Known<std::int64_t> term() const;             ///< the highest that any member told

    [[nodiscard]] std::vector<base::ServerId> replicas() const; ///< all members but the primary
    [[nodiscard]] std::vector<base::ServerId> othersThan(const base::ServerId &candidate) const; ///< replicas but this one
    /// The primary answers, and holds less than its replicas were given: it was started anew without its data. What follows it loses
    /// what it has.
    [[nodiscard]] bool hasLostItsData() const;

    [[nodiscard]] bool isManaged() const { return m_group->manager != fleet::Manager::None; } ///< as declared: Sentinels move it
    [[nodiscard]] std::vector<const facts::SentinelReport *> sentinels() const;               ///< those that answer, fleet order
    [[nodiscard]] std::size_t majorityOfSentinels() const { return m_group->sentinels.size() / 2 + 1; }
    /// Who listens there, as Sentinels tell addresses.
    [[nodiscard]] base::ServerId memberAt(const fleet::Endpoint &endpoint) const { return operate::memberAt(fleet(), *m_group, endpoint); }
    /// How the Sentinels call it; its own address where they know none.
    [[nodiscard]] fleet::Endpoint calledBySentinels(const base::ServerId &id) const;

private:
    const fleet::RedisGroup *m_group = nullptr;
    const facts::RedisGroupFacts *m_facts = nullptr;
};

/// "127.0.0.1:26379": a Sentinel, where a plan asks one.
[[nodiscard]] base::ServerId sentinelId(const fleet::Endpoint &sentinel);

/// "feeds@us-east": the stable address of a group in a region, where a plan acts on one.
[[nodiscard]] base::ServerId stableId(const base::GroupName &group, const base::RegionName &region);
[[nodiscard]] std::optional<base::RegionName> regionOfStable(const base::ServerId &id); ///< nothing: it is no stable address

} // namespace shardlens::operate
