// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "core/operate/SentinelSum.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::Rule;

const QString noValue = QStringLiteral("-");

const facts::StandbyLag *lagOf(const facts::RedisGroupFacts &group, const base::ServerId &server)
{
    const auto found =
        std::find_if(group.replicas.begin(), group.replicas.end(), [&](const facts::StandbyLag &lag) { return lag.standby == server; });
    return found == group.replicas.end() ? nullptr : &*found;
}

QString memoryWords(const facts::RedisSample &sample)
{
    const QString used = format::bytes(sample.usedMemory);
    return sample.maxMemory.count == 0 ? used : used + QStringLiteral(" of ") + format::bytes(sample.maxMemory);
}

QString linkWords(const facts::RedisSample &sample)
{
    if (!sample.link)
        return QStringLiteral("%1 replicas").arg(sample.replicas.size());
    return sample.link->up ? QStringLiteral("up") : sample.link->syncing ? QStringLiteral("copying") : QStringLiteral("down");
}

QStringList row(const fleet::RedisGroup &group, const base::ServerId &id, const facts::StandbyLag *lag,
                const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::RedisSample *sample = observation.redis();
    const facts::RedisRates *rates = observation.redisRates();
    if (!sample)
        return {text(group.name),
                text(id),
                QStringLiteral("unknown: no answer"),
                noValue,
                noValue,
                noValue,
                noValue,
                noValue,
                stateWords(observation, snapshot)};
    const bool isReplica = !sample->isPrimary;
    const bool fresh = isFresh(&observation, snapshot);
    const QString one = QStringLiteral("unknown: one reading only");
    return {text(group.name),
            text(id),
            agedWords(text(roleOf(observation)), fresh),
            agedWords(linkWords(*sample), fresh),
            agedWords(isReplica && lag ? known(lag->behind, format::bytes) : noValue, fresh),
            agedWords(memoryWords(*sample), fresh),
            agedWords(rates ? known(rates->hitRatio, format::hitRate, noValue) : one, fresh),
            agedWords(rates ? known(rates->commandsPerSecond, format::rate) : one, fresh),
            stateWords(observation, snapshot)};
}

/// As the Redis page tells it.
QString savedWords(const facts::RedisSample &sample)
{
    if (sample.lastAppendFailed)
        return QStringLiteral("AOF failed");
    if (sample.lastSaveFailed)
        return QStringLiteral("save failed");
    if (sample.appendOnly)
        return sample.snapshotting ? QStringLiteral("AOF, saves") : QStringLiteral("AOF");
    return sample.snapshotting ? QStringLiteral("saves") : QStringLiteral("off");
}

QString slowestWords(const std::vector<facts::SlowLogEntry> &log)
{
    const auto slowest = std::max_element(log.begin(), log.end(), [](const auto &a, const auto &b) { return a.took < b.took; });
    return slowest == log.end() ? QStringLiteral("none") : text(slowest->command) + QLatin1Char(' ') + format::duration(slowest->took);
}

/// The second table's: what a server keeps, and how.
QStringList keptRow(const fleet::RedisGroup &group, const base::ServerId &id, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::RedisSample *sample = observation.redis();
    const facts::RedisRates *rates = observation.redisRates();
    if (!sample)
        return {text(id), QStringLiteral("unknown"), noValue, noValue, noValue, noValue, noValue, noValue};
    const bool fresh = isFresh(&observation, snapshot);
    const auto ago = [&](base::UtcTime at) { return format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenUtc - at)) + QStringLiteral(" ago"); };
    const bool holdsMap = group.role == fleet::RedisRole::MediaMap;
    return {text(id),
            agedWords(format::count(sample->keys), fresh),
            agedWords(format::count(sample->evictedKeys), fresh),
            agedWords(rates ? known(rates->evictionsPerSecond, format::rate) : QStringLiteral("unknown"), fresh),
            agedWords(savedWords(*sample), fresh),
            agedWords(known(sample->lastSaveAt, ago, QStringLiteral("none since it started")), fresh),
            agedWords(known(sample->slowLog, slowestWords), fresh),
            agedWords(holdsMap ? known(sample->mediaMapEncoding, [](const facts::EncodingProbe &probe) { return text(probe.encoding); }) : noValue, fresh)};
}

