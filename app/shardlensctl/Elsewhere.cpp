// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Elsewhere.h"

#include "app/elsewhere/Leave.h"
#include "core/clients/keychain/Keychain.h"

#include <algorithm>
#include <cstdio>

namespace shardlens::ctl {

namespace {

using base::Result;

desk::DeskOptions deskFor(const fleet::Fleet &fleet, const Options &options)
{
    desk::DeskOptions desk;
    desk.from = fleet.ownRegion;
    desk.user = options.user;
    desk.keychain = [](const std::string &entry) { return keychain::read(entry); };
    return desk;
}

Result<Elsewhere> elsewhereOf(desk::CopiedJournal copy)
{
    auto operation = execute::operationOf(copy.lines);
    if (!operation)
        return base::fail(operation.error());
    return Elsewhere{std::move(*operation), std::move(copy)};
}

/// Nobody expects copies there, or may see them.
bool isNoTrouble(const base::Error &error)
{
    return error.code == base::ErrorCode::NoRights && error.message != facts::name(facts::ClaimRefusal::NotPrepared);
}

std::string troubleText(const base::Error &error)
{
    const bool isNotPrepared = error.message == facts::name(facts::ClaimRefusal::NotPrepared);
    return isNotPrepared ? "the directory has no place for them; resources/sql/directory.sql makes it" : error.message;
}

} // namespace

std::vector<Elsewhere> operationsElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, const std::map<std::string, std::int64_t> &here)
{
    std::vector<Elsewhere> found;
    auto copies = desk::copiedOperations(fleet, deskFor(*fleet, options));
    if (!copies) {
        if (!isNoTrouble(copies.error()))
            std::fprintf(stderr, "Operations of other machines are not told: %s.\n", troubleText(copies.error()).c_str());
        return found;
    }
    for (desk::CopiedJournal &copy : *copies) {
        const auto own = here.find(copy.operation);
        if (own != here.end() && own->second >= copy.number)
            continue;
        if (auto one = elsewhereOf(std::move(copy)))
            found.push_back(std::move(*one));
    }
    std::stable_sort(found.begin(), found.end(), [](const Elsewhere &a, const Elsewhere &b) { return a.operation.beganAt > b.operation.beganAt; });
    return found;
}

Result<Elsewhere> operationElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options)
{
    auto copy = desk::copiedJournal(fleet, deskFor(*fleet, options), options.operation);
    if (!copy)
        return base::fail(copy.error().code, isNoTrouble(copy.error()) ? "there is no operation " + options.operation : troubleText(copy.error()));
    return elsewhereOf(std::move(*copy));
}

Result<void> abandonHere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options)
{
    const auto left = elsewhere::leaveOwn({fleet, deskFor(*fleet, options), options.operation, options.reason});
    if (!left)
        return base::fail(left.error());
    if (!left->empty())
        std::fprintf(stderr, "Other machines do not see it: %s.\n", left->c_str());
    return {};
}

Result<void> abandonElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, const Elsewhere &one)
{
    return elsewhere::leaveOthers({fleet, deskFor(*fleet, options), options.operation, options.reason}, one.copy);
}

} // namespace shardlens::ctl
