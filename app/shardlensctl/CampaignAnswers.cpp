// SPDX-License-Identifier: GPL-3.0-or-later
// What a campaign would do.
#include "app/shardlensctl/CampaignCommands.h"

#include "app/shardlensctl/ActCommands.h"
#include "app/shardlensctl/HostAnswers.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/MaintenanceCommands.h"
#include "app/shardlensctl/OperationCommands.h"
#include "core/base/Iso8601.h"
#include "core/campaign/CampaignPlan.h"
#include "ui/format/CampaignText.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/Times.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using campaign::CampaignPlan;
using campaign::Row;

QString secondsText(const Row &row)
{
    QStringList names;
    for (const base::ServerId &id : row.seconds)
        names << text(id);
    return names.isEmpty() ? QStringLiteral("none") : names.join(QStringLiteral(", "));
}

QString whyText(const Row &row)
{
    QStringList names;
    if (campaign::moves(row) && row.failsOver())
        names << QStringLiteral("fails over, loses %1").arg(format::lossText(row.loss));
    for (const operate::Checks *checks : {&row.blocking, &row.amiss}) {
        for (const operate::Check &check : *checks)
            names << text(std::string(operate::name(check.id)));
    }
    return names.join(QStringLiteral(", "));
}

TextTable rowTable(const CampaignPlan &plan)
{
    TextTable table({{QStringLiteral("WAVE"), true}, {QStringLiteral("CLUSTER")}, {QStringLiteral("FROM")}, {QStringLiteral("TO")}, {QStringLiteral("READINESS")},
                     {QStringLiteral("LAG"), true}, {QStringLiteral("EXPECTED PAUSE")}, {QStringLiteral("STANDS BY")}, {QStringLiteral("")}});
    for (const Row &row : plan.rows) {
        const bool isMove = campaign::moves(row);
        table.add({row.wave == 0 ? QStringLiteral("-") : QString::number(row.wave), text(row.subject), row.from.isEmpty() ? QStringLiteral("-") : text(row.from),
                   isMove || row.fit == campaign::Fit::NotReady ? (row.to.isEmpty() ? QStringLiteral("-") : text(row.to)) : QStringLiteral("-"), format::fitWord(row.fit),
                   isMove ? known(row.lag, format::lag) : QStringLiteral("-"), isMove ? format::pauseText(row.pause) : QStringLiteral("-"),
                   isMove ? secondsText(row) : QStringLiteral("-"), whyText(row)});
    }
    return table;
}

void effectLines(Answer &answer, const CampaignPlan &plan)
{
    const campaign::Effect &effect = plan.effect;
    QString line = QStringLiteral("%1 clusters and %2 groups move in %3 waves; %4 left where they are.")
                       .arg(effect.clusters).arg(effect.groups).arg(plan.waves).arg(effect.left);
    if (effect.longestPause)
        line += QStringLiteral(" Longest expected pause of writes %1.").arg(format::duration(*effect.longestPause));
    answer.line(line);
    for (const campaign::TargetLoad &load : effect.loads) {
        QStringList takes;
        for (const std::string &one : load.takes)
            takes << text(one);
        const auto rate = [](double value) { return format::rate(value); };
        QString words = QStringLiteral("  %1 (%2) takes %3: %4 commits, was %5").arg(text(load.host), text(load.region), takes.join(QStringLiteral(", ")), known(load.commitsThen, rate), known(load.commitsNow, rate));
        if (load.connectionsMost > 0)
            words += QStringLiteral("; %1 of %2 connections in use").arg(load.connections).arg(load.connectionsMost);
        answer.line(words);
    }
    for (const std::string &one : effect.withoutSecond)
        answer.line(QStringLiteral("  Nobody stands by for %1 afterwards.").arg(text(one)));
    for (const base::ServerId &id : effect.coldMembers)
        answer.line(QStringLiteral("  %1 goes: its keys are read from the databases, and it comes back cold.").arg(text(id)));
    if (!effect.coldMembers.empty())
        answer.line(QStringLiteral("  Extra reads: %1.").arg(known(effect.extraReads, [](double value) { return format::rate(value); })));
    for (const campaign::Hosted &one : plan.hosted) {
        if (one.part == campaign::Part::Standby)
            answer.line(QStringLiteral("  %1 goes, %2. %3").arg(text(one.server), format::partOf(one), format::goneText(one)));
    }
    for (const campaign::InvalidationBacklog &one : effect.backlogs)
        answer.line(QStringLiteral("  Invalidation in %1: %2.").arg(text(one.region), format::backlogText(one)));
    for (const base::ServerId &id : effect.routers)
        answer.line(QStringLiteral("  Router %1 %2.").arg(text(id), campaign::isOfRegion(plan.goal.aim) ? QStringLiteral("serves nobody once users are elsewhere") : QStringLiteral("stops with it")));
    for (const Row &row : plan.rows) {
        if (row.wave != 0 && row.logKeptFor)
            answer.line(QStringLiteral("  Log of %1 is kept for about %2 if what is left there falls silent.").arg(text(row.subject), format::duration(*row.logKeptFor)));
    }
}

