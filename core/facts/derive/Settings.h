// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Units.h"
#include "core/facts/PostgresSample.h"
#include "core/fleet/Fleet.h"

#include <optional>
#include <string>
#include <string_view>

namespace shardlens::facts::derive {

/// A Postgres duration setting: "60s", "1min", "200ms", or pg_settings' bare number of milliseconds.
[[nodiscard]] std::optional<microseconds> parseDuration(std::string_view text);

/// A Postgres size setting: "1GB", "512MB", or pg_settings' bare number in `unit`. Negative: no limit, nothing returned.
[[nodiscard]] std::optional<Bytes> parseSize(std::string_view text, Bytes unit);

/// The setting as the sample has it; nothing if it was not read.
[[nodiscard]] std::optional<std::string> setting(const PostgresSample &sample, const std::string &name);

/// How old a receiver's last message may be on a link that works. A silent link is probed at half of wal_receiver_timeout by
/// the standby and at half of wal_sender_timeout by the primary; nothing (0 there) means that neither side ever asks.
[[nodiscard]] std::optional<microseconds> messageAgeLimit(const PostgresSample *sender, const PostgresSample *receiver, microseconds interval);

/// Names as replication knows them: slot and application names may not hold what server names may.
[[nodiscard]] std::string replicationName(std::string_view name);
/// What its primary knows this server by.
[[nodiscard]] std::string replicationName(const fleet::Fleet &fleet, const base::ServerId &server);

} // namespace shardlens::facts::derive
