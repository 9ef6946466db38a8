// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Elsewhere.h"

#include "core/clients/keychain/Keychain.h"
#include "core/desk/Errand.h"
#include "core/record/OperationJournal.h"

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

std::int64_t freshNumber(std::int64_t above)
{
    const auto now = std::chrono::duration_cast<base::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return std::max<std::int64_t>(now, above + 1);
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

Result<void> abandonElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, const Elsewhere &one)
{
    if (one.runs())
        return base::fail(base::ErrorCode::Rejected, "It is being carried out on " + one.copy.by.host + ".");
    const facts::Person who = desk::whoRuns();
    const execute::Author author{desk::actsAs(*fleet, options.user), who.osUser, who.host};
    const base::UtcTime now = base::SystemClock().utcNow();
    desk::CopiedJournal whole = one.copy;
    whole.number = freshNumber(one.copy.number);
    whole.by = {author.databaseUser, author.osUser, author.host};
    whole.lines.push_back(execute::entryTakenOver(whole.number, author, now));
    whole.lines.push_back(execute::entryOutcome(execute::Outcome::Abandoned, options.reason, now));
    const auto journal = record::OperationJournal::adopt(record::operationsFolder(*fleet), options.operation, whole.lines);
    return journal ? desk::copyOnce(fleet, deskFor(*fleet, options), whole) : base::fail(journal.error());
}

void tellElsewhere(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options)
{
    const auto lines = record::readJournal(record::operationsFolder(*fleet), options.operation);
    const auto operation = lines ? execute::operationOf(lines->lines) : base::fail(lines.error());
    if (!operation)
        return;
    const facts::Person who = desk::whoRuns();
    desk::CopiedJournal whole{operation->id, operation->number, {operation->author.databaseUser, who.osUser, who.host}, {}, {}};
    for (const std::string &line : lines->lines)
        whole.lines.push_back(execute::withoutSecrets(line));
    desk::DeskOptions desk = deskFor(*fleet, options);
    desk.user = operation->author.databaseUser; // whose copy it is
    const auto told = desk::copyOnce(fleet, desk, whole);
    if (!told && !isNoTrouble(told.error()))
        std::fprintf(stderr, "Other machines do not see it: %s.\n", troubleText(told.error()).c_str());
}

} // namespace shardlens::ctl
