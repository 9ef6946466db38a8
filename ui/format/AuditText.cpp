// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/AuditText.h"

#include "core/facts/Shared.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using facts::AuditFault;
using facts::ClaimRefusal;

QString auditFlawText(const facts::AuditFlaw &flaw)
{
    const bool isOne = flaw.from == flaw.to;
    const QString rows = isOne ? Words::tr("Row %1").arg(flaw.from) : Words::tr("Rows %1 to %2").arg(flaw.from).arg(flaw.to);
    switch (flaw.fault) {
    case AuditFault::Edited:
        return (isOne ? Words::tr("%1 was edited: its hash is not that of what it says.")
                      : Words::tr("%1 were edited: their hashes are not those of what they say."))
            .arg(rows);
    case AuditFault::Unlinked:
        return (isOne ? Words::tr("%1 does not follow from the row before it.") : Words::tr("%1 do not follow from the rows before them.")).arg(rows);
    case AuditFault::Missing: return (isOne ? Words::tr("%1 is missing.") : Words::tr("%1 are missing.")).arg(rows);
    case AuditFault::Replaced:
        return (isOne ? Words::tr("%1 is not the one that was kept here.") : Words::tr("%1 are not those that were kept here.")).arg(rows);
    case AuditFault::CutOff: return Words::tr("%1 were cut off: a head that was kept here lies after the last row.").arg(rows);
    }
    return {};
}

QStringList auditVerdictText(const facts::AuditVerdict &verdict)
{
    QStringList lines;
    for (const facts::AuditFlaw &flaw : verdict.flaws)
        lines << auditFlawText(flaw);
    if (verdict.isAnotherDirectory)
        lines << Words::tr("This is another directory than the one whose heads were kept here before (%1 of them): it was made anew, or "
                           "another one was put in its place. Its log is verified from now on.")
                     .arg(verdict.headsOfOthers);
    const QString rows = verdict.rows == 1 ? Words::tr("1 row") : Words::tr("%1 rows").arg(verdict.rows);
    if (!verdict.flaws.empty())
        lines << Words::tr("The log is not as it was written: %1 read.").arg(rows);
    else if (verdict.isAnotherDirectory)
        lines << Words::tr("The chain of %1 is whole.").arg(rows);
    else if (verdict.headsKept == 0)
        lines << Words::tr("The chain of %1 is whole. No head was kept here before: whether its end was cut, or all of it made anew, is "
                           "known from the next time on.")
                     .arg(rows);
    else
        lines << Words::tr("The chain of %1 is whole, and has all %2 heads that were kept here.").arg(rows).arg(verdict.headsKept);
    return lines;
}

QString auditStateText(const facts::AuditVerdict &verdict)
{
    const QString entries = verdict.rows == 1 ? Words::tr("1 entry") : Words::tr("%1 entries").arg(count(verdict.rows));
    if (!verdict.flaws.empty())
        return verdict.flaws.size() == 1 ? Words::tr("not as it was written in 1 place of %1").arg(entries)
                                         : Words::tr("not as it was written in %1 places of %2").arg(count(std::int64_t(verdict.flaws.size())), entries);
    if (verdict.isAnotherDirectory)
        return Words::tr("another directory than before, %1").arg(entries);
    return verdict.headsKept == 0 ? Words::tr("chain unbroken, %1, its end first kept now").arg(entries) : Words::tr("unbroken, %1").arg(entries);
}

QString auditTroubleText(const base::Error &error, const std::string &you)
{
    if (error.code != base::ErrorCode::NoRights)
        return Words::tr("The audit log could not be read: %1").arg(directoryTrouble(error));
    switch (refusalIn(error)) {
    case ClaimRefusal::NoDirectory: return Words::tr("The fleet has no directory, and so no audit log.");
    case ClaimRefusal::NoUser: return Words::tr("The fleet file names no database user to read the audit log as; --as chooses one.");
    case ClaimRefusal::NotPrepared: return Words::tr("The directory keeps no audit log: run resources/sql/directory.sql on it.");
    default: return Words::tr("The directory does not let %1 read its audit log: GRANT shardlens_operator, or choose another user with --as.").arg(text(you));
    }
}

QStringList auditWaitingText(const facts::AuditWaiting &waiting, std::size_t written, const std::string &you)
{
    QStringList lines;
    const auto number = [](std::size_t rows) { return count(static_cast<std::int64_t>(rows)); };
    if (written > 0)
        lines << (written == 1 ? Words::tr("1 entry that waited on this machine stands in the log now.")
                               : Words::tr("%1 entries that waited on this machine stand in the log now.").arg(number(written)));
    QString why;
    if (waiting.trouble && refusalIn(*waiting.trouble) != ClaimRefusal::None)
        why = refusalText(refusalIn(*waiting.trouble), you, {});
    else if (waiting.trouble)
        why = directoryTrouble(*waiting.trouble);
    if (waiting.rows > 0)
        lines << ((waiting.rows == 1 ? Words::tr("1 entry waits on this machine: it is written once the directory takes it.")
                                     : Words::tr("%1 entries wait on this machine: they are written once the directory takes them.").arg(number(waiting.rows))) +
                  (why.isEmpty() ? QString() : QLatin1Char(' ') + why));
    else if (waiting.trouble)
        lines << Words::tr("What waits on this machine for the log cannot be told: %1").arg(text(waiting.trouble->message));
    if (!waiting.setAside.empty())
        lines << Words::tr("Damaged entries, which cannot be written, were set aside: look into %1, and remove it.").arg(text(waiting.setAside));
    return lines;
}

QString writtenLaterText(const facts::AuditRow &row)
{
    const auto later = facts::writtenLater(row.detail);
    return later ? Words::tr("%1, written later as %2").arg(dateTime(later->at), text(row.databaseUser)) : QString();
}

} // namespace shardlens::ui::format
