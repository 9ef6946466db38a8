// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/StaleMembers.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/ItemText.h"
#include "ui/format/Numbers.h"

#include <future>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

constexpr base::milliseconds invalidatorPatience{1500};

QString countText(std::uint64_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

/// Of one region whose invalidator was asked; null where it could not be.
const clients::InvalidatorAnswer *answerOf(const InvalidatorAnswers &answers, const base::RegionName &region)
{
    const auto found = answers.find(region);
    return found != answers.end() && found->second ? &*found->second : nullptr;
}

QString whyNot(const InvalidatorAnswers &answers, const base::RegionName &region)
{
    const auto found = answers.find(region);
    return found == answers.end() ? QStringLiteral("no invalidator is declared")
                                  : QStringLiteral("its invalidator: %1").arg(text(found->second.error().message));
}

void leasesJson(Answer &answer, const fleet::Pool &pool, const clients::PoolLeases *leases, const QString &why)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("pool", pool.name.text()).member("region", pool.region.text());
    if (!leases) {
        json.member("unknown", plain(why).toStdString()).endObject();
        return answer.line(out);
    }
    for (const auto &counter : facts::leaseCounters())
        json.member(counter.name, leases->counts.*counter.member);
    json.member("database_reads", leases->counts.databaseReads()).member("reads_saved", leases->counts.readsSaved());
    json.key("waits").beginObject();
    for (std::size_t i = 0; i < leases->counts.waits.size(); ++i)
        json.member(facts::waitBucketName(i), leases->counts.waits[i]);
    json.endObject().key("herds").beginObject();
    for (std::size_t i = 0; i < leases->herds.sizes.size(); ++i)
        json.member(facts::herdBucketName(i), leases->herds.sizes[i]);
    json.endObject().key("per_second").beginObject();
    for (const auto &[name, rate] : leases->perSecond)
        json.member(name, rate);
    json.endObject();
    if (leases->heardAge)
        json.member("heard_ms_ago", std::int64_t(leases->heardAge->count()));
    else
        json.key("heard_ms_ago").null();
    json.endObject();
    answer.line(out);
}

QString herdText(const facts::HerdCounts &herds)
{
    const auto largest = facts::largestHerd([&](std::string_view name) {
        for (std::size_t i = 0; i < herds.sizes.size(); ++i) {
            if (facts::herdBucketName(i) == name)
                return herds.sizes[i] > 0;
        }
        return false;
    });
    return largest ? format::herdSizeText(*largest) : QStringLiteral("-");
}

QStringList leasesRow(const fleet::Pool &pool, const clients::PoolLeases &leases)
{
    const auto &counts = leases.counts;
    return {text(pool.name),
            countText(counts.reads()),
            countText(counts.granted),
            countText(counts.filled),
            countText(counts.lost),
            countText(counts.waited),
            herdText(leases.herds),
            countText(counts.staleServed),
            countText(counts.gaveUp),
            countText(counts.failed),
            countText(counts.readsSaved()),
            leases.heardAge ? format::age(*leases.heardAge) + QStringLiteral(" ago") : QStringLiteral("never")};
}

bool isWell(const clients::FollowedOutbox &outbox)
{
    return outbox.state == "following" && outbox.missedSince.empty();
}

QString lagText(const std::optional<base::microseconds> &lag)
{
    return lag ? format::duration(*lag) : QStringLiteral("-");
}

QString stateText(const clients::FollowedOutbox &outbox)
{
    QString state = text(outbox.state);
    if (!outbox.error.empty())
        state += QStringLiteral(": ") + text(outbox.error);
    if (outbox.via == "member")
        state += QStringLiteral(", straight from the member: the router does not answer");
    if (outbox.clockLead) {
        const QString off = format::duration(std::chrono::abs(*outbox.clockLead));
        state += (outbox.clockLead->count() > 0 ? QStringLiteral("; the clock of the server that is read is %1 ahead of its primary's, which is taken off the lag")
                                                : QStringLiteral("; the clock of the server that is read is %1 behind its primary's, which is added to the lag")).arg(off);
    }
    if (!outbox.missedSince.empty())
        state += QStringLiteral(", rows were pruned before they were delivered: the region is flushed");
    if (!outbox.cursorError.empty())
        state += QStringLiteral("; its cursor is not kept: ") + text(outbox.cursorError);
    return state;
}

