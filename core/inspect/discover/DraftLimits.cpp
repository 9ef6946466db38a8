// SPDX-License-Identifier: GPL-3.0-or-later
// Thresholds are proposed beside what was observed, commented out: a person decides.
#include "core/inspect/discover/DraftWriter.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace shardlens::inspect::discover {

namespace {

std::string oneDecimal(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

/// The next of 1, 2, 5, 10, 20, 50, … that is at least so large.
std::int64_t roundUp(double value)
{
    std::int64_t step = 1;
    for (;; step *= 10) {
        for (const std::int64_t digit : {1, 2, 5}) {
            if (static_cast<double>(digit * step) >= value)
                return digit * step;
        }
    }
}

std::string mebibytes(std::int64_t bytes)
{
    return oneDecimal(static_cast<double>(bytes) / (1 << 20)) + " MiB";
}

} // namespace

void DraftWriter::limits()
{
    heading("[thresholds]");
    remark("The defaults hold. What was observed while asking, a few moments only, and what it would speak for:");
    proposeLatency();
    proposeLag();
    proposeOthers();
}

void DraftWriter::proposeLatency()
{
    std::vector<double> times;
    for (const DraftServer &server : m_group.servers) {
        if (const auto took = m_findings[server.finding].roundTrip; took.count() > 0)
            times.push_back(static_cast<double>(took.count()) / 1000);
    }
    if (times.empty())
        return;
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    const std::string seen = "one small question took " + oneDecimal(*least) + " to " + oneDecimal(*most) + " ms over " +
                             std::to_string(times.size()) + " servers; the default is ";
    const fleet::Thresholds usual;
    proposal("slow_floor_ms = " + std::to_string(std::max<std::int64_t>(usual.slowFloor.count(), roundUp(*most * 3))),
             seen + std::to_string(usual.slowFloor.count()));
    proposal("deadline_ms = " + std::to_string(std::max<std::int64_t>(usual.deadline.count(), roundUp(*most * 10))),
             seen + std::to_string(usual.deadline.count()));
}

void DraftWriter::proposeLag()
{
    std::optional<base::milliseconds> time;
    std::optional<std::int64_t> bytes;
    for (const DraftServer &server : m_group.servers) {
        const auto *postgres = m_findings[server.finding].as<PostgresTold>();
        if (!postgres)
            continue;
        if (postgres->observed.worstLag)
            time = std::max(time.value_or(base::milliseconds(0)), *postgres->observed.worstLag);
        if (postgres->observed.worstLagBytes)
            bytes = std::max(bytes.value_or(0), *postgres->observed.worstLagBytes);
    }
    const fleet::Thresholds usual;
    if (time) {
        const std::int64_t first = std::max<std::int64_t>(usual.lagTime[0].count(), roundUp(static_cast<double>(time->count()) * 2));
        std::string levels;
        for (std::size_t i = 0; i < usual.lagTime.size(); ++i)
            levels += (i ? ", " : "") + std::to_string(usual.lagTime[i].count() * (first / usual.lagTime[0].count()));
        proposal("lag_time_ms = [" + levels + "]", "the worst replay lag seen was " + std::to_string(time->count()) + " ms");
    }
    if (bytes) {
        const std::int64_t first =
            std::max<std::int64_t>(usual.lagBytes[0].count, roundUp(static_cast<double>(*bytes) * 2 / (1 << 20)) << 20);
        std::string levels;
        for (std::size_t i = 0; i < usual.lagBytes.size(); ++i)
            levels += (i ? ", " : "") + std::to_string(usual.lagBytes[i].count * (first / usual.lagBytes[0].count));
        proposal("lag_bytes = [" + levels + "]", "the most that a standby was behind was " + mebibytes(*bytes));
    }
    if (!time && !bytes)
        remark("lag_time_ms, lag_bytes: no primary showed a standby's lag");
}

void DraftWriter::proposeOthers()
{
    const fleet::Thresholds usual;
    std::int64_t skew = 0;
    std::int64_t longest = -1;
    std::int64_t slot = -1;
    double share = -1;
    std::string unlimited;
    for (const DraftServer &server : m_group.servers) {
        const auto *postgres = m_findings[server.finding].as<PostgresTold>();
        if (!postgres)
            continue;
        const Observed &seen = postgres->observed;
        skew = std::max<std::int64_t>(skew, seen.clockOffset ? std::abs(seen.clockOffset->count()) : 0);
        longest = std::max<std::int64_t>(longest, seen.longestTransaction ? seen.longestTransaction->count() : -1);
        slot = std::max<std::int64_t>(slot, seen.slotBytes.value_or(-1));
        if (seen.slotLimit == "-1" && unlimited.empty())
            unlimited = server.name.value;
        if (postgres->maySeeStats && seen.maxConnections > 0)
            share = std::max(share, double(seen.connections) / seen.maxConnections);
    }
    if (skew > 0)
        proposal("clock_skew_ms = " +
                     std::to_string(std::max<std::int64_t>(usual.clockSkew.count(), roundUp(static_cast<double>(skew) * 2))),
                 "the clock furthest off was off by " + std::to_string(skew) + " ms");
    if (longest >= 0)
        proposal("long_transaction_s = " +
                     std::to_string(std::max<std::int64_t>(usual.longTransaction.count(), roundUp(static_cast<double>(longest) * 2))),
                 "the longest transaction open was " + std::to_string(longest) + " s old");
    if (slot >= 0)
        proposal("slot_warn_bytes = " +
                     std::to_string(std::max(usual.slotWarnBytes.count, roundUp(static_cast<double>(slot) * 4 / (1 << 20)) << 20)),
                 "the most that a slot keeps is " + mebibytes(slot) +
                     (unlimited.empty() ? "" : "; " + unlimited + " sets no max_slot_wal_keep_size"));
    if (share >= 0)
        proposal("connections_share = " + oneDecimal(std::max(usual.connectionsShare, std::min(0.95, share * 1.2))),
                 "at most " + oneDecimal(share * 100) + " % of max_connections were in use");
}

} // namespace shardlens::inspect::discover
