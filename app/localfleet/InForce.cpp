// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/InForce.h"

#include "app/localfleet/Shape.h"

#include <algorithm>

namespace shardlens::localfleet
{

namespace
{

std::string named(const faults::Record &record)
{
    return record.kind + " " + record.target;
}

} // namespace

bool InForce::holds(const std::string &server) const
{
    return std::any_of(m_records.begin(), m_records.end(), [&](const faults::Record &record) {
        return record.target == server && (record.kind == "kill" || record.kind == "router-stop" || record.kind == "freeze");
    });
}

std::string InForce::of(const std::string &server) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(), [&](const faults::Record &record) { return record.target == server; });
    return found == m_records.end() ? std::string() : named(*found);
}

std::string InForce::link(const std::string &one, const std::string &other, bool onlyCut) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(), [&](const faults::Record &record) {
        return (record.target == one + ">" + other || record.target == other + ">" + one) && (!onlyCut || record.kind == "link-cut");
    });
    return found == m_records.end() ? std::string() : named(*found);
}

std::string InForce::cutBetween(const std::string &one, const std::string &other) const
{
    return link(one, other, true);
}

std::string InForce::between(const std::string &one, const std::string &other) const
{
    const std::string cut = cutBetween(one, other);
    return cut.empty() ? link(one, other, false) : cut;
}

std::string InForce::among(const std::vector<Instance> &members) const
{
    for (const Instance &member : members) {
        if (const std::string own = of(member.id); !own.empty())
            return own;
    }
    for (const Instance &member : members) {
        for (const Instance &other : members) {
            if (const std::string link = between(member.region, other.region); !link.empty())
                return link;
        }
    }
    return {};
}

} // namespace shardlens::localfleet