void outboxJson(Answer &answer, const std::string &region, const base::ClusterName &cluster, const clients::FollowedOutbox &outbox)
{
    std::string out;
    JsonWriter json(out);
    const auto ms = [&](const char *key, const std::optional<base::microseconds> &value) {
        if (value)
            json.member(key, static_cast<double>(value->count()) / 1000);
        else
            json.key(key).null();
    };
    json.beginObject().member("region", region).member("cluster", cluster.text()).member("state", outbox.state).member("via", outbox.via);
    json.member("rows", outbox.rows).member("waiting_rows", outbox.waitingRows).member("behind", outbox.isBehind);
    ms("lag_p50_ms", outbox.lagMedian);
    ms("lag_p99_ms", outbox.lagP99);
    ms("lag_max_ms", outbox.lagMost);
    ms("clock_lead_ms", outbox.clockLead);
    ms("read_age_ms", outbox.readAge);
    json.member("timeline", outbox.timeline)
        .member("redeliveries", outbox.redeliveries)
        .member("flushes", outbox.flushes)
        .member("errors", outbox.errors);
    json.member("error", orNull(outbox.error)).member("missed_since", orNull(outbox.missedSince)).member("cursor_error", orNull(outbox.cursorError)).endObject();
    answer.line(out);
}

void poolMemberJson(Answer &answer, const std::string &region, const base::ServerId &server, const clients::PoolMemberState &member)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("region", region).member("pool", member.pool).member("server", server.text()).member("state", member.state);
    json.member("since_ms", std::int64_t(member.since.count()))
        .member("waiting", member.waiting)
        .member("delivered", member.delivered)
        .member("found", member.found);
    json.member("refused", member.refused).member("flushes", member.flushes).member("error", member.error).endObject();
    answer.line(out);
}

QString memberText(const clients::PoolMemberState &member)
{
    if (member.state == "away")
        return QStringLiteral("away %1, not trusted until what it is owed is delivered: %2")
            .arg(format::age(member.since), text(member.error));
    if (member.state == "must_flush")
        return QStringLiteral("away %1, owed more than is kept: flushed on its return: %2")
            .arg(format::age(member.since), text(member.error));
    return member.state == "catching_up" ? QStringLiteral("back, catching up") : text(member.state);
}

/// `pool` is empty for the region's pools together.
void stalenessJson(Answer &answer, const base::RegionName &region, const base::PoolName &pool, const clients::SampledStaleness &found)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("region", region.text()).member("pool", orNull(pool.text()));
    staleMembers(json, found);
    json.member("measured_ms_ago", std::int64_t(found.age.count())).member("error", found.error).endObject();
    answer.line(out);
}

/// "us-east: of 600 cached items compared in the last 10 min 3 are older than their row (0.5 %), the oldest 12 s."
QString stalenessLine(const std::string &region, const clients::SampledStaleness &found)
{
    const QString trouble = found.error.empty() ? QString() : QStringLiteral(" (%1)").arg(text(found.error));
    if (found.compared == 0)
        return QStringLiteral("%1: no cached item could be compared with its row%2.").arg(text(region), trouble);
    const double share = static_cast<double>(found.stale) / static_cast<double>(found.compared);
    QString line = QStringLiteral("%1: of %2 cached items compared in the last 10 min %3 older than their row")
                       .arg(text(region), countText(found.compared),
                            found.stale == 0 ? QStringLiteral("none is") : QStringLiteral("%1 are").arg(countText(found.stale)));
    if (found.stale > 0)
        line += QStringLiteral(" (%1)").arg(format::share(share));
    if (found.oldest && found.stale > 0)
        line += QStringLiteral(", the oldest %1").arg(format::age(*found.oldest));
    if (found.orphans > 0)
        line += QStringLiteral(", %1 of them without a row").arg(countText(found.orphans));
    return line + trouble + QLatin1Char('.');
}

} // namespace

