// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/elsewhere/Leave.h"

#include "core/desk/Errand.h"
#include "core/execute/Operation.h"
#include "core/record/OperationJournal.h"

#include <algorithm>
#include <chrono>

namespace shardlens::elsewhere {

namespace {

using base::Result;

execute::Author authorOf(const Leaving &what)
{
    const facts::Person who = desk::whoRuns();
    return {desk::actsAs(*what.fleet, what.desk.user), who.osUser, who.host};
}

std::int64_t freshNumber(std::int64_t above)
{
    const auto now = std::chrono::duration_cast<base::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return std::max<std::int64_t>(now, above + 1);
}

/// Nobody expects copies there, or may see them.
bool isNoTrouble(const base::Error &error)
{
    return error.code == base::ErrorCode::NoRights && error.message != facts::name(facts::ClaimRefusal::NotPrepared);
}

/// What came to an end by itself is not to be told otherwise.
Result<void> mayBeLeft(const Result<execute::Operation> &operation)
{
    if (!operation)
        return base::fail(operation.error());
    if (operation->outcome == execute::Outcome::Done || operation->outcome == execute::Outcome::RolledBack || operation->outcome == execute::Outcome::Abandoned)
        return base::fail(base::ErrorCode::Rejected, "It has ended: there is nothing to abandon.");
    return {};
}

Result<execute::Operation> operationIn(const Result<record::JournalLines> &lines)
{
    return lines ? execute::operationOf(lines->lines) : base::fail(lines.error());
}

} // namespace

Result<Untold> leaveOwn(const Leaving &what)
{
    const QString folder = record::operationsFolder(*what.fleet);
    if (const auto may = mayBeLeft(operationIn(record::readJournal(folder, what.operation))); !may)
        return base::fail(may.error());
    {
        const auto journal = record::OperationJournal::reopen(folder, what.operation);
        if (!journal)
            return base::fail(journal.error());
        const auto written = (*journal)->append(execute::entryOutcome(execute::Outcome::Abandoned, what.reason, base::SystemClock().utcNow()));
        if (!written)
            return base::fail(written.error());
    }
    const auto lines = record::readJournal(folder, what.operation);
    const auto operation = operationIn(lines);
    if (!operation)
        return Untold(operation.error().message);
    desk::CopiedJournal whole{operation->id, operation->number, {operation->author.databaseUser, desk::whoRuns().osUser, desk::whoRuns().host}, {}, {}};
    for (const std::string &line : lines->lines)
        whole.lines.push_back(execute::withoutSecrets(line));
    desk::DeskOptions desk = what.desk;
    desk.user = operation->author.databaseUser; // whose copy it is
    const auto told = desk::copyOnce(what.fleet, desk, whole);
    return told || isNoTrouble(told.error()) ? Untold() : told.error().message;
}

Result<void> leaveOthers(const Leaving &what, desk::CopiedJournal copy)
{
    const auto operation = execute::operationOf(copy.lines);
    if (const auto may = mayBeLeft(operation); !may)
        return may;
    if (!operation->outcome && copy.ago < desk::copyFallsSilentAfter)
        return base::fail(base::ErrorCode::Rejected, "It is being carried out on " + copy.by.host + ".");
    const execute::Author author = authorOf(what);
    const base::UtcTime now = base::SystemClock().utcNow();
    copy.number = freshNumber(copy.number);
    copy.by = {author.databaseUser, author.osUser, author.host};
    copy.lines.push_back(execute::entryTakenOver(copy.number, author, now));
    copy.lines.push_back(execute::entryOutcome(execute::Outcome::Abandoned, what.reason, now));
    const auto journal = record::OperationJournal::adopt(record::operationsFolder(*what.fleet), what.operation, copy.lines);
    return journal ? desk::copyOnce(what.fleet, what.desk, copy) : base::fail(journal.error());
}

} // namespace shardlens::elsewhere
