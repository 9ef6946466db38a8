// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/AuditCommands.h"

#include "app/owed/Owed.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/EventCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/AuditReading.h"
#include "core/desk/AuditVerifying.h"
#include "core/desk/Errand.h"
#include "core/facts/OwedAudit.h"
#include "core/record/AuditHeads.h"
#include "ui/format/AuditText.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Times.h"

#include <QSaveFile>

#include <algorithm>
#include <cstdio>

namespace shardlens::ctl {

namespace {

using facts::AuditRow;

constexpr std::int64_t usualLimit = 50;

Exit auditTrouble(const base::Error &error, const fleet::Fleet &fleet, const Options &options)
{
    Answer answer;
    answer.exit = error.code == base::ErrorCode::NoRights ? Exit::Problem : Exit::Failed;
    answer.error = plain(ui::format::auditTroubleText(error, desk::actsAs(fleet, options.user))).toStdString() + "\n";
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
    const auto later = facts::writtenLater(row.detail);
    timeMember(json, "happened_at", later ? std::optional(later->at) : std::nullopt);
    json.member("previous_hash", row.previousHash).member("hash", row.hash).member("hashed", row.hashed).endObject();
    return out;
}

/// " (of 2026-11-28T03:00:00.000Z, written later)".
QString laterText(const AuditRow &row)
{
    const auto later = facts::writtenLater(row.detail);
    return later ? QStringLiteral(" (of %1, written later)").arg(text(base::isoUtc(later->at))) : QString();
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
    // First, so that the list has them.
    const auto handed = owed::handOver(*fleet, deskOptions(**fleet, options));
    const QStringList waiting = ui::format::auditWaitingText(owed::waitingOf(handed), handed ? handed->written : 0, desk::actsAs(**fleet, options.user));
    for (const QString &line : waiting)
        std::fprintf(stderr, "%s\n", plain(line).toStdString().c_str());
    std::vector<AuditRow> rows;
    if (const auto read = desk::readAudit(*fleet, auditDesk(**fleet, options), query, [&](const AuditRow &row) {
            rows.push_back(row);
            return true;
        });
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
                       ui::format::personText({row.databaseUser, row.osUser, row.host}), text(row.action) + laterText(row), text(row.subject),
                       text(row.reason)});
    }
    if (!options.json && rows.empty())
        answer.line(QStringLiteral("Nothing stands in the audit log for that time."));
    else if (!options.json)
        answer.add(table);
    return print(answer);
}

Answer auditAnswer(const facts::AuditVerdict &verdict, bool json)
{
    Answer answer;
    // Whoever puts another directory in this one's place gets rid of all its heads: that is told once, and never passes as well.
    answer.exit = verdict.isWhole() ? Exit::Well : Exit::Problem;
    if (!verdict.headTrouble.empty())
        answer.error = "Its head could not be kept: " + verdict.headTrouble + "\n";
    if (!json) {
        for (const QString &line : ui::format::auditVerdictText(verdict))
            answer.line(line);
        return answer;
    }
    std::string out;
    JsonWriter writer(out);
    writer.beginObject().member("verified", verdict.flaws.empty()).member("rows", verdict.rows);
    writer.member("heads_kept", static_cast<std::int64_t>(verdict.headsKept))
        .member("heads_met", static_cast<std::int64_t>(verdict.headsMet))
        .member("heads_of_other_directories", static_cast<std::int64_t>(verdict.headsOfOthers))
        .member("another_directory", verdict.isAnotherDirectory)
        .key("flaws")
        .beginArray();
    for (const facts::AuditFlaw &flaw : verdict.flaws)
        writer.beginObject().member("fault", facts::name(flaw.fault)).member("from", flaw.from).member("to", flaw.to).endObject();
    writer.endArray().endObject();
    answer.line(out);
    return answer;
}

Exit verifyAudit(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const QString path = record::auditHeadsPath(**fleet);
    const auto kept = record::auditHeadsKept(path);
    if (!kept) {
        Answer failed;
        failed.exit = Exit::Failed;
        failed.error = kept.error().message + "\n";
        return print(failed);
    }
    auto verdict = desk::verifyAudit(*fleet, auditDesk(**fleet, options), *kept);
    if (!verdict)
        return auditTrouble(verdict.error(), **fleet, options);
    const auto written = verdict->toKeep ? record::keepAuditHead(path, *verdict->toKeep) : base::Result<void>();
    if (!written)
        verdict->headTrouble = written.error().message;
    return print(auditAnswer(*verdict, options.json));
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
        return true;
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
