// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/AuditCommands.h"

#include "app/shardlensctl/EventCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/AuditReading.h"
#include "core/desk/Errand.h"
#include "core/record/AuditHeads.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Times.h"

#include <QSaveFile>

#include <algorithm>

namespace shardlens::ctl {

namespace {

using facts::AuditFault;
using facts::AuditRow;

constexpr std::int64_t usualLimit = 50;

Exit auditTrouble(const base::Error &error, const fleet::Fleet &fleet, const Options &options)
{
    Answer answer;
    answer.exit = error.code == base::ErrorCode::NoRights ? Exit::Problem : Exit::Failed;
    if (error.code != base::ErrorCode::NoRights)
        answer.error = "The audit log could not be read: " + plain(ui::format::directoryTrouble(error)).toStdString() + "\n";
    else if (error.message == facts::name(facts::ClaimRefusal::NoDirectory))
        answer.error = "The fleet has no directory, and so no audit log.\n";
    else if (error.message == facts::name(facts::ClaimRefusal::NoUser))
        answer.error = "The fleet file names no database user to read the audit log as; --as chooses one.\n";
    else if (error.message == facts::name(facts::ClaimRefusal::NotPrepared))
        answer.error = "The directory keeps no audit log: run resources/sql/directory.sql on it.\n";
    else
        answer.error = "The directory does not let " + desk::actsAs(fleet, options.user) +
                       " read its audit log: GRANT shardlens_operator, or choose another user with --as.\n";
    return print(answer);
}

std::string jsonOf(const AuditRow &row)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("seq", row.seq)
        .member("at", base::isoUtc(row.at))
        .member("database_user", row.databaseUser)
        .member("os_user", row.osUser)
        .member("host", row.host);
    json.member("action", row.action)
        .member("subject", row.subject)
        .member("reason", row.reason)
        .member("case_number", row.caseNumber)
        .member("detail", row.detail);
    json.member("previous_hash", row.previousHash).member("hash", row.hash).member("hashed", row.hashed).endObject();
    return out;
}

QString faultText(const facts::AuditFlaw &flaw)
{
    const QString rows =
        flaw.from == flaw.to ? QStringLiteral("Row %1").arg(flaw.from) : QStringLiteral("Rows %1 to %2").arg(flaw.from).arg(flaw.to);
    const bool isOne = flaw.from == flaw.to;
    switch (flaw.fault) {
    case AuditFault::Edited:
        return rows + (isOne ? QStringLiteral(" was edited: its hash is not that of what it says.")
                             : QStringLiteral(" were edited: their hashes are not those of what they say."));
    case AuditFault::Unlinked:
        return rows + (isOne ? QStringLiteral(" does not follow from the row before it.")
                             : QStringLiteral(" do not follow from the rows before them."));
    case AuditFault::Missing: return rows + (isOne ? QStringLiteral(" is missing.") : QStringLiteral(" are missing."));
    case AuditFault::Replaced:
        return rows +
               (isOne ? QStringLiteral(" is not the one that was kept here.") : QStringLiteral(" are not those that were kept here."));
    case AuditFault::CutOff: return rows + QStringLiteral(" were cut off: a head that was kept here lies after the last row.");
    }
    return {};
}

} // namespace

desk::DeskOptions auditDesk(const fleet::Fleet &fleet, const Options &options)
{
    desk::DeskOptions out;
    out.from = fleet.ownRegion;
    out.user = options.user;
    out.keychain = [](const std::string &entry) { return keychain::read(entry); };
    out.patience = base::milliseconds(5000); // a page of a long log
    return out;
}

Exit listAudit(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    desk::AuditQuery query;
    query.limit = options.limit > 0 ? options.limit : options.since.empty() ? usualLimit : 0;
    if (!options.since.empty()) {
        query.since = momentOf(options.since, base::SystemClock().utcNow());
        if (!query.since) {
            Answer answer;
            answer.error =
                "--since: '" + options.since + "' is no moment. Expected 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now.\n";
            answer.exit = Exit::Usage;
            return print(answer);
        }
    }
    std::vector<AuditRow> rows;
    if (const auto read = desk::readAudit(*fleet, auditDesk(**fleet, options), query, [&](const AuditRow &row) { rows.push_back(row); });
        !read)
        return auditTrouble(read.error(), **fleet, options);
    std::reverse(rows.begin(), rows.end());
    Answer answer;
    TextTable table({{QStringLiteral("ROW"), true},
                     {QStringLiteral("AT")},
                     {QStringLiteral("BY")},
                     {QStringLiteral("ACTION")},
                     {QStringLiteral("SUBJECT")},
                     {QStringLiteral("REASON")}});
    for (const AuditRow &row : rows) {
        if (options.json)
            answer.line(jsonOf(row));
        else
            table.add({QString::number(row.seq), text(base::isoUtc(row.at)),
                       ui::format::personText({row.databaseUser, row.osUser, row.host}), text(row.action), text(row.subject),
                       text(row.reason)});
    }
    if (!options.json && rows.empty())
        answer.line(QStringLiteral("Nothing stands in the audit log for that time."));
    else if (!options.json)
        answer.add(table);
    return print(answer);
}

