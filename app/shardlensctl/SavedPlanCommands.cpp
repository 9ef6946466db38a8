// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/SavedPlanCommands.h"

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/MaintenanceCommands.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "core/base/Iso8601.h"
#include "core/execute/SavedPlan.h"
#include "core/record/PlanFolder.h"
#include "ui/format/PlanText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using execute::SavedPlan;

Exit complainOfPlan(const base::Error &error)
{
    Answer answer;
    answer.error = error.message + "\n";
    const bool isUsage = error.code == base::ErrorCode::BadInput;
    answer.exit = isUsage ? Exit::Usage : error.code == base::ErrorCode::NotFound ? Exit::Problem : Exit::Failed;
    return print(answer);
}

base::Result<SavedPlan> savedPlan(const fleet::Fleet &fleet, const std::string &name)
{
    const auto text = record::readPlan(record::plansFolder(fleet), name);
    return text ? execute::savedPlanFrom(*text) : base::fail(text.error());
}

/// The command line that would ask for it.
Options asked(const Options &options, const operate::Intent &intent)
{
    Options out = options;
    out.act = operate::actOf(intent);
    out.command = out.act == operate::Act::Switchover ? Command::Switchover : out.act == operate::Act::Failover ? Command::Failover : Command::SmallAct;
    out.cluster = operate::nameOf(intent);
    out.server = operate::wantedOf(intent).text();
    out.warms = operate::warmsOf(intent);
    if (const auto *small = std::get_if<operate::SmallAct>(&intent)) {
        out.on = small->on.text();
        out.object = small->object;
        out.began = small->began;
    }
    return out;
}

std::string planLine(const SavedPlan &plan)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("name", plan.name).member("act", operate::name(plan.request.act)).member("cluster", orNull(plan.request.cluster.text()));
    if (!plan.request.group.isEmpty())
        json.member("group", plan.request.group.text());
    json.member("on", orNull(plan.request.on.text())).member("object", orNull(plan.request.object)).member("to", orNull(plan.request.to.text()));
    json.member("database_user", plan.owner.databaseUser).member("os_user", plan.owner.osUser).member("host", plan.owner.host);
    json.member("saved_at", base::isoUtc(plan.savedAt));
    timeMember(json, "intended_at", plan.intendedAt);
    json.endObject();
    return out;
}

void tellDifferences(Answer &answer, const SavedPlan &plan, const operate::Plan &now, bool isJson)
{
    const auto differences = operate::differencesBetween(plan.fingerprint, now.fingerprint);
    if (isJson) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("saved_at", base::isoUtc(plan.savedAt)).key("differences").beginArray();
        for (const operate::Difference &one : differences)
            json.beginObject().member("fact", one.fact).member("before", one.before).member("after", one.after).endObject();
        json.endArray().endObject();
        answer.line(out);
        return;
    }
    answer.line(QStringLiteral("\nSaved as %1 at %2 by %3%4.")
                    .arg(text(plan.name), text(base::isoUtc(plan.savedAt)), text(plan.owner.osUser),
                         plan.intendedAt ? QStringLiteral(", for ") + text(base::isoUtc(*plan.intendedAt)) : QString()));
    if (differences.empty())
        answer.line(QStringLiteral("Nothing that it rests on differs since."));
    for (const operate::Difference &one : differences)
        answer.line(QStringLiteral("  ") + format::differenceText(one));
}

} // namespace

