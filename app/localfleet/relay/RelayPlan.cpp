// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/relay/RelayPlan.h"

#include "app/localfleet/Files.h"

namespace shardlens::localfleet
{

std::string_view name(Cut cut)
{
    switch (cut) {
    case Cut::None: return "none";
    case Cut::Reset: return "reset";
    case Cut::Blackhole: return "blackhole";
    }
    return "none";
}

base::Result<Cut> cutNamed(std::string_view text)
{
    for (const Cut cut : {Cut::None, Cut::Reset, Cut::Blackhole}) {
        if (name(cut) == text)
            return cut;
    }
    return base::fail(base::ErrorCode::BadInput, "a cut is none, reset or blackhole, not " + std::string(text));
}

std::string print(const RelayPlan::Way &way, const Link &link)
{
    return "link " + way.first + " " + way.second + " " + std::to_string(link.latency.count()) + " " + std::to_string(link.bytesPerSecond) +
           " " + std::string(name(link.cut));
}

std::string print(const RelayPlan &plan)
{
    std::string text;
    for (const auto &[id, target] : plan.targets)
        text += "target " + id + " " + target.region + " " + std::to_string(target.port) + "\n";
    for (const Listener &listener : plan.listeners)
        text += "listen " + listener.name + " " + std::to_string(listener.port) + " " + listener.viewer + " " + listener.target + "\n";
    for (const auto &[way, link] : plan.links)
        text += print(way, link) + "\n";
    return text;
}

base::Result<RelayPlan> parseRelayPlan(std::string_view text)
{
    RelayPlan plan;
    const auto port = [](const std::string &field) { return static_cast<std::uint16_t>(std::strtoul(field.c_str(), nullptr, 10)); };
    for (const std::string &line : split(text, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.empty())
            continue;
        if (fields[0] == "target" && fields.size() == 4) {
            plan.targets[fields[1]] = {fields[2], port(fields[3])};
        } else if (fields[0] == "listen" && fields.size() == 5) {
            plan.listeners.push_back({fields[1], port(fields[2]), fields[3], fields[4]});
        } else if (fields[0] == "link" && fields.size() == 6) {
            const auto cut = cutNamed(fields[5]);
            if (!cut)
                return base::fail(cut.error());
            plan.links[{fields[1], fields[2]}] = {base::microseconds(std::strtoll(fields[3].c_str(), nullptr, 10)),
                                                  std::strtoll(fields[4].c_str(), nullptr, 10), *cut};
        } else {
            return base::fail(base::ErrorCode::BadInput, "the relay does not understand: " + line);
        }
    }
    for (const Listener &listener : plan.listeners) {
        if (plan.targets.count(listener.target) == 0)
            return base::fail(base::ErrorCode::BadInput,
                              "the relay's listener " + listener.name + " leads to an unknown server " + listener.target);
    }
    return plan;
}

} // namespace shardlens::localfleet
