// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/OperationCommands.h"

#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/Elsewhere.h"
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
    QString said = operation.said.empty() ? QString() : QStringLiteral(" ") + text(operation.said);
    if (!operation.copyMisses.empty())
        said += QStringLiteral(" Another machine cannot see all of this: ") + text(operation.copyMisses) + QLatin1Char('.');
    if (!operation.outcome)
        return runs ? QStringLiteral("Runs.") : QStringLiteral("Broke off: its executor is gone. Resume or undo it, or abandon it.");
    const auto left = operation.left().size();
    switch (*operation.outcome) {
    case Outcome::Done: return QStringLiteral("Done.") + said;
    case Outcome::Incomplete: return (left == 0 ? QStringLiteral("Done, things left.") : left == 1 ? QStringLiteral("Done, 1 thing left.") : QStringLiteral("Done, %1 things left.").arg(left)) + said;
    case Outcome::RolledBack: return QStringLiteral("Rolled back: nothing is changed.") + said;
    case Outcome::Failed: return QStringLiteral("Failed: a person must act.") + said;
    case Outcome::InDoubt: return QStringLiteral("In doubt: what is so could not be seen.") + said;
    case Outcome::Abandoned: return QStringLiteral("Abandoned.") + said;
    }
    return {};
}

std::string jsonOf(const Operation &operation, bool runs, bool isHere)
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
    json.member("here", isHere);
    if (operation.mayBeShort)
        json.member("journal_may_be_short", true);
    if (!operation.copyMisses.empty())
        json.member("copy_misses", operation.copyMisses);
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
                     {QStringLiteral("WHERE")},
                     {QStringLiteral("OUTCOME")}});
    const auto add = [&](const Operation &operation, bool runs, const std::string &host) {
        if (!operation.outcome && !runs)
            answer.exit = Exit::Problem;
        if (options.json)
            answer.line(jsonOf(operation, runs, host.empty()));
        else
            table.add({text(operation.id), text(base::isoUtc(operation.beganAt)), text(std::string(name(operation.act))), text(operation.subject()), fromText(operation),
                       text(operation.to), text(operation.author.databaseUser), heldText(operation), host.empty() ? QStringLiteral("here") : text(host), outcomeText(operation, runs)});
    };
    struct Own {
        Operation operation;
        bool isWritten;
    };
    std::vector<Own> own;
    std::map<std::string, std::int64_t> here;
    for (const record::KeptOperation &one : *kept) {
        const auto operation = readOperation(folder, one.id);
        if (!operation) {
            answer.error += one.id + ": " + operation.error().message + "\n";
            continue;
        }
        here[operation->id] = operation->number;
        own.push_back({*operation, one.isWritten});
    }
    const auto elsewhere = operationsElsewhere(*fleet, options, here);
    auto other = elsewhere.begin();
    const auto addOthers = [&](auto isNewer) {
        for (; other != elsewhere.end() && isNewer(other->operation); ++other)
            add(other->operation, other->runs(), other->copy.by.host);
    };
    for (const Own &one : own) {
        addOthers([&](const Operation &operation) { return operation.beganAt >= one.operation.beganAt; });
        const bool isOlderStory = std::any_of(elsewhere.begin(), elsewhere.end(), [&](const Elsewhere &copy) { return copy.operation.id == one.operation.id; });
        if (!isOlderStory)
            add(one.operation, one.isWritten, {});
    }
    addOthers([](const Operation &) { return true; });
    const bool isNone = kept->empty() && elsewhere.empty();
    const auto campaigns = campaignsOf(**fleet);
    if (!options.json && isNone && campaigns.empty())
        answer.line(QStringLiteral("No operation was begun here."));
    else if (!options.json && !isNone)
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
    auto operation = readOperation(folder, options.operation);
    bool runs = record::writerOf(folder, options.operation).has_value();
    if (!operation && operation.error().code != base::ErrorCode::NotFound)
        return complain(operation.error(), Exit::Failed);
    Answer answer;
    // One that ended here is told from here; of one that broke off another machine may know more.
    std::optional<Elsewhere> other;
    if (!operation || (!operation->outcome && !runs)) {
        auto found = operationElsewhere(*fleet, options);
        if (!found && !operation)
            return complain({found.error().code, "It is not on this machine: " + found.error().message, {}, {}, base::Effect::None}, Exit::Problem);
        if (found && (!operation || found->copy.number > operation->number)) {
            operation = found->operation;
            runs = found->runs();
            other = std::move(*found);
        }
    }
    if (options.json) {
        answer.line(jsonOf(*operation, runs, !other));
        return print(answer);
    }
    if (other)
        answer.line(QStringLiteral("On %1, by %2: the directory's copy of its journal, %3 lines, heard of %4 ago.")
                        .arg(text(other->copy.by.host), text(other->copy.by.databaseUser))
                        .arg(other->copy.lines.size())
                        .arg(format::duration(other->copy.ago)));
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
    answer.line(QStringLiteral("Asked. It stops before its next step and takes back what it did; past its point of no return it finishes, and only a copy for the old primary is ended."));
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
    const auto here = readOperation(folder, options.operation);
    base::Result<Elsewhere> other = base::fail(base::ErrorCode::NotFound, "");
    if (!here && here.error().code == base::ErrorCode::NotFound)
        other = operationElsewhere(*fleet, options);
    if (!here && !other)
        return complain(other.error().message.empty() ? here.error() : other.error(), Exit::Problem);
    if (!here) {
        if (const auto done = abandonElsewhere(*fleet, options, *other); !done)
            return complain(done.error(), Exit::Problem);
    } else if (const auto done = abandonHere(*fleet, options); !done) {
        return complain(done.error(), Exit::Problem);
    }
    Answer answer;
    answer.line(QStringLiteral("Abandoned. What it changed stays as it is: look at shardlensctl problems."));
    return print(answer);
}

} // namespace shardlens::ctl
