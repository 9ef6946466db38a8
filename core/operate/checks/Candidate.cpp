// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Settings.h"
#include "core/operate/Loss.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::Bytes;
using base::microseconds;
using base::ServerId;
using facts::StandbyState;
using facts::WhyUnknown;

/// The checks about one candidate, which share what they read.
class CandidateJudge
{
public:
    CandidateJudge(const Sight &sight, Act act, const ServerId &candidate)
        : m_sight(sight), m_act(act), m_id(candidate), m_sample(sight.fresh(candidate)), m_lag(sight.lag(candidate))
    {
    }

    Checks all() const
    {
        Checks checks{sameSystem(), sameTimeline(), sameVersion(), answers(), isStandby()};
        if (m_act == Act::Switchover)
            checks.push_back(attached());
        if (m_sight.snapshot().shared)
            checks.push_back(notMarked());
        checks.push_back(notDelayed());
        checks.push_back(replayRuns());
        if (m_act == Act::Switchover) {
            checks.push_back(receiveLag());
            checks.push_back(replayLag());
        } else {
            checks.push_back(siblingsAhead());
            checks.push_back(dataLoss());
        }
        checks.push_back(brake());
        checks.push_back(disk());
        return checks;
    }

private:
    Check silent(CheckId id) const { return unknown(id, m_id, m_sight.whySilent(m_id), Remedy::MendStandby); }
    facts::Evidence said(std::string reading, facts::Evidence::Value value, std::optional<facts::Evidence::Value> limit = std::nullopt) const
    {
        return m_sight.said(m_id, std::move(reading), std::move(value), std::move(limit));
    }

    Check sameSystem() const
    {
        if (!m_sample)
            return silent(CheckId::SameSystem);
        const auto &cluster = m_sight.facts().systemIdentifier;
        if (m_sample->systemIdentifier == 0 || !cluster)
            return unknown(CheckId::SameSystem, m_id, {WhyUnknown::NoRights, "pg_control_system"}, Remedy::GrantRight);
        const std::vector<facts::Evidence> reading{said("system_identifier", std::to_string(m_sample->systemIdentifier), std::to_string(*cluster))};
        return m_sample->systemIdentifier == *cluster ? passed(CheckId::SameSystem, m_id, reading) : failed(CheckId::SameSystem, m_id, reading, Remedy::ChooseOther);
    }

    Check sameTimeline() const
    {
        if (!m_sample)
            return silent(CheckId::SameTimeline);
        const auto cluster = m_sight.timeline();
        if (!m_sample->timeline || !cluster)
            return unknown(CheckId::SameTimeline, m_id, !cluster ? cluster.error() : m_sample->timeline.error(), Remedy::GrantRight);
        const std::vector<facts::Evidence> reading{said("timeline", std::int64_t(*m_sample->timeline), std::int64_t(*cluster))};
        return *m_sample->timeline == *cluster ? passed(CheckId::SameTimeline, m_id, reading) : failed(CheckId::SameTimeline, m_id, reading, Remedy::MendStandby);
    }

    Check sameVersion() const
    {
        const auto cluster = m_sight.majorVersion();
        if (!m_sample || !cluster)
            return unknown(CheckId::SameVersion, m_id, !m_sample ? m_sight.whySilent(m_id) : m_sight.whySilent(m_sight.primary()));
        const std::int32_t own = m_sample->versionNumber / 10000;
        const std::vector<facts::Evidence> reading{said("major_version", std::int64_t(own), std::int64_t(*cluster))};
        return own == *cluster ? passed(CheckId::SameVersion, m_id, reading) : failed(CheckId::SameVersion, m_id, reading, Remedy::ChooseOther);
    }

    Check answers() const
    {
        if (m_sample)
            return passed(CheckId::CandidateAnswers, m_id, {said("answers", std::string("yes"))});
        if (m_sight.whySilent(m_id).why == WhyUnknown::NotAskedYet)
            return unknown(CheckId::CandidateAnswers, m_id, m_sight.whySilent(m_id), Remedy::WaitForAnswers);
        return failed(CheckId::CandidateAnswers, m_id, {}, Remedy::MendStandby);
    }

