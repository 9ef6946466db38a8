// SPDX-License-Identifier: GPL-3.0-or-later
// One standby measured. The sender's row is one instant of one server, so its LSNs are compared with each other first; only
// where it is missing are two servers' samples compared, clamped at 0.
#include "core/facts/derive/Derive.h"
#include "core/facts/derive/Heartbeats.h"
#include "core/facts/derive/Settings.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

class Measuring
{
public:
    Measuring(const Tick &tick, const fleet::Cluster &cluster, const Roles &roles, const base::ServerId &standby, ClusterMemory &memory)
        : m_tick(tick), m_cluster(cluster), m_roles(roles), m_memory(memory), m_own(memory.standbys[standby])
    {
        m_lag.standby = standby;
        m_standby = tick.postgres(standby);
        m_primary = roles.primary ? tick.postgres(*roles.primary) : nullptr;
        m_standbyFresh = tick.isFresh(standby);
        m_primaryFresh = roles.primary && tick.isFresh(*roles.primary);
    }

    StandbyLag measure()
    {
        findUpstream();
        collectInputs();
        m_lag.state = state();
        measureBytes();
        measureTime();
        measureSlot();
        return m_lag;
    }

private:
    const SenderRow *rowIn(const PostgresSample &sender) const
    {
        const std::string wanted = replicationName(m_tick.fleet, m_lag.standby);
        const auto row = std::find_if(sender.senders.begin(), sender.senders.end(), [&](const SenderRow &r) { return replicationName(r.applicationName) == wanted; });
        if (row != sender.senders.end())
            return &*row;
        // Unnamed receivers: one row and one standby can only be each other.
        return sender.senders.size() == 1 && m_cluster.servers.size() == 2 && sender.senders.front().applicationName == "walreceiver" ? &sender.senders.front() : nullptr;
    }

    void findUpstream()
    {
        if (m_primary)
            m_row = rowIn(*m_primary);
        if (m_row) {
            m_lag.upstream = *m_roles.primary;
            m_sender = m_primary;
        }
        for (const base::ServerId &id : m_cluster.servers) {
            if (m_row || id == m_lag.standby || (m_roles.primary && id == *m_roles.primary) || !m_tick.isFresh(id))
                continue;
            const PostgresSample *other = m_tick.postgres(id);
            if (const SenderRow *row = other ? rowIn(*other) : nullptr) {
                m_row = row;
                m_sender = other;
                m_lag.upstream = id;
            }
        }
        if (m_lag.upstream.isEmpty() && m_standbyFresh && receiver())
            m_lag.upstream = m_tick.atAddress(m_cluster.servers, receiver()->senderHost, receiver()->senderPort, region());
        if (m_lag.upstream.isEmpty())
            m_lag.upstream = m_own.upstream;
        m_own.upstream = m_lag.upstream;
    }

    base::RegionName region() const { return m_tick.regionOf(m_lag.standby); }

    const ReceiverRow *receiver() const
    {
        return m_standby && m_standby->receiver && m_standby->receiver->has_value() ? &**m_standby->receiver : nullptr;
    }

    void collectInputs()
    {
        LagInputs &in = m_lag.inputs;
        if (m_row) {
            in.replayLag = m_row->replayLag;
            in.senderState = m_row->state;
            m_lag.syncState = m_row->syncState;
            noteReply();
        } else if (m_primary) {
            in.replayLag = unknown(WhyUnknown::NoValue, "no_sender_row");
        }
        in.heartbeatAge = heartbeatAge(m_tick, m_roles, m_lag.standby, m_memory);
        if (m_primary)
            in.primaryLsn = m_primary->current;
        if (const auto age = m_roles.primary ? m_tick.sampleAge(*m_roles.primary) : std::nullopt)
            in.primarySampleAge = *age;
        if (const auto age = m_tick.sampleAge(m_lag.standby))
            in.standbySampleAge = *age;
        if (!m_standby)
            return;
        in.receivedLsn = m_standby->received;
        in.replayedLsn = m_standby->replayed;
        if (const ReceiverRow *row = receiver()) {
            in.receiverStatus = row->status;
            in.receiverMessageAge = row->lastMessageAge;
            if (row->lastMessageAge && m_tick.observation(m_lag.standby)->sampledUtc)
                m_own.lastMessageUtc = *m_tick.observation(m_lag.standby)->sampledUtc - *row->lastMessageAge;
        } else if (!m_standby->receiver) {
            in.receiverMessageAge = tl::unexpected<Unknown>(m_standby->receiver.error());
        } else {
            in.receiverMessageAge = unknown(WhyUnknown::NoValue, "no_receiver");
        }
        in.lastMessageAt = m_own.lastMessageUtc;
        noteProgress();
    }

