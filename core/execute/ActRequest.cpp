// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/ActRequest.h"

#include "core/base/Json.h"
#include "core/execute/CheckJson.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace shardlens::execute {

namespace {

using operate::Check;

constexpr std::array<std::string_view, 9> denialNames{"look_only", "no_user", "role", "reason", "name", "changed", "no_plan", "blocked", "not_forced"};

std::string wordOf(const nlohmann::json &json, const char *key)
{
    return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

const Forced *forcingOf(const ActRequest &request, operate::CheckId id)
{
    const auto found = std::find_if(request.forced.begin(), request.forced.end(), [id](const Forced &one) { return one.check == id; });
    return found == request.forced.end() ? nullptr : &*found;
}

std::optional<Denied> denialOfChecks(const ActRequest &request, const operate::Plan &plan)
{
    Denied blocked{Denial::Blocked, {}, {}};
    Denied wrong{Denial::NotForced, {}, {}};
    for (const Check &check : plan.checks) {
        if (!operate::isBlocking(check))
            continue;
        const Forced *forced = forcingOf(request, check.id);
        if (forced && check.forceable && !forced->reason.empty())
            continue;
        Denied &denied = forced ? wrong : blocked;
        denied.names.emplace_back(operate::name(check.id));
        denied.checks.push_back(check);
    }
    if (!wrong.names.empty())
        return wrong;
    if (!blocked.names.empty())
        return blocked;
    return std::nullopt;
}

/// Why nobody is eligible: each candidate with what stands against it; where there is none, what stands against the act.
Denied denialOfCandidates(const operate::Plan &plan)
{
    Denied denied{Denial::NoPlan, {}, {}};
    for (const operate::Candidate &candidate : plan.candidates) {
        if (!candidate.rejectedFor)
            continue;
        denied.names.push_back(candidate.server.text());
        denied.checks.push_back(*candidate.rejectedFor);
        denied.checks.back().on = candidate.server;
    }
    for (const Check &check : denied.names.empty() ? plan.checks : operate::Checks()) {
        if (!operate::isBlocking(check))
            continue;
        denied.names.emplace_back(operate::name(check.id));
        denied.checks.push_back(check);
    }
    return denied;
}

} // namespace

operate::Intent ActRequest::intent() const
{
    if (!operate::isMove(act))
        return operate::SmallAct{act, cluster, on, object, to, began};
    return operate::shunning(operate::moveOf(act, cluster, group, to, warms), shuns);
}

void ActRequest::setIntent(const operate::Intent &intent)
{
    act = operate::actOf(intent);
    cluster = operate::clusterOf(intent);
    group = operate::groupOf(intent);
    to = operate::wantedOf(intent);
    warms = operate::warmsOf(intent);
    shuns = operate::shunsOf(intent);
    if (const auto *small = std::get_if<operate::SmallAct>(&intent)) {
        on = small->on;
        object = small->object;
        began = small->began;
    }
}

std::string toJson(const ActRequest &request)
{
    nlohmann::json json{{"act", operate::name(request.act)},
                        {"cluster", request.cluster.text()},
                        {"to", request.to.text()},
                        {"fingerprint", request.fingerprint},
                        {"reason", request.reason},
                        {"confirm", request.confirm},
                        {"user", request.user}};
    for (const auto &[key, value] : {std::pair("group", &request.group.text()), {"on", &request.on.text()}, {"object", &request.object}, {"began", &request.began}}) {
        if (!value->empty())
            json[key] = *value;
    }
    if (request.warms)
        json["warms"] = true;
    for (const base::ServerId &id : request.shuns)
        json["shuns"].push_back(id.text());
    json["forced"] = nlohmann::json::array();
    for (const Forced &forced : request.forced)
        json["forced"].push_back({{"check", operate::name(forced.check)}, {"reason", forced.reason}});
    return base::jsonText(json);
}

base::Result<ActRequest> actRequestFrom(const std::string &text)
{
    const auto json = base::readJson(text);
    if (!json.is_object())
        return base::fail(base::ErrorCode::BadInput, "the request is not a JSON object");
    const auto word = [&](const char *key) { return wordOf(json, key); };
    ActRequest request;
    const auto act = operate::actNamed(word("act"));
    if (!act)
        return base::fail(base::ErrorCode::BadInput, "there is no act '" + word("act") + "'");
    request.act = *act;
    request.on = base::ServerId(word("on"));
    request.object = word("object");
    request.began = word("began");
    request.cluster = base::ClusterName(word("cluster"));
    request.group = base::GroupName(word("group"));
    request.to = base::ServerId(word("to"));
    request.warms = json.contains("warms") && json["warms"].is_boolean() && json["warms"].get<bool>();
    for (const auto &one : json.contains("shuns") ? json["shuns"] : nlohmann::json::array()) {
        if (!one.is_string())
            return base::fail(base::ErrorCode::BadInput, "'shuns' holds names of servers");
        request.shuns.emplace_back(one.get<std::string>());
    }
    request.fingerprint = word("fingerprint");
    request.reason = word("reason");
    request.confirm = word("confirm");
    request.user = word("user");
    for (const auto &one : json.contains("forced") ? json["forced"] : nlohmann::json::array()) {
        const auto check = operate::checkNamed(wordOf(one, "check"));
        if (!check)
            return base::fail(base::ErrorCode::BadInput, "there is no check '" + wordOf(one, "check") + "'");
        request.forced.push_back({*check, wordOf(one, "reason")});
    }
    return request;
}

std::optional<Denied> deniedFrom(const std::string &line)
{
    const auto json = base::readJson(line);
    const auto why = denialNamed(wordOf(json, "denied"));
    if (!why)
        return std::nullopt;
    Denied denied{*why, {}, {}};
    try {
        for (const auto &one : json.contains("names") ? json["names"] : nlohmann::json::array())
            denied.names.push_back(one.get<std::string>());
        for (const auto &one : json.contains("checks") ? json["checks"] : nlohmann::json::array())
            denied.checks.push_back(checkOf(one));
    } catch (const nlohmann::json::exception &) {
        denied.checks.clear(); // of another version: their names are enough
    }
    return denied;
}

bool mayAct(fleet::Role role)
{
    return role == fleet::Role::OnCall || role == fleet::Role::Ops;
}

const fleet::DatabaseUser *actorOf(const fleet::Fleet &fleet, const std::string &wanted)
{
    if (!wanted.empty())
        return fleet.access.user(wanted);
    const fleet::DatabaseUser *onCall = fleet.access.firstWith(fleet::Role::OnCall);
    return onCall ? onCall : fleet.access.firstWith(fleet::Role::Ops);
}

std::optional<Denied> denialOf(const fleet::Fleet &fleet, const ActRequest &request, const operate::Plan &plan)
{
    if (!fleet.acting)
        return Denied{Denial::LookOnly, {}, {}};
    const fleet::DatabaseUser *actor = actorOf(fleet, request.user);
    if (!actor)
        return Denied{Denial::NoUser, {request.user}, {}};
    if (!mayAct(actor->role))
        return Denied{Denial::Role, {actor->name}, {}};
    if (fleet.environment != fleet::Environment::Local) {
        const std::string subject = operate::subjectOf(request.intent());
        if (request.confirm != subject)
            return Denied{Denial::Name, {subject}, {}};
        if (request.reason.empty())
            return Denied{Denial::Reason, {}, {}};
    }
    if (plan.steps.empty())
        return denialOfCandidates(plan);
    if (!request.fingerprint.empty() && request.fingerprint != plan.fingerprint.digest())
        return Denied{Denial::Changed, {}, {}};
    return denialOfChecks(request, plan);
}

std::vector<Forced> forcedOf(const ActRequest &request, const operate::Plan &plan)
{
    std::vector<Forced> forced;
    for (const Forced &one : request.forced) {
        const auto stands = [&](const Check &check) { return check.id == one.check && check.verdict != operate::Verdict::Passed; };
        if (!one.reason.empty() && std::any_of(plan.checks.begin(), plan.checks.end(), stands))
            forced.push_back(one);
    }
    return forced;
}

std::string_view name(Denial denial)
{
    return denialNames.at(static_cast<std::size_t>(denial));
}

std::optional<Denial> denialNamed(std::string_view text)
{
    const auto found = std::find(denialNames.begin(), denialNames.end(), text);
    return found == denialNames.end() ? std::nullopt : std::optional(static_cast<Denial>(found - denialNames.begin()));
}

} // namespace shardlens::execute