    Check notMarked() const { return checkMark(m_sight, m_id); }

    Check isStandby() const
    {
        if (!m_sample)
            return silent(CheckId::CandidateIsStandby);
        const std::vector<facts::Evidence> reading{said("in_recovery", std::string(m_sample->inRecovery ? "yes" : "no"))};
        return m_sample->inRecovery ? passed(CheckId::CandidateIsStandby, m_id, reading) : failed(CheckId::CandidateIsStandby, m_id, reading, Remedy::StopOldPrimary);
    }

    Check attached() const
    {
        if (!m_sample || !m_lag)
            return silent(CheckId::CandidateAttached);
        const std::vector<facts::Evidence> readings{said("state", std::string(facts::name(m_lag->state))), said("receives_from", m_lag->upstream.text(), m_sight.primary().text())};
        if (m_lag->state == StandbyState::Unknown)
            return unknown(CheckId::CandidateAttached, m_id, {WhyUnknown::NoRights, "pg_monitor"}, Remedy::GrantRight);
        if (!isLive(m_lag))
            return failed(CheckId::CandidateAttached, m_id, readings, Remedy::MendStandby);
        if (m_lag->upstream.isEmpty())
            return unknown(CheckId::CandidateAttached, m_id, {WhyUnknown::NoValue, "upstream"});
        return m_lag->upstream == m_sight.primary() ? passed(CheckId::CandidateAttached, m_id, readings)
                                                    : named(failed(CheckId::CandidateAttached, m_id, readings, Remedy::ChooseOther), m_lag->upstream.text());
    }

    Check notDelayed() const
    {
        const auto setting = m_sight.setting(m_id, "recovery_min_apply_delay");
        const auto delay = setting ? facts::derive::parseDuration(*setting) : std::nullopt;
        if (!delay)
            return unknown(CheckId::NotDelayed, m_id, m_sight.whyNoSetting(m_id, "recovery_min_apply_delay"), Remedy::GrantRight);
        const std::vector<facts::Evidence> reading{said("recovery_min_apply_delay", *delay, microseconds(0))};
        if (*delay == microseconds(0))
            return passed(CheckId::NotDelayed, m_id, reading);
        return forceable(failed(CheckId::NotDelayed, m_id, reading, Remedy::RemoveDelay));
    }

    Check replayRuns() const
    {
        if (!m_sample)
            return silent(CheckId::ReplayRuns);
        const std::vector<facts::Evidence> reading{said("replay", std::string(m_sample->replayPaused ? "paused" : "runs"))};
        if (!m_sample->replayPaused)
            return passed(CheckId::ReplayRuns, m_id, reading);
        return m_act == Act::Switchover ? failed(CheckId::ReplayRuns, m_id, reading, Remedy::ResumeReplay) : warned(CheckId::ReplayRuns, m_id, reading, Remedy::ResumeReplay);
    }

    Check receiveLag() const
    {
        if (!m_lag || !m_lag->inputs.primaryLsn || !m_lag->inputs.receivedLsn)
            return unknown(CheckId::ReceiveLag, m_id,
                           !m_lag                        ? m_sight.whySilent(m_id)
                           : !m_lag->inputs.primaryLsn ? m_lag->inputs.primaryLsn.error()
                                                       : m_lag->inputs.receivedLsn.error());
        const Bytes missing = base::bytesBehind(*m_lag->inputs.primaryLsn, *m_lag->inputs.receivedLsn);
        const Bytes limit = m_sight.fleet().thresholds.lagBytes[1];
        const std::vector<facts::Evidence> reading{said("not_received", missing, limit)};
        return missing < limit ? passed(CheckId::ReceiveLag, m_id, reading) : forceable(failed(CheckId::ReceiveLag, m_id, reading, Remedy::WaitForCatchUp));
    }

