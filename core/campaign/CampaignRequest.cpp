// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/CampaignRequest.h"

#include "core/base/Iso8601.h"
#include "core/base/Json.h"

#include <nlohmann/json.hpp>

namespace shardlens::campaign {

using execute::Denial;
using execute::Denied;

std::string toJson(const CampaignRequest &request)
{
    nlohmann::json object{{"aim", name(request.goal.aim)},
                        {"subject", request.goal.subject},
                        {"at_once", request.options.atOnce},
                        {"stop_after", request.options.stopAfter},
                        {"to_region", request.options.toRegion.text()},
                        {"brings_home", request.options.bringsHome},
                        {"fingerprint", request.fingerprint},
                        {"reason", request.reason},
                        {"confirm", request.confirm},
                        {"user", request.user},
                        {"ticked", request.ticked}};
    for (const execute::Forced &one : request.options.forced)
        object["forced"].push_back({{"check", operate::name(one.check)}, {"reason", one.reason}});
    if (request.options.until)
        object["until"] = base::isoUtcMicros(*request.options.until);
    return base::jsonText(object);
}

bool isCampaignRequest(const std::string &text)
{
    const auto object = base::readJson(text);
    return object.is_object() && object.contains("aim");
}

base::Result<CampaignRequest> campaignRequestFrom(const std::string &text)
{
    CampaignRequest request;
    try {
        const auto object = base::parseJson(text);
        const auto aim = aimNamed(object.at("aim").get<std::string>());
        if (!aim)
            return base::fail(base::ErrorCode::BadInput, "there is no aim '" + object.at("aim").get<std::string>() + "'");
        request.goal = {*aim, object.at("subject").get<std::string>()};
        request.options.atOnce = object.value("at_once", request.options.atOnce);
        request.options.stopAfter = object.value("stop_after", request.options.stopAfter);
        request.options.toRegion = base::RegionName(object.value("to_region", std::string()));
        request.options.bringsHome = object.value("brings_home", false);
        request.fingerprint = object.value("fingerprint", std::string());
        request.reason = object.value("reason", std::string());
        request.confirm = object.value("confirm", std::string());
        request.user = object.value("user", std::string());
        request.ticked = object.value("ticked", std::vector<std::string>());
        for (const auto &one : object.value("forced", nlohmann::json::array())) {
            const auto check = operate::checkNamed(one.at("check").get<std::string>());
            if (!check)
                return base::fail(base::ErrorCode::BadInput, "there is no check '" + one.at("check").get<std::string>() + "'");
            request.options.forced.push_back({*check, one.at("reason").get<std::string>()});
        }
        if (object.contains("until")) {
            request.options.until = base::parseIso(object.at("until").get<std::string>());
            if (!request.options.until)
                return base::fail(base::ErrorCode::BadInput, "'until' is no time");
        }
    } catch (const nlohmann::json::exception &error) {
        return base::fail(base::ErrorCode::BadInput, error.what());
    }
    return request;
}

std::optional<Denied> denialOf(const fleet::Fleet &fleet, const CampaignRequest &request, const CampaignPlan &plan)
{
    if (!fleet.acting)
        return Denied{Denial::LookOnly, {}, {}};
    const fleet::DatabaseUser *actor = execute::actorOf(fleet, request.user);
    if (!actor)
        return Denied{Denial::NoUser, {request.user}, {}};
    if (!execute::mayAct(actor->role))
        return Denied{Denial::Role, {actor->name}, {}};
    if (fleet.environment != fleet::Environment::Local) {
        if (request.confirm != request.goal.subject)
            return Denied{Denial::Name, {request.goal.subject}, {}};
        if (request.reason.empty())
            return Denied{Denial::Reason, {}, {}};
    }
    if (plan.isEmpty())
        return Denied{Denial::NoPlan, {}, {}};
    if (!request.fingerprint.empty() && request.fingerprint != plan.fingerprint.digest())
        return Denied{Denial::Changed, {}, {}};
    return std::nullopt;
}

} // namespace shardlens::campaign
