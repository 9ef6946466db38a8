// SPDX-License-Identifier: GPL-3.0-or-later
// What a cluster's database must hold, and who may make what it lacks.
#include "core/operate/checks/Checks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;
using facts::ClusterPart;
using facts::PartKind;
using facts::PartUse;
using Names = std::vector<std::string>;

bool holds(const Names &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The primary's word; where it is not known a standby's, whose catalogs are the same.
ServerId whoTellsParts(const Sight &sight)
{
    const auto tells = [&](const ServerId &id) {
        const facts::MoveReading *move = id.isEmpty() ? nullptr : sight.move(id);
        return move && move->lacks;
    };
    if (tells(sight.primary()))
        return sight.primary();
    for (const ServerId &id : sight.cluster().servers) {
        if (tells(id))
            return id;
    }
    return {};
}

/// As whom a move logs in unless another user is named.
std::string actsByDefault(const Sight &sight)
{
    const fleet::Access &access = sight.fleet().access;
    const fleet::DatabaseUser *user = access.firstWith(fleet::Role::OnCall);
    user = user ? user : access.firstWith(fleet::Role::Ops);
    return user ? user->name : std::string();
}

std::vector<ClusterPart> lackedParts(const Sight &sight, const Names &lacks)
{
    std::vector<ClusterPart> parts = facts::clusterParts(sight.fleet().access);
    std::erase_if(parts, [&](const ClusterPart &part) { return !holds(lacks, part.name); });
    return parts;
}

Names namesOf(const std::vector<ClusterPart> &parts)
{
    Names names;
    for (const ClusterPart &part : parts)
        names.push_back(part.name);
    return names;
}

facts::Unknown whyNoParts(const Sight &sight)
{
    const ServerId primary = sight.primary();
    if (primary.isEmpty())
        return sight.facts().primary.error();
    const facts::MoveReading *move = sight.move(primary);
    return move && !move->lacks ? move->lacks.error() : sight.whyNoMove(primary);
}

/// A right on the tables is worth nothing to a move that goes without them: it does where the term is not there.
bool stopsMove(const Sight &sight, const ClusterPart &part)
{
    if (part.use != PartUse::Move)
        return false;
    const bool isOurs = part.schema == "shardlens";
    if (isOurs && !sight.term())
        return false;
    const fleet::DatabaseUser *application = sight.fleet().access.firstWith(fleet::Role::Application);
    const bool readsMarker = application && part.user == application->name && part.object == "marker";
    return part.user.empty() || part.user == actsByDefault(sight) || readsMarker;
}

bool liesInSchema(const ClusterPart &part)
{
    return part.schema == "shardlens";
}

Check mayMake(const Sight &sight, const ServerId &primary, const facts::MoveReading &move, const std::vector<ClusterPart> &parts)
{
    const bool isInSchema = std::all_of(parts.begin(), parts.end(), liesInSchema);
    Names may = move.makers;
    if (isInSchema)
        may.insert(may.end(), move.schemaMakers.begin(), move.schemaMakers.end());
    std::erase_if(may, [&](const std::string &name) {
        const fleet::DatabaseUser *user = sight.fleet().access.user(name);
        return !user || (user->role != fleet::Role::OnCall && user->role != fleet::Role::Ops);
    });
    const std::string acts = actsByDefault(sight);
    const std::vector<facts::Evidence> readings{sight.read(primary, "may_make", joined(may))};
    if (may.empty())
        return named(failed(CheckId::MayMake, primary, readings, Remedy::GrantRight), std::string(isInSchema ? "create" : "superuser"));
    // Another user is named when it is begun; whoever may not fails at the first statement, which changes nothing.
    return holds(may, acts) ? passed(CheckId::MayMake, primary, readings) : named(warned(CheckId::MayMake, primary, readings, Remedy::ActAsSuperuser), joined(may));
}

Check installed(const Sight &sight, const ServerId &primary, const facts::MoveReading &move)
{
    const std::vector<facts::Evidence> readings{sight.read(primary, "not_installed", joined(move.notInstalled))};
    return move.notInstalled.empty() ? passed(CheckId::Installed, primary, readings)
                                     : named(failed(CheckId::Installed, primary, readings, Remedy::InstallExtensions), joined(move.notInstalled));
}

} // namespace

