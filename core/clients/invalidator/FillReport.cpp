// SPDX-License-Identifier: GPL-3.0-or-later
// An invalidator's answer as a snapshot carries it.
#include "core/clients/invalidator/InvalidatorAnswer.h"

namespace shardlens::clients {

namespace {

template <class State, std::size_t Count>
State stateNamed(const std::string &word, const State (&states)[Count])
{
    for (const State state : states) {
        if (facts::name(state) == word)
            return state;
    }
    return states[0];
}

void fillOutbox(facts::OutboxFollowing &out, const FollowedOutbox &in, base::Instant now)
{
    using State = facts::OutboxFollowing::State;
    static constexpr State states[] = {State::Starting, State::Following, State::Failing};
    out.state = stateNamed(in.state, states);
    out.throughRouter = in.via != "member";
    out.rows = in.rows;
    out.waitingRows = in.waitingRows;
    out.isBehind = in.isBehind;
    out.lagMedian = in.lagMedian;
    out.lagP99 = in.lagP99;
    out.readAt = in.readAge ? std::optional(now - *in.readAge) : std::nullopt;
    out.redeliveries = in.redeliveries;
    out.flushes = in.flushes;
    out.errors = in.errors;
    out.error = in.error;
    out.missedSince = in.missedSince;
    out.cursorError = in.cursorError;
}

facts::MemberDelivery memberOf(const PoolMemberState &in, const base::Clock &clock)
{
    using State = facts::MemberDelivery::State;
    static constexpr State states[] = {State::Dialling, State::Here, State::Away, State::MustFlush, State::CatchingUp};
    facts::MemberDelivery out;
    out.pool = base::PoolName(in.pool);
    out.state = stateNamed(in.state, states);
    out.since = clock.now() - in.since;
    out.sinceUtc = clock.utcNow() - in.since;
    out.waiting = in.waiting;
    out.delivered = in.delivered;
    out.found = in.found;
    out.refused = in.refused;
    out.flushes = in.flushes;
    out.vouched = in.vouched;
    out.error = in.error;
    return out;
}

facts::MeasuredStaleness measuredOf(const SampledStaleness &in, base::Instant now)
{
    return {now - in.age, in.compared, in.stale, in.late, in.orphans, in.unread, in.oldest, in.staleKeys, in.error};
}

} // namespace

void fill(facts::InvalidatorReport &report, const InvalidatorAnswer &answer, const base::Clock &clock)
{
    const auto now = clock.now();
    report.hasAnswered = true;
    report.isReady = answer.isReady;
    report.staleFor = answer.staleFor;
    report.startedUtc = clock.utcNow() - std::chrono::duration_cast<base::microseconds>(std::chrono::duration<double>(answer.upSeconds));
    std::map<base::ClusterName, facts::OutboxFollowing> clusters;
    for (const auto &[cluster, outbox] : answer.clusters)
        fillOutbox(clusters[cluster], outbox, now);
    report.clusters = std::move(clusters);
    report.members.clear();
    for (const auto &[server, member] : answer.members)
        report.members[server] = memberOf(member, clock);
    report.leases.clear();
    for (const auto &[pool, leases] : answer.leases) {
        facts::LeaseReport &out = report.leases[pool];
        out.counts = leases.counts;
        out.perSecond.insert(leases.perSecond.begin(), leases.perSecond.end());
        out.heardAt = leases.heardAge ? std::optional(now - *leases.heardAge) : std::nullopt;
    }
    if (answer.staleness)
        report.staleness = measuredOf(*answer.staleness, now);
    else
        report.staleness = facts::unknown(facts::WhyUnknown::NoValue);
    report.poolStaleness.clear();
    for (const auto &[pool, found] : answer.poolStaleness)
        report.poolStaleness[pool] = measuredOf(found, now);
    report.datagrams = answer.datagrams;
    report.unreadLines = answer.unreadLines;
    report.stateError = answer.stateError;
}

} // namespace shardlens::clients
