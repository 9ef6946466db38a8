// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a journal: how each is written, and how they are folded into an operation again.
#include "core/base/Iso8601.h"
#include "core/base/Json.h"
#include "core/execute/Conninfo.h"
#include "core/execute/Operation.h"
#include "core/execute/StepJson.h"

#include <algorithm>

namespace shardlens::execute {

using nlohmann::json;

namespace {

base::UtcTime timeIn(const json &object, const char *key)
{
    const auto text = object.at(key).get<std::string>();
    const auto time = base::parseIso(text);
    if (!time)
        throw json::other_error::create(599, "'" + text + "' is no time", nullptr);
    return *time;
}

/// What servers said may not be UTF-8: such letters are replaced, for an entry must be written in any case.
std::string lineOf(const json &entry)
{
    return base::jsonText(entry);
}

json entry(const char *kind, base::UtcTime at)
{
    return json{{"entry", kind}, {"at", base::isoUtcMicros(at)}};
}

json jsonOfAuthor(const Author &author)
{
    return json{{"database_user", author.databaseUser}, {"os_user", author.osUser}, {"host", author.host}};
}

Author authorIn(const json &object)
{
    return {object.at("database_user").get<std::string>(), object.at("os_user").get<std::string>(), object.at("host").get<std::string>()};
}

void foldLoss(Operation &to, const json &from)
{
    const auto bytes = [&](const char *key) {
        const auto found = from.find(key);
        return found == from.end() ? std::nullopt : std::optional(base::Bytes{found->get<std::int64_t>()});
    };
    to.lastWriteAt = from.contains("last_write_at") ? std::optional(timeIn(from, "last_write_at")) : std::nullopt;
    to.lostAtLeast = bytes("lost_at_least");
    to.lostAtMost = bytes("lost_at_most");
}

void putLoss(json &to, const Operation &operation)
{
    if (operation.lastWriteAt)
        to["last_write_at"] = base::isoUtcMicros(*operation.lastWriteAt);
    if (operation.lostAtLeast)
        to["lost_at_least"] = operation.lostAtLeast->count;
    if (operation.lostAtMost)
        to["lost_at_most"] = operation.lostAtMost->count;
}

void foldBegun(Operation &to, const json &from)
{
    to.id = from.at("id").get<std::string>();
    to.number = from.at("number").get<std::int64_t>();
    to.act = enumNamed(from.at("act").get<std::string>(), operate::lastAct);
    to.on = base::ServerId(from.value("on", std::string()));
    to.object = from.value("object", std::string());
    to.cluster = base::ClusterName(from.at("cluster").get<std::string>());
    to.group = base::GroupName(from.value("group", std::string()));
    to.from = base::ServerId(from.at("from").get<std::string>());
    to.to = base::ServerId(from.at("to").get<std::string>());
    to.term = from.at("term").get<std::int64_t>();
    to.author = authorIn(from.at("author"));
    to.reason = from.at("reason").get<std::string>();
    for (const json &forced : from.at("forced"))
        to.forced.push_back({enumNamed(forced.at("check").get<std::string>(), operate::lastCheck), forced.at("reason").get<std::string>()});
    to.beganAt = timeIn(from, "at");
    if (const auto pause = from.find("expected_pause_us"); pause != from.end())
        to.expectedPause = base::microseconds(pause->get<std::int64_t>());
    foldLoss(to, from);
    for (const json &step : from.at("steps"))
        to.steps.push_back(stepOf(step));
    to.progress.resize(to.steps.size());
}

void foldStep(Operation &to, const json &from)
{
    const int number = from.at("step").get<int>();
    const auto found = std::find_if(to.steps.begin(), to.steps.end(), [&](const operate::Step &step) { return step.number == number; });
    if (found == to.steps.end())
        throw json::other_error::create(599, "there is no step " + std::to_string(number), nullptr);
    StepProgress progress;
    progress.state = enumNamed(from.at("state").get<std::string>(), StepState::Undone);
    if (from.contains("began_at"))
        progress.beganAt = timeIn(from, "began_at");
    if (const auto took = from.find("took_us"); took != from.end())
        progress.took = base::microseconds(took->get<std::int64_t>());
    progress.said = from.value("said", std::string());
    to.progress[static_cast<std::size_t>(found - to.steps.begin())] = std::move(progress);
    if (const auto kept = from.find("kept"); kept != from.end()) {
        for (const auto &[name, value] : kept->items())
            to.kept[name] = value.get<std::string>();
    }
}

void fold(Operation &to, const json &from)
{
    const auto kind = from.at("entry").get<std::string>();
    if (kind == "step") {
        foldStep(to, from);
    } else if (kind == "writes_held") {
        to.writesHeldFrom = timeIn(from, "at");
        to.writesHeld.reset();
    } else if (kind == "writes_flow") {
        to.writesHeld = base::microseconds(from.at("held_us").get<std::int64_t>());
    } else if (kind == "taken_over") {
        // Who goes on has not ended yet, and was not asked to stop.
        to.number = from.at("number").get<std::int64_t>();
        to.author = authorIn(from.at("author"));
        to.outcome.reset();
        to.said.clear();
        to.copyMisses.clear();
        to.endedAt.reset();
        to.cancelAskedAt.reset();
    } else if (kind == "loss") {
        foldLoss(to, from);
    } else if (kind == "copy_misses") {
        to.copyMisses = from.at("what").get<std::string>();
    } else if (kind == "may_be_short") {
        to.mayBeShort = true;
        for (std::size_t i = 0; i < to.steps.size(); ++i) {
            StepProgress &progress = to.progress[i];
            const bool isUnsent = progress.state == StepState::Waiting || progress.state == StepState::Undone;
            if (to.steps[i].isPointOfNoReturn && isUnsent)
                progress = {StepState::InDoubt, timeIn(from, "at"), std::nullopt, from.at("why").get<std::string>()};
        }
    } else if (kind == "cancel_asked") {
        to.cancelAskedAt = timeIn(from, "at");
    } else if (kind == "outcome") {
        to.outcome = enumNamed(from.at("outcome").get<std::string>(), Outcome::Abandoned);
        to.said = from.value("said", std::string());
        to.endedAt = timeIn(from, "at");
    } else {
        throw json::other_error::create(599, "'" + kind + "' is no entry known here", nullptr);
    }
}

} // namespace

std::string entryBegun(const Operation &operation)
{
    json object = entry("begun", operation.beganAt);
    object["id"] = operation.id;
    object["number"] = operation.number;
    object["act"] = operate::name(operation.act);
    object["cluster"] = operation.cluster.text();
    if (!operation.group.isEmpty())
        object["group"] = operation.group.text();
    object["from"] = operation.from.text();
    object["to"] = operation.to.text();
    object["term"] = operation.term;
    if (!operation.on.isEmpty())
        object["on"] = operation.on.text();
    if (!operation.object.empty())
        object["object"] = operation.object;
    object["author"] = jsonOfAuthor(operation.author);
    object["reason"] = operation.reason;
    object["forced"] = json::array();
    for (const Forced &forced : operation.forced)
        object["forced"].push_back(json{{"check", operate::name(forced.check)}, {"reason", forced.reason}});
    if (operation.expectedPause)
        object["expected_pause_us"] = operation.expectedPause->count();
    putLoss(object, operation);
    object["steps"] = json::array();
    for (const operate::Step &step : operation.steps)
        object["steps"].push_back(jsonOf(step));
    return lineOf(object);
}

std::string entryStep(int number, const StepProgress &progress, const std::map<std::string, std::string> &kept, base::UtcTime at)
{
    json object = entry("step", at);
    object["step"] = number;
    object["state"] = name(progress.state);
    if (progress.beganAt)
        object["began_at"] = base::isoUtcMicros(*progress.beganAt);
    if (progress.took)
        object["took_us"] = progress.took->count();
    if (!progress.said.empty())
        object["said"] = progress.said;
    if (!kept.empty())
        object["kept"] = kept;
    return lineOf(object);
}

std::string entryWritesHeld(base::UtcTime from)
{
    return lineOf(entry("writes_held", from));
}

std::string entryWritesFlow(base::microseconds held, base::UtcTime at)
{
    json object = entry("writes_flow", at);
    object["held_us"] = held.count();
    return lineOf(object);
}

std::string entryTakenOver(std::int64_t number, const Author &by, base::UtcTime at)
{
    json object = entry("taken_over", at);
    object["number"] = number;
    object["author"] = jsonOfAuthor(by);
    return lineOf(object);
}

std::string entryMayBeShort(const std::string &why, base::UtcTime at)
{
    json object = entry("may_be_short", at);
    object["why"] = why;
    return lineOf(object);
}

std::string entryLoss(const Operation &operation, base::UtcTime at)
{
    json object = entry("loss", at);
    putLoss(object, operation);
    return lineOf(object);
}

std::string entryCancelAsked(base::UtcTime at)
{
    return lineOf(entry("cancel_asked", at));
}

std::string entryOutcome(Outcome outcome, const std::string &said, base::UtcTime at)
{
    json object = entry("outcome", at);
    object["outcome"] = name(outcome);
    if (!said.empty())
        object["said"] = said;
    return lineOf(object);
}

std::string withoutSecrets(const std::string &line)
{
    try {
        json object = base::parseJson(line);
        if (const auto kept = object.find("kept"); kept != object.end()) {
            for (auto word = kept->begin(); word != kept->end();)
                word = word.key().starts_with("conninfo of ") ? kept->erase(word) : std::next(word);
        }
        for (const char *key : {"said", "why", "reason"}) {
            if (object.contains(key) && object[key].is_string())
                object[key] = withMaskedPasswords(object[key].get<std::string>());
        }
        if (const auto kept = object.find("kept"); kept != object.end()) {
            for (json &word : *kept)
                word = withMaskedPasswords(word.get<std::string>());
        }
        return lineOf(object);
    } catch (const json::exception &) {
        return {};
    }
}

std::string entryCopyMisses(const std::string &what, base::UtcTime at)
{
    json object = entry("copy_misses", at);
    object["what"] = what;
    return lineOf(object);
}

base::Result<void> addEntry(Operation &to, const std::string &line)
{
    try {
        const json object = base::parseJson(line);
        fold(to, object);
        to.lastEntryAt = timeIn(object, "at");
    } catch (const json::exception &error) {
        return base::fail(base::ErrorCode::Protocol, error.what());
    }
    return {};
}

base::Result<Operation> operationOf(const std::vector<std::string> &lines)
{
    if (lines.empty())
        return base::fail(base::ErrorCode::Protocol, "the journal is empty");
    const auto unreadable = [](std::size_t line, const std::string &why) {
        return base::fail(base::ErrorCode::Protocol, "line " + std::to_string(line) + " of the journal cannot be read: " + why);
    };
    Operation operation;
    try {
        const json object = base::parseJson(lines.front());
        if (object.at("entry") != "begun")
            return unreadable(1, "an operation's journal begins otherwise");
        foldBegun(operation, object);
        operation.lastEntryAt = operation.beganAt;
    } catch (const json::exception &error) {
        return unreadable(1, error.what());
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const bool brokeOff = i + 1 == lines.size() && !json::accept(lines[i]); // its writer was killed while it wrote
        if (brokeOff)
            break;
        if (const auto added = addEntry(operation, lines[i]); !added)
            return unreadable(i + 1, added.error().message);
    }
    return operation;
}

} // namespace shardlens::execute
