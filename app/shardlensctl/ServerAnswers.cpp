// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "core/facts/Fenced.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

void serverJson(Answer &answer, const fleet::Server &server, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::Reach &reach = observation.reach;
    const fleet::Endpoint &dialled = server.address.from(snapshot.fleet->ownRegion);
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("server", server.id.text()).member("kind", fleet::name(server.kind)).member("region", server.region.text());
    json.member("host", server.host.text()).member("address", dialled.host + ":" + std::to_string(dialled.port));
    const std::string role = roleOf(observation);
    if (role.empty())
        json.key("role").null();
    else
        json.member("role", role);
    json.member("state", facts::name(reach.state));
    freshMembers(json, &observation, snapshot);
    if (reach.latency)
        json.member("latency_ms", inMs(*reach.latency));
    else
        json.key("latency_ms").null();
    timeMember(json, "last_answer_at", reach.lastAnswerUtc);
    timeMember(json, "silent_since", reach.silentSinceUtc);
    if (reach.lastError)
        json.member("error", reach.lastError->message).member("error_code", base::name(reach.lastError->code));
    else
        nullMembers(json, {"error", "error_code"});
    if (const auto fenced = facts::fencedBy(snapshot, server.id)) {
        json.member("fenced_by_guard_of", fenced->by.text());
        timeMember(json, "fenced_since", std::optional(fenced->fence.at));
        json.member("guard_said", fenced->fence.said);
    } else {
        nullMembers(json, {"fenced_by_guard_of", "fenced_since", "guard_said"});
    }
    json.endObject();
    answer.line(out);
}

} // namespace

Answer serversOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("SERVER")},
                     {QStringLiteral("KIND")},
                     {QStringLiteral("REGION")},
                     {QStringLiteral("HOST")},
                     {QStringLiteral("ROLE")},
                     {QStringLiteral("LATENCY"), true},
                     {QStringLiteral("STATE")}});
    bool allAnswer = true;
    for (const fleet::Server &server : snapshot.fleet->servers) {
        const facts::Observation *observation = snapshot.observation(server.id);
        if (!observation)
            continue;
        allAnswer = allAnswer && observation->reach.state == facts::ReachState::Answering;
        if (options.json) {
            serverJson(answer, server, *observation, snapshot);
            continue;
        }
        const std::string role = roleOf(*observation);
        const bool fresh = isFresh(observation, snapshot);
        table.add({text(server.id), text(std::string(fleet::name(server.kind))), text(server.region), text(server.host),
                   role.empty() ? QStringLiteral("unknown: no answer") : agedWords(text(role), fresh),
                   observation->reach.latency ? agedWords(format::duration(*observation->reach.latency), fresh) : QStringLiteral("-"),
                   stateWords(*observation, snapshot)});
    }
    if (!options.json)
        answer.add(table);
    answer.exit = allAnswer ? Exit::Well : Exit::Problem;
    return answer;
}

} // namespace shardlens::ctl
