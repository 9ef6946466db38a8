// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/redis/RedisRows.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/redis/RedisWords.h"
#include "ui/theme/Colours.h"

#include <algorithm>

namespace shardlens::ui::pages {

using facts::Known;
using models::cellOf;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;
using theme::ColourRole;

namespace {

/// One server of a group with what is known of it.
struct Seen {
    const facts::Snapshot &snapshot;
    const fleet::RedisGroup &group;
    const fleet::Server &server;
    format::FactAge age;
    const facts::Observation *observation = nullptr;
    const facts::RedisSample *sample = nullptr;
    const facts::RedisRates *rates = nullptr;
    const facts::StandbyLag *lag = nullptr; ///< of a replica

    [[nodiscard]] bool isPrimary() const { return sample && sample->isPrimary; }

    /// A number that the sample holds, or why it is not known.
    template <class Take, class Write>
    [[nodiscard]] FactCell number(Take &&take, Write &&write) const
    {
        if (!sample)
            return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, age));
        const auto value = take(*sample);
        return cellOf(format::formattedValue(write(value), age), static_cast<double>(value));
    }
    template <class Write>
    [[nodiscard]] FactCell rate(Known<double> facts::RedisRates::*which, Write &&write, const QString &none = {}) const
    {
        const Known<double> value = rates ? rates->*which : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet));
        if (!value && value.error().why == facts::WhyUnknown::NoValue && !none.isNull())
            return models::noneCell(none);
        return cellOf(format::formatted(value, age, write), value ? QVariant(*value) : QVariant());
    }
};

Seen look(const facts::Snapshot &snapshot, const fleet::RedisGroup &group, const base::ServerId &id)
{
    Seen seen{snapshot, group, *snapshot.fleet->server(id), format::ageOf(snapshot, id)};
    seen.observation = snapshot.observation(id);
    if (seen.observation) {
        seen.sample = seen.observation->redis();
        seen.rates = seen.observation->redisRates();
    }
    if (const auto *facts = snapshot.redisGroup(group.name))
        seen.lag = replicaOf(*facts, id);
    return seen;
}

FactCell roleCell(const Seen &seen)
{
    if (!seen.sample)
        return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, seen.age));
    const QString word = seen.isPrimary() ? RedisWords::tr("primary") : RedisWords::tr("replica");
    return cellOf(format::formattedValue(word, seen.age), word);
}

FactCell linkCell(const Seen &seen)
{
    if (!seen.sample || seen.age.freshness != facts::Freshness::Fresh)
        return serverStateCell(seen.snapshot, seen.server.id, {});
    if (seen.sample->loading)
        return troubledCell(RedisWords::tr("loads its data"), {}, facts::Severity::Warning);
    if (seen.isPrimary()) {
        const auto online = std::count_if(seen.sample->replicas.begin(), seen.sample->replicas.end(), [](const auto &row) { return row.state == "online"; });
        const auto others = static_cast<std::ptrdiff_t>(seen.group.servers.size()) - 1;
        const QString words = RedisWords::tr("%1 of %2 linked").arg(online).arg(others);
        return online < others ? troubledCell(words, {}, facts::Severity::Warning) : serverStateCell(seen.snapshot, seen.server.id, words);
    }
    if (!seen.sample->link)
        return serverStateCell(seen.snapshot, seen.server.id, RedisWords::tr("answers"));
    const facts::ReplicaLink &link = *seen.sample->link;
    if (link.syncing)
        return troubledCell(RedisWords::tr("full copy runs"), {}, facts::Severity::Warning);
    if (!link.up) {
        const QString words = link.downSinceSeconds ? RedisWords::tr("unlinked %1").arg(format::age(base::seconds(*link.downSinceSeconds))) : RedisWords::tr("unlinked");
        return troubledCell(words, {}, facts::Severity::Warning);
    }
    return serverStateCell(seen.snapshot, seen.server.id, RedisWords::tr("linked"));
}

FactCell behindCell(const Seen &seen)
{
    if (seen.isPrimary())
        return cellOf(format::notApplicable());
    const auto behind = seen.lag ? seen.lag->behind : Known<facts::Bytes>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    return cellOf(format::formatted(behind, seen.age, format::bytes), behind ? QVariant(static_cast<qlonglong>(behind->count)) : QVariant());
}

FactCell heardCell(const Seen &seen)
{
    if (seen.isPrimary())
        return cellOf(format::notApplicable());
    const auto heard = seen.lag ? seen.lag->inputs.receiverMessageAge : Known<facts::microseconds>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    return cellOf(format::formatted(heard, seen.age, writeHeard), heard ? QVariant(std::chrono::duration<double>(*heard).count()) : QVariant());
}

