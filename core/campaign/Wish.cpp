// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Means.h"
#include "core/execute/StepJson.h"

namespace shardlens::campaign {

std::string toJson(const Wish &wish)
{
    nlohmann::json object{{"stop", name(wish.stop)}, {"by", wish.by}};
    if (!wish.step.empty())
        object["step"] = wish.step;
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<Wish> wishFrom(const std::string &text)
{
    try {
        const auto object = nlohmann::json::parse(text);
        return Wish{execute::enumNamed(object.at("stop").get<std::string>(), Stop::Now), object.value("step", std::string()), object.value("by", std::string())};
    } catch (const nlohmann::json::exception &error) {
        return base::fail(base::ErrorCode::BadInput, error.what());
    }
}

} // namespace shardlens::campaign
