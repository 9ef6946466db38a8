// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/checks/Checks.h"
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::Bytes;
using base::ServerId;
using facts::WhyUnknown;

/// The checks about one replica as the next primary, which share what they read.
class ReplicaJudge
{
public:
    ReplicaJudge(const GroupSight &sight, Act act, const ServerId &candidate)
        : m_sight(sight), m_act(act), m_id(candidate), m_sample(sight.fresh(candidate)), m_primary(sight.last(sight.primary())), m_lag(sight.lag(candidate))
    {
    }

    Checks all() const
    {
        Checks checks{sameVersion(), answers(), isReplica()};
        if (m_act == Act::Switchover)
            checks.push_back(attached());
        if (m_sight.snapshot().shared)
            checks.push_back(checkMark(m_sight, m_id));
        if (m_act == Act::Failover) {
            checks.push_back(siblingsAhead());
            checks.push_back(dataLoss());
        } else {
            checks.push_back(sameHistory());
            checks.push_back(offsetLag());
        }
        checks.push_back(takesWrites());
        checks.push_back(persistence());
        checks.push_back(memory());
        checks.push_back(priority());
        return checks;
    }

private:
    Check silent(CheckId id) const { return unknown(id, m_id, m_sight.whySilent(m_id), Remedy::MendStandby); }
    facts::Evidence said(std::string reading, facts::Evidence::Value value, std::optional<facts::Evidence::Value> limit = std::nullopt) const
    {
        return m_sight.said(m_id, std::move(reading), std::move(value), std::move(limit));
    }

    /// An older one could not read what a newer one sends it as a follower.
    Check sameVersion() const
    {
        if (!m_sample || !m_primary)
            return unknown(CheckId::SameVersion, m_id, m_sight.whySilent(m_sample ? m_sight.primary() : m_id));
        const auto major = [](const std::string &version) { return version.substr(0, version.find('.')); };
        const std::vector<facts::Evidence> reading{said("version", m_sample->version, m_primary->version)};
        return major(m_sample->version) == major(m_primary->version) ? passed(CheckId::SameVersion, m_id, reading) : forceable(failed(CheckId::SameVersion, m_id, reading, Remedy::ChooseOther));
    }

    Check answers() const
    {
        if (m_sample && m_sample->loading)
            return failed(CheckId::CandidateAnswers, m_id, {said("loading", std::string("yes"))}, Remedy::WaitForCatchUp);
        if (m_sample)
            return passed(CheckId::CandidateAnswers, m_id, {said("answers", std::string("yes"))});
        if (m_sight.whySilent(m_id).why == WhyUnknown::NotAskedYet)
            return unknown(CheckId::CandidateAnswers, m_id, m_sight.whySilent(m_id), Remedy::WaitForAnswers);
        return failed(CheckId::CandidateAnswers, m_id, {}, Remedy::MendStandby);
    }

    Check isReplica() const
    {
        if (!m_sample)
            return silent(CheckId::CandidateIsStandby);
        const std::vector<facts::Evidence> reading{said("role", std::string(m_sample->link ? "slave" : "master"))};
        return m_sample->link ? passed(CheckId::CandidateIsStandby, m_id, reading) : failed(CheckId::CandidateIsStandby, m_id, reading, Remedy::StopOldPrimary);
    }

    /// Not by way of another replica, which would have to follow it afterwards and is one more to be behind.
    Check attached() const
    {
        if (!m_sample || !m_sample->link || !m_lag)
            return silent(CheckId::CandidateAttached);
        const std::vector<facts::Evidence> readings{said("receives_from", m_lag->upstream.text(), m_sight.primary().text()),
                                                    said("master_link_status", std::string(m_sample->link->up ? "up" : "down"), std::string("up"))};
        if (m_lag->upstream.isEmpty() && m_sample->link->up)
            return unknown(CheckId::CandidateAttached, m_id, {WhyUnknown::NoValue, m_sample->link->primaryHost}, Remedy::MendStandby);
        const bool isWell = m_sample->link->up && !m_sample->link->syncing && m_lag->upstream == m_sight.primary();
        return isWell ? passed(CheckId::CandidateAttached, m_id, readings) : failed(CheckId::CandidateAttached, m_id, readings, Remedy::MendStandby);
    }

    Check sameHistory() const
    {
        if (!m_sample || !m_primary)
            return unknown(CheckId::SameHistory, m_id, m_sight.whySilent(m_sample ? m_sight.primary() : m_id), Remedy::WaitForAnswers);
        const std::vector<facts::Evidence> reading{said("master_replid", m_sample->replicationId, m_primary->replicationId)};
        return m_sample->replicationId == m_primary->replicationId ? passed(CheckId::SameHistory, m_id, reading) : failed(CheckId::SameHistory, m_id, reading, Remedy::WaitForCatchUp);
    }

    Check offsetLag() const
    {
        if (!m_lag || !m_lag->behind)
            return unknown(CheckId::OffsetLag, m_id, m_lag ? m_lag->behind.error() : m_sight.whySilent(m_id), Remedy::WaitForCatchUp);
        const auto &thresholds = m_sight.fleet().thresholds;
        std::vector<facts::Evidence> readings{said("behind", *m_lag->behind, thresholds.lagBytes[1])};
        int level = facts::lagLevel(*m_lag->behind, thresholds);
        if (m_lag->time) {
            readings.push_back(said("last_exchange", *m_lag->time, base::microseconds(thresholds.lagTime[1])));
            level = std::max(level, facts::lagLevel(*m_lag->time, thresholds));
        }
        if (level >= 3)
            return failed(CheckId::OffsetLag, m_id, std::move(readings), Remedy::WaitForCatchUp);
        return passed(CheckId::OffsetLag, m_id, std::move(readings));
    }

