// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/OperationCommands.h"

#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/record/OperationJournal.h"
#include "ui/format/CampaignText.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperationReport.h"
#include "ui/format/Times.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using execute::Operation;
using execute::Outcome;

Exit complain(const base::Error &error, Exit exit)
{
    Answer answer;
    answer.error = error.message + "\n";
    answer.exit = exit;
    return print(answer);
}

base::Result<Operation> readOperation(const QString &folder, const std::string &id)
{
    const auto lines = record::readJournal(folder, id);
    return lines ? execute::operationOf(lines->lines) : base::fail(lines.error());
}

/// Of a smaller act what it acts on: nothing leaves it.
QString fromText(const Operation &operation)
{
    if (operate::isMove(operation.act))
        return text(operation.from);
    if (operation.on.isEmpty())
        return text(operation.subject());
    return operation.object.empty() ? text(operation.on) : text(operation.on) + QLatin1Char(' ') + text(operation.object);
}

QString heldText(const Operation &operation)
{
    return operation.writesHeld ? format::duration(*operation.writesHeld) : QStringLiteral("-");
}

/// Above all the operations that it began.
void addCampaigns(Answer &answer, const std::vector<KeptCampaign> &campaigns, bool isJson)
{
    TextTable table({{QStringLiteral("CAMPAIGN")}, {QStringLiteral("BEGAN")}, {QStringLiteral("WHAT")}, {QStringLiteral("BY")}, {QStringLiteral("MOVED"), true}, {QStringLiteral("OUTCOME")}});
    for (const KeptCampaign &one : campaigns) {
        if (!one.campaign.outcome && !one.isDriven)
            answer.exit = Exit::Problem;
        if (isJson)
            answer.line(ctl::jsonOf(one.campaign, one.isDriven));
        else
            table.add({text(one.campaign.id), text(base::isoUtc(one.campaign.beganAt)), format::campaignTitle(one.campaign.goal), text(one.campaign.author.databaseUser),
                       QString::number(one.campaign.moved()), format::campaignOutcome(one.campaign, one.isDriven)});
    }
    if (!isJson && !campaigns.empty())
        answer.add(table);
}

} // namespace

Exit exitOf(const Operation &operation)
{
    if (!operation.outcome)
        return Exit::InDoubt;
    switch (*operation.outcome) {
    case Outcome::Done: return Exit::Well;
    case Outcome::Incomplete: return Exit::Incomplete;
    case Outcome::InDoubt: return Exit::InDoubt;
    case Outcome::RolledBack:
    case Outcome::Failed:
    case Outcome::Abandoned: return Exit::Failed;
    }
    return Exit::InDoubt;
}

QString outcomeText(const Operation &operation, bool runs)
{
    const QString said = operation.said.empty() ? QString() : QStringLiteral(" ") + text(operation.said);
    if (!operation.outcome)
        return runs ? QStringLiteral("Runs.") : QStringLiteral("Broke off: its executor is gone. Resume or undo it, or abandon it.");
    const auto left = operation.left().size();
    switch (*operation.outcome) {
    case Outcome::Done: return QStringLiteral("Done.") + said;
    case Outcome::Incomplete: return (left == 1 ? QStringLiteral("Done, 1 thing left.") : QStringLiteral("Done, %1 things left.").arg(left)) + said;
    case Outcome::RolledBack: return QStringLiteral("Rolled back: nothing is changed.") + said;
    case Outcome::Failed: return QStringLiteral("Failed: a person must act.") + said;
    case Outcome::InDoubt: return QStringLiteral("In doubt: what is so could not be seen.") + said;
    case Outcome::Abandoned: return QStringLiteral("Abandoned.") + said;
    }
    return {};
}

std::string jsonOf(const Operation &operation, bool runs)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("operation", operation.id)
        .member("number", operation.number)
        .member("act", name(operation.act))
        .member("cluster", orNull(operation.cluster.text()));
    if (!operation.group.isEmpty())
        json.member("group", operation.group.text());
    if (!operate::isMove(operation.act))
        json.member("on", operation.on.text()).member("object", operation.object);
    json.member("from", operation.from.text())
        .member("to", operation.to.text())
        .member("term", operation.term)
        .member("began_at", base::isoUtc(operation.beganAt));
    if (operation.endedAt)
        json.member("ended_at", base::isoUtc(*operation.endedAt));
    json.member("runs", runs).member("outcome", operation.outcome ? name(*operation.outcome) : std::string_view("none")).member("said", operation.said);
    json.member("database_user", operation.author.databaseUser).member("os_user", operation.author.osUser).member("host", operation.author.host);
    json.member("reason", operation.reason);
    if (operation.writesHeld)
        json.member("writes_held_ms", static_cast<double>(operation.writesHeld->count()) / 1000.0);
    if (operation.lastWriteAt)
        json.member("last_write_at", base::isoUtc(*operation.lastWriteAt));
    if (const auto flowed = operation.writesFlowedAt())
        json.member("writes_flowed_at", base::isoUtc(*flowed));
    if (operation.lastWriteAt && operation.writesFlowedAt())
        json.member("writes_failed_ms", static_cast<double>((*operation.writesFlowedAt() - *operation.lastWriteAt).count()) / 1000.0);
    if (operation.lostAtLeast)
        json.member("lost_at_least_bytes", operation.lostAtLeast->count);
    if (operation.lostAtMost)
        json.member("lost_at_most_bytes", operation.lostAtMost->count);
    json.key("forced").beginArray();
    for (const execute::Forced &one : operation.forced)
        json.beginObject().member("check", name(one.check)).member("reason", one.reason).endObject();
    json.endArray().key("steps").beginArray();
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        const execute::StepProgress &progress = operation.progress[i];
        json.beginObject().member("number", operation.steps[i].number).member("step", name(operation.steps[i].kind)).member("state", name(progress.state));
        if (progress.took)
            json.member("took_ms", static_cast<double>(progress.took->count()) / 1000.0);
        json.member("said", progress.said).endObject();
    }
    json.endArray().endObject();
    return out;
}

