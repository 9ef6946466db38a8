// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/JournalSource.h"

#include "app/executor/Surroundings.h"
#include "core/desk/Desk.h"
#include "core/desk/JournalCopy.h"

#include <algorithm>

namespace shardlens::executor {

namespace {

using base::ErrorCode;
using base::Result;

std::string personText(const facts::Person &person)
{
    return person.databaseUser + " (" + person.osUser + ") on " + person.host;
}

std::string secondsText(base::microseconds time)
{
    return std::to_string(std::chrono::duration_cast<base::seconds>(time).count()) + " s";
}

/// What the word of a ClaimRefusal means here.
std::string whyNot(const base::Error &error)
{
    if (error.code != ErrorCode::NoRights)
        return error.message;
    if (error.message == facts::name(facts::ClaimRefusal::NotPrepared))
        return "the directory has no place for copies: run resources/sql/directory.sql there";
    if (error.message == facts::name(facts::ClaimRefusal::NoDirectory))
        return "the fleet has no directory";
    return error.message;
}

Result<JournalSource> sourceOf(std::vector<std::string> lines)
{
    auto operation = execute::operationOf(lines);
    if (!operation)
        return base::fail(operation.error());
    JournalSource source;
    source.operation = std::move(*operation);
    source.lines = std::move(lines);
    return source;
}

Result<JournalSource> fromCopy(desk::CopiedJournal copy)
{
    auto source = sourceOf(std::move(copy.lines));
    if (!source)
        return base::fail(ErrorCode::Rejected, "the directory's copy of the journal: " + source.error().message);
    if (!source->operation.outcome && copy.ago < desk::copyFallsSilentAfter)
        return base::fail(ErrorCode::Rejected, "operation " + copy.operation + " is being carried out by " + personText(copy.by) + ", heard of " + secondsText(copy.ago) +
                                                   " ago: once that is silent for " + secondsText(desk::copyFallsSilentAfter) + " it can be gone on with here");
    source->isCopy = true;
    source->mayBeShort = "it goes on from the directory's copy of the journal of " + personText(copy.by) + ", " + std::to_string(source->lines.size()) + " lines";
    return source;
}

} // namespace

Result<JournalSource> findJournal(const Setting &setting, const fleet::DatabaseUser &actor)
{
    auto lines = record::readJournal(setting.folder, setting.id);
    if (!lines && lines.error().code != ErrorCode::NotFound)
        return base::fail(lines.error());
    desk::DeskOptions options;
    options.from = setting.fleet->ownRegion;
    options.user = actor.name;
    options.keychain = fromKeychain;
    auto copy = desk::copiedJournal(setting.fleet, options, setting.id);
    if (!lines) {
        if (!copy)
            return base::fail(ErrorCode::NotFound, "there is no operation " + setting.id + " on this machine, and no copy of its journal: " + whyNot(copy.error()));
        return fromCopy(std::move(*copy));
    }
    auto source = sourceOf(std::move(lines->lines));
    if (!source)
        return source;
    if (copy && copy->number > source->operation.number)
        return fromCopy(std::move(*copy)); // what is written here is the older story
    // Where there is no copy nobody had one to go on from.
    const bool isKnown = copy || copy.error().code == ErrorCode::NotFound || (copy.error().code == ErrorCode::NoRights && copy.error().sqlState.empty());
    if (!isKnown)
        source->mayBeShort = "whether another machine went on with it is not known: " + copy.error().message;
    return source;
}

Result<std::unique_ptr<record::OperationJournal>> openJournal(const Setting &setting, const JournalSource &source, const std::vector<std::string> &first)
{
    std::vector<std::string> lines = source.lines;
    lines.insert(lines.end(), first.begin(), first.end());
    if (source.isCopy)
        return record::OperationJournal::adopt(setting.folder, setting.id, lines);
    auto journal = record::OperationJournal::reopen(setting.folder, setting.id);
    for (const std::string &line : first) {
        const auto written = journal ? (*journal)->append(line) : base::Result<void>();
        if (!written)
            return base::fail(written.error());
    }
    return journal;
}

} // namespace shardlens::executor
