// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/redis/RedisWords.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/redis/RedisRows.h"

#include <algorithm>

namespace shardlens::ui::pages {

namespace {
constexpr std::size_t slowEntriesRead = 10;
}

QString memoryWords(const facts::RedisSample &sample)
{
    const QString used = format::bytes(sample.usedMemory);
    return sample.maxMemory.count > 0 ? RedisWords::tr("%1 of %2").arg(used, format::bytes(sample.maxMemory)) : RedisWords::tr("%1, no limit").arg(used);
}

QString persistenceWords(const facts::RedisSample &sample)
{
    if (sample.lastAppendFailed)
        return RedisWords::tr("AOF failed");
    if (sample.lastSaveFailed)
        return RedisWords::tr("save failed");
    if (sample.appendOnly)
        return sample.snapshotting ? RedisWords::tr("AOF, saves") : RedisWords::tr("AOF");
    return sample.snapshotting ? RedisWords::tr("saves") : RedisWords::tr("off");
}

QString lastSaveWords(facts::UtcTime saved, std::int64_t changesSince, facts::UtcTime now)
{
    const auto ago = std::max(facts::microseconds(0), facts::microseconds(now - saved));
    const QString when = RedisWords::tr("%1 ago").arg(format::age(ago));
    return changesSince == 1 ? RedisWords::tr("%1, 1 change since").arg(when) : RedisWords::tr("%1, %2 changes since").arg(when, format::count(changesSince));
}

QString writeHeard(facts::microseconds age)
{
    return age < base::seconds(1) ? QStringLiteral("< 1") + format::kNarrowSpace + QStringLiteral("s") : format::count(age / base::seconds(1)) + format::kNarrowSpace + QStringLiteral("s");
}

int slowLately(const std::vector<facts::SlowLogEntry> &entries, facts::UtcTime now)
{
    return static_cast<int>(std::count_if(entries.begin(), entries.end(), [&](const auto &entry) { return now - entry.at <= std::chrono::hours(1); }));
}

QString slowWords(const std::vector<facts::SlowLogEntry> &entries, facts::UtcTime now)
{
    const int recent = slowLately(entries, now);
    const bool maybeMore = static_cast<std::size_t>(recent) >= slowEntriesRead;
    return (maybeMore ? QString(format::kAtLeast) + format::kNarrowSpace : QString()) + format::count(recent);
}

bool isSmallEncoding(const facts::EncodingProbe &probe)
{
    return probe.encoding == "listpack" || probe.encoding == "ziplist";
}

QString roleWords(fleet::RedisRole role)
{
    switch (role) {
    case fleet::RedisRole::Feeds: return RedisWords::tr("feeds");
    case fleet::RedisRole::MediaMap: return RedisWords::tr("media map");
    case fleet::RedisRole::Sessions: return RedisWords::tr("sessions");
    case fleet::RedisRole::Other: break;
    }
    return RedisWords::tr("other");
}

} // namespace shardlens::ui::pages