    /// The very numbers that the standby's row shows.
    Check replayLag() const
    {
        if (!m_lag || !m_sample)
            return silent(CheckId::ReplayLag);
        const auto &thresholds = m_sight.fleet().thresholds;
        const microseconds most = thresholds.lagTime[1];
        std::vector<facts::Evidence> readings;
        if (m_lag->time)
            readings.push_back(said("lag", *m_lag->time, most));
        if (m_lag->behind)
            readings.push_back(said("behind", *m_lag->behind, thresholds.lagBytes[1]));
        if (readings.empty())
            return unknown(CheckId::ReplayLag, m_id, m_lag->time.error(), Remedy::GrantRight);
        const bool late = (m_lag->time && *m_lag->time >= most) || (m_lag->behind && *m_lag->behind >= thresholds.lagBytes[1]);
        return late ? forceable(failed(CheckId::ReplayLag, m_id, std::move(readings), Remedy::WaitForCatchUp)) : passed(CheckId::ReplayLag, m_id, std::move(readings));
    }

    Check siblingsAhead() const
    {
        if (!m_sample || !m_sample->received)
            return unknown(CheckId::SiblingsAhead, m_id, m_sample ? m_sample->received.error() : m_sight.whySilent(m_id));
        ServerId ahead;
        Bytes most;
        for (const ServerId &id : m_sight.othersThan(m_id)) {
            const facts::PostgresSample *other = m_sight.fresh(id);
            if (!other || !other->received || base::bytesBehind(*other->received, *m_sample->received) <= most)
                continue;
            most = base::bytesBehind(*other->received, *m_sample->received);
            ahead = id;
        }
        if (ahead.isEmpty())
            return passed(CheckId::SiblingsAhead, m_id, {said("received", m_sample->received->toString())});
        return named(warned(CheckId::SiblingsAhead, m_id, {said("missing", most, Bytes{0}), m_sight.said(ahead, "received", m_sight.last(ahead)->received->toString())},
                            Remedy::ChooseOther),
                     ahead.text());
    }

    Check dataLoss() const
    {
        const LossWindow window = lossOf(m_sight, m_id);
        if (!window.atLeast)
            return forceable(unknown(CheckId::DataLoss, m_id, window.atLeast.error()));
        const Bytes limit = m_sight.fleet().thresholds.lagBytes[1];
        std::vector<facts::Evidence> readings{said("lost_at_least", *window.atLeast, limit)};
        if (window.atMost)
            readings.push_back(said("lost_at_most", *window.atMost));
        if (!window.readBy.empty())
            readings.push_back(m_sight.seen("end_of_the_log_read_by", window.readBy));
        if (window.lastCommit)
            readings.push_back(said("last_commit", *window.lastCommit));
        if (window.since)
            readings.push_back(said("lost_span_at_most", *window.since));
        return *window.atLeast < limit ? warned(CheckId::DataLoss, m_id, std::move(readings), Remedy::None)
                                       : forceable(failed(CheckId::DataLoss, m_id, std::move(readings), Remedy::ChooseOther));
    }

    Check brake() const
    {
        if (!m_sample)
            return silent(CheckId::CandidateBrake);
        const std::vector<facts::Evidence> reading{said("default_transaction_read_only", std::string(m_sample->readOnlyByDefault ? "on" : "off"))};
        return m_sample->readOnlyByDefault ? failed(CheckId::CandidateBrake, m_id, reading, Remedy::LiftBrake) : passed(CheckId::CandidateBrake, m_id, reading);
    }