    void noteProgress()
    {
        if (!m_standby->replayed)
            return;
        if (m_own.replayed != m_standby->replayed->value) {
            m_own.replayed = m_standby->replayed->value;
            m_own.progressedAt = *m_tick.observation(m_lag.standby)->sampledAt;
        }
        m_lag.inputs.sinceProgress = std::chrono::duration_cast<microseconds>(m_tick.input.takenAt - *m_own.progressedAt);
    }

    void noteReply()
    {
        if (m_row->replyTime && m_own.replyTime != *m_row->replyTime) {
            m_own.replyTime = *m_row->replyTime;
            m_own.repliedAt = m_tick.observation(m_lag.upstream)->sampledAt;
            if (m_row->writeLag)
                m_own.writeLags.add(*m_row->writeLag);
        }
        m_lag.inputs.repliedAt = m_own.repliedAt;
        if (m_row->writeLag)
            m_lag.inputs.writeLag = *m_row->writeLag;
        m_lag.inputs.usualWriteLag = m_own.writeLags.usual();
    }

    std::optional<microseconds> limit() const { return messageAgeLimit(m_sender ? m_sender : m_primary, m_standby, m_tick.fleet.thresholds.interval); }

    bool hasDiverged() const
    {
        if (!m_standby || !m_standbyFresh)
            return false;
        if (m_roles.systemIdentifier && m_standby->systemIdentifier != 0 && m_standby->systemIdentifier != *m_roles.systemIdentifier)
            return true;
        // A timeline that a primary asked after it does not have: the standby followed another promotion.
        const auto primaryAge = m_lag.inputs.primarySampleAge;
        const auto standbyAge = m_lag.inputs.standbySampleAge;
        return m_primaryFresh && primaryAge && standbyAge && *primaryAge <= *standbyAge && m_primary->timeline && m_standby->timeline
               && *m_standby->timeline > *m_primary->timeline;
    }

    StandbyState stateByReceiver() const
    {
        const ReceiverRow *row = receiver();
        if (!row || row->status != "streaming")
            return StandbyState::NotStreaming;
        const auto most = limit();
        if (most && row->lastMessageAge && *row->lastMessageAge > *most)
            return StandbyState::NotStreaming;
        if (m_standby->replayPaused)
            return StandbyState::Paused;
        return m_row && m_row->state == "catchup" ? StandbyState::CatchingUp : StandbyState::Streaming;
    }

    /// Without pg_monitor the view shows no row, or rows without values; the same right shows the connections.
    static bool seesSenders(const PostgresSample &sender)
    {
        return sender.connections || sender.connections.error().why != WhyUnknown::NoRights;
    }

    StandbyState stateBySender() const
    {
        // A row that is missing accuses only where all rows may be seen, and where the standby is known to receive from there.
        if (!m_row)
            return m_primaryFresh && seesSenders(*m_primary) && m_roles.primary == m_own.upstream ? StandbyState::NotStreaming : StandbyState::Unknown;
        if (!m_tick.isFresh(m_lag.upstream) || m_row->state.empty())
            return StandbyState::Unknown;
        const auto most = limit();
        if (most && m_own.repliedAt && m_tick.input.takenAt - *m_own.repliedAt > *most)
            return StandbyState::NotStreaming;
        if (m_row->state == "streaming")
            return StandbyState::Streaming;
        return m_row->state == "catchup" ? StandbyState::CatchingUp : StandbyState::NotStreaming;
    }

    StandbyState state() const
    {
        if (hasDiverged())
            return StandbyState::Diverged;
        // The receiver's own word counts most; a server that is silent, or may not tell, is judged by its sender.
        if (m_standbyFresh && m_standby->receiver && m_standby->inRecovery)
            return stateByReceiver();
        if (m_standbyFresh && !m_standby->inRecovery)
            return StandbyState::Unknown;
        return stateBySender();
    }

