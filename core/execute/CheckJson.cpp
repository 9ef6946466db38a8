// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/CheckJson.h"

#include "core/base/Iso8601.h"
#include "core/execute/StepJson.h"

namespace shardlens::execute {

using facts::Evidence;
using nlohmann::json;

namespace {

/// The key tells the type.
json jsonOfValue(const Evidence::Value &value)
{
    return std::visit(
        [](const auto &one) -> json {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, std::string>)
                return {{"text", one}};
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return {{"count", one}};
            else if constexpr (std::is_same_v<T, double>)
                return {{"number", one}};
            else if constexpr (std::is_same_v<T, base::microseconds>)
                return {{"us", one.count()}};
            else if constexpr (std::is_same_v<T, base::Bytes>)
                return {{"bytes", one.count}};
            else
                return {{"utc", base::isoUtcMicros(one)}};
        },
        value);
}

Evidence::Value valueOf(const json &object)
{
    const std::string key = object.begin().key();
    const json &value = object.begin().value();
    if (key == "count")
        return value.get<std::int64_t>();
    if (key == "number")
        return value.get<double>();
    if (key == "us")
        return base::microseconds(value.get<std::int64_t>());
    if (key == "bytes")
        return base::Bytes{value.get<std::int64_t>()};
    if (const auto time = key == "utc" ? base::parseIso(value.get<std::string>()) : std::nullopt)
        return *time;
    return value.get<std::string>();
}

} // namespace

json jsonOf(const operate::Check &check)
{
    json object{{"check", operate::name(check.id)}, {"verdict", operate::name(check.verdict)}, {"on", check.on.text()}, {"detail", check.detail}, {"forceable", check.forceable}};
    if (check.verdict == operate::Verdict::Unknown)
        object["why"] = {{"reason", facts::name(check.why.why)}, {"detail", check.why.detail}};
    object["readings"] = json::array();
    for (const Evidence &one : check.readings) {
        json reading{{"reading", one.reading}, {"value", jsonOfValue(one.value)}};
        if (one.limit)
            reading["limit"] = jsonOfValue(*one.limit);
        object["readings"].push_back(std::move(reading));
    }
    return object;
}

operate::Check checkOf(const json &object)
{
    operate::Check check;
    check.id = enumNamed(object.at("check").get<std::string>(), operate::lastCheck);
    check.verdict = enumNamed(object.at("verdict").get<std::string>(), operate::Verdict::Unknown);
    check.on = base::ServerId(object.at("on").get<std::string>());
    check.detail = object.at("detail").get<std::string>();
    check.forceable = object.at("forceable").get<bool>();
    if (const auto why = object.find("why"); why != object.end())
        check.why = {enumNamed(why->at("reason").get<std::string>(), facts::WhyUnknown::Unreadable), why->at("detail").get<std::string>()};
    for (const json &one : object.at("readings")) {
        Evidence reading;
        reading.reading = one.at("reading").get<std::string>();
        reading.value = valueOf(one.at("value"));
        if (const auto limit = one.find("limit"); limit != one.end())
            reading.limit = valueOf(*limit);
        check.readings.push_back(std::move(reading));
    }
    return check;
}

} // namespace shardlens::execute
