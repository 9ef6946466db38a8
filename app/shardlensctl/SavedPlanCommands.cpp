// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/SavedPlanCommands.h"

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/MaintenanceCommands.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "core/base/Iso8601.h"
#include "core/campaign/SavedCampaign.h"
#include "core/execute/SavedPlan.h"
#include "core/record/PlanFolder.h"
#include "ui/format/CampaignText.h"
#include "ui/format/PlanText.h"

#include <algorithm>
#include <optional>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using campaign::SavedCampaign;
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

/// Nothing where the plan of that name is a single act's.
std::optional<base::Result<SavedCampaign>> savedCampaign(const fleet::Fleet &fleet, const std::string &name)
{
    const auto text = record::readPlan(record::plansFolder(fleet), name);
    return text && campaign::isSavedCampaign(*text) ? std::optional(campaign::savedCampaignFrom(*text)) : std::nullopt;
}

/// The command line that would ask for it.
Options asked(const Options &options, const SavedCampaign &plan)
{
    Options out = options;
    out.command = Command::Campaign;
    out.aim = campaign::name(plan.goal.aim);
    out.subject = plan.goal.subject;
    out.atOnce = plan.options.atOnce;
    out.stopAfter = plan.options.stopAfter;
    out.region = plan.options.toRegion.text();
    out.bringsHome = plan.options.bringsHome;
    out.until.clear(); // a mark's end is of the day
    return out;
}

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

std::string planLine(const SavedCampaign &plan)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("name", plan.name).member("act", campaign::name(plan.goal.aim)).member("subject", plan.goal.subject);
    json.member("to", orNull(plan.options.toRegion.text())).member("at_once", std::int64_t(plan.options.atOnce)).member("stop_after", std::int64_t(plan.options.stopAfter));
    json.member("brings_home", plan.options.bringsHome);
    json.member("database_user", plan.owner.databaseUser).member("os_user", plan.owner.osUser).member("host", plan.owner.host);
    json.member("saved_at", base::isoUtc(plan.savedAt));
    timeMember(json, "intended_at", plan.intendedAt);
    json.endObject();
    return out;
}

/// Of a SavedPlan or a SavedCampaign.
template <typename Saved> void tellDifferences(Answer &answer, const Saved &plan, const operate::Fingerprint &now, bool isJson)
{
    const auto differences = operate::differencesBetween(plan.fingerprint, now);
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

/// Its name, owner and times; an exit where the command line does not let it be saved.
template <typename Saved> std::optional<Exit> beginSaving(Saved &saved, const Options &options, const fleet::Fleet &fleet)
{
    const auto names = record::plansIn(record::plansFolder(fleet));
    if (!options.replaces && std::find(names.begin(), names.end(), options.plan) != names.end()) {
        Answer answer;
        answer.error = "There is a plan '" + options.plan + "' already: --replace takes its place, another name keeps both.\n";
        answer.exit = Exit::Problem;
        return print(answer);
    }
    const base::UtcTime now = base::SystemClock().utcNow();
    if (!options.until.empty()) {
        saved.intendedAt = momentToCome(options.until, now);
        if (!saved.intendedAt)
            return complainOfPlan({base::ErrorCode::BadInput, "--at: '" + options.until + "' is no moment to come", {}, {}, base::Effect::None});
    }
    saved.name = options.plan;
    const facts::Person person = desk::whoRuns();
    const fleet::DatabaseUser *actor = execute::actorOf(fleet, options.user);
    saved.owner = {actor ? actor->name : std::string(), person.osUser, person.host};
    saved.savedAt = now;
    return std::nullopt;
}

template <typename Saved> Exit keepSaved(const Saved &saved, const std::string &json, const QString &what, const Options &options, const fleet::Fleet &fleet)
{
    if (const auto written = record::savePlan(record::plansFolder(fleet), saved.name, json); !written)
        return complainOfPlan(written.error());
    Answer answer;
    if (options.json)
        answer.line(planLine(saved));
    else
        answer.line(what + QStringLiteral(": saved as ") + text(saved.name) + QStringLiteral(". plans open plans it anew and tells what differs."));
    return print(answer);
}

Exit saveTheCampaign(const Options &options, const fleet::Fleet &fleet, campaign::Aim aim)
{
    SavedCampaign saved;
    if (const auto no = beginSaving(saved, options, fleet))
        return *no;
    saved.goal = {aim, options.subject};
    saved.options.atOnce = options.atOnce;
    saved.options.stopAfter = options.stopAfter;
    saved.options.toRegion = base::RegionName(options.server);
    saved.options.bringsHome = options.bringsHome;
    const auto snapshot = observe(asked(options, saved), Need::Plans, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    const auto plan = campaign::planFor(**snapshot, saved.goal, saved.options);
    if (!plan)
        return complainOfPlan(plan.error());
    saved.fingerprint = plan->fingerprint;
    return keepSaved(saved, campaign::toJson(saved), format::campaignTitle(saved.goal), options, fleet);
}

Exit openTheCampaign(const Options &options, const SavedCampaign &saved)
{
    const Options wanted = asked(options, saved);
    const auto snapshot = observe(wanted, Need::Plans, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    Answer answer = campaignPlanAnswer(**snapshot, wanted);
    if (const auto plan = campaign::planFor(**snapshot, saved.goal, saved.options))
        tellDifferences(answer, saved, plan->fingerprint, options.json);
    return print(answer);
}

} // namespace

Exit saveThePlan(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto aim = campaign::aimNamed(options.actName))
        return saveTheCampaign(options, **fleet, *aim);
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
    SavedPlan saved;
    if (const auto no = beginSaving(saved, options, **fleet))
        return *no;
    const auto snapshot = observe(options, Need::Plans, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    const auto plan = operate::planFor(**snapshot, *intent);
    if (!plan)
        return complainOfPlan(plan.error());
    saved.request.setIntent(*intent);
    saved.fingerprint = plan->fingerprint;
    return keepSaved(saved, execute::toJson(saved), format::actText(plan->intent, plan->to), options, **fleet);
}

Exit openThePlan(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto many = savedCampaign(**fleet, options.plan))
        return *many ? openTheCampaign(options, **many) : complainOfPlan(many->error());
    const auto saved = savedPlan(**fleet, options.plan);
    if (!saved)
        return complainOfPlan(saved.error());
    const operate::Intent intent = saved->request.intent();
    const auto snapshot = observe(asked(options, intent), Need::Moves, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    Answer answer = planAnswer(**snapshot, asked(options, intent));
    if (const auto plan = operate::planFor(**snapshot, intent))
        tellDifferences(answer, *saved, plan->fingerprint, options.json);
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
        const auto tell = [&](const auto &plan, const QString &what) {
            if (options.json)
                answer.line(planLine(plan));
            else
                table.add({text(name), what, plan.intendedAt ? text(base::isoUtc(*plan.intendedAt)) : QStringLiteral("-"), text(plan.owner.osUser), text(base::isoUtc(plan.savedAt))});
        };
        const auto many = savedCampaign(**fleet, name);
        const auto plan = many ? base::Result<SavedPlan>(SavedPlan()) : savedPlan(**fleet, name);
        if (!plan || (many && !*many))
            answer.error += name + ": " + (many ? many->error() : plan.error()).message + "\n";
        else if (many)
            tell(**many, format::campaignTitle((*many)->goal));
        else
            tell(*plan, format::actText(plan->request.intent(), plan->request.to));
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