Check checkParts(const Sight &sight)
{
    const ServerId teller = whoTellsParts(sight);
    if (teller.isEmpty())
        return unknown(CheckId::Parts, sight.primary(), whyNoParts(sight), Remedy::WaitForAnswers);
    std::vector<ClusterPart> parts = lackedParts(sight, *sight.move(teller)->lacks);
    std::erase_if(parts, [](const ClusterPart &part) { return part.use == PartUse::Warm; });
    const auto stop = std::count_if(parts.begin(), parts.end(), [&](const ClusterPart &part) { return stopsMove(sight, part); });
    const std::vector<facts::Evidence> readings{sight.read(teller, "parts_lacking", static_cast<std::int64_t>(parts.size()), std::int64_t(0))};
    if (parts.empty())
        return passed(CheckId::Parts, sight.primary(), readings);
    // Those that stop a move come first.
    std::stable_partition(parts.begin(), parts.end(), [&](const ClusterPart &part) { return stopsMove(sight, part); });
    Names names = namesOf(parts);
    if (names.size() > 4) {
        const std::size_t more = names.size() - 3;
        names.resize(3);
        names.push_back("+" + std::to_string(more));
    }
    return stop > 0 ? forceable(named(failed(CheckId::Parts, sight.primary(), readings, Remedy::PrepareCluster), joined(names)))
                    : named(warned(CheckId::Parts, sight.primary(), readings, Remedy::PrepareCluster), joined(names));
}

Check checkWarming(const Sight &sight, const ServerId &candidate)
{
    const ServerId teller = whoTellsParts(sight);
    if (teller.isEmpty())
        return unknown(CheckId::CachesCompared, sight.primary(), whyNoParts(sight), Remedy::WaitForAnswers);
    std::vector<ClusterPart> parts = lackedParts(sight, *sight.move(teller)->lacks);
    std::erase_if(parts, [](const ClusterPart &part) { return part.use != PartUse::Warm; });
    const std::vector<facts::Evidence> readings{sight.read(teller, "extensions_lacking", static_cast<std::int64_t>(parts.size()), std::int64_t(0))};
    if (!parts.empty()) {
        Names extensions;
        for (const ClusterPart &part : parts)
            extensions.push_back(part.object);
        return named(warned(CheckId::CachesCompared, teller, readings, Remedy::MakeExtensions), joined(extensions));
    }
    // The functions' files lie on each machine apart, whatever the catalogs say.
    const facts::MoveReading *move = sight.move(candidate);
    if (move && !move->notInstalled.empty())
        return named(warned(CheckId::CachesCompared, candidate, {sight.read(candidate, "not_installed", joined(move->notInstalled))}, Remedy::InstallExtensions), joined(move->notInstalled));
    const auto known = sight.setting(candidate, "shared_buffers");
    if (!sight.isFresh(candidate) || !known)
        return unknown(CheckId::CachesCompared, candidate, sight.isFresh(candidate) ? sight.whyNoSetting(candidate, "shared_buffers") : sight.whySilent(candidate), Remedy::WaitForAnswers);
    return passed(CheckId::CachesCompared, candidate, readings);
}

std::vector<ClusterPart> partsToMake(const Sight &sight, const SmallAct &act)
{
    const ServerId primary = sight.primary();
    const facts::MoveReading *move = primary.isEmpty() ? nullptr : sight.move(primary);
    if (!move || !move->lacks)
        return {};
    std::vector<ClusterPart> parts = lackedParts(sight, *move->lacks);
    std::erase_if(parts, [&](const ClusterPart &part) { return part.use == PartUse::Warm && act.object != withWarming; });
    return parts;
}

Checks checkPreparing(const Sight &sight, const SmallAct &act)
{
    const ServerId primary = sight.primary();
    if (primary.isEmpty())
        return {unknown(CheckId::TargetAnswers, {}, sight.facts().primary.error(), Remedy::WaitForAnswers)};
    if (!sight.isFresh(primary))
        return {unknown(CheckId::TargetAnswers, primary, sight.whySilent(primary), Remedy::MendServer)};
    Checks checks{passed(CheckId::TargetAnswers, primary, {sight.said(primary, "answers", std::string("yes"))})};
    const bool isBraked = sight.fresh(primary)->readOnlyByDefault;
    const std::vector<facts::Evidence> brake{sight.said(primary, "default_transaction_read_only", std::string(isBraked ? "on" : "off"))};
    checks.push_back(isBraked ? failed(CheckId::Brake, primary, brake, Remedy::LiftBrake) : passed(CheckId::Brake, primary, brake));
    const facts::MoveReading *move = sight.move(primary);
    if (!move || !move->lacks) {
        checks.push_back(unknown(CheckId::MayMake, primary, whyNoParts(sight), Remedy::WaitForAnswers));
        return checks;
    }
    const std::vector<ClusterPart> parts = partsToMake(sight, act);
    const std::vector<facts::Evidence> lacking{sight.read(primary, "parts_lacking", static_cast<std::int64_t>(parts.size()))};
    if (parts.empty()) {
        checks.push_back(failed(CheckId::NotYet, primary, lacking, Remedy::NothingToDo));
        return checks;
    }
    checks.push_back(passed(CheckId::NotYet, primary, lacking));
    checks.push_back(mayMake(sight, primary, *move, parts));
    if (std::any_of(parts.begin(), parts.end(), [](const ClusterPart &part) { return part.kind == PartKind::Extension; }))
        checks.push_back(installed(sight, primary, *move));
    return checks;
}

} // namespace shardlens::operate