    bool isLive() const
    {
        return m_lag.state == StandbyState::Streaming || m_lag.state == StandbyState::CatchingUp || m_lag.state == StandbyState::Paused;
    }

    static Known<Bytes> between(const Known<Lsn> &ahead, const Known<Lsn> &behind)
    {
        if (!ahead)
            return tl::unexpected<Unknown>(ahead.error());
        if (!behind)
            return tl::unexpected<Unknown>(behind.error());
        return base::bytesBehind(*ahead, *behind);
    }

    void measureBytes()
    {
        if (!m_primary) {
            m_lag.behind = tl::unexpected(m_roles.primary ? m_tick.whySilent(*m_roles.primary) : Unknown{WhyUnknown::NoValue, "primary"});
            return;
        }
        // A primary that fell silent earlier than its standby: the standby may have replayed past the last LSN we know.
        if (!m_primaryFresh && m_standbyFresh) {
            m_lag.behind = unknown(WhyUnknown::ServerSilent, m_roles.primary->text());
            return;
        }
        const Known<Lsn> &current = m_primary->current;
        if (m_row) {
            m_lag.stages = {between(current, m_row->sent), between(m_row->sent, m_row->written), between(m_row->written, m_row->flushed), between(m_row->flushed, m_row->replayed)};
            m_lag.behind = between(current, m_row->replayed);
        } else if (m_standby) {
            const auto notToBeHad = unknown(WhyUnknown::NoValue, "no_sender_row");
            m_lag.stages = {between(current, m_standby->received), notToBeHad, notToBeHad, between(m_standby->received, m_standby->replayed)};
            m_lag.behind = between(current, m_standby->replayed);
        }
        if (m_lag.behind)
            addPoint(m_own.backlog, m_tick.input.takenAt, m_lag.behind->count);
        m_lag.backlogBytesPerSecond = slope(m_own.backlog);
    }

    void setTime(Known<microseconds> time, LagRule rule, microseconds resolution = microseconds(0))
    {
        m_lag.time = std::move(time);
        m_lag.rule = rule;
        m_lag.resolution = resolution;
    }

    /// An idle primary writes its log in whole pages: what ends there is the first part of a record whose rest is not flushed yet, and
    /// that nobody can replay. No transaction waits for it, and replay_lag grows all the same. Longer than a record of a page it is not.
    bool isAllButTornRecord() const
    {
        constexpr std::uint64_t page = 8192;
        if (!m_row || !m_primary || !m_primary->current || !m_row->flushed || !m_row->replayed)
            return false;
        const std::uint64_t end = m_primary->current->value;
        return end % page == 0 && *m_row->flushed == *m_primary->current && end - std::min(end, m_row->replayed->value) < 2 * page;
    }

    void measureTime()
    {
        if ((m_lag.state == StandbyState::Streaming || m_lag.state == StandbyState::CatchingUp) && isAllButTornRecord()) {
            setTime(microseconds(0), LagRule::CaughtUp, m_tick.fleet.thresholds.interval);
            return;
        }
        // Where all fell silent together, the last values stand side by side as they were.
        const bool allOld = !m_standbyFresh && !m_primaryFresh && m_lag.state == StandbyState::Unknown;
        if ((isLive() || allOld) && m_lag.inputs.replayLag) {
            setTime(*m_lag.inputs.replayLag, LagRule::ReplayLag);
            return;
        }
        if (!m_standby) {
            setTime(tl::unexpected(m_tick.whySilent(m_lag.standby)), LagRule::None);
            return;
        }
        // The beat that a silent standby showed long ago says nothing of it now, unless all its cluster fell silent with it.
        if (!m_standbyFresh && m_primaryFresh) {
            setTime(unknown(WhyUnknown::ServerSilent, m_lag.standby.text()), LagRule::None);
            return;
        }
        if (const auto &age = m_lag.inputs.heartbeatAge) {
            const bool fresh = *age < freshBeatLimit(m_tick.fleet);
            setTime(fresh ? microseconds(0) : *age, fresh ? LagRule::FreshHeartbeat : LagRule::HeartbeatAge,
                    freshBeatLimit(m_tick.fleet));
            return;
        }
        measureTimeWithoutHeartbeat();
    }