FactCell memoryCell(const Seen &seen)
{
    auto cell = seen.number([](const auto &sample) { return sample.usedMemory.count; },
                            [&](std::int64_t) { return memoryWords(*seen.sample); });
    if (!seen.sample)
        return cell;
    cell.brief = cell.state == format::FormattedFact::State::Asking ? cell.brief : format::bytes(seen.sample->usedMemory);
    const auto limit = seen.sample->maxMemory.count;
    const double share = limit > 0 ? static_cast<double>(seen.sample->usedMemory.count) / static_cast<double>(limit) : 0;
    if (cell.state == format::FormattedFact::State::Fresh && share >= seen.snapshot.fleet->thresholds.redisMemoryShare)
        cell.role = ColourRole::WarningText;
    return cell;
}

FactCell savedCell(const Seen &seen)
{
    if (!seen.sample)
        return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, seen.age));
    const QString words = persistenceWords(*seen.sample);
    auto cell = cellOf(format::formattedValue(words, seen.age), words);
    const bool off = !seen.sample->appendOnly && !seen.sample->snapshotting;
    if (cell.state == format::FormattedFact::State::Fresh && (off || seen.sample->lastSaveFailed || seen.sample->lastAppendFailed))
        cell.role = ColourRole::WarningText;
    return cell;
}

FactCell slowCell(const Seen &seen)
{
    const auto log = seen.sample ? seen.sample->slowLog : Known<std::vector<facts::SlowLogEntry>>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    const auto recent = log ? slowLately(*log, seen.snapshot.takenUtc) : 0;
    return cellOf(format::formatted(log, seen.age, [&](const auto &entries) { return slowWords(entries, seen.snapshot.takenUtc); }), log ? QVariant(recent) : QVariant());
}

FactCell encodingCell(const Seen &seen)
{
    if (seen.group.role != fleet::RedisRole::MediaMap)
        return cellOf(format::notApplicable());
    const auto probe = seen.sample ? seen.sample->mediaMapEncoding : Known<facts::EncodingProbe>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    auto cell = cellOf(format::formatted(probe, seen.age, [](const auto &found) { return format::text(found.encoding); }),
                       probe ? QVariant(format::text(probe->encoding)) : QVariant());
    if (probe && cell.state == format::FormattedFact::State::Fresh) {
        cell.tip = RedisWords::tr("%1 holds %2 entries. %3").arg(format::text(probe->key), format::count(probe->fields), cell.tip);
        if (!isSmallEncoding(*probe))
            cell.role = ColourRole::WarningText;
    }
    return cell;
}

FactCell lineCell(const Seen &seen, const ChartFeed &feed)
{
    FactCell cell;
    models::CellLine line;
    line.points = feed.line({}, 0, {facts::Measure::RedisCommands, seen.server.id.text()}).points;
    line.series = std::max(0, theme::regionIndex(*seen.snapshot.fleet, seen.server.region));
    cell.line = std::move(line);
    cell.tip = RedisWords::tr("Commands over the page's range, from zero");
    return cell;
}

/// The lines of a group share an axis from zero, so that who works is seen.
void scaleLines(std::vector<FactRow> &rows, std::size_t first, std::size_t column)
{
    double top = 1;
    for (std::size_t i = first; i < rows.size(); ++i)
        for (const auto &point : rows[i].cells[column].line->points)
            if (point.count > 0)
                top = std::max(top, point.mean * 1.25);
    for (std::size_t i = first; i < rows.size(); ++i)
        rows[i].cells[column].line->high = top;
}

} // namespace

