// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace shardlens::cacheflow {

/// How far a region has delivered one cluster's outbox: every transaction below a number is finished, and its rows delivered. Rows
/// commit out of the order of their numbers; what lies above is told apart in memory, and delivered again after a new start. It is
/// written as a pg_snapshot in which nothing above its xmin is visible: the one that a standby gives leaves running transactions out
/// (their list is empty there), so that it would call them delivered. A value.
struct OutboxCursor {
    std::string snapshot;     ///< "xmin:xmin:"; empty: nothing is known to be delivered
    std::string source;       ///< the server that it was taken on: address, port and start. Another one may be behind it
    std::string history;      ///< timeline and term there: transaction numbers of another history mean other transactions
    double serverSeconds = 0; ///< the primary's clock then, since 1970: that server's without its lead, where that is known
    std::int64_t timeline = 0;
    std::string lsn; ///< how far that server had replayed; for people

    /// The lowest transaction that may not be delivered, as text.
    [[nodiscard]] std::string floor() const { return snapshot.empty() ? "0" : snapshot.substr(0, snapshot.find(':')); }
    [[nodiscard]] bool isEmpty() const { return snapshot.empty(); }
    bool operator==(const OutboxCursor &) const = default;
};

} // namespace shardlens::cacheflow
