// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Means.h"
#include "core/execute/StepJson.h"

namespace shardlens::campaign {

std::string toJson(const Wish &wish)
{
    nlohmann::json json{{"stop", name(wish.stop)}, {"by", wish.by}};
    if (!wish.step.empty())
        json["step"] = wish.step;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<Wish> wishFrom(const std::string &text)
{
    try {
        const auto json = nlohmann::json::parse(text);
        return Wish{execute::enumNamed(json.at("stop").get<std::string>(), Stop::Now), json.value("step", std::string()), json.value("by", std::string())};
    } catch (const nlohmann::json::exception &error) {
        return base::fail(base::ErrorCode::BadInput, error.what());
    }
}

} // namespace shardlens::campaign