std::vector<FactColumn> redisColumns(const fleet::Fleet &fleet)
{
    QStringList groups;
    QStringList regions;
    QStringList servers;
    for (const auto &group : fleet.redisGroups) {
        groups.push_back(format::text(group.name.text()));
        for (const auto &id : group.servers)
            servers.push_back(format::text(id.text()));
    }
    for (const auto &region : fleet.regions)
        regions.push_back(format::text(region.name.text()));
    const QString orUnknown = QLatin1Char('\n') + models::FactTableModel::tr("unknown"); // longer than most numbers
    const QString memory = RedisWords::tr("%1 of %2").arg(format::widestBytes(), format::widestBytes());
    return {
        {QStringLiteral("group"), RedisWords::tr("Group"), groups.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("holds"), RedisWords::tr("Holds"), RedisWords::tr("media map"), Holds::Name, 8, {}, {}},
        {QStringLiteral("region"), RedisWords::tr("Region"), regions.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}},
        {QStringLiteral("server"), RedisWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 9, {}, {}},
        {QStringLiteral("role"), RedisWords::tr("Role"), RedisWords::tr("primary") + orUnknown, Holds::Name, 0, {}, {}},
        {QStringLiteral("link"), RedisWords::tr("Link"), widestServerState(), Holds::Words, 0, RedisWords::tr("Of a primary: how many of its replicas are linked to it"), briefestServerState() + QLatin1Char('\n') + RedisWords::tr("unlinked %1").arg(QStringLiteral("88 min"))},
        {QStringLiteral("behind_bytes"), RedisWords::tr("Behind"), format::widestBytes() + orUnknown, Holds::Number, 2, RedisWords::tr("Bytes of the primary's stream that the replica has not processed"), {}},
        {QStringLiteral("heard_seconds"), RedisWords::tr("Last heard"), RedisWords::tr("88 s") + orUnknown, Holds::Number, 7, RedisWords::tr("Since the last exchange with the primary, as Redis counts it: in whole seconds"), {}},
        {QStringLiteral("commands_per_second"), RedisWords::tr("Commands"), format::widestRate() + orUnknown, Holds::Number, 0, {}, {}},
        {QStringLiteral("commands_line"), RedisWords::tr("Over time"), {}, Holds::Line, 3, RedisWords::tr("Commands a second over the page's range; the lines of a group share their axis, from zero"), {}},
        {QStringLiteral("hit_ratio"), RedisWords::tr("Hit rate"), QStringLiteral("100.00 %") + orUnknown, Holds::Number, 1, RedisWords::tr("Lookups that found their key, since the reading before"), {}},
        {QStringLiteral("memory_bytes"), RedisWords::tr("Memory"), memory, Holds::Number, 0, {}, format::widestBytes()},
        {QStringLiteral("evictions_per_second"), RedisWords::tr("Evictions"), QStringLiteral("8,888 /s") + orUnknown, Holds::Number, 4, RedisWords::tr("Keys thrown out because memory was full"), {}},
        {QStringLiteral("saved"), RedisWords::tr("Saved"), RedisWords::tr("AOF, saves") + orUnknown, Holds::Name, 3, RedisWords::tr("How writes reach the disk: by the append-only file, by snapshots, or not at all"), {}},
        {QStringLiteral("slow_in_an_hour"), RedisWords::tr("Slow, 1 h"), QStringLiteral("8,888") + orUnknown, Holds::Number, 5, RedisWords::tr("Entries of the slow log from the last hour; the newest ten are read"), {}},
        {QStringLiteral("clients"), RedisWords::tr("Clients"), QStringLiteral("88,888") + orUnknown, Holds::Number, 4, {}, {}},
        {QStringLiteral("keys"), RedisWords::tr("Keys"), QStringLiteral("88,888,888") + orUnknown, Holds::Number, 6, {}, {}},
        {QStringLiteral("media_map_encoding"), RedisWords::tr("Media map"), RedisWords::tr("hashtable") + orUnknown, Holds::Name, 5, RedisWords::tr("How Redis stores a bucket of the media map: listpack is small"), {}},
    };
}

std::vector<FactRow> redisRows(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    constexpr std::size_t lineColumn = 9;
    const auto keep = [](const auto &value) { return value; };
    std::vector<FactRow> rows;
    for (const auto &group : snapshot.fleet->redisGroups) {
        const std::size_t first = rows.size();
        for (const auto &id : group.servers) {
            const Seen seen = look(snapshot, group, id);
            FactRow row{id.text(), {}};
            row.cells = {nameCell(format::text(group.name.text()), serverShape(snapshot, id)),
                         nameCell(roleWords(group.role)),
                         nameCell(format::text(seen.server.region.text())),
                         nameCell(format::text(id.text())),
                         roleCell(seen),
                         linkCell(seen),
                         behindCell(seen),
                         heardCell(seen),
                         seen.rate(&facts::RedisRates::commandsPerSecond, format::rate),
                         lineCell(seen, feed),
                         seen.rate(&facts::RedisRates::hitRatio, format::hitRate, RedisWords::tr("no lookups")),
                         memoryCell(seen),
                         seen.rate(&facts::RedisRates::evictionsPerSecond, format::rate),
                         savedCell(seen),
                         slowCell(seen),
                         seen.number([&](const auto &sample) { return keep(sample.connectedClients); }, [](auto value) { return format::count(value); }),
                         seen.number([&](const auto &sample) { return keep(sample.keys); }, [](auto value) { return format::count(value); }),
                         encodingCell(seen)};
            rows.push_back(std::move(row));
        }
        scaleLines(rows, first, lineColumn);
    }
    return rows;
}

const facts::StandbyLag *replicaOf(const facts::RedisGroupFacts &group, const base::ServerId &server)
{
    const auto found = std::find_if(group.replicas.begin(), group.replicas.end(), [&](const auto &lag) { return lag.standby == server; });
    return found == group.replicas.end() ? nullptr : &*found;
}

QString redisSummary(const facts::Snapshot &snapshot)
{
    int servers = 0;
    int replicas = 0;
    int linked = 0;
    for (const auto &group : snapshot.fleet->redisGroups)
        servers += static_cast<int>(group.servers.size());
    for (const auto &group : snapshot.redisGroups) {
        replicas += static_cast<int>(group.replicas.size());
        linked += static_cast<int>(std::count_if(group.replicas.begin(), group.replicas.end(), [](const auto &lag) { return lag.state == facts::StandbyState::Streaming; }));
    }
    const auto groups = static_cast<int>(snapshot.fleet->redisGroups.size());
    const QString count = RedisWords::tr("%1 groups, %2 servers").arg(groups).arg(servers);
    if (replicas > 0 && linked == replicas)
        return RedisWords::tr("%1, all replicas linked").arg(count);
    return RedisWords::tr("%1, %2 of %3 replicas known to be linked").arg(count).arg(linked).arg(replicas);
}

} // namespace shardlens::ui::pages
