// SPDX-License-Identifier: GPL-3.0-or-later
// `cache staleness`: which share of the cached items is older than its row, measured.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/StaleMembers.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/Staleness.h"
#include "core/clients/keychain/Keychain.h"
#include "ui/format/Numbers.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

/// Of one region; a far one takes a third of a second an item.
constexpr base::milliseconds regionPatience{10000};

using Sampled = base::Result<std::vector<cacheflow::PoolStaleness>>;

void staleJson(Answer &answer, const base::RegionName &region, const Sampled &sampled)
{
    if (!sampled) {
        std::string out;
        JsonWriter(out).beginObject().member("region", region.text()).member("unknown", sampled.error().message).endObject();
        return answer.line(out);
    }
    // The region's line has no pool; its pools' lines follow where it has several.
    std::vector<cacheflow::PoolStaleness> lines(1);
    for (const cacheflow::PoolStaleness &one : *sampled)
        lines.front().found += one.found;
    if (sampled->size() > 1)
        lines.insert(lines.end(), sampled->begin(), sampled->end());
    for (const auto &[pool, found] : lines) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("region", region.text()).member("pool", orNull(pool.text())).member("listed", found.listed);
        staleMembers(json, found);
        json.member("error", orNull(found.error ? found.error->message : std::string())).endObject();
        answer.line(out);
    }
}

QStringList staleRow(const base::RegionName &region, const cacheflow::PoolStaleness &pool)
{
    const cacheflow::Staleness &found = pool.found;
    const auto count = [](std::uint64_t value) { return format::count(static_cast<std::int64_t>(value)); };
    const double share = found.compared == 0 ? 0 : static_cast<double>(found.stale) / static_cast<double>(found.compared);
    QString note = found.compared == 0 ? QStringLiteral("unknown: nothing could be compared")
                                       : QStringLiteral("%1 stale").arg(found.stale == 0 ? QStringLiteral("none") : format::share(share));
    if (found.oldest)
        note += QStringLiteral(", the oldest %1 behind its row").arg(format::age(*found.oldest));
    if (found.unread > 0)
        note += QStringLiteral("; %1 not read%2")
                    .arg(count(found.unread), found.error ? QStringLiteral(": ") + text(found.error->message) : QString());
    return {text(region), text(pool.pool), count(found.compared), count(found.stale), count(found.late), count(found.orphans), note};
}

void addRows(TextTable &table, const base::RegionName &region, const Sampled &sampled)
{
    const QString dash = QStringLiteral("-");
    if (!sampled)
        return table.add({text(region), dash, dash, dash, dash, dash, QStringLiteral("unknown: ") + text(sampled.error().message)});
    for (const cacheflow::PoolStaleness &pool : *sampled)
        table.add(staleRow(region, pool));
}

/// Nothing is amiss, and every pool was looked at.
bool isWell(const Sampled &sampled)
{
    return sampled && std::all_of(sampled->begin(), sampled->end(), [](const auto &pool) { return pool.found.compared > 0 && pool.found.stale == 0; });
}

} // namespace

Exit showStaleness(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    Answer answer;
    const fleet::DatabaseUser *user = fleet.access.firstWith(fleet::Role::Support);
    if (!user)
        user = fleet.access.firstWith(fleet::Role::Ops);
    const auto map = user ? cacheflow::declaredMap(fleet, fleet.access.observer, [](const std::string &entry) { return keychain::read(entry); })
                          : base::Result<cacheflow::DeclaredMap>(
                                base::fail(base::ErrorCode::NotFound, "the fleet file names no user that may read rows"));
    if (!map) {
        answer.error = "Rows cannot be read: " + map.error().message + "\n";
        answer.exit = Exit::Failed;
        return print(answer);
    }
    cacheflow::StalenessOptions how;
    how.items = options.items;
    how.patience = regionPatience;
    how.seed = std::random_device()();
    how.keychain = [](const std::string &entry) { return keychain::read(entry); };
    TextTable table({{QStringLiteral("REGION")},
                     {QStringLiteral("POOL")},
                     {QStringLiteral("COMPARED"), true},
                     {QStringLiteral("STALE"), true},
                     {QStringLiteral("LATE"), true},
                     {QStringLiteral("NO ROW"), true},
                     {QStringLiteral("SO")}});
    for (const fleet::Region &region : fleet.regions) {
        if (!options.region.empty() && region.name.text() != options.region)
            continue;
        std::fprintf(stderr, "%s: comparing %u items, for %lld s at most\n", region.name.text().c_str(), options.items,
                     static_cast<long long>(regionPatience.count() / 1000));
        const auto found = cacheflow::sampleStaleness(fleet, region.name, *map, *user, how);
        if (!isWell(found))
            answer.exit = Exit::Problem;
        if (options.json) {
            Answer line;
            staleJson(line, region.name, found);
            print(line); // at once: the next region may take its time
            std::fflush(stdout);
        } else {
            addRows(table, region.name, found);
        }
    }
    if (!options.json) {
        answer.add(table);
        answer.line(QStringLiteral("Sampled from what each pool holds, for 10 s a region at most, which its pools share; each item cost a get and a read of its row in its region. STALE: "
                                   "older than its row, or without one (NO ROW), and still so half a second later. LATE: gone by then."));
    }
    return print(answer);
}

} // namespace shardlens::ctl
