// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/RedisSample.h"
#include "core/fleet/Fleet.h"

#include <QCoreApplication>
#include <QString>

namespace shardlens::ui::pages {

/// Gives the functions of this folder tr().
struct RedisWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::redis)
};

[[nodiscard]] QString memoryWords(const facts::RedisSample &sample);      ///< "412 MiB of 1.00 GiB", "412 MiB, no limit"
[[nodiscard]] QString persistenceWords(const facts::RedisSample &sample); ///< "AOF", "AOF, saves", "off", "save failed"
/// "4 min ago (05:12:09Z), 1,204 changes since".
[[nodiscard]] QString lastSaveWords(facts::UtcTime saved, std::int64_t changesSince, facts::UtcTime now);
[[nodiscard]] QString writeHeard(facts::microseconds age);                ///< "< 1 s", "4 s": Redis tells whole seconds

/// How many of the slow log's newest entries are from the last hour, and in words: "≥ 10" where all that were read are.
[[nodiscard]] int slowLately(const std::vector<facts::SlowLogEntry> &entries, facts::UtcTime now);
[[nodiscard]] QString slowWords(const std::vector<facts::SlowLogEntry> &entries, facts::UtcTime now);

/// Redis keeps small hashes as a list; a bucket that became a hash table costs several times the memory.
[[nodiscard]] bool isSmallEncoding(const facts::EncodingProbe &probe);

} // namespace shardlens::ui::pages
