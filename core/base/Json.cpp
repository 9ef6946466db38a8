// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Json.h"

namespace shardlens::base {

nlohmann::json readJson(std::string_view text)
{
    return nlohmann::json::parse(text, nullptr, false);
}

nlohmann::ordered_json readOrderedJson(std::string_view text)
{
    return nlohmann::ordered_json::parse(text, nullptr, false);
}

nlohmann::json parseJson(std::string_view text)
{
    return nlohmann::json::parse(text);
}

std::string jsonText(const nlohmann::json &value, int indent)
{
    return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string jsonText(const nlohmann::ordered_json &value, int indent)
{
    return value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace shardlens::base
