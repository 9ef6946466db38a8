// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/AuditRows.h"

#include "core/facts/OwedAudit.h"
#include "ui/format/AuditText.h"
#include "ui/format/Beginning.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/pages/lookup/CardPanel.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

using facts::AuditRow;
using format::text;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using Holds = models::FactColumn::Holds;
using operate::OutlineRow;
using operate::OutlineRows;

namespace {

struct AuditRowsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::audit)
};

constexpr std::array<std::string_view, 2> auditStages{" begun", " ended"};
constexpr int shortReason = 16;
constexpr int shortValue = 40; ///< letters that stand beside a name; longer ones wrap under it

QString personIn(const AuditRow &row)
{
    return format::personText({row.databaseUser, row.osUser, row.host});
}

/// A problem is named by its rule and its places, with strokes between them, of which most are empty.
QString subjectIn(const AuditRow &row)
{
    if (row.subject.find('/') == std::string::npos || !row.action.starts_with("problem_"))
        return text(row.subject);
    QStringList parts = text(row.subject).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (!parts.isEmpty())
        parts.front().replace(QLatin1Char('_'), QLatin1Char(' '));
    return parts.join(QStringLiteral(", "));
}

FactCell orNone(const std::string &value)
{
    return value.empty() ? models::noneCell() : models::nameCell(text(value));
}

QString memberText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isBool())
        return value.toBool() ? AuditRowsWords::tr("yes") : AuditRowsWords::tr("no");
    if (value.isNull() || value.isUndefined())
        return QStringLiteral("-");
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

OutlineRow said(const std::string &id, const QString &name, const QString &value)
{
    if (value.size() <= shortValue)
        return cardFact(id, name, value);
    OutlineRow row;
    row.id = id;
    row.title = name;
    row.isQuiet = true;
    row.second = value;
    return row;
}

QJsonObject detailOf(const AuditRow &row)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(row.detail)).object();
}

OutlineRow hashRow(const AuditRow &row)
{
    OutlineRow hashes;
    hashes.id = "hash";
    hashes.hasShape = true;
    const bool agrees = row.hash == row.computed;
    hashes.shape = agrees ? theme::Shape::Dot : theme::Shape::Diamond;
    hashes.title = agrees ? AuditRowsWords::tr("Its hash is that of what it says") : AuditRowsWords::tr("Its hash is not that of what it says: it was edited");
    hashes.canOpen = true;
    hashes.details = {{AuditRowsWords::tr("hash"), {}, text(row.hash)}, {AuditRowsWords::tr("before"), AuditRowsWords::tr("of the row before"), text(row.previousHash)}};
    if (!agrees)
        hashes.details.push_back({AuditRowsWords::tr("made"), AuditRowsWords::tr("of what it says now"), text(row.computed)});
    return hashes;
}

} // namespace

std::string deedOf(const AuditRow &row)
{
    for (const std::string_view stage : auditStages) {
        if (row.action.size() > stage.size() && row.action.ends_with(stage))
            return row.action.substr(0, row.action.size() - stage.size());
    }
    return row.action;
}

QString deedText(const std::string &deed)
{
    return text(deed).replace(QLatin1Char('_'), QLatin1Char(' '));
}

bool AuditChoice::takes(const AuditRow &row) const
{
    return (people.empty() || people.contains(row.databaseUser)) && (deeds.empty() || deeds.contains(deedOf(row)));
}

std::vector<FactColumn> auditColumns(const fleet::Fleet &fleet)
{
    QStringList users;
    QStringList people;
    for (const fleet::DatabaseUser &user : fleet.access.users) {
        users << text(user.name);
        people << format::personText({user.name, "annamaria", "workstation8"});
    }
    return {{QStringLiteral("seq"), AuditRowsWords::tr("Row"), QStringLiteral("88,888"), Holds::Number, 4},
            {QStringLiteral("at"), AuditRowsWords::tr("At"), QStringLiteral("2028-08-28 08:08:08Z"), Holds::Words, 0},
            {QStringLiteral("by"), AuditRowsWords::tr("Who"), people.join(QLatin1Char('\n')), Holds::Name, 1, {}, users.join(QLatin1Char('\n'))},
            {QStringLiteral("action"), AuditRowsWords::tr("What"), QStringLiteral("maintenance marked"), Holds::Name, 0},
            {QStringLiteral("subject"), AuditRowsWords::tr("Of what"), QStringLiteral("key m:8888888888888888888"), Holds::Name, 2},
            {QStringLiteral("case"), AuditRowsWords::tr("Case"), QStringLiteral("CASE-8888"), Holds::Name, 5},
            {QStringLiteral("reason"), AuditRowsWords::tr("Reason"), AuditRowsWords::tr("kernel upgrade of the host, agreed with those who run it"), Holds::Name, 3, {}, format::widestBeginning(shortReason)}};
}

