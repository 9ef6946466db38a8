// SPDX-License-Identifier: GPL-3.0-or-later
// `cache staleness`: which share of the cached items is older than its row, measured.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/Staleness.h"
#include "core/clients/keychain/Keychain.h"
#include "ui/format/Numbers.h"

#include <cstdio>
#include <random>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

/// Of one region; a far one takes a third of a second an item.
constexpr base::milliseconds regionPatience{10000};

void staleJson(Answer &answer, const base::RegionName &region, const base::Result<cacheflow::Staleness> &found)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("region", region.text());
    if (!found) {
        json.member("unknown", found.error().message).endObject();
        return answer.line(out);
    }
    json.member("listed", found->listed)
        .member("compared", found->compared)
        .member("stale", found->stale)
        .member("late", found->late)
        .member("orphans", found->orphans);
    json.member("unread", found->unread);
    if (found->oldest)
        json.member("oldest_ms", found->oldest->count() / 1000);
    else
        json.key("oldest_ms").null();
    json.key("stale_keys").beginArray();
    for (const std::string &key : found->staleKeys)
        json.text(key);
    json.endArray().member("error", orNull(found->error ? found->error->message : std::string())).endObject();
    answer.line(out);
}

QStringList staleRow(const base::RegionName &region, const base::Result<cacheflow::Staleness> &found)
{
    const QString dash = QStringLiteral("-");
    if (!found)
        return {text(region), dash, dash, dash, dash, QStringLiteral("unknown: ") + text(found.error().message)};
    const auto count = [](std::uint64_t value) { return format::count(static_cast<std::int64_t>(value)); };
    const double share = found->compared == 0 ? 0 : static_cast<double>(found->stale) / static_cast<double>(found->compared);
    QString note = found->compared == 0 ? QStringLiteral("unknown: nothing could be compared")
                                        : QStringLiteral("%1 stale").arg(found->stale == 0 ? QStringLiteral("none") : format::share(share));
    if (found->oldest)
        note += QStringLiteral(", the oldest %1 behind its row").arg(format::age(*found->oldest));
    if (found->unread > 0)
        note += QStringLiteral("; %1 not read%2")
                    .arg(count(found->unread), found->error ? QStringLiteral(": ") + text(found->error->message) : QString());
    return {text(region), count(found->compared), count(found->stale), count(found->late), count(found->orphans), note};
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
        if (!found || found->compared == 0 || found->stale > 0)
            answer.exit = Exit::Problem;
        if (options.json) {
            Answer line;
            staleJson(line, region.name, found);
            print(line); // at once: the next region may take its time
            std::fflush(stdout);
        } else {
            table.add(staleRow(region.name, found));
        }
    }
    if (!options.json) {
        answer.add(table);
        answer.line(QStringLiteral("Sampled from what each pool holds, for 10 s a region at most; each item cost a get and a read of its row in its region. STALE: "
                                   "older than its row, or without one (NO ROW), and still so half a second later. LATE: gone by then."));
    }
    return print(answer);
}

} // namespace shardlens::ctl