void markLine(Answer &answer, const CampaignPlan &plan)
{
    const QString subject = text(plan.goal.subject);
    if (plan.setsMark)
        answer.line(QStringLiteral("Then %1 is marked: no candidate, and what is wrong there calls nobody.").arg(subject));
    if (plan.liftsMark)
        answer.line(plan.goal.aim == campaign::Aim::Return ? QStringLiteral("First the mark of %1 is lifted.").arg(subject)
                                                           : QStringLiteral("Once all its servers are back, the mark of %1 is lifted.").arg(subject));
}

void planText(Answer &answer, const CampaignPlan &plan)
{
    answer.line(format::campaignTitle(plan.goal) + QLatin1Char('.'));
    answer.line(QStringLiteral("Planned at %1 from what was read then; nothing was changed, nothing will be. Fingerprint %2.")
                    .arg(format::clockTime(plan.takenUtc), text(plan.fingerprint.digest())));
    if (!plan.rows.empty()) {
        answer.line(std::string());
        answer.add(rowTable(plan));
    }
    if (!plan.servers.empty()) {
        answer.line(std::string());
        TextTable table({{QStringLiteral("SERVER")}, {QStringLiteral("COMEBACK")}, {QStringLiteral("BEHIND"), true}, {QStringLiteral("")}});
        for (const campaign::ServerBack &one : plan.servers)
            table.add({text(one.server), format::comebackWord(one.comeback), one.behind ? format::bytes(*one.behind) : QStringLiteral("-"), text(one.detail)});
        answer.add(table);
    }
    answer.line(std::string());
    effectLines(answer, plan);
    markLine(answer, plan);
    for (const campaign::ManualStep &step : plan.manual)
        answer.line(QStringLiteral("By hand%1: %2 [%3]").arg(step.isBefore ? QStringLiteral(", better before") : QString(), format::manualStepText(step, plan.goal.aim), text(step.id())));
    if (plan.goal.aim == campaign::Aim::HostUp && plan.waves == 0) {
        for (const Row &row : plan.rows) {
            if (campaign::moves(row))
                answer.line(QStringLiteral("The way home: switchover %1 --to %2, or host up --home.").arg(text(row.subject), text(row.to)));
        }
    }
}

void rowJson(JsonWriter &json, const Row &row)
{
    json.beginObject().member("subject", row.subject).member("group", row.isGroup).member("directory", row.isDirectory).member("wave", row.wave);
    json.member("from", row.from.text()).member("to", row.to.text()).member("to_region", row.toRegion.text()).member("fit", name(row.fit)).member("shards", row.shards);
    json.member("act", operate::name(operate::actOf(row.intent)));
    if (row.failsOver()) {
        knownMember(json, "lost_at_least_bytes", row.loss.atLeast, [](base::Bytes value) { return value.count; });
        knownMember(json, "lost_at_most_bytes", row.loss.atMost, [](base::Bytes value) { return value.count; });
    }
    knownMember(json, "lag_ms", row.lag, [](base::microseconds value) { return static_cast<double>(value.count()) / 1000.0; });
    knownMember(json, "behind_bytes", row.behind, [](base::Bytes value) { return value.count; });
    knownMember(json, "expected_pause_ms", row.pause.expected, [](base::microseconds value) { return static_cast<double>(value.count()) / 1000.0; });
    knownMember(json, "commits_per_second", row.commitsPerSecond, [](double value) { return value; });
    knownMember(json, "log_kept_seconds", row.logKeptFor, [](base::microseconds value) { return static_cast<double>(value.count()) / 1e6; });
    if (row.comeback)
        json.member("comeback", name(*row.comeback));
    for (const auto &[key, checks] : {std::pair("blocking", &row.blocking), std::pair("amiss", &row.amiss)}) {
        json.key(key).beginArray();
        for (const operate::Check &check : *checks)
            json.text(operate::name(check.id));
        json.endArray();
    }
    json.key("stands_by").beginArray();
    for (const base::ServerId &id : row.seconds)
        json.text(id.text());
    json.endArray().endObject();
}