std::vector<FactRow> auditRows(const std::vector<AuditRow> &rows, const AuditChoice &choice)
{
    std::vector<FactRow> out;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (!choice.takes(*row))
            continue;
        FactCell number = models::nameCell(QString::number(row->seq));
        number.raw = qlonglong(row->seq);
        number.role = theme::ColourRole::Muted;
        FactCell at = models::nameCell(format::dateTime(row->at));
        at.raw = format::iso8601(row->at);
        FactCell action = models::nameCell(deedText(row->action));
        action.raw = text(row->action);
        if (const QString later = format::writtenLaterText(*row); !later.isEmpty())
            at.tip = AuditRowsWords::tr("It happened at %1").arg(later);
        FactCell by = models::nameCell(personIn(*row));
        by.brief = text(row->databaseUser);
        FactCell reason = orNone(row->reason);
        if (!row->reason.empty()) {
            reason.tip = reason.text;
            reason.brief = format::beginningOf(reason.text, shortReason, AuditRowsWords::tr("told"));
        }
        FactCell subject = row->subject.empty() ? models::noneCell() : models::nameCell(subjectIn(*row));
        subject.brief = format::beginningOf(subject.text, shortReason, QString(QChar(0x2026)));
        subject.tip = subject.text;
        out.push_back({std::to_string(row->seq), {std::move(number), std::move(at), std::move(by), std::move(action), std::move(subject), orNone(row->caseNumber), std::move(reason)}});
    }
    return out;
}

OutlineRows auditDetails(const AuditRow &row)
{
    OutlineRows rows;
    const auto add = [&rows](const char *id, const QString &name, const std::string &value) {
        if (!value.empty())
            rows.push_back(said(id, name, text(value)));
    };
    rows.push_back(said("at", AuditRowsWords::tr("At, by the directory’s clock"), format::dateTime(row.at)));
    if (const QString later = format::writtenLaterText(row); !later.isEmpty()) {
        rows.push_back(said("happened", AuditRowsWords::tr("It happened at, by its machine’s clock"), later));
        add("acted", AuditRowsWords::tr("Done as"), facts::writtenLater(row.detail)->databaseUser);
    }
    add("user", AuditRowsWords::tr("Database user, as the directory saw it"), row.databaseUser);
    add("os_user", AuditRowsWords::tr("At the machine, by its own word"), row.host.empty() ? row.osUser : row.osUser + " on " + row.host);
    rows.push_back(said("action", AuditRowsWords::tr("What"), deedText(row.action)));
    if (!row.subject.empty())
        rows.push_back(said("subject", AuditRowsWords::tr("Of what"), subjectIn(row)));
    add("reason", AuditRowsWords::tr("Reason"), row.reason);
    add("case", AuditRowsWords::tr("Case"), row.caseNumber);
    const QJsonObject detail = detailOf(row);
    for (auto member = detail.begin(); member != detail.end(); ++member) {
        if (member.key() == QLatin1String("row_id") || member.key() == QLatin1String("written_later"))
            continue; // told above, or of use to programs alone
        rows.push_back(said("detail/" + member.key().toStdString(), deedText(member.key().toStdString()), memberText(member.value())));
    }
    if (const std::string operation = operationIn(row); !operation.empty()) {
        OutlineRow link;
        link.id = "operation";
        link.title = AuditRowsWords::tr("Open this operation");
        link.link = link.title;
        rows.push_back(std::move(link));
    }
    rows.push_back(hashRow(row));
    return rows;
}

QString auditCsv(const std::vector<AuditRow> &rows, const AuditChoice &choice)
{
    QString out = QStringLiteral("seq,at,database_user,os_user,host,action,subject,reason,case_number,detail,previous_hash,hash\r\n");
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (choice.takes(*row))
            out += models::csvLine({QString::number(row->seq), format::iso8601(row->at), text(row->databaseUser), text(row->osUser), text(row->host), text(row->action), text(row->subject),
                                    text(row->reason), text(row->caseNumber), text(row->detail), text(row->previousHash), text(row->hash)});
    }
    return out;
}

std::string operationIn(const AuditRow &row)
{
    return detailOf(row).value(QStringLiteral("operation")).toString().toStdString();
}

} // namespace shardlens::ui::pages
