// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/OutboxCursor.h"
#include "core/clients/postgres/Session.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// Rows of an outbox that are visible on one server and were not delivered yet.
struct OutboxPage {
    std::vector<std::string> keys;
    std::vector<double> committedSeconds;   ///< of each: when its transaction began, on the primary's clock, since 1970
    bool isLast = true;                     ///< nothing more is visible there
    std::optional<OutboxCursor> keptCursor; ///< what this region's row in the cluster said, as visible there
    std::string missedSince;                ///< set: rows were pruned that this region had not delivered; as the server wrote it
    double serverSeconds = 0;               ///< that server's clock
    double againBefore = 0;                 ///< rows that began before are told again, after another server answered; 0 = none is
};

/// Reads one cluster's outbox page by page, over whatever session it is given, in the order of transactions: a round of pages ends
/// with a cursor at what was finished at its first page; transactions above it that were delivered are remembered. Where the server
/// is another one than before, or its history, what was written since a minute before the last look is read again: that server may
/// have been behind, or numbers may stand for other transactions. PostgreSQL 13 or newer. One thread.
class OutboxReader
{
public:
    static constexpr std::size_t pageRows = 5000;
    static constexpr double redeliverMarginSeconds = 60;
    static constexpr base::seconds rowsKept{6 * 3600}; ///< at most, for a region that does not deliver them: shardlens.prune_delivered
    /// Delivered transactions that are remembered while an older one is open; those before them are read again each time.
    static constexpr std::size_t mostRemembered = 20'000;

    OutboxReader(std::string region, OutboxCursor cursor) : m_region(std::move(region)), m_cursor(std::move(cursor)) {}

    /// The next page. Errors: as postgres::Session::exec; the cursor is then as before.
    [[nodiscard]] base::Result<OutboxPage> read(postgres::Session &session, base::milliseconds timeout);
    /// By how many seconds the clock of the server that answers is ahead of its primary's, which stands on the rows; 0 until it is told, and
    /// again once another server answers.
    void clockLeadIs(double seconds) { m_clockLead = seconds; }
    /// What read() gave last is delivered, or kept by whoever will deliver it.
    void delivered();

    [[nodiscard]] const OutboxCursor &cursor() const { return m_cursor; }
    [[nodiscard]] const std::string &source() const { return m_target ? m_target->source : m_cursor.source; } ///< the server that answered last
    [[nodiscard]] std::uint64_t redeliveries() const { return m_redeliveries; }
    /// A transaction has been open for so many others that they are delivered again each time: look less often.
    [[nodiscard]] bool repeats() const { return m_repeats; }
    /// Takes another cursor, from the start of a round: the region's pools were flushed, or it was kept elsewhere.
    void jumpTo(OutboxCursor cursor);

private:
    void remember();
    [[nodiscard]] std::string deliveredList() const;

    std::string m_region;
    OutboxCursor m_cursor;
    std::optional<OutboxCursor> m_target; ///< where this round leads; nothing between rounds
    double m_clockLead = 0;
    double m_redeliverSince = 0;          ///< of this round; 0 = only what is new
    std::string m_afterTxid = "0";        ///< the last row of the round so far
    std::string m_afterSeq = "0";
    std::set<std::uint64_t> m_delivered;     ///< transactions at or above the cursor's floor
    std::vector<std::uint64_t> m_pageTxids;  ///< of the page that is out
    std::vector<std::uint64_t> m_roundTxids; ///< of the round's pages before it
    bool m_repeats = false;
    std::string m_lastTxid;
    std::string m_lastSeq;
    bool m_wasLast = true;
    std::uint64_t m_redeliveries = 0;
};

} // namespace shardlens::cacheflow
