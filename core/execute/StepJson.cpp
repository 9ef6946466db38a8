// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/StepJson.h"

namespace shardlens::execute {

using nlohmann::json;
using operate::Command;
using operate::HostDeed;
using operate::Step;

namespace {

void putText(json &object, const char *key, const std::string &text)
{
    if (!text.empty())
        object[key] = text;
}

void putFlag(json &object, const char *key, bool flag)
{
    if (flag)
        object[key] = true;
}

std::string textIn(const json &object, const char *key)
{
    return object.value(key, std::string());
}

json jsonOfDeed(const HostDeed &deed)
{
    json object{{"act", operate::name(deed.act)}};
    putText(object, "directory", deed.directory);
    putText(object, "config", deed.config);
    putText(object, "connection", deed.connection);
    putText(object, "slot", deed.slot);
    putText(object, "database", deed.database);
    putText(object, "leads_to", deed.leadsTo);
    putText(object, "group", deed.group);
    return object;
}

HostDeed deedOf(const json &object)
{
    HostDeed deed;
    deed.act = enumNamed(object.at("act").get<std::string>(), operate::lastHostAct);
    deed.directory = textIn(object, "directory");
    deed.config = textIn(object, "config");
    deed.connection = textIn(object, "connection");
    deed.slot = textIn(object, "slot");
    deed.database = textIn(object, "database");
    deed.leadsTo = textIn(object, "leads_to");
    deed.group = textIn(object, "group");
    return deed;
}

json jsonOfCommand(const Command &command)
{
    json object{{"by", operate::name(command.by)}, {"on", command.on.text()}, {"text", command.text}};
    putText(object, "database", command.database);
    putText(object, "keeps_as", command.keepsAs);
    putText(object, "expects", command.expects);
    putText(object, "takes", command.takes);
    if (command.deed)
        object["deed"] = jsonOfDeed(*command.deed);
    putFlag(object, "only_asks", command.onlyAsks);
    return object;
}

Command commandOf(const json &object)
{
    Command command;
    command.by = enumNamed(object.at("by").get<std::string>(), operate::lastBy);
    command.on = base::ServerId(object.at("on").get<std::string>());
    command.text = object.at("text").get<std::string>();
    command.database = textIn(object, "database");
    command.keepsAs = textIn(object, "keeps_as");
    command.expects = textIn(object, "expects");
    command.takes = textIn(object, "takes");
    if (const auto deed = object.find("deed"); deed != object.end())
        command.deed = deedOf(*deed);
    command.onlyAsks = object.value("only_asks", false);
    return command;
}

void putCommands(json &object, const char *key, const std::vector<Command> &commands)
{
    for (const Command &command : commands)
        object[key].push_back(jsonOfCommand(command));
}

std::vector<Command> commandsIn(const json &object, const char *key)
{
    std::vector<Command> commands;
    if (const auto found = object.find(key); found != object.end()) {
        for (const json &one : *found)
            commands.push_back(commandOf(one));
    }
    return commands;
}

} // namespace

json jsonOf(const Step &step)
{
    json object{{"number", step.number}, {"kind", operate::name(step.kind)}, {"targets", json::array()}, {"deadline_ms", step.deadline.count()}};
    for (const base::ServerId &target : step.targets)
        object["targets"].push_back(target.text());
    putCommands(object, "preconditions", step.preconditions);
    putCommands(object, "commands", step.commands);
    putCommands(object, "verifications", step.verifications);
    putCommands(object, "undo", step.undo);
    if (step.usual)
        object["usual_us"] = step.usual->count();
    else
        object["usual_unknown"] = json{{"why", facts::name(step.usual.error().why)}, {"detail", step.usual.error().detail}};
    putFlag(object, "holds_writes", step.holdsWrites);
    putFlag(object, "point_of_no_return", step.isPointOfNoReturn);
    putFlag(object, "may_be_left", step.mayBeLeft);
    object["exchanges"] = step.exchanges;
    if (step.insteadOf > 0)
        object["instead_of"] = step.insteadOf;
    putText(object, "detail", step.detail);
    return object;
}

Step stepOf(const json &object)
{
    Step step;
    step.number = object.at("number").get<int>();
    step.kind = enumNamed(object.at("kind").get<std::string>(), operate::lastStep);
    for (const json &target : object.at("targets"))
        step.targets.emplace_back(target.get<std::string>());
    step.preconditions = commandsIn(object, "preconditions");
    step.commands = commandsIn(object, "commands");
    step.verifications = commandsIn(object, "verifications");
    step.undo = commandsIn(object, "undo");
    step.deadline = base::milliseconds(object.at("deadline_ms").get<std::int64_t>());
    if (const auto usual = object.find("usual_us"); usual != object.end()) {
        step.usual = base::microseconds(usual->get<std::int64_t>());
    } else if (const auto unknown = object.find("usual_unknown"); unknown != object.end()) {
        step.usual = facts::unknown(enumNamed(unknown->at("why").get<std::string>(), facts::WhyUnknown::Unreadable), textIn(*unknown, "detail"));
    }
    step.holdsWrites = object.value("holds_writes", false);
    step.isPointOfNoReturn = object.value("point_of_no_return", false);
    step.mayBeLeft = object.value("may_be_left", false);
    step.exchanges = object.value("exchanges", 1U);
    step.insteadOf = object.value("instead_of", 0);
    if (step.insteadOf < 0 || step.insteadOf >= step.number)
        step.insteadOf = 0; // of a step before it, or of none
    step.detail = textIn(object, "detail");
    return step;
}

} // namespace shardlens::execute