HeadsHere headsOf(const std::vector<record::KeptHead> &kept, const std::string &directory)
{
    HeadsHere heads;
    bool hasOwn = false;
    for (const record::KeptHead &one : kept) {
        hasOwn = hasOwn || one.directory == directory;
        if (directory.empty() || one.directory.empty() || one.directory == directory)
            heads.own.push_back(one.head);
        else
            ++heads.ofOthers;
    }
    heads.isNew = heads.ofOthers > 0 && !hasOwn;
    // Heads of before directories were named are of the one that came before, too.
    if (heads.isNew) {
        heads.ofOthers += heads.own.size();
        heads.own.clear();
    }
    return heads;
}

Answer auditVerdict(const facts::AuditChain &chain, const HeadsHere &heads, bool json)
{
    const std::size_t headsKept = heads.own.size();
    Answer answer;
    // Whoever puts another directory in this one's place gets rid of all its heads: that is told once, and never passes as well.
    answer.exit = chain.flaws().empty() && !heads.isNew ? Exit::Well : Exit::Problem;
    if (json) {
        std::string out;
        JsonWriter writer(out);
        writer.beginObject().member("verified", chain.flaws().empty()).member("rows", chain.rows());
        writer.member("heads_kept", static_cast<std::int64_t>(headsKept))
            .member("heads_met", static_cast<std::int64_t>(chain.headsMet()))
            .member("heads_of_other_directories", static_cast<std::int64_t>(heads.ofOthers))
            .member("another_directory", heads.isNew)
            .key("flaws")
            .beginArray();
        for (const facts::AuditFlaw &flaw : chain.flaws())
            writer.beginObject().member("fault", facts::name(flaw.fault)).member("from", flaw.from).member("to", flaw.to).endObject();
        writer.endArray().endObject();
        answer.line(out);
        return answer;
    }
    for (const facts::AuditFlaw &flaw : chain.flaws())
        answer.line(faultText(flaw));
    if (heads.isNew)
        answer.line(QStringLiteral("This is another directory than the one whose heads were kept here before (%1 of them): it was made anew, or "
                                   "another one was put in its place. Its log is verified from now on.")
                        .arg(heads.ofOthers));
    const QString rows = chain.rows() == 1 ? QStringLiteral("1 row") : QStringLiteral("%1 rows").arg(chain.rows());
    if (!chain.flaws().empty())
        answer.line(QStringLiteral("The log is not as it was written: %1 read.").arg(rows));
    else if (heads.isNew)
        answer.line(QStringLiteral("The chain of %1 is whole.").arg(rows));
    else if (headsKept == 0)
        answer.line(QStringLiteral("The chain of %1 is whole. No head was kept here before: whether its end was cut, or all of it made "
                                   "anew, is known from the next time on.")
                        .arg(rows));
    else
        answer.line(QStringLiteral("The chain of %1 is whole, and has all %2 heads that were kept here.").arg(rows).arg(headsKept));
    return answer;
}

Exit verifyAudit(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const QString path = record::auditHeadsPath(**fleet);
    const auto heads = record::auditHeadsKept(path);
    Answer failed;
    failed.exit = Exit::Failed;
    if (!heads) {
        failed.error = heads.error().message + "\n";
        return print(failed);
    }
    const auto identity = desk::directoryIdentity(*fleet, auditDesk(**fleet, options));
    const std::string directory = identity.value_or("");
    const HeadsHere here = headsOf(*heads, directory);
    facts::AuditChain chain(here.own);
    desk::AuditQuery all;
    all.isFromPrimary = true; // a standby that is behind would look like a log whose end was cut
    if (const auto read = desk::readAudit(*fleet, auditDesk(**fleet, options), all, [&](const AuditRow &row) { chain.take(row); }); !read)
        return auditTrouble(read.error(), **fleet, options);
    chain.end();
    Answer answer = auditVerdict(chain, here, options.json);
    // What is whole now is what the next look compares with.
    const bool isNew = chain.last() && std::find(heads->begin(), heads->end(), record::KeptHead{*chain.last(), directory}) == heads->end();
    if (chain.flaws().empty() && isNew) {
        if (const auto kept = record::keepAuditHead(path, {*chain.last(), directory}); !kept)
            answer.error = "Its head could not be kept: " + kept.error().message + "\n";
    }
    return print(answer);
}

Exit exportAudit(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    Answer answer;
    std::int64_t rows = 0;
    std::string out;
    const auto read = desk::readAudit(*fleet, auditDesk(**fleet, options), {}, [&](const AuditRow &row) {
        out += jsonOf(row) + "\n";
        ++rows;
    });
    if (!read)
        return auditTrouble(read.error(), **fleet, options);
    if (options.output.empty()) {
        answer.out = std::move(out);
        return print(answer);
    }
    QSaveFile file(QString::fromStdString(options.output));
    if (!file.open(QIODevice::WriteOnly) || file.write(out.data(), static_cast<qint64>(out.size())) != static_cast<qint64>(out.size()) ||
        !file.commit()) {
        answer.error = options.output + ": " + file.errorString().toStdString() + "\n";
        answer.exit = Exit::Failed;
        return print(answer);
    }
    answer.line(QStringLiteral("%1 rows are in %2.").arg(rows).arg(text(options.output)));
    return print(answer);
}

} // namespace shardlens::ctl
