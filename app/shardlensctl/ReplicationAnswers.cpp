// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Numbers.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::Rule;

QString words(facts::StandbyState state)
{
    return text(std::string(facts::name(state))).replace(QLatin1Char('_'), QLatin1Char(' '));
}

base::RegionName regionOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const fleet::Server *server = snapshot.fleet->server(id);
    return server ? server->region : base::RegionName();
}

std::optional<base::Lsn> positionOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const facts::Observation *observation = snapshot.observation(id);
    const facts::PostgresSample *sample = observation ? observation->postgres() : nullptr;
    return sample && sample->current ? std::optional(*sample->current) : std::nullopt;
}

QString slotWords(const facts::StandbyLag &lag)
{
    const QString kept = known(lag.slotRetained, format::bytes, QStringLiteral("no slot"));
    return lag.slotFullIn ? kept + QStringLiteral(", full in ") + format::duration(*lag.slotFullIn) : kept;
}

QStringList standbyRow(const facts::ClusterFacts &cluster, const facts::StandbyLag &lag, const facts::Snapshot &snapshot)
{
    const facts::Observation *observation = snapshot.observation(lag.standby);
    const bool fresh = isFresh(observation, snapshot);
    const bool primaryIsFresh = cluster.primary && isFresh(snapshot.observation(*cluster.primary), snapshot);
    const QString state = observation && !fresh ? stateWords(*observation, snapshot) : words(lag.state);
    const QString upstream = lag.upstream.isEmpty() ? QStringLiteral("unknown") : text(lag.upstream);
    return {text(cluster.name),
            text(lag.standby),
            text(regionOf(snapshot, lag.standby)),
            state,
            agedWords(known(lag.time, [&](base::microseconds time) { return format::lagWithin(time, lag.resolution); }), fresh),
            agedWords(known(lag.behind, format::bytes), fresh && primaryIsFresh),
            agedWords(upstream, fresh),
            agedWords(slotWords(lag), primaryIsFresh)};
}

QStringList primaryRow(const facts::ClusterFacts &cluster, const facts::Snapshot &snapshot)
{
    if (!cluster.primary) {
        const QString why = format::unknownText(cluster.primary.error());
        return {text(cluster.name),  QStringLiteral("primary ") + why,
                QStringLiteral("-"), QStringLiteral("-"),
                QStringLiteral("-"), QStringLiteral("-"),
                QStringLiteral("-"), QStringLiteral("-")};
    }
    const facts::Observation *observation = snapshot.observation(*cluster.primary);
    const bool answers = observation && observation->reach.state == facts::ReachState::Answering;
    const QString state =
        answers || !observation ? QStringLiteral("primary") : QStringLiteral("primary, ") + stateWords(*observation, snapshot);
    return {text(cluster.name),
            text(*cluster.primary),
            text(regionOf(snapshot, *cluster.primary)),
            state,
            QStringLiteral("-"),
            QStringLiteral("-"),
            QStringLiteral("-"),
            QStringLiteral("-")};
}

void memberJson(Answer &answer, const facts::ClusterFacts &cluster, const base::ServerId &server, const facts::StandbyLag *lag,
                const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("cluster", cluster.name.text()).member("server", server.text());
    nameMember(json, "region", regionOf(snapshot, server));
    json.member("role", lag ? "standby" : "primary");
    freshMembers(json, snapshot.observation(server), snapshot);
    knownMember(json, "timeline", cluster.timeline);
    if (!lag) {
        if (const auto position = positionOf(snapshot, server))
            json.member("lsn", position->toString());
        else
            json.key("lsn").null();
        knownMember(json, "commits_per_second", cluster.commitsPerSecond);
        knownMember(json, "wal_bytes_per_second", cluster.walBytesPerSecond);
        nullMembers(json, {"upstream", "state", "lag_ms", "lag_rule", "behind_bytes", "not_sent_bytes", "not_written_bytes", "not_flushed_bytes", "not_replayed_bytes",
                           "replayed_lsn", "receiver_message_age_ms", "heartbeat_age_ms", "slot_retained_bytes", "slot_limit_bytes", "slot_full_in_ms", "sync_state"});
    } else {
        nullMembers(json, {"lsn", "commits_per_second", "wal_bytes_per_second"});
        nameMember(json, "upstream", lag->upstream);
        json.member("state", facts::name(lag->state));
        knownMember(json, "lag_ms", lag->time);
        json.member("lag_rule", facts::name(lag->rule));
        knownMember(json, "behind_bytes", lag->behind);
        knownMember(json, "not_sent_bytes", lag->stages.notSent);
        knownMember(json, "not_written_bytes", lag->stages.notWritten);
        knownMember(json, "not_flushed_bytes", lag->stages.notFlushed);
        knownMember(json, "not_replayed_bytes", lag->stages.notReplayed);
        knownMember(json, "replayed_lsn", lag->inputs.replayedLsn, [](base::Lsn lsn) { return lsn.toString(); });
        knownMember(json, "receiver_message_age_ms", lag->inputs.receiverMessageAge);
        knownMember(json, "heartbeat_age_ms", lag->inputs.heartbeatAge);
        knownMember(json, "slot_retained_bytes", lag->slotRetained);
        knownMember(json, "slot_limit_bytes", lag->slotLimit);
        knownMember(json, "slot_full_in_ms", lag->slotFullIn);
        json.member("sync_state", lag->syncState);
    }
    json.endObject();
    answer.line(out);
}

} // namespace

Answer replicationOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("CLUSTER")},
                     {QStringLiteral("SERVER")},
                     {QStringLiteral("REGION")},
                     {QStringLiteral("STATE")},
                     {QStringLiteral("LAG"), true},
                     {QStringLiteral("BEHIND"), true},
                     {QStringLiteral("FROM")},
                     {QStringLiteral("SLOT KEEPS")}});
    for (const facts::ClusterFacts &cluster : snapshot.clusters) {
        if (!options.json)
            table.add(primaryRow(cluster, snapshot));
        else if (cluster.primary)
            memberJson(answer, cluster, *cluster.primary, nullptr, snapshot);
        for (const facts::StandbyLag &lag : cluster.standbys) {
            if (options.json)
                memberJson(answer, cluster, lag.standby, &lag, snapshot);
            else
                table.add(standbyRow(cluster, lag, snapshot));
        }
    }
    if (!options.json)
        answer.add(table);
    answer.exit = exitFor(snapshot, fleet::ServerKind::Postgres,
                          {Rule::PrimaryDown, Rule::NoPrimary, Rule::TwoPrimaries, Rule::WrongServer, Rule::StandbyDown, Rule::MemberDown,
                           Rule::StandbyNotStreaming, Rule::ReplayPaused, Rule::Lag, Rule::SlotFilling, Rule::RegionSilent});
    return answer;
}

} // namespace shardlens::ctl
