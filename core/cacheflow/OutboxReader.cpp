// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/OutboxReader.h"

#include <charconv>

namespace shardlens::cacheflow {

using base::Result;

namespace {

// The first row describes the server, the others are the outbox, of one snapshot: see resources/sql/cluster.sql.
const char *const pageStatement = "SELECT * FROM shardlens.outbox_page($1, $2::xid8, $3::xid8, $4::bigint, $5::integer, $6::xid8[], $7::double precision)";

double secondsOf(const postgres::Value &value)
{
    double seconds = 0;
    if (value)
        std::from_chars(value->data(), value->data() + value->size(), seconds);
    return seconds;
}

std::int64_t integerOf(const postgres::Value &value)
{
    std::int64_t number = 0;
    if (value)
        std::from_chars(value->data(), value->data() + value->size(), number);
    return number;
}

OutboxCursor cursorIn(const std::vector<postgres::Value> &row)
{
    OutboxCursor seen;
    const std::string snapshot = row[0].value_or("");
    const std::string xmin = snapshot.substr(0, snapshot.find(':'));
    seen.snapshot = xmin + ":" + xmin + ":";
    seen.source = row[1].value_or("");
    seen.history = row[2].value_or("") + "/" + row[3].value_or("");
    seen.timeline = integerOf(row[2]);
    seen.serverSeconds = secondsOf(row[4]);
    seen.lsn = row[5].value_or("");
    return seen;
}

} // namespace

void OutboxReader::jumpTo(OutboxCursor cursor)
{
    m_cursor = std::move(cursor);
    m_target.reset();
    m_delivered.clear();
    m_roundTxids.clear();
    m_wasLast = true;
}

/// As an array's text.
std::string OutboxReader::deliveredList() const
{
    std::string list = "{";
    for (const std::uint64_t txid : m_delivered)
        list += (list.size() > 1 ? "," : "") + std::to_string(txid);
    return list + "}";
}

Result<OutboxPage> OutboxReader::read(postgres::Session &session, base::milliseconds timeout)
{
    const auto ask = [&]() -> Result<postgres::Rows> {
        if (!m_target)
            m_afterTxid = m_afterSeq = "0";
        std::vector<postgres::Value> values{m_region, m_cursor.floor(), m_afterTxid, m_afterSeq, std::to_string(pageRows), deliveredList()};
        values.push_back(m_redeliverSince > 0 ? postgres::Value(std::to_string(m_redeliverSince)) : std::nullopt);
        return session.exec(pageStatement, values, timeout);
    };
    auto rows = ask();
    if (!rows)
        return base::fail(rows.error());
    if (rows->isEmpty() || rows->columns.size() != 10)
        return base::fail(base::ErrorCode::Protocol, "the outbox was not answered as asked");
    OutboxCursor seen = cursorIn(rows->rows.front());
    double serverSeconds = seen.serverSeconds;
    seen.serverSeconds -= m_clockLead;
    const OutboxCursor &before = m_target ? *m_target : m_cursor;
    const bool isElsewhere = !before.isEmpty() && (seen.source != before.source || seen.history != before.history);
    if (isElsewhere) {
        // This round is about another server's past: begin anew with what was written shortly before the last look, too.
        ++m_redeliveries;
        m_redeliverSince = std::max(m_cursor.serverSeconds - redeliverMarginSeconds, 1.0);
        m_clockLead = 0;
        m_target.reset();
        m_delivered.clear();
        m_roundTxids.clear();
        rows = ask();
        if (!rows)
            return base::fail(rows.error());
        seen = cursorIn(rows->rows.front());
        serverSeconds = seen.serverSeconds;
    }
    if (!m_target)
        m_target = seen;
    OutboxPage page;
    const auto &head = rows->rows.front();
    page.serverSeconds = serverSeconds;
    page.againBefore = m_redeliverSince > 0 ? m_redeliverSince + redeliverMarginSeconds : 0;
    page.missedSince = head[8].value_or("");
    if (head[6])
        page.keptCursor = OutboxCursor{*head[6], "", "", secondsOf(head[7]), 0, ""};
    page.isLast = rows->rows.size() - 1 < pageRows;
    m_wasLast = page.isLast;
    m_pageTxids.clear();
    for (std::size_t i = 1; i < rows->rows.size(); ++i) {
        const auto &row = rows->rows[i];
        page.keys.push_back(row[2].value_or(""));
        page.committedSeconds.push_back(secondsOf(row[3]));
        m_lastTxid = row[0].value_or("0");
        if (const auto txid = static_cast<std::uint64_t>(integerOf(row[0])); m_pageTxids.empty() || m_pageTxids.back() != txid)
            m_pageTxids.push_back(txid);
        m_lastSeq = row[1].value_or("0");
    }
    return page;
}

void OutboxReader::delivered()
{
    if (!m_target)
        return;
    if (!m_wasLast) {
        // The page's last transaction may go on in the next one, which begins behind this row: remembered only in the end.
        m_roundTxids.insert(m_roundTxids.end(), m_pageTxids.begin(), m_pageTxids.end());
        m_afterTxid = m_lastTxid;
        m_afterSeq = m_lastSeq;
        return;
    }
    m_cursor = *std::exchange(m_target, std::nullopt);
    m_redeliverSince = 0;
    remember();
}

void OutboxReader::remember()
{
    m_delivered.insert(m_roundTxids.begin(), m_roundTxids.end());
    m_delivered.insert(m_pageTxids.begin(), m_pageTxids.end());
    m_roundTxids.clear();
    m_pageTxids.clear();
    const auto floor = static_cast<std::uint64_t>(integerOf(m_cursor.floor()));
    m_delivered.erase(m_delivered.begin(), m_delivered.lower_bound(floor));
    m_repeats = m_delivered.size() > mostRemembered;
    while (m_delivered.size() > mostRemembered)
        m_delivered.erase(m_delivered.begin());
}

} // namespace shardlens::cacheflow
