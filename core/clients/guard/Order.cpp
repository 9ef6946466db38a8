// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/Order.h"

#include "core/base/Json.h"
#include "core/clients/guard/OrderMac.h"

#include <array>

#include <nlohmann/json.hpp>

namespace shardlens::clients
{

using base::ErrorCode;
using base::Result;
using operate::Command;
using operate::HostDeed;
using OrderJson = nlohmann::json; // its keys are sorted: the same order always makes the same text

namespace
{

constexpr std::array<std::string_view, 4> orderNames{"announce", "carry_out", "keep", "release"};
constexpr std::array<std::string_view, 3> effectNames{"none", "done", "in_doubt"};

std::string textOf(const OrderJson &json)
{
    return base::jsonText(json);
}

std::string wordAt(const OrderJson &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> countAt(const OrderJson &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

template <std::size_t N>
std::optional<std::size_t> placeOf(const std::array<std::string_view, N> &names, std::string_view wanted)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == wanted)
            return i;
    }
    return std::nullopt;
}

std::string macOfOrder(const OrderJson &body, const std::string &secret, const std::string &challenge, std::int64_t seq)
{
    return macOf(secret, challenge + ":" + std::to_string(seq) + ":" + textOf(body));
}

OrderJson jsonOf(const Command &command)
{
    OrderJson out{{"by", operate::name(command.by)}, {"on", command.on.text()}};
    if (!command.expects.empty())
        out["expects"] = command.expects;
    if (!command.deed) {
        out["text"] = command.text;
        return out;
    }
    const HostDeed &deed = *command.deed;
    OrderJson &told = out["deed"] = {{"act", operate::name(deed.act)}};
    for (const auto &[key, value] : {std::pair("directory", &deed.directory), {"config", &deed.config}, {"connection", &deed.connection},
                                     {"slot", &deed.slot}, {"database", &deed.database}, {"leads_to", &deed.leadsTo}, {"group", &deed.group}}) {
        if (!value->empty())
            told[key] = *value;
    }
    return out;
}

Result<Command> commandOf(const OrderJson &from)
{
    const auto bad = [](const char *why) { return base::fail(ErrorCode::BadInput, why); };
    if (!from.is_object())
        return bad("a command is no object");
    Command command;
    command.on = base::ServerId(wordAt(from, "on"));
    command.expects = wordAt(from, "expects");
    command.text = wordAt(from, "text");
    const std::string by = wordAt(from, "by");
    if (command.on.isEmpty())
        return bad("a command says no server");
    if (by == operate::name(operate::By::Router)) {
        command.by = operate::By::Router;
        return command.text.empty() ? Result<Command>(bad("a router's command has no text")) : Result<Command>(command);
    }
    const auto deed = from.find("deed");
    if (by != operate::name(operate::By::Host) || deed == from.end() || !deed->is_object())
        return bad("a guard carries out admin commands of routers and deeds on hosts only");
    const auto act = operate::hostActNamed(wordAt(*deed, "act"));
    if (!act)
        return bad("a deed that this guard does not know");
    command.by = operate::By::Host;
    command.deed = HostDeed{*act, wordAt(*deed, "directory"), wordAt(*deed, "config"), wordAt(*deed, "connection"), wordAt(*deed, "slot"), wordAt(*deed, "database"), wordAt(*deed, "leads_to"), wordAt(*deed, "group")};
    command.text = operate::textOf(*command.deed);
    return command;
}

Result<void> readCommands(const OrderJson &from, GuardOrder &order)
{
    const auto commands = from.find("commands");
    order.deadline = base::milliseconds(countAt(from, "deadline_ms").value_or(0));
    if (commands == from.end() || !commands->is_array() || order.deadline.count() <= 0)
        return base::fail(ErrorCode::BadInput, "carry_out needs commands and deadline_ms");
    for (const OrderJson &one : *commands) {
        auto command = commandOf(one);
        if (!command)
            return base::fail(command.error());
        order.commands.push_back(std::move(*command));
    }
    return {};
}

Result<GuardOrder> orderOf(const OrderJson &from)
{
    GuardOrder order;
    const auto kind = placeOf(orderNames, wordAt(from, "order"));
    GuardAnnouncement &told = order.announcement;
    const auto number = countAt(from, "number");
    told.of = {base::ClusterName(wordAt(from, "cluster")), wordAt(from, "operation"), number.value_or(0)};
    if (!kind || told.of.cluster.isEmpty() || told.of.operation.empty() || !number)
        return base::fail(ErrorCode::BadInput, "an order names its kind (announce, carry_out, keep, release), its cluster, operation and number");
    order.kind = static_cast<GuardOrder::Kind>(*kind);
    if (order.kind == GuardOrder::Kind::CarryOut) {
        if (const auto read = readCommands(from, order); !read)
            return base::fail(read.error());
    }
    if (order.kind == GuardOrder::Kind::Release)
        told.term = std::max<std::int64_t>(countAt(from, "term").value_or(0), 0);
    if (order.kind != GuardOrder::Kind::Announce)
        return order;
    const auto act = operate::actNamed(wordAt(from, "act"));
    told.act = act.value_or(operate::Act::Switchover);
    told.on = base::ServerId(wordAt(from, "on"));
    told.database = wordAt(from, "database");
    told.term = countAt(from, "term").value_or(0);
    told.from = base::ServerId(wordAt(from, "from"));
    told.to = base::ServerId(wordAt(from, "to"));
    told.restores = wordAt(from, "restores");
    told.hold = base::milliseconds(countAt(from, "hold_ms").value_or(0));
    const bool saysWhere = operate::isMove(told.act) ? !told.to.isEmpty() : !told.on.isEmpty();
    if (!act || !saysWhere || told.hold < base::milliseconds(100) || told.term < 0)
        return base::fail(ErrorCode::BadInput,
                          "announce says a known act, term, from, to (of a smaller act: on) and hold_ms of 100 or more");
    return order;
}

OrderJson jsonOf(const base::Error &error)
{
    return {{"code", base::name(error.code)}, {"message", error.message}, {"effect", effectNames.at(static_cast<std::size_t>(error.effect))},
            {"server", error.server}, {"sqlstate", error.sqlState}};
}

ErrorCode codeNamed(const std::string &text, ErrorCode otherwise)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Unavailable); ++code) {
        if (text == base::name(static_cast<ErrorCode>(code)))
            return static_cast<ErrorCode>(code);
    }
    return otherwise;
}

