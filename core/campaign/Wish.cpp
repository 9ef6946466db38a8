// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Means.h"
#include "core/base/Json.h"
#include "core/execute/StepJson.h"

namespace shardlens::campaign {

std::string toJson(const Wish &wish)
{
    nlohmann::json object{{"stop", name(wish.stop)}, {"by", wish.by}};
    if (!wish.step.empty())
        object["step"] = wish.step;
    return base::jsonText(object);
}

base::Result<Wish> wishFrom(const std::string &text)
{
    try {
        const auto object = base::parseJson(text);
        return Wish{execute::enumNamed(object.at("stop").get<std::string>(), Stop::Now), object.value("step", std::string()), object.value("by", std::string())};
    } catch (const nlohmann::json::exception &error) {
        return base::fail(base::ErrorCode::BadInput, error.what());
    }
}

} // namespace shardlens::campaign