Answer leasesOf(const fleet::Fleet &fleet, const InvalidatorAnswers &answers, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("POOL")},
                     {QStringLiteral("READS"), true},
                     {QStringLiteral("GRANTED"), true},
                     {QStringLiteral("FILLED"), true},
                     {QStringLiteral("LOST"), true},
                     {QStringLiteral("WAITED"), true},
                     {QStringLiteral("HERD"), true},
                     {QStringLiteral("STALE"), true},
                     {QStringLiteral("GAVE UP"), true},
                     {QStringLiteral("FAILED"), true},
                     {QStringLiteral("SAVED"), true},
                     {QStringLiteral("HEARD")}});
    QStringList unknown;
    for (const fleet::Pool &pool : fleet.pools) {
        const auto *told = answerOf(answers, pool.region);
        const auto found = told ? told->leases.find(pool.name) : std::map<base::PoolName, clients::PoolLeases>::const_iterator();
        const clients::PoolLeases *leases = told && found != told->leases.end() ? &found->second : nullptr;
        const QString why = told ? QStringLiteral("its invalidator does not know the pool") : whyNot(answers, pool.region);
        if (!leases)
            answer.exit = Exit::Problem;
        if (options.json)
            leasesJson(answer, pool, leases, why);
        else if (leases)
            table.add(leasesRow(pool, *leases));
        else
            unknown << QStringLiteral("%1: unknown: %2").arg(text(pool.name), why);
    }
    if (options.json)
        return answer;
    if (!table.isEmpty()) {
        answer.add(table);
        answer.line(QStringLiteral("As clients say, since their region's invalidator started; memcached itself counts no leases. SAVED: "
                                   "reads of the database that leases spared. HERD: the most that waited for one fill in one process."));
    }
    for (const QString &line : unknown)
        answer.line(line);
    return answer;
}

Answer invalidationOf(const fleet::Fleet &fleet, const InvalidatorAnswers &answers, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("REGION")},
                     {QStringLiteral("OF")},
                     {QStringLiteral("DELIVERED"), true},
                     {QStringLiteral("WAITING"), true},
                     {QStringLiteral("LAG"), true},
                     {QStringLiteral("P99"), true},
                     {QStringLiteral("STATE")}});
    const QString dash = QStringLiteral("-");
    QStringList measured;
    for (const fleet::Region &region : fleet.regions) {
        const auto *told = answerOf(answers, region.name);
        if (!told) {
            answer.exit = Exit::Problem;
            std::string out;
            JsonWriter(out)
                .beginObject()
                .member("region", region.name.text())
                .member("unknown", plain(whyNot(answers, region.name)).toStdString())
                .endObject();
            if (options.json)
                answer.line(out);
            else
                table.add({text(region.name), dash, dash, dash, dash, dash, QStringLiteral("unknown: ") + whyNot(answers, region.name)});
            continue;
        }
        for (const auto &[cluster, outbox] : told->clusters) {
            if (!isWell(outbox))
                answer.exit = Exit::Problem;
            if (options.json)
                outboxJson(answer, region.name.text(), cluster, outbox);
            else
                table.add({text(region.name), text(cluster), countText(outbox.rows),
                           (outbox.isBehind ? QStringLiteral(">= ") : QString()) + countText(outbox.waitingRows), lagText(outbox.lagMedian),
                           lagText(outbox.lagP99), stateText(outbox)});
        }
        for (const auto &[server, member] : told->members) {
            if (member.state != "here")
                answer.exit = Exit::Problem;
            if (options.json)
                poolMemberJson(answer, region.name.text(), server, member);
            else
                table.add({text(region.name), text(server), countText(member.delivered), countText(member.waiting), dash, dash,
                           memberText(member)});
        }
        if (told->staleness && told->staleness->stale > 0)
            answer.exit = Exit::Problem;
        if (told->staleness && options.json)
            stalenessJson(answer, region.name, {}, *told->staleness);
        else if (told->staleness)
            measured << stalenessLine(region.name.text(), *told->staleness);
        const bool isOnePool = told->poolStaleness.size() < 2; // its figures are the region's
        for (const auto &[pool, found] : told->poolStaleness) {
            if (isOnePool)
                continue;
            if (options.json)
                stalenessJson(answer, region.name, pool, found);
            else
                measured << QStringLiteral("  ") + stalenessLine(pool.text(), found);
        }
    }
    if (!options.json)
        answer.add(table);
    for (const QString &line : measured)
        answer.line(line);
    return answer;
}

InvalidatorAnswers askInvalidators(const fleet::Fleet &fleet)
{
    std::map<base::RegionName, std::future<base::Result<clients::InvalidatorAnswer>>> asking;
    for (const fleet::Invalidator &invalidator : fleet.invalidators) {
        const fleet::Endpoint endpoint = invalidator.address.from(fleet.ownRegion);
        asking[invalidator.region] =
            std::async(std::launch::async, [endpoint] { return clients::askInvalidator(endpoint, invalidatorPatience); });
    }
    InvalidatorAnswers answers;
    for (auto &[region, answer] : asking)
        answers.emplace(region, answer.get());
    return answers;
}

Exit showInvalidators(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const InvalidatorAnswers answers = askInvalidators(fleet);
    return print(options.command == Command::CacheLeases ? leasesOf(fleet, answers, options) : invalidationOf(fleet, answers, options));
}

} // namespace shardlens::ctl