void slowLogMember(JsonWriter &json, const facts::Known<std::vector<facts::SlowLogEntry>> &log)
{
    if (!log)
        return unknownMember(json, "slow_log", log.error());
    json.key("slow_log").beginArray();
    for (const facts::SlowLogEntry &entry : *log)
        json.beginObject().member("at", base::isoUtc(entry.at)).member("command", entry.command).member("took_ms", inMs(entry.took)).endObject();
    json.endArray();
}

void sampleMembers(JsonWriter &json, const facts::RedisSample *sample)
{
    using facts::RedisSample;
    heldMember(json, "role", sample, [](const RedisSample &held) { return held.isPrimary ? "primary" : "replica"; });
    heldMember(json, "version", sample, &RedisSample::version);
    heldMember(json, "offset", sample, &RedisSample::offset);
    heldMember(json, "used_memory_bytes", sample, [](const RedisSample &held) { return held.usedMemory.count; });
    heldMember(json, "max_memory_bytes", sample, [](const RedisSample &held) { return held.maxMemory.count; });
    heldMember(json, "keys", sample, &RedisSample::keys);
    heldMember(json, "evicted_keys", sample, &RedisSample::evictedKeys);
    heldMember(json, "append_only", sample, &RedisSample::appendOnly);
    heldMember(json, "last_append_failed", sample, &RedisSample::lastAppendFailed);
    heldMember(json, "saves", sample, &RedisSample::snapshotting);
    heldMember(json, "last_save_failed", sample, &RedisSample::lastSaveFailed);
    heldMember(json, "changes_since_save", sample, &RedisSample::changesSinceSave);
    heldMember(json, "connected_clients", sample, &RedisSample::connectedClients);
    const facts::ReplicaLink *link = sample && sample->link ? &*sample->link : nullptr;
    heldMember(json, "link_up", link, &facts::ReplicaLink::up);
    const RedisSample held = sample ? *sample : RedisSample();
    knownMember(json, "last_save_at", held.lastSaveAt, [](base::UtcTime at) { return base::isoUtc(at); });
    slowLogMember(json, held.slowLog);
    knownMember(json, "encoding", held.mediaMapEncoding, [](const facts::EncodingProbe &probe) { return probe.encoding; });
}

void rowJson(Answer &answer, const fleet::RedisGroup &group, const base::ServerId &id, const facts::StandbyLag *lag,
             const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("redis_group", group.name.text()).member("holds", fleet::name(group.role)).member("server", id.text());
    json.member("state", facts::name(observation.reach.state));
    freshMembers(json, &observation, snapshot);
    sampleMembers(json, observation.redis());
    if (lag) {
        knownMember(json, "behind_bytes", lag->behind);
        knownMember(json, "last_exchange_age_ms", lag->time);
    } else {
        nullMembers(json, {"behind_bytes", "last_exchange_age_ms"});
    }
    const facts::RedisRates rates = observation.redisRates() ? *observation.redisRates() : facts::RedisRates();
    knownMember(json, "commands_per_second", rates.commandsPerSecond);
    knownMember(json, "hit_ratio", rates.hitRatio);
    knownMember(json, "evictions_per_second", rates.evictionsPerSecond);
    json.endObject();
    answer.line(out);
}