    void measureTimeWithoutHeartbeat()
    {
        const Unknown &why = m_lag.inputs.heartbeatAge.error();
        if (!isLive())
            setTime(unknown(m_lag.state == StandbyState::Unknown ? why.why : WhyUnknown::NoValue, m_lag.state == StandbyState::Unknown ? why.detail : "not_streaming"), LagRule::None);
        else if (m_lag.behind && m_lag.behind->count == 0)
            setTime(microseconds(0), LagRule::CaughtUp, m_tick.fleet.thresholds.interval);
        else if (!m_primaryFresh && m_roles.primary)
            setTime(unknown(WhyUnknown::ServerSilent, m_roles.primary->text()), LagRule::None); // nobody was there to tell it
        else
            setTime(unknown(WhyUnknown::NoValue, "replay_lag"), LagRule::None);
    }

    const SlotRow *slot() const
    {
        if (!m_primary || !m_primary->slots)
            return nullptr;
        const std::string wanted = replicationName(m_tick.fleet, m_lag.standby);
        const std::string used = receiver() ? receiver()->slotName : std::string();
        const auto found = std::find_if(m_primary->slots->begin(), m_primary->slots->end(),
                                        [&](const SlotRow &row) { return row.physical && ((!used.empty() && row.name == used) || replicationName(row.name) == wanted); });
        return found == m_primary->slots->end() ? nullptr : &*found;
    }

    void measureSlot()
    {
        if (m_primary && !m_primary->slots) {
            m_lag.slotRetained = tl::unexpected<Unknown>(m_primary->slots.error());
            return;
        }
        const SlotRow *row = slot();
        if (!row) {
            if (m_primary)
                m_lag.slotRetained = m_lag.slotLimit = unknown(WhyUnknown::NoValue, "no_slot");
            return;
        }
        m_lag.slotRetained = row->retained;
        const auto most = setting(*m_primary, "max_slot_wal_keep_size");
        const auto size = most ? parseSize(*most, Bytes{1LL << 20}) : std::nullopt;
        if (size)
            m_lag.slotLimit = *size;
        else
            m_lag.slotLimit = unknown(most ? WhyUnknown::NoValue : WhyUnknown::NotAskedYet, most ? "unlimited" : "max_slot_wal_keep_size");
        predictFull(*row);
    }

    void predictFull(const SlotRow &row)
    {
        if (row.retained && m_primaryFresh)
            addPoint(m_own.retained, *m_tick.observation(*m_roles.primary)->sampledAt, row.retained->count);
        const auto pace = slope(m_own.retained);
        if (!pace || !row.retained || (!row.safeSize && !m_lag.slotLimit)) {
            const Unknown why = !pace ? pace.error() : !row.retained ? row.retained.error() : m_lag.slotLimit.error();
            m_lag.slotFullIn = tl::unexpected<Unknown>(why);
            return;
        }
        const std::int64_t left = row.safeSize ? row.safeSize->count : m_lag.slotLimit->count - row.retained->count;
        constexpr double standsStill = 1024.0;
        if (*pace < standsStill)
            m_lag.slotFullIn = unknown(WhyUnknown::NoValue, "not_filling");
        else
            m_lag.slotFullIn = microseconds(static_cast<std::int64_t>(std::max<double>(0.0, static_cast<double>(left)) / *pace * 1e6));
    }

    const Tick &m_tick;
    const fleet::Cluster &m_cluster;
    const Roles &m_roles;
    ClusterMemory &m_memory;
    StandbyMemory &m_own;
    StandbyLag m_lag;
    const PostgresSample *m_standby = nullptr;
    const PostgresSample *m_primary = nullptr;
    const PostgresSample *m_sender = nullptr;
    const SenderRow *m_row = nullptr;
    bool m_standbyFresh = false;
    bool m_primaryFresh = false;
};

} // namespace

StandbyLag measureStandby(const Tick &tick, const fleet::Cluster &cluster, const Roles &roles, const base::ServerId &standby, ClusterMemory &memory)
{
    return Measuring(tick, cluster, roles, standby, memory).measure();
}

} // namespace shardlens::facts::derive