void backlogJson(JsonWriter &json, const campaign::InvalidationBacklog &one)
{
    json.beginObject()
        .member("region", one.region.text())
        .member("keeps_up", campaign::keepsUp(one))
        .member("at_least", one.isLeast)
        .member("trouble", one.trouble);
    knownMember(json, "keys_waiting", one.keys);
    if (one.lag)
        json.member("lag_ms", inMs(*one.lag));
    json.endObject();
}

std::string planJson(const CampaignPlan &plan)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("aim", name(plan.goal.aim)).member("subject", plan.goal.subject).member("at_once", plan.options.atOnce).member("stop_after", plan.options.stopAfter);
    json.member("waves", plan.waves).member("marked", plan.isMarked).member("sets_mark", plan.setsMark).member("lifts_mark", plan.liftsMark);
    json.member("fingerprint", plan.fingerprint.digest()).member("taken_at", base::isoUtc(plan.takenUtc));
    json.key("rows").beginArray();
    for (const Row &row : plan.rows)
        rowJson(json, row);
    json.endArray().key("servers").beginArray();
    for (const campaign::ServerBack &one : plan.servers)
        json.beginObject().member("server", one.server.text()).member("comeback", name(one.comeback)).member("detail", one.detail).endObject();
    json.endArray().key("manual").beginArray();
    for (const campaign::ManualStep &step : plan.manual)
        json.beginObject().member("step", step.id()).member("before", step.isBefore).endObject();
    json.endArray().key("effect").beginObject().member("clusters", plan.effect.clusters).member("groups", plan.effect.groups).member("left", plan.effect.left).member("shards", plan.effect.shards);
    json.key("without_second").beginArray();
    for (const std::string &one : plan.effect.withoutSecond)
        json.text(one);
    json.endArray().key("invalidation").beginArray();
    for (const campaign::InvalidationBacklog &one : plan.effect.backlogs)
        backlogJson(json, one);
    json.endArray().endObject();
    if (plan.goal.aim == campaign::Aim::HostDown)
        hostedJson(json.key("hosted"), plan.hosted);
    json.endObject();
    return out;
}

} // namespace

Answer campaignPlanAnswer(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    const auto aim = campaign::aimNamed(options.aim);
    campaign::Options how{options.atOnce, options.stopAfter, base::RegionName(options.region), momentToCome(options.until, snapshot.takenUtc), options.bringsHome, {}};
    for (const std::string &words : options.forced) {
        if (const auto forced = forcedFrom(words))
            how.forced.push_back(*forced);
    }
    auto plan = aim ? campaign::planFor(snapshot, {*aim, options.subject}, how) : base::fail(base::ErrorCode::BadInput, "no aim");
    if (!plan) {
        answer.error = plan.error().message + "\n";
        answer.exit = Exit::Usage;
        return answer;
    }
    const std::vector<execute::Operation> past = pastOperations(*snapshot.fleet, operate::Act::Switchover);
    for (Row &row : plan->rows) {
        const execute::PastRuns own = execute::pastRunsOf(past, operate::Act::Switchover, row.subject);
        execute::addPast(row.pause, own);
        execute::addPast(row.blocking, own);
        execute::addPast(row.amiss, own);
    }
    if (options.json)
        answer.line(planJson(*plan));
    else if (options.wavesOnly)
        answer.add(rowTable(*plan));
    else
        planText(answer, *plan);
    answer.exit = plan->isEmpty() || plan->effect.left > 0 ? Exit::Problem : Exit::Well;
    return answer;
}

} // namespace shardlens::ctl
