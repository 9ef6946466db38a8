// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/SavedCampaign.h"

#include "core/base/Iso8601.h"
#include "core/base/Json.h"
#include "core/campaign/CampaignRequest.h"

#include <nlohmann/json.hpp>

#include <map>

namespace shardlens::campaign {

Options optionsToSave(Options options)
{
    options.forced.clear();
    options.until.reset();
    return options;
}

std::string toJson(const SavedCampaign &plan)
{
    CampaignRequest request;
    request.goal = plan.goal;
    request.options = optionsToSave(plan.options);
    nlohmann::json stored{{"name", plan.name},
                          {"database_user", plan.owner.databaseUser},
                          {"os_user", plan.owner.osUser},
                          {"host", plan.owner.host},
                          {"saved_at", base::isoUtc(plan.savedAt)},
                          {"campaign", base::parseJson(toJson(request))},
                          {"fingerprint", plan.fingerprint.facts}};
    if (plan.intendedAt)
        stored["intended_at"] = base::isoUtc(*plan.intendedAt);
    return base::jsonText(stored, 1) + "\n";
}

bool isSavedCampaign(const std::string &text)
{
    const auto stored = base::readJson(text);
    return stored.is_object() && stored.contains("campaign");
}

base::Result<SavedCampaign> savedCampaignFrom(const std::string &text)
{
    const auto bad = [](const std::string &why) { return base::fail(base::ErrorCode::Protocol, "this is no saved plan: " + why); };
    try {
        const auto stored = base::parseJson(text);
        SavedCampaign plan;
        plan.name = stored.at("name").get<std::string>();
        plan.owner = {stored.value("database_user", std::string()), stored.value("os_user", std::string()), stored.value("host", std::string())};
        const auto saved = base::parseIso(stored.at("saved_at").get<std::string>());
        if (!saved)
            return bad("it does not say when it was saved");
        plan.savedAt = *saved;
        if (stored.contains("intended_at"))
            plan.intendedAt = base::parseIso(stored.at("intended_at").get<std::string>());
        const auto request = campaignRequestFrom(base::jsonText(stored.at("campaign")));
        if (!request)
            return bad(request.error().message);
        plan.goal = request->goal;
        plan.options = optionsToSave(request->options);
        plan.fingerprint.facts = stored.at("fingerprint").get<std::map<std::string, std::string>>();
        return plan;
    } catch (const nlohmann::json::exception &error) {
        return bad(error.what());
    }
}

} // namespace shardlens::campaign
