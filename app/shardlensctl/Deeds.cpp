// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Deeds.h"

#include "app/shardlensctl/AuditCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Text.h"
#include "core/base/Json.h"
#include "core/facts/OwedAudit.h"
#include "core/record/OperationJournal.h"
#include "ui/format/ClaimText.h"
#include "ui/format/OperationText.h"

#include <algorithm>
#include <set>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using execute::Operation;

QString spaced(std::string_view word)
{
    return text(std::string(word)).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString withReason(const QString &words, const std::string &reason)
{
    return reason.empty() ? words : words + QStringLiteral(": ") + text(reason);
}

/// "switchover to u1-us-west".
QString actText(const QString &act, const QString &to)
{
    return to.isEmpty() ? act : act + QStringLiteral(" to ") + to;
}

std::string member(const nlohmann::json &object, const char *key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool endsWith(const std::string &whole, std::string_view end)
{
    return whole.size() > end.size() && whole.compare(whole.size() - end.size(), end.size(), end) == 0;
}

} // namespace

std::vector<Deed> deedsOf(const Operation &operation, bool runs)
{
    const QString where = text(operation.on.isEmpty() ? operation.subject() : operation.on.text());
    const QString act = actText(spaced(name(operation.act)), text(operation.to));
    std::vector<Deed> deeds;
    deeds.push_back({operation.id, false,
                     {operation.beganAt, where, withReason(QStringLiteral("%1 begun by %2").arg(act, format::authorText(operation.author)), operation.reason)}});
    if (operation.endedAt) {
        const QString sentence = format::outcomeSentence(operation, runs);
        deeds.push_back({operation.id, true, {*operation.endedAt, where, QStringLiteral("%1: %2").arg(act, sentence.isEmpty() ? format::outcomeWord(operation, runs) : sentence)}});
    }
    return deeds;
}

std::optional<Deed> deedOf(const facts::AuditRow &row)
{
    const bool hasEnded = endsWith(row.action, " ended");
    if (!hasEnded && !endsWith(row.action, " begun"))
        return std::nullopt;
    const nlohmann::json detail = base::readJson(row.detail);
    Deed deed;
    deed.operation = member(detail, "operation").empty() ? member(detail, "campaign") : member(detail, "operation");
    deed.hasEnded = hasEnded;
    const auto later = facts::writtenLater(row.detail);
    deed.words.at = later ? later->at : row.at; // when it was done: the row's own time is when the directory answered again
    deed.words.where = text(row.subject.substr(row.subject.find(' ') + 1));
    const QString act = actText(spaced(std::string_view(row.action).substr(0, row.action.size() - std::string_view(" ended").size())), text(member(detail, "to")));
    const QString said = text(member(detail, "said"));
    if (hasEnded)
        deed.words.what = QStringLiteral("%1: %2").arg(act, spaced(member(detail, "outcome"))) + (said.isEmpty() ? QString() : QStringLiteral(". ") + said);
    else
        deed.words.what = withReason(QStringLiteral("%1 begun by %2").arg(act, format::personText({row.databaseUser, row.osUser, row.host})), row.reason);
    return deed;
}

std::vector<Deed> deedsBetween(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options, base::UtcTime from, base::UtcTime to)
{
    std::vector<Deed> deeds;
    std::set<std::string> own;
    const QString folder = record::operationsFolder(*fleet);
    const auto kept = record::operationsIn(folder);
    for (std::size_t i = 0; kept && i < kept->size(); ++i) {
        const auto lines = record::readJournal(folder, (*kept)[i].id);
        const auto operation = lines ? execute::operationOf(lines->lines) : base::fail(lines.error());
        if (!operation)
            continue;
        own.insert(operation->id);
        for (Deed &deed : deedsOf(*operation, (*kept)[i].isWritten))
            deeds.push_back(std::move(deed));
    }
    desk::AuditQuery query;
    query.since = from;
    const auto read = desk::readAudit(fleet, auditDesk(*fleet, options), query, [&](const facts::AuditRow &row) {
        auto deed = deedOf(row);
        if (deed && !own.contains(deed->operation))
            deeds.push_back(std::move(*deed));
        return true;
    });
    if (!read && fleet->directory)
        std::fprintf(stderr, "Operations of other machines are not told: the directory's audit log could not be read.\n");
    std::erase_if(deeds, [&](const Deed &deed) { return deed.words.at < from || deed.words.at > to; });
    std::stable_sort(deeds.begin(), deeds.end(), [](const Deed &a, const Deed &b) { return a.words.at < b.words.at; });
    return deeds;
}

std::string jsonOf(const Deed &deed)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("at", base::isoUtc(deed.words.at))
        .member("at_is_exact", true)
        .member("kind", deed.hasEnded ? "operation_ended" : "operation_begun")
        .member("operation", orNull(deed.operation))
        .member("subject", plain(deed.words.where).toStdString())
        .member("words", plain(deed.words.what).toStdString())
        .endObject();
    return out;
}

} // namespace shardlens::ctl
