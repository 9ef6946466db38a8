// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/OwedAudit.h"

#include "core/base/Iso8601.h"
#include "core/base/Json.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <random>

namespace shardlens::facts {

namespace {

/// Empty where there is no such text.
std::string textIn(const nlohmann::json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

std::string freshRowId()
{
    std::random_device random;
    std::string id;
    for (int i = 0; i < 4; ++i) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", random());
        id += digits;
    }
    return id;
}

std::string detailToWrite(const OwedAudit &row, bool isLater)
{
    auto detail = base::readJson(row.detail);
    if (!detail.is_object())
        detail = nlohmann::json{{"said", row.detail}};
    detail["row_id"] = row.id;
    if (isLater)
        detail["written_later"] = {{"at", base::isoUtcMicros(row.at)}, {"database_user", row.databaseUser}};
    return base::jsonText(detail);
}

std::optional<WrittenLater> writtenLater(std::string_view detail)
{
    // Most rows were written at once: they are not read for it.
    if (detail.find("\"written_later\"") == std::string_view::npos)
        return std::nullopt;
    const auto object = base::readJson(detail);
    const auto found = object.is_object() ? object.find("written_later") : object.end();
    if (!object.is_object() || found == object.end() || !found->is_object())
        return std::nullopt;
    const auto at = base::parseIso(textIn(*found, "at"));
    return at ? std::optional(WrittenLater{*at, textIn(*found, "database_user")}) : std::nullopt;
}

} // namespace shardlens::facts
