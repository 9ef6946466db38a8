// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/redis/Session.h"
#include "core/facts/SentinelReport.h"

#include <string>

namespace shardlens::redis
{

/// Asks a Sentinel all that a report holds of the group that it calls `master`, in one round trip; group, address and reach are left alone. Errors:
/// Session's, NotFound (it knows no such group), Rejected, NoRights, Protocol.
[[nodiscard]] Result<void> readSentinel(Session &session, const std::string &master, facts::SentinelReport &report, milliseconds timeout);

/// A plan's command to a Sentinel. What it answers, a line a fact, "name:value": GET-MASTER-ADDR-BY-NAME tells "leader:HOST:PORT", MASTER that
/// ("ip" and "port"), "failing_over:yes" or "no", and its own names, REPLICAS of each "HOST:PORT.slave-priority:…" and likewise flags and
/// master-link-status, FAILOVER "OK". Errors: Session's; NotFound, Rejected and NoRights with its words. Their Effect is None: it does not do it; or
/// InDoubt: a failover is under way already.
[[nodiscard]] Result<std::string> askSentinel(Session &session, const std::string &text, milliseconds timeout);

/// What several Sentinels answered to the same question, told as one: "leader" is whom at least `majority` name to GET-MASTER-ADDR-BY-NAME, and whom all
/// name to MASTER; else empty. "failing_over" is yes if any says so.
[[nodiscard]] std::string agreedBy(const std::vector<std::string> &answers, const std::string &text, std::size_t majority);

} // namespace shardlens::redis