    Check siblingsAhead() const
    {
        if (!m_sample)
            return silent(CheckId::SiblingsAhead);
        for (const ServerId &other : m_sight.othersThan(m_id)) {
            const facts::RedisSample *sample = m_sight.fresh(other);
            if (sample && sample->replicationId == m_sample->replicationId && m_sight.offset(other) > m_sight.offset(m_id))
                return forceable(named(failed(CheckId::SiblingsAhead, m_id, {said("offset", m_sight.offset(m_id), m_sight.offset(other))}, Remedy::ChooseOther), other.text()));
        }
        return passed(CheckId::SiblingsAhead, m_id, {said("offset", m_sight.offset(m_id))});
    }

    Check dataLoss() const
    {
        const std::int64_t last = m_sight.offset(m_sight.primary());
        if (!m_sample || !m_primary || m_sight.hasLostItsData())
            return forceable(unknown(CheckId::DataLoss, m_id, m_sight.whySilent(m_sample ? m_sight.primary() : m_id)));
        const Bytes lost{std::max<std::int64_t>(0, last - m_sight.offset(m_id))};
        return warned(CheckId::DataLoss, m_id, {said("lost_at_least", lost)}, Remedy::UseSwitchover);
    }

    /// Of those that will follow it.
    Check takesWrites() const
    {
        if (!m_sight.move(m_id))
            return unknown(CheckId::CandidateBrake, m_id, m_sight.whyNoMove(m_id), Remedy::WaitForAnswers);
        const std::int64_t needs = m_sight.settingNumber(m_id, "min-replicas-to-write", 0);
        const auto followers = static_cast<std::int64_t>(m_sight.othersThan(m_id).size());
        const std::vector<facts::Evidence> reading{said("min-replicas-to-write", needs, followers)};
        return needs <= followers ? passed(CheckId::CandidateBrake, m_id, reading) : forceable(failed(CheckId::CandidateBrake, m_id, reading, Remedy::LiftBrake));
    }

    Check persistence() const
    {
        if (!m_sample || !m_primary)
            return unknown(CheckId::Persistence, m_id, m_sight.whySilent(m_sample ? m_sight.primary() : m_id));
        const auto kept = [](const facts::RedisSample &sample) { return std::string(sample.appendOnly ? "appendonly" : sample.snapshotting ? "save" : "off"); };
        const std::vector<facts::Evidence> reading{said("persistence", kept(*m_sample), kept(*m_primary))};
        const bool keepsAsMuch = m_sample->appendOnly || (!m_primary->appendOnly && (m_sample->snapshotting || !m_primary->snapshotting));
        if (!keepsAsMuch)
            return forceable(failed(CheckId::Persistence, m_id, reading, Remedy::MendPersistence));
        // One that restarts empty is followed by the others into emptiness.
        return kept(*m_sample) == "off" || m_sample->lastAppendFailed ? warned(CheckId::Persistence, m_id, reading, Remedy::MendPersistence) : passed(CheckId::Persistence, m_id, reading);
    }

    Check memory() const
    {
        if (!m_sample || !m_primary)
            return unknown(CheckId::Memory, m_id, m_sight.whySilent(m_sample ? m_sight.primary() : m_id));
        const std::int64_t most = m_sample->maxMemory.count;
        const std::vector<facts::Evidence> readings{said("maxmemory", m_sample->maxMemory, m_primary->maxMemory), m_sight.said(m_sight.primary(), "used_memory", m_primary->usedMemory)};
        if (most > 0 && most < m_primary->usedMemory.count)
            return forceable(failed(CheckId::Memory, m_id, readings, Remedy::RaiseSetting));
        const bool shrinks = most > 0 && (m_primary->maxMemory.count == 0 || most < m_primary->maxMemory.count);
        return shrinks || m_sample->maxMemoryPolicy != m_primary->maxMemoryPolicy ? warned(CheckId::Memory, m_id, readings, Remedy::RaiseSetting) : passed(CheckId::Memory, m_id, readings);
    }

    Check priority() const
    {
        if (!m_sight.move(m_id))
            return unknown(CheckId::ReplicaPriority, m_id, m_sight.whyNoMove(m_id), Remedy::WaitForAnswers);
        const std::int64_t priority = m_sight.settingNumber(m_id, "replica-priority", 100);
        const std::vector<facts::Evidence> reading{said("replica-priority", priority)};
        return priority > 0 ? passed(CheckId::ReplicaPriority, m_id, reading) : forceable(failed(CheckId::ReplicaPriority, m_id, reading, Remedy::ChooseOther));
    }

    const GroupSight &m_sight;
    Act m_act;
    ServerId m_id;
    const facts::RedisSample *m_sample;
    const facts::RedisSample *m_primary;
    const facts::StandbyLag *m_lag;
};

} // namespace

Checks checkReplica(const GroupSight &sight, Act act, const ServerId &candidate)
{
    return ReplicaJudge(sight, act, candidate).all();
}

} // namespace shardlens::operate
