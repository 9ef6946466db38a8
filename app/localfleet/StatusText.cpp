// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Status.h"

#include "core/base/Json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace shardlens::localfleet
{

namespace
{

std::string padded(const std::string &text, std::size_t width)
{
    return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

std::string mebibytes(std::int64_t bytes)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
    return text.data();
}

std::string milliseconds(base::microseconds time)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g ms", static_cast<double>(time.count()) / 1000);
    return text.data();
}

std::string sentence(const faults::Record &fault)
{
    std::string text = fault.kind + " " + fault.target;
    for (const auto &[key, value] : fault.details)
        text += " " + key + "=" + value;
    return text + ", since " + fault.since;
}

} // namespace

std::string asText(const FleetStatus &status)
{
    std::size_t width = 4;
    for (const ProcessStatus &process : status.processes)
        width = std::max(width, process.id.size());
    std::string text = padded("name", width + 2) + "kind       role      state     port   pid       host\n";
    std::int64_t bytes = 0;
    std::size_t running = 0;
    for (const ProcessStatus &process : status.processes) {
        text += padded(process.id, width + 2) + padded(process.kind, 11) + padded(process.role.empty() ? "-" : process.role, 10) +
                padded(process.state, 10) + padded(process.port == 0 ? "-" : std::to_string(process.port), 7) +
                padded(process.pid == 0 ? "-" : std::to_string(process.pid), 10) + process.host;
        if (process.proportionalBytes)
            text += "  " + mebibytes(*process.proportionalBytes);
        text += "\n";
        bytes += process.proportionalBytes.value_or(0);
        running += process.state == "running" ? 1 : 0;
    }
    text += "\n" + std::to_string(running) + " of " + std::to_string(status.processes.size()) + " processes run";
    text += bytes > 0 ? ", " + mebibytes(bytes) + " resident (proportional)\n" : "\n";
    if (!status.relayAnswers)
        text += "The relay does not answer: regions do not reach each other.\n";
    for (const auto &[way, link] : status.relay.links) {
        text += "link " + padded(way.first + " > " + way.second, 24) + milliseconds(link.latency);
        text += link.bytesPerSecond > 0 ? ", " + mebibytes(link.bytesPerSecond) + "/s" : "";
        text += link.cut != Cut::None ? ", cut: " + std::string(name(link.cut)) : "";
        text += "\n";
    }
    for (const faults::Record &fault : status.faults)
        text += "fault " + sentence(fault) + "\n";
    return text + "fleet file " + status.fleetFile + "\n";
}

std::string asJson(const FleetStatus &status)
{
    using Json = nlohmann::ordered_json;
    Json json{{"directory", status.directory}, {"fleet_file", status.fleetFile}, {"relay_answers", status.relayAnswers}};
    json["processes"] = Json::array();
    for (const ProcessStatus &process : status.processes) {
        Json object{{"name", process.id}, {"kind", process.kind}, {"state", process.state}};
        for (const auto &[key, value] : {std::pair{"region", process.region}, {"host", process.host}, {"role", process.role}})
            object[key] = value.empty() ? Json() : Json(value);
        object["port"] = process.port == 0 ? Json() : Json(process.port);
        object["pid"] = process.pid == 0 ? Json() : Json(process.pid);
        if (process.proportionalBytes)
            object["proportional_bytes"] = *process.proportionalBytes;
        json["processes"].push_back(std::move(object));
    }
    json["links"] = Json::array();
    for (const auto &[way, link] : status.relay.links)
        json["links"].push_back({{"from", way.first},
                                 {"to", way.second},
                                 {"latency_us", link.latency.count()},
                                 {"bytes_per_second", link.bytesPerSecond},
                                 {"cut", name(link.cut)}});
    json["faults"] = Json::array();
    for (const faults::Record &fault : status.faults)
        json["faults"].push_back({{"kind", fault.kind}, {"target", fault.target}, {"since", fault.since}, {"details", fault.details}});
    return base::jsonText(json, 2) + "\n";
}

} // namespace shardlens::localfleet