std::vector<Operation> pastOperations(const fleet::Fleet &fleet, operate::Act act)
{
    constexpr std::size_t most = 200; // older ones say little of the fleet as it is
    const QString folder = record::operationsFolder(fleet);
    const auto kept = record::operationsIn(folder);
    std::vector<Operation> operations;
    for (std::size_t i = 0; kept && i < kept->size() && operations.size() < most; ++i) {
        auto operation = readOperation(folder, (*kept)[i].id);
        if (operation && operation->act == act)
            operations.push_back(std::move(*operation));
    }
    return operations;
}

Exit listOperations(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const QString folder = record::operationsFolder(**fleet);
    const auto kept = record::operationsIn(folder);
    if (!kept)
        return complain(kept.error(), Exit::Failed);
    Answer answer;
    TextTable table({{QStringLiteral("OPERATION")},
                     {QStringLiteral("BEGAN")},
                     {QStringLiteral("ACT")},
                     {QStringLiteral("CLUSTER")},
                     {QStringLiteral("FROM, OR ON")},
                     {QStringLiteral("TO")},
                     {QStringLiteral("BY")},
                     {QStringLiteral("WRITES HELD"), true},
                     {QStringLiteral("OUTCOME")}});
    for (const record::KeptOperation &one : *kept) {
        const auto operation = readOperation(folder, one.id);
        if (!operation) {
            answer.error += one.id + ": " + operation.error().message + "\n";
            continue;
        }
        if (!operation->outcome && !one.isWritten)
            answer.exit = Exit::Problem;
        if (options.json)
            answer.line(jsonOf(*operation, one.isWritten));
        else
            table.add({text(one.id), text(base::isoUtc(operation->beganAt)), text(std::string(name(operation->act))),
                       text(operation->subject()), fromText(*operation), text(operation->to), text(operation->author.databaseUser),
                       heldText(*operation), outcomeText(*operation, one.isWritten)});
    }
    const auto campaigns = campaignsOf(**fleet);
    if (!options.json && kept->empty() && campaigns.empty())
        answer.line(QStringLiteral("No operation was begun here."));
    else if (!options.json && !kept->empty())
        answer.add(table);
    addCampaigns(answer, campaigns, options.json);
    return print(answer);
}

Exit showOperation(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto done = campaignCommand(options, **fleet))
        return *done;
    const QString folder = record::operationsFolder(**fleet);
    const auto operation = readOperation(folder, options.operation);
    if (!operation)
        return complain(operation.error(), operation.error().code == base::ErrorCode::NotFound ? Exit::Problem : Exit::Failed);
    const bool runs = record::writerOf(folder, options.operation).has_value();
    Answer answer;
    if (options.json) {
        answer.line(jsonOf(*operation, runs));
        return print(answer);
    }
    answer.line(format::operationReport(*operation, runs).trimmed()); // the very text that the console copies
    return print(answer);
}

Exit cancelOperation(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto done = campaignCommand(options, **fleet))
        return *done;
    const auto asked = record::askToCancel(record::operationsFolder(**fleet), options.operation);
    if (!asked)
        return complain(asked.error(), asked.error().code == base::ErrorCode::NotFound ? Exit::Problem : Exit::Failed);
    Answer answer;
    answer.line(QStringLiteral("Asked. It stops before its next step and takes back what it did; past its point of no return it finishes."));
    return print(answer);
}

Exit abandonOperation(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    if (const auto done = campaignCommand(options, **fleet))
        return *done;
    const QString folder = record::operationsFolder(**fleet);
    const auto operation = readOperation(folder, options.operation);
    if (!operation)
        return complain(operation.error(), Exit::Problem);
    if (operation->outcome == Outcome::Done || operation->outcome == Outcome::RolledBack)
        return complain({base::ErrorCode::Rejected, "It has ended: there is nothing to abandon.", {}, {}, base::Effect::None}, Exit::Problem);
    const auto journal = record::OperationJournal::reopen(folder, options.operation);
    if (!journal)
        return complain(journal.error(), Exit::Problem);
    const auto written = (*journal)->append(execute::entryOutcome(Outcome::Abandoned, options.reason, base::SystemClock().utcNow()));
    if (!written)
        return complain(written.error(), Exit::Failed);
    Answer answer;
    answer.line(QStringLiteral("Abandoned. What it changed stays as it is: look at shardlensctl problems."));
    return print(answer);
}

} // namespace shardlens::ctl
