// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/Text.h"
#include "core/facts/Calm.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Evidence.h"
#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::Severity;

const char *nameOf(format::Headline::Verdict verdict)
{
    switch (verdict) {
    case format::Headline::Verdict::Asking: return "asking";
    case format::Headline::Verdict::Well: return "well";
    case format::Headline::Verdict::Unknown: return "unknown";
    case format::Headline::Verdict::Warning: return "warning";
    case format::Headline::Verdict::Critical: return "critical";
    }
    return "unknown";
}

std::size_t countOf(const facts::Snapshot &snapshot, Severity severity)
{
    return std::size_t(std::count_if(snapshot.problems.begin(), snapshot.problems.end(),
                                     [&](const auto &problem) { return problem.severity == severity; }));
}

void statusJson(Answer &answer, const facts::Snapshot &snapshot)
{
    const facts::AnswerCount answers = facts::countAnswers(snapshot);
    const format::Headline headline = format::headlineFor(snapshot);
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("fleet", snapshot.fleet->name).member("environment", fleet::name(snapshot.fleet->environment));
    nameMember(json, "from", snapshot.fleet->ownRegion);
    json.member("taken_at", base::isoUtc(snapshot.takenUtc))
        .member("verdict", nameOf(headline.verdict))
        .member("headline", plain(headline.sentence).toStdString());
    json.member("servers_answered", answers.answering).member("servers", answers.declared).key("regions_not_seen").beginArray();
    for (const QString &region : format::notSeenFromHere(snapshot).regions)
        json.value(region.toStdString());
    json.endArray();
    json.member("critical", countOf(snapshot, Severity::Critical)).member("warning", countOf(snapshot, Severity::Warning));
    json.member("unknown", countOf(snapshot, Severity::Unknown)).endObject();
    answer.line(out);
}

void statusText(Answer &answer, const facts::Snapshot &snapshot)
{
    const facts::AnswerCount answers = facts::countAnswers(snapshot);
    const format::Headline headline = format::headlineFor(snapshot);
    const std::string environment(fleet::name(snapshot.fleet->environment));
    const QString from = snapshot.fleet->ownRegion.isEmpty() ? QString() : QStringLiteral(", seen from ") + text(snapshot.fleet->ownRegion);
    answer.line(text(snapshot.fleet->name) + QStringLiteral(" (") + text(environment) + QLatin1Char(')') + from + QStringLiteral(", ") +
                format::dateTime(snapshot.takenUtc));
    answer.line(headline.sentence);
    answer.line(QStringLiteral("%1 of %2 servers answered.").arg(answers.answering).arg(answers.declared));
    for (const QString &more : {format::notSeenText(format::notSeenFromHere(snapshot)), headline.note, headline.notObserved}) {
        if (!more.isEmpty())
            answer.line(more);
    }
    if (snapshot.problems.empty())
        return;
    answer.line(QString());
    TextTable table(
        {{QStringLiteral("SEVERITY")}, {QStringLiteral("PROBLEM")}, {QStringLiteral("SINCE")}, {QStringLiteral("EVIDENCE AND IMPACT")}});
    for (const facts::Problem &problem : snapshot.problems) {
        const format::ProblemText words = format::problemText(problem, snapshot);
        const QString folded = format::consequencesText(problem);
        const QString second =
            folded.isEmpty() || words.line2.startsWith(folded) ? words.line2 : folded + QStringLiteral(". ") + words.line2;
        table.add(
            {text(std::string(facts::name(problem.severity))), words.line1, format::sinceShort(problem.since, snapshot.takenUtc), second});
    }
    answer.add(table);
}

void problemJson(Answer &answer, const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject();
    problemMembers(json, problem, snapshot);
    for (const auto &[key, kind] : {std::pair("claimed", facts::Claim::Kind::Claimed), std::pair("quieted", facts::Claim::Kind::Quieted)}) {
        const facts::Claim *claim = facts::claimOn(snapshot.shared.get(), problem, kind, snapshot.takenUtc);
        if (!claim) {
            json.key(key).null();
            continue;
        }
        json.key(key).beginObject().member("by", claim->by.databaseUser).member("os_user", claim->by.osUser).member("host", claim->by.host);
        json.member("at", base::isoUtc(claim->at)).member("reason", claim->reason);
        timeMember(json, "until", claim->until);
        json.endObject();
    }
    const facts::Mark *mark = facts::calmedBy(problem, snapshot);
    for (const auto &[key, isRegion] : {std::pair("evacuated", true), std::pair("maintenance", false)}) {
        if (!mark || (mark->kind == facts::Mark::Kind::Region) != isRegion) {
            json.key(key).null();
            continue;
        }
        json.key(key).beginObject().member("subject", mark->subject).member("by", mark->by.databaseUser).member("reason", mark->reason);
        timeMember(json, "until", mark->until);
        json.endObject();
    }
    json.endObject();
    answer.line(out);
}

} // namespace

Answer statusOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    if (options.json)
        statusJson(answer, snapshot);
    else
        statusText(answer, snapshot);
    // Ways that fail are no problem of a rule's at once, and what is not known is not well.
    answer.exit = format::headlineFor(snapshot).verdict == format::Headline::Verdict::Well ? exitFor(snapshot) : Exit::Problem;
    return answer;
}

Answer problemsOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    for (const facts::Problem &problem : snapshot.problems) {
        if (options.json) {
            problemJson(answer, problem, snapshot);
            continue;
        }
        const format::ProblemText words = format::problemText(problem, snapshot);
        answer.line(text(std::string(facts::name(problem.severity))) + QStringLiteral(": ") + words.sentence);
        if (!words.toDo.isEmpty())
            answer.line(QStringLiteral("  ") + words.toDo);
        const format::ClaimText claim = format::claimText(problem, snapshot);
        for (const QString &more : QStringList{claim.onIt, claim.quiet, claim.trouble} + claim.others) {
            if (!more.isEmpty())
                answer.line(QStringLiteral("  * ") + more);
        }
        for (const facts::Evidence &evidence : problem.evidence)
            answer.line(QStringLiteral("  - ") + format::evidenceText(evidence, snapshot.takenAt));
        for (const facts::Problem &folded : problem.consequences)
            answer.line(QStringLiteral("  > ") + format::problemText(folded, snapshot).line1);
    }
    if (snapshot.problems.empty() && !options.json) {
        const facts::AnswerCount answers = facts::countAnswers(snapshot);
        answer.line(QStringLiteral("No problem. %1 of %2 servers answered.").arg(answers.answering).arg(answers.declared));
    }
    answer.exit = exitFor(snapshot);
    return answer;
}

} // namespace shardlens::ctl
