// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/CampaignRequest.h"

#include "core/base/Iso8601.h"

#include <nlohmann/json.hpp>

namespace shardlens::campaign {

using execute::Denial;
using execute::Denied;

std::string toJson(const CampaignRequest &request)
{
    nlohmann::json json{{"aim", name(request.goal.aim)},
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
    if (request.options.until)
        json["until"] = base::isoUtcMicros(*request.options.until);
    return json.dump();
}

bool isCampaignRequest(const std::string &text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    return json.is_object() && json.contains("aim");
}

base::Result<CampaignRequest> campaignRequestFrom(const std::string &text)
{
    CampaignRequest request;
    try {
        const auto json = nlohmann::json::parse(text);
        const auto aim = aimNamed(json.at("aim").get<std::string>());
        if (!aim)
            return base::fail(base::ErrorCode::BadInput, "there is no aim '" + json.at("aim").get<std::string>() + "'");
        request.goal = {*aim, json.at("subject").get<std::string>()};
        request.options.atOnce = json.value("at_once", request.options.atOnce);
        request.options.stopAfter = json.value("stop_after", request.options.stopAfter);
        request.options.toRegion = base::RegionName(json.value("to_region", std::string()));
        request.options.bringsHome = json.value("brings_home", false);
        request.fingerprint = json.value("fingerprint", std::string());
        request.reason = json.value("reason", std::string());
        request.confirm = json.value("confirm", std::string());
        request.user = json.value("user", std::string());
        request.ticked = json.value("ticked", std::vector<std::string>());
        if (json.contains("until")) {
            request.options.until = base::parseIso(json.at("until").get<std::string>());
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
        return Denied{Denial::LookOnly, {}};
    const fleet::DatabaseUser *actor = execute::actorOf(fleet, request.user);
    if (!actor)
        return Denied{Denial::NoUser, {request.user}};
    if (!execute::mayAct(actor->role))
        return Denied{Denial::Role, {actor->name}};
    if (fleet.environment != fleet::Environment::Local) {
        if (request.confirm != request.goal.subject)
            return Denied{Denial::Name, {request.goal.subject}};
        if (request.reason.empty())
            return Denied{Denial::Reason, {}};
    }
    if (plan.isEmpty())
        return Denied{Denial::NoPlan, {}};
    if (!request.fingerprint.empty() && request.fingerprint != plan.fingerprint.digest())
        return Denied{Denial::Changed, {}};
    return std::nullopt;
}

} // namespace shardlens::campaign