void sentinelJson(Answer &answer, const operate::GroupSight &sight, const facts::SentinelReport &one)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("redis_group", one.group.text()).member("sentinel", fleet::textOf(one.address)).member("state", facts::name(one.reach.state));
    json.member("fresh", one.isFresh(sight.snapshot().takenAt));
    const auto member = [&](const char *name, const auto &value) {
        if (one.hasAnswered)
            json.member(name, value);
        else
            json.key(name).null();
    };
    member("leads_to", fleet::textOf(one.primary));
    member("leads_to_server", sight.memberAt(one.primary).text());
    member("flags", one.flags);
    member("failing_over", one.isFailingOver());
    member("quorum", one.quorum);
    member("other_sentinels", one.others);
    member("has_quorum", one.hasQuorum);
    member("quorum_said", one.quorumSaid);
    member("config_epoch", one.configEpoch);
    member("down_after_ms", static_cast<std::int64_t>(one.downAfter.count()));
    member("failover_timeout_ms", static_cast<std::int64_t>(one.failoverTimeout.count()));
    json.member("error", one.reach.lastError ? one.reach.lastError->message : std::string());
    json.endObject();
    answer.line(out);
}

/// What manages a group, where the fleet file says so: a sentence, or as JSON a line a Sentinel.
void addSentinels(Answer &answer, const facts::Snapshot &snapshot, const fleet::RedisGroup &group, bool asJson)
{
    const operate::GroupSight sight(snapshot, group.name);
    if (!sight.isDeclared() || !sight.isManaged())
        return;
    if (!asJson)
        answer.line(text(group.name) + QStringLiteral(": ") + format::sentinelsText(operate::sentinelSumOf(sight)));
    for (const facts::SentinelReport *one : snapshot.sentinelsOf(group.name)) {
        if (asJson)
            sentinelJson(answer, sight, *one);
    }
}

} // namespace

Answer redisOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("GROUP")},
                     {QStringLiteral("SERVER")},
                     {QStringLiteral("ROLE")},
                     {QStringLiteral("LINK")},
                     {QStringLiteral("BEHIND"), true},
                     {QStringLiteral("MEMORY"), true},
                     {QStringLiteral("HIT RATE"), true},
                     {QStringLiteral("COMMANDS"), true},
                     {QStringLiteral("STATE")}});
    TextTable kept({{QStringLiteral("SERVER")},
                    {QStringLiteral("KEYS"), true},
                    {QStringLiteral("EVICTED"), true},
                    {QStringLiteral("EVICTIONS"), true},
                    {QStringLiteral("SAVED")},
                    {QStringLiteral("LAST SAVE")},
                    {QStringLiteral("SLOWEST LATELY")},
                    {QStringLiteral("MAP BUCKETS")}});
    for (const fleet::RedisGroup &group : snapshot.fleet->redisGroups) {
        const facts::RedisGroupFacts *groupFacts = snapshot.redisGroup(group.name);
        for (const base::ServerId &id : group.servers) {
            const facts::Observation *observation = snapshot.observation(id);
            const facts::StandbyLag *lag = groupFacts ? lagOf(*groupFacts, id) : nullptr;
            if (observation && options.json) {
                rowJson(answer, group, id, lag, *observation, snapshot);
            } else if (observation) {
                table.add(row(group, id, lag, *observation, snapshot));
                kept.add(keptRow(group, id, *observation, snapshot));
            }
        }
    }
    if (!options.json) {
        answer.add(table);
        answer.line(QString());
        answer.out += kept.toString().toStdString(); // its brackets are explained above it
    }
    for (const fleet::RedisGroup &group : snapshot.fleet->redisGroups)
        addSentinels(answer, snapshot, group, options.json);
    answer.exit = exitFor(snapshot, fleet::ServerKind::Redis,
                          {Rule::RedisPrimaryDown, Rule::RedisTwoPrimaries, Rule::RedisReplicaDown, Rule::RedisUnlinked,
                           Rule::RedisMemoryFull, Rule::RedisNotSaved, Rule::RedisReplicasMissing, Rule::MediaMapEncoding});
    return answer;
}

} // namespace shardlens::ctl
