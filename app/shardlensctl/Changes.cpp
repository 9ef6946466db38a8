// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Changes.h"

#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Headline.h"
#include "ui/format/ProblemText.h"

#include <map>

namespace shardlens::ctl {

namespace {

using facts::Snapshot;

std::string stateOf(const facts::Observation *observation)
{
    return observation ? std::string(facts::name(observation->reach.state)) : std::string();
}

/// A server that changed its state or its role.
void serverChanges(const Snapshot &before, const Snapshot &after, std::vector<Change> &changes)
{
    for (const auto &[id, now] : after.servers) {
        const facts::Observation *was = before.observation(id);
        if (!was || was == now.get())
            continue;
        if (was->reach.state != now->reach.state)
            changes.push_back(
                {"server_state", id.text(), stateOf(was), stateOf(now.get()), text(id) + QStringLiteral(": ") + stateWords(*now, after)});
        const std::string roleBefore = roleOf(*was);
        const std::string roleNow = roleOf(*now);
        if (!roleBefore.empty() && roleBefore != roleNow)
            changes.push_back(
                {"role", id.text(), roleBefore, roleNow, QStringLiteral("%1: %2, was %3").arg(text(id), text(roleNow), text(roleBefore))});
    }
}

std::string nameOr(const facts::Known<base::ServerId> &primary)
{
    return primary ? primary->text() : std::string();
}

template <class List>
void primaryChanges(const List &before, const List &after, std::vector<Change> &changes)
{
    for (std::size_t i = 0; i < after.size() && i < before.size(); ++i) {
        if (before[i].name != after[i].name || nameOr(before[i].primary) == nameOr(after[i].primary))
            continue;
        const std::string was = nameOr(before[i].primary);
        const std::string now = nameOr(after[i].primary);
        const QString words = now.empty() ? QStringLiteral("%1: its primary is not known, was %2").arg(text(after[i].name), text(was))
                              : was.empty()
                                  ? QStringLiteral("%1: its primary is %2").arg(text(after[i].name), text(now))
                                  : QStringLiteral("%1: its primary is %2, was %3").arg(text(after[i].name), text(now), text(was));
        changes.push_back({"primary", after[i].name.text(), was, now, words});
    }
}

void driftChanges(const facts::ShardMap &before, const facts::ShardMap &after, const fleet::Fleet &fleet, std::vector<Change> &changes)
{
    if (&before == &after || before.version == after.version || before.shards.empty())
        return;
    for (const facts::Shard &shard : after.shards) {
        const facts::Shard *was = before.find(shard.key);
        const facts::Drift driftBefore = was ? was->drift : facts::Drift::NotKnown;
        // The first comparison is no change unless it finds something.
        if (driftBefore == shard.drift || (driftBefore == facts::Drift::NotKnown && shard.drift == facts::Drift::None))
            continue;
        const fleet::Partition *partition = fleet.partition(shard.key.partition);
        const std::string schema =
            fleet::expand(partition ? partition->schemaPattern : "{shard}", "shard", std::to_string(shard.key.number.value));
        changes.push_back({"drift", shard.key.partition.text() + "/" + schema, facts::name(driftBefore), facts::name(shard.drift),
                           QStringLiteral("%1, %2: drift %3, was %4")
                               .arg(text(schema), text(shard.key.partition), QLatin1String(facts::name(shard.drift)),
                                    QLatin1String(facts::name(driftBefore)))});
    }
}

std::map<std::string, const facts::Problem *> problemsOf(const Snapshot &snapshot)
{
    std::map<std::string, const facts::Problem *> byId;
    for (const facts::Problem &problem : snapshot.problems)
        byId.emplace(problem.id(), &problem);
    return byId;
}

void problemChanges(const Snapshot *before, const Snapshot &after, std::vector<Change> &changes)
{
    const auto was = before ? problemsOf(*before) : std::map<std::string, const facts::Problem *>();
    const auto now = problemsOf(after);
    for (const facts::Problem &problem : after.problems) { // worst first, as the snapshot has them
        if (!was.contains(problem.id()))
            changes.push_back({"problem_began",
                               problem.id(),
                               {},
                               std::string(facts::name(problem.severity)),
                               text(std::string(facts::name(problem.severity))) + QStringLiteral(": ") +
                                   ui::format::problemText(problem, after).sentence});
    }
    for (const auto &[id, problem] : was) {
        if (!now.contains(id))
            changes.push_back({"problem_ended",
                               id,
                               std::string(facts::name(problem->severity)),
                               {},
                               QStringLiteral("ended: ") + ui::format::problemText(*problem, *before).line1});
    }
}

void addLine(Answer &answer, const Change &change, base::UtcTime at, bool asJson)
{
    if (!asJson) {
        answer.line(text(base::isoUtc(at)) + QStringLiteral("  ") + change.words);
        return;
    }
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("at", base::isoUtc(at)).member("kind", change.kind).member("subject", change.subject);
    json.member("before", change.before).member("after", change.after).member("text", plain(change.words).toStdString()).endObject();
    answer.line(out);
}

} // namespace

std::vector<Change> changesBetween(const Snapshot *before, const Snapshot &after)
{
    std::vector<Change> changes;
    if (before) {
        serverChanges(*before, after, changes);
        primaryChanges(before->clusters, after.clusters, changes);
        primaryChanges(before->redisGroups, after.redisGroups, changes);
        driftChanges(*before->shardMap, *after.shardMap, *after.fleet, changes);
    }
    problemChanges(before, after, changes);
    return changes;
}

Answer changesSince(const Snapshot *before, const Snapshot &after, bool asJson)
{
    Answer answer;
    if (!before) {
        const QString words =
            ui::format::headlineFor(after).sentence + QStringLiteral(" (") + ui::format::answersText(after) + QLatin1Char(')');
        addLine(answer, {"watching", after.fleet->name, {}, {}, words}, after.takenUtc, asJson);
    }
    for (const Change &change : changesBetween(before, after))
        addLine(answer, change, after.takenUtc, asJson);
    return answer;
}

} // namespace shardlens::ctl