Exit saveThePlan(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const auto act = operate::actNamed(options.actName);
    if (!act || *act == operate::Act::EndBackend)
        return complainOfPlan({base::ErrorCode::BadInput, "there is no act '" + options.actName + "' that could be planned for later", {}, {}, base::Effect::None});
    Options wanted = options;
    wanted.act = *act;
    wanted.command = *act == operate::Act::Switchover ? Command::Switchover : *act == operate::Act::Failover ? Command::Failover : Command::SmallAct;
    wanted.cluster = options.subject;
    const bool isOnRouter = *act == operate::Act::PauseRouter || *act == operate::Act::ResumeRouter || *act == operate::Act::PointRouter;
    if (isOnRouter)
        wanted.object = options.subject;
    else if (*act != operate::Act::PrepareCluster)
        wanted.on = options.subject;
    const auto intent = intentOf(wanted, **fleet);
    if (!intent)
        return complainOfPlan({base::ErrorCode::BadInput, intent.error().message, {}, {}, base::Effect::None});
    const auto names = record::plansIn(record::plansFolder(**fleet));
    if (!options.replaces && std::find(names.begin(), names.end(), options.plan) != names.end()) {
        Answer answer;
        answer.error = "There is a plan '" + options.plan + "' already: --replace takes its place, another name keeps both.\n";
        answer.exit = Exit::Problem;
        return print(answer);
    }
    const base::UtcTime now = base::SystemClock().utcNow();
    SavedPlan saved;
    if (!options.until.empty()) {
        saved.intendedAt = momentToCome(options.until, now);
        if (!saved.intendedAt)
            return complainOfPlan({base::ErrorCode::BadInput, "--at: '" + options.until + "' is no moment to come", {}, {}, base::Effect::None});
    }
    const auto snapshot = observe(options, Need::Plans, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    const auto plan = operate::planFor(**snapshot, *intent);
    if (!plan)
        return complainOfPlan(plan.error());
    saved.name = options.plan;
    const facts::Person person = desk::whoRuns();
    const fleet::DatabaseUser *actor = execute::actorOf(**fleet, options.user);
    saved.owner = {actor ? actor->name : std::string(), person.osUser, person.host};
    saved.savedAt = now;
    saved.request.setIntent(*intent);
    saved.fingerprint = plan->fingerprint;
    if (const auto written = record::savePlan(record::plansFolder(**fleet), saved.name, execute::toJson(saved)); !written)
        return complainOfPlan(written.error());
    Answer answer;
    if (options.json)
        answer.line(planLine(saved));
    else
        answer.line(format::actText(plan->intent, plan->to) + QStringLiteral(": saved as ") + text(saved.name) + QStringLiteral(". plans open plans it anew and tells what differs."));
    return print(answer);
}

Exit openThePlan(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const auto saved = savedPlan(**fleet, options.plan);
    if (!saved)
        return complainOfPlan(saved.error());
    const operate::Intent intent = saved->request.intent();
    const auto snapshot = observe(asked(options, intent), Need::Moves, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    Answer answer = planAnswer(**snapshot, asked(options, intent));
    if (const auto plan = operate::planFor(**snapshot, intent))
        tellDifferences(answer, *saved, *plan, options.json);
    return print(answer);
}

Exit listThePlans(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    Answer answer;
    TextTable table({{QStringLiteral("PLAN")}, {QStringLiteral("WHAT")}, {QStringLiteral("FOR")}, {QStringLiteral("BY")}, {QStringLiteral("SAVED")}});
    for (const std::string &name : record::plansIn(record::plansFolder(**fleet))) {
        const auto plan = savedPlan(**fleet, name);
        if (!plan) {
            answer.error += name + ": " + plan.error().message + "\n";
            continue;
        }
        if (options.json)
            answer.line(planLine(*plan));
        else
            table.add({text(name), format::actText(plan->request.intent(), plan->request.to), plan->intendedAt ? text(base::isoUtc(*plan->intendedAt)) : QStringLiteral("-"),
                       text(plan->owner.osUser), text(base::isoUtc(plan->savedAt))});
    }
    if (!options.json && table.isEmpty())
        answer.line(QStringLiteral("No plan was saved here."));
    else if (!options.json)
        answer.add(table);
    return print(answer);
}

Exit removeThePlan(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto removed = record::removePlan(record::plansFolder(**fleet), options.plan); !removed)
        return complainOfPlan(removed.error());
    Answer answer;
    answer.line(text(options.plan) + QStringLiteral(" is removed."));
    return print(answer);
}

} // namespace shardlens::ctl
