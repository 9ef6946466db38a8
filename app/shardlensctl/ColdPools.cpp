// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a cold pool comes back is told by its hit rate over minutes, which the console keeps.
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "core/facts/ReadRoom.h"
#include "core/record/HistoryPath.h"
#include "ui/format/ColdPoolText.h"

#include <QFile>

#include <algorithm>

namespace shardlens::ctl {

namespace {

constexpr std::chrono::hours usualOver{2};

void coldJson(Answer &answer, const facts::Snapshot &snapshot, const fleet::Pool &pool, const facts::WarmUp &warmUp)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("pool", pool.name.text()).member("region", pool.region.text()).key("server").null();
    json.member("cold_hit_ratio", warmUp.hits).member("usual_hit_ratio", warmUp.usual);
    const auto orNull = [&](std::string_view key, const auto &value) {
        if (value)
            json.member(key, *value);
        else
            json.key(key).null();
    };
    orNull("warm_in_s", warmUp.left ? std::optional(warmUp.left->count()) : std::nullopt);
    orNull("database_reads_beyond_usual_per_second", ui::format::readsBeyondUsual(snapshot, pool, warmUp));
    if (const auto room = facts::readRoomOf(snapshot, pool.region))
        json.member("fullest_read_server", room->fullest.text()).member("connections", room->connections).member("most_connections", room->most)
            .member("active", room->active).member("clients_waiting", room->waiting);
    else
        unknownMember(json, "fullest_read_server", room.error());
    json.endObject();
    answer.line(out);
}

} // namespace

void addColdPools(Answer &answer, const facts::Snapshot &snapshot, const std::vector<record::KeptSeries> &kept, const Options &options)
{
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        if (!options.region.empty() && pool.region.text() != options.region)
            continue;
        const facts::SeriesKey key{facts::hitMeasure(!snapshot.invalidators.empty()), pool.name.text()};
        const auto found = std::find_if(kept.begin(), kept.end(), [&](const record::KeptSeries &one) { return one.key == key; });
        const auto warmUp = found == kept.end() ? std::nullopt : facts::warmUpOf(found->series, {}, snapshot.takenUtc);
        if (warmUp && options.json)
            coldJson(answer, snapshot, pool, *warmUp);
        else if (warmUp)
            answer.line(ui::format::coldPoolText(snapshot, pool, *warmUp));
    }
}

Answer cacheAnswer(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer = cacheOf(snapshot, options);
    const QString path = record::historyPath(*snapshot.fleet);
    if (!QFile::exists(path))
        return answer;
    if (const auto kept = record::HistoryFile::read(path, snapshot.takenUtc - usualOver, snapshot.takenUtc))
        addColdPools(answer, snapshot, *kept, options);
    else
        answer.error = kept.error().message + "\n";
    return answer;
}

} // namespace shardlens::ctl