    /// Postgres tells no free space: its host does, through the guard there. A new primary writes more than it did, and keeps log for its followers.
    Check disk() const
    {
        const facts::Observation *observation = m_sight.snapshot().observation(m_id);
        if (observation && observation->reach.lastError && observation->reach.lastError->sqlState == "53100")
            return failed(CheckId::Disk, m_id, {m_sight.seen("said", observation->reach.lastError->message)}, Remedy::FreeDisk);
        const auto space = diskSpace();
        if (!space)
            return unknown(CheckId::Disk, m_id, space.error());
        const auto setting = m_sight.setting(m_id, "max_wal_size");
        const auto log = setting ? facts::derive::parseSize(*setting, Bytes{1 << 20}) : std::nullopt;
        const Bytes share{static_cast<std::int64_t>(static_cast<double>(space->total.count) * m_sight.limits.diskShare)};
        const Bytes least{log ? log->count * m_sight.limits.diskLogs : 0};
        const bool lacksLog = space->free < least;
        const base::ServerId by("guard of " + m_sight.regionOf(m_id).text());
        std::vector<facts::Evidence> readings{{"free_space", space->free, lacksLog ? least : std::max(share, least), by, space->readAt}, {"disk_size", space->total, {}, by, space->readAt}};
        if (log)
            readings.push_back(said("max_wal_size", *log));
        if (lacksLog)
            return forceable(failed(CheckId::Disk, m_id, std::move(readings), Remedy::FreeDisk));
        return space->free < share ? warned(CheckId::Disk, m_id, std::move(readings), Remedy::FreeDisk) : passed(CheckId::Disk, m_id, std::move(readings));
    }

    facts::Known<facts::DiskSpace> diskSpace() const
    {
        const base::RegionName region = m_sight.regionOf(m_id);
        if (!m_sight.reachesHost(m_id))
            return facts::unknown(WhyUnknown::NotConfigured, "host_access");
        if (!m_sight.fleet().guardOf(region))
            return facts::unknown(WhyUnknown::NotConfigured, "guard");
        const facts::GuardReport *guard = m_sight.guard(region);
        if (!guard || guard->reach.state == facts::ReachState::Asking)
            return facts::unknown(WhyUnknown::NotAskedYet);
        const auto found = guard->disks.find(m_id);
        const bool isOld = found != guard->disks.end() && found->second && m_sight.snapshot().takenAt - found->second->readAt > m_sight.limits.diskAge;
        if (guard->reach.state == facts::ReachState::Down || isOld)
            return facts::unknown(WhyUnknown::ServerSilent, "guard");
        return found == guard->disks.end() ? facts::unknown(WhyUnknown::NotSupported, "guard of " + region.text()) : found->second;
    }

    const Sight &m_sight;
    Act m_act;
    ServerId m_id;
    const facts::PostgresSample *m_sample;
    const facts::StandbyLag *m_lag;
};

} // namespace

bool isLive(const facts::StandbyLag *lag)
{
    return lag && (lag->state == StandbyState::Streaming || lag->state == StandbyState::CatchingUp || lag->state == StandbyState::Paused);
}

std::string applicationNameOf(const fleet::Fleet &fleet, const ServerId &server)
{
    const fleet::Server *declared = fleet.server(server);
    return declared && !declared->replicationName.empty() ? declared->replicationName : server.text();
}

Checks checkCandidate(const Sight &sight, Act act, const ServerId &candidate)
{
    return CandidateJudge(sight, act, candidate).all();
}

Check checkMark(const SightBase &sight, const ServerId &candidate)
{
    const facts::Shared &shared = *sight.snapshot().shared;
    const facts::Mark *mark = facts::markOn(&shared, sight.fleet(), candidate);
    if (!mark && !shared.readAt)
        return unknown(CheckId::NotMarked, candidate, {WhyUnknown::NotAskedYet, "directory"}, Remedy::WaitForAnswers);
    if (!mark)
        return passed(CheckId::NotMarked, candidate, {sight.seen("mark", std::string("none"))});
    const bool isEvacuated = mark->kind == facts::Mark::Kind::Region;
    std::vector<facts::Evidence> readings{sight.seen(isEvacuated ? "evacuated_by" : "marked_by", mark->by.databaseUser), sight.seen("reason", mark->reason)};
    if (isEvacuated)
        readings.push_back(sight.seen("evacuated_since", mark->since));
    if (mark->until)
        readings.push_back(sight.seen("marked_until", *mark->until));
    return forceable(failed(CheckId::NotMarked, candidate, std::move(readings), Remedy::LiftMark));
}

} // namespace shardlens::operate