base::Error errorOf(const OrderJson &from)
{
    // An effect that this end does not know is one in doubt.
    return {codeNamed(wordAt(from, "code"), ErrorCode::Protocol), wordAt(from, "message"), wordAt(from, "sqlstate"), wordAt(from, "server"),
            static_cast<base::Effect>(placeOf(effectNames, wordAt(from, "effect")).value_or(2))};
}

} // namespace

std::string_view name(GuardOrder::Kind kind)
{
    return orderNames.at(static_cast<std::size_t>(kind));
}

std::string sealed(const GuardOrder &order, const std::string &secret, const std::string &challenge, std::int64_t seq)
{
    const GuardAnnouncement &told = order.announcement;
    OrderJson body{{"order", name(order.kind)}, {"cluster", told.of.cluster.text()}, {"operation", told.of.operation}, {"number", told.of.number}};
    if (order.kind == GuardOrder::Kind::Release && told.term > 0)
        body["term"] = told.term;
    if (order.kind == GuardOrder::Kind::Announce) {
        body["term"] = told.term;
        body["act"] = operate::name(told.act);
        body["from"] = told.from.text();
        body["to"] = told.to.text();
        if (!told.on.isEmpty()) {
            body["on"] = told.on.text();
            body["database"] = told.database;
        }
        if (!told.restores.empty())
            body["restores"] = told.restores;
        body["hold_ms"] = told.hold.count();
    }
    if (order.kind == GuardOrder::Kind::CarryOut) {
        body["commands"] = OrderJson::array();
        for (const Command &command : order.commands)
            body["commands"].push_back(jsonOf(command));
        body["deadline_ms"] = order.deadline.count();
    }
    // What the guard reads is what is signed, also where a text was not UTF-8.
    body = base::parseJson(textOf(body));
    const std::string mac = macOfOrder(body, secret, challenge, seq);
    body["seq"] = seq;
    body["mac"] = mac;
    return textOf(body);
}

Result<GuardOrder> opened(std::string_view line, const std::string &secret, const std::string &challenge, std::int64_t &lastSeq)
{
    const auto denied = [](const char *why) { return base::fail(ErrorCode::NoRights, why); };
    OrderJson body = base::readJson(line);
    if (secret.empty() || challenge.empty())
        return denied("this guard has no secret (guard_secret in the fleet file's [access]), and so takes no orders");
    if (!body.is_object())
        return denied("not an order");
    const auto seq = countAt(body, "seq");
    const std::string mac = wordAt(body, "mac");
    body.erase("seq");
    body.erase("mac");
    if (!seq || !isSameMac(mac, macOfOrder(body, secret, challenge, *seq)))
        return denied("the order is not signed with this guard's secret");
    if (*seq <= lastSeq)
        return denied("the order was heard before");
    lastSeq = *seq;
    return orderOf(body);
}

std::string lineOf(const GuardReply &reply, std::int64_t seq)
{
    OrderJson out{{"seq", seq}};
    if (!reply.refused.empty()) {
        out["refused"] = reply.refused;
        out["code"] = base::name(reply.code);
        if (reply.newest) {
            out["number"] = reply.newest->number;
            out["term"] = reply.newest->term;
        }
        return textOf(out);
    }
    out["answers"] = reply.carried.answers;
    out["error"] = reply.carried.error ? jsonOf(*reply.carried.error) : OrderJson(nullptr);
    return textOf(out);
}

Result<GuardReply> replyOf(std::string_view line, std::int64_t seq)
{
    const OrderJson from = base::readJson(line);
    GuardReply reply;
    if (from.is_object() && from.contains("refused")) {
        reply.refused = wordAt(from, "refused");
        reply.code = codeNamed(wordAt(from, "code"), ErrorCode::Rejected);
        const auto number = countAt(from, "number");
        const auto term = countAt(from, "term");
        if (number && term)
            reply.newest = GuardOrders::Newest{*number, *term};
        return reply;
    }
    if (!from.is_object() || countAt(from, "seq") != seq || !from.contains("answers") || !from["answers"].is_array())
        return base::fail(ErrorCode::Protocol, "the guard's answer is none to this order");
    for (const OrderJson &answer : from["answers"])
        reply.carried.answers.push_back(answer.is_string() ? answer.get<std::string>() : std::string());
    if (const auto error = from.find("error"); error != from.end() && error->is_object())
        reply.carried.error = errorOf(*error);
    return reply;
}

} // namespace shardlens::clients
