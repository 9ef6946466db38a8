// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>
#include <array>

namespace shardlens::operate {

namespace {

using base::ServerId;

/// Settings of which less on the new primary would be felt.
constexpr std::array<const char *, 3> mustNotShrink{"hash-max-listpack-entries", "hash-max-listpack-value", "maxclients"};

const facts::ServingCell *cellOf(const GroupSight &sight, const base::RegionName &region)
{
    for (const facts::ServingRow &row : sight.snapshot().serving.rows) {
        if (row.of == facts::ServingOf::Group && row.group == sight.group().name)
            return row.cell(region);
    }
    return nullptr;
}

Check stablesLead(const GroupSight &sight, Act act)
{
    std::vector<std::string> amiss;
    std::vector<std::string> notKnown;
    std::vector<facts::Evidence> readings;
    std::int64_t well = 0;
    for (const auto &[region, endpoint] : sight.group().stableAddress) {
        const facts::ServingCell *cell = cellOf(sight, region);
        if (cell && cell->works()) {
            ++well;
        } else if (cell && cell->fails()) {
            amiss.push_back(region.text());
            readings.push_back(sight.seen("stable_address", std::string(facts::name(cell->verdict))));
        } else {
            notKnown.push_back(region.text());
        }
    }
    const auto declared = static_cast<std::int64_t>(sight.group().stableAddress.size());
    const facts::Evidence count = sight.seen("stable_addresses_leading", well, declared);
    if (act == Act::Failover) // they lead to the dead one
        return declared > 0 ? passed(CheckId::StableAddresses, {}, {count}) : warned(CheckId::StableAddresses, {}, {count}, Remedy::DeclareSwitch);
    if (!amiss.empty())
        return forceable(named(failed(CheckId::StableAddresses, {}, std::move(readings), Remedy::PointStable), joined(amiss)));
    if (!notKnown.empty())
        return named(unknown(CheckId::StableAddresses, {}, {facts::WhyUnknown::NoValue, "stable_address"}, Remedy::WaitForAnswers), joined(notKnown));
    return declared > 0 ? passed(CheckId::StableAddresses, {}, {count}) : warned(CheckId::StableAddresses, {}, {count}, Remedy::DeclareSwitch);
}

/// Without it a person leads the address elsewhere, while writes wait.
Check stablesCanBeLed(const GroupSight &sight)
{
    std::vector<std::string> missing;
    for (const auto &[region, endpoint] : sight.group().stableAddress) {
        if (!canLead(sight, region))
            missing.push_back(region.text());
    }
    const auto declared = static_cast<std::int64_t>(sight.group().stableAddress.size());
    const std::vector<facts::Evidence> reading{sight.seen("stable_addresses_that_guards_lead", declared - static_cast<std::int64_t>(missing.size()), declared)};
    return missing.empty() ? passed(CheckId::StableSwitch, {}, reading) : forceable(named(failed(CheckId::StableSwitch, {}, reading, Remedy::DeclareSwitch), joined(missing)));
}

/// Who comes back in a region without a guard is not demoted by anybody.
Check memberGuards(const GroupSight &sight)
{
    std::vector<std::string> missing;
    std::int64_t regions = 0;
    for (const fleet::Region &region : sight.fleet().regions) {
        const auto &members = sight.group().servers;
        if (std::none_of(members.begin(), members.end(), [&](const ServerId &id) { return sight.regionOf(id) == region.name; }))
            continue;
        ++regions;
        const facts::GuardReport *guard = sight.guard(region.name);
        if (!guard || guard->reach.state != facts::ReachState::Answering)
            missing.push_back(region.name.text());
    }
    const std::vector<facts::Evidence> reading{sight.seen("guards_answering", regions - static_cast<std::int64_t>(missing.size()), regions)};
    return missing.empty() ? passed(CheckId::Guards, {}, reading) : named(warned(CheckId::Guards, {}, reading, Remedy::StartGuard), joined(missing));
}

Check shrinkingSettings(const GroupSight &sight, const ServerId &candidate)
{
    if (!sight.move(candidate) || !sight.move(sight.primary()))
        return unknown(CheckId::Settings, candidate, sight.whyNoMove(sight.move(candidate) ? sight.primary() : candidate), Remedy::WaitForAnswers);
    std::vector<facts::Evidence> readings;
    std::vector<std::string> names;
    for (const char *name : mustNotShrink) {
        const std::int64_t here = sight.settingNumber(sight.primary(), name, 0);
        const std::int64_t there = sight.settingNumber(candidate, name, here);
        if (there >= here)
            continue;
        names.emplace_back(name);
        readings.push_back(sight.said(candidate, name, there, here));
    }
    return names.empty() ? passed(CheckId::Settings, candidate) : named(warned(CheckId::Settings, candidate, std::move(readings), Remedy::RaiseSetting), joined(names));
}

Check othersFollow(const GroupSight &sight, const ServerId &candidate)
{
    std::vector<std::string> amiss;
    const auto others = sight.othersThan(candidate);
    for (const ServerId &id : others) {
        if (!sight.fresh(id) || !sight.fresh(id)->link)
            amiss.push_back(id.text());
    }
    const auto count = static_cast<std::int64_t>(others.size());
    const std::vector<facts::Evidence> reading{sight.seen("replicas_answering", count - static_cast<std::int64_t>(amiss.size()), count)};
    return amiss.empty() ? passed(CheckId::Standbys, {}, reading) : named(warned(CheckId::Standbys, {}, reading, Remedy::MendStandby), joined(amiss));
}

Check hasTerm(const GroupSight &sight)
{
    if (sight.group().termKey.empty())
        return warned(CheckId::Term, {}, {}, Remedy::DeclareTerm);
    const auto term = sight.term();
    return term ? passed(CheckId::Term, {}, {sight.seen("term", *term)}) : unknown(CheckId::Term, {}, term.error(), Remedy::WaitForAnswers);
}

} // namespace

std::vector<base::RegionName> stablesThatFail(const GroupSight &sight)
{
    std::vector<base::RegionName> regions;
    for (const auto &[region, endpoint] : sight.group().stableAddress) {
        const facts::ServingCell *cell = cellOf(sight, region);
        if (cell && cell->fails())
            regions.push_back(region);
    }
    return regions;
}

bool canLead(const GroupSight &sight, const base::RegionName &region)
{
    const facts::GuardReport *guard = sight.guard(region);
    const bool answers = guard && guard->reach.state == facts::ReachState::Answering;
    return answers && sight.group().stableSwitch.kind != fleet::StableSwitch::Kind::None && sight.fleet().access.guardSecret.kind != fleet::SecretSource::Kind::None;
}

Checks checkGroupWrites(const GroupSight &sight, Act act)
{
    if (act == Act::Failover)
        return {};
    const ServerId primary = sight.primary();
    if (primary.isEmpty() || !sight.move(primary))
        return {unknown(CheckId::WritesRefusable, primary, primary.isEmpty() ? sight.facts().primary.error() : sight.whyNoMove(primary), Remedy::GrantRight)};
    // At 0 Redis counts no replicas, and min-replicas-to-write would refuse nothing.
    const std::int64_t age = sight.settingNumber(primary, "min-replicas-max-lag", 0);
    const std::vector<facts::Evidence> reading{sight.said(primary, "min-replicas-max-lag", age)};
    return {age > 0 ? passed(CheckId::WritesRefusable, primary, reading) : failed(CheckId::WritesRefusable, primary, reading, Remedy::RaiseSetting)};
}

Checks checkGroupAfter(const GroupSight &sight, const ServerId &candidate)
{
    return {shrinkingSettings(sight, candidate), othersFollow(sight, candidate), hasTerm(sight)};
}

Checks checkStables(const GroupSight &sight, Act act)
{
    return {stablesLead(sight, act), stablesCanBeLed(sight), memberGuards(sight)};
}

} // namespace shardlens::operate
