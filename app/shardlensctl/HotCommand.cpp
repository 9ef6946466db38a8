// SPDX-License-Identifier: GPL-3.0-or-later
// `cache hot`: what is read and missed most, and what many miss at once.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/KeyOwner.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using cacheflow::HotKeys;
using cacheflow::HotKeysReport;

QString countOf(std::uint64_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

/// "a user, shard 17"; a dash for a key of no known pattern.
QString ownerOf(const fleet::Fleet &fleet, const std::string &key)
{
    const auto entity = cacheflow::entityOf(fleet.keys, key);
    if (!entity)
        return QStringLiteral("-");
    return QStringLiteral("%1, shard %2").arg(entity->kind == "user" ? QStringLiteral("a user") : QStringLiteral("a photo")).arg(cacheflow::shardOf(fleet.idLayout, entity->id));
}

void ownerJson(JsonWriter &json, const fleet::Fleet &fleet, const std::string &key)
{
    if (const auto entity = cacheflow::entityOf(fleet.keys, key))
        json.member("kind", entity->kind).member("id", std::to_string(entity->id)).member("shard", cacheflow::shardOf(fleet.idLayout, entity->id));
}

void keysJson(JsonWriter &json, const char *name, const std::vector<cacheflow::HotKey> &keys, const fleet::Fleet &fleet)
{
    json.key(name).beginArray();
    for (const auto &hot : keys) {
        json.beginObject().member("key", hot.key).member("count", hot.count).member("error", hot.error);
        ownerJson(json, fleet, hot.key);
        json.endObject();
    }
    json.endArray();
}

void hotJson(Answer &answer, const base::RegionName &region, const HotKeysReport &report, const HotKeys &keys, const fleet::Fleet &fleet)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("region", region.text()).member("seconds", static_cast<double>(report.counted.count()) / 1000);
    json.member("lines", keys.lines).member("bytes", report.bytes()).member("lost_lines", report.lost()).member("own_lines", keys.own);
    json.member("gets", keys.gets).member("misses", keys.misses).member("sampled_one_of", keys.sampledOneOf).member("worst_error", keys.worstError);
    keysJson(json, "top", keys.top, fleet);
    keysJson(json, "missed", keys.missed, fleet);
    json.key("herds").beginArray();
    for (const auto &herd : keys.herds) {
        json.beginObject().member("key", herd.key).member("clients", herd.clients).member("reads", herd.reads).member("misses", herd.misses);
        ownerJson(json, fleet, herd.key);
        json.endObject();
    }
    json.endArray().key("errors").beginArray();
    for (const auto &member : report.members) {
        if (member.error)
            json.beginObject().member("server", member.server).member("error", member.error->message).endObject();
    }
    json.endArray().endObject();
    answer.line(out);
}

void addKeys(Answer &answer, const QString &heading, const std::vector<cacheflow::HotKey> &keys, std::uint64_t of, std::uint32_t sampled, double seconds, const fleet::Fleet &fleet)
{
    if (keys.empty())
        return;
    TextTable table({{heading}, {QStringLiteral("A SECOND"), true}, {QStringLiteral("SHARE"), true}, {QStringLiteral("OFF BY AT MOST"), true}, {QStringLiteral("KEY OF")}});
    for (const auto &hot : keys) {
        const double share = of == 0 ? 0 : static_cast<double>(hot.count) * sampled / static_cast<double>(of);
        table.add({text(hot.key), format::rate(static_cast<double>(hot.count) * sampled / seconds), format::share(std::min(share, 1.0)), countOf(hot.error * sampled), ownerOf(fleet, hot.key)});
    }
    answer.add(table);
}

QString costLine(const base::RegionName &region, const HotKeysReport &report, const HotKeys &keys)
{
    QString line = QStringLiteral("%1: %2 lines in %3, %4; %5 reads, %6 of them missed; %7 lines lost; %8 of our own left out")
                       .arg(text(region), countOf(keys.lines), format::duration(report.counted), format::bytes(base::Bytes{static_cast<std::int64_t>(report.bytes())}), countOf(keys.gets),
                            countOf(keys.misses), countOf(report.lost()), countOf(keys.own));
    if (keys.sampledOneOf > 1)
        line += QStringLiteral("; 1 of %1 reads counted").arg(keys.sampledOneOf);
    return line + QLatin1Char('.');
}

} // namespace

Answer hotKeysOf(const fleet::Fleet &fleet, const base::RegionName &region, const HotKeysReport &report, const Options &options)
{
    Answer answer;
    const HotKeys keys = report.together(options.most);
    const double seconds = std::max(static_cast<double>(report.counted.count()) / 1000, 0.001);
    if (options.json) {
        hotJson(answer, region, report, keys, fleet);
    } else {
        addKeys(answer, QStringLiteral("MOST READ"), keys.top, keys.gets, keys.sampledOneOf, seconds, fleet);
        addKeys(answer, QStringLiteral("MOST MISSED"), keys.missed, keys.misses, 1, seconds, fleet);
        TextTable herds({{QStringLiteral("MISSED AT ONCE")}, {QStringLiteral("CLIENTS"), true}, {QStringLiteral("READS"), true}, {QStringLiteral("MISSES"), true}, {QStringLiteral("KEY OF")}});
        for (const auto &herd : keys.herds)
            herds.add({text(herd.key), countOf(herd.clients), countOf(herd.reads), countOf(herd.misses), ownerOf(fleet, herd.key)});
        if (!herds.isEmpty())
            answer.add(herds);
        answer.line(costLine(region, report, keys));
    }
    for (const auto &member : report.members) {
        if (!member.error)
            continue;
        answer.exit = Exit::Problem;
        if (!options.json)
            answer.line(QStringLiteral("%1 is not watched: %2").arg(text(member.server), text(member.error->message)));
    }
    return answer;
}

Exit showHotKeys(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const base::RegionName wanted(options.region.empty() ? fleet.ownRegion.text() : options.region);
    std::vector<memcached::Member> members;
    for (const fleet::Pool &pool : fleet.pools) {
        for (const base::ServerId &id : pool.servers) {
            if (pool.region == wanted)
                members.push_back({id.text(), fleet.server(id)->address.from(fleet.ownRegion)});
        }
    }
    Answer answer;
    if (members.empty()) {
        answer.error = "There is no pool in a region '" + wanted.text() + "'.\n";
        answer.exit = Exit::Usage;
        return print(answer);
    }
    cacheflow::HotKeyOptions how;
    if (options.seconds > 0)
        how.counting = base::seconds(static_cast<std::int64_t>(options.seconds));
    how.top = options.most;
    how.count.sampleOneOf = options.sampleOneOf;
    return print(hotKeysOf(fleet, wanted, cacheflow::watchHotKeys(members, how, nullptr, {}), options));
}

} // namespace shardlens::ctl
