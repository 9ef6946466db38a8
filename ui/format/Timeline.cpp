// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Timeline.h"

#include "ui/format/ClaimText.h"
#include "ui/format/EventText.h"
#include "ui/format/Evidence.h"
#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/ServingText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Snapshot;
using facts::UtcTime;

constexpr std::chrono::minutes around{30};

QString headLine(const Snapshot &snapshot)
{
    const QString environment = QString::fromUtf8(fleet::name(snapshot.fleet->environment).data());
    const QString head = Words::tr("Incident timeline of %1 (%2), written %3. All times are UTC.").arg(text(snapshot.fleet->name), environment, dateTime(snapshot.takenUtc));
    return snapshot.fleet->ownRegion.isEmpty() ? head : head + QLatin1Char(' ') + Words::tr("Seen from %1.").arg(text(snapshot.fleet->ownRegion.text()));
}

QString spanOf(const Problem &problem, std::optional<UtcTime> endedAt, const Snapshot &snapshot)
{
    const QString begun = (problem.since.exact                                   ? Words::tr("Began %1.")
                           : problem.since.at == snapshot.observingSinceUtc ? Words::tr("Began before %1, when observing began.")
                                                                            : Words::tr("Began before %1."))
                              .arg(dateTime(problem.since.at));
    const QString rest = endedAt ? Words::tr("Ended %1, after %2.").arg(dateTime(*endedAt), age(*endedAt - problem.since.at))
                                 : Words::tr("Still there at %1, after %2.").arg(dateTime(snapshot.takenUtc), age(snapshot.takenUtc - problem.since.at));
    return begun + QLatin1Char(' ') + rest;
}

/// A reading with who told it; moments with their date, and no ages: they would be relative to when this is read.
QString evidenceLine(const facts::Evidence &evidence)
{
    const auto *moment = std::get_if<UtcTime>(&evidence.value);
    const QString reading = moment ? readingName(evidence.reading) + QLatin1Char(' ') + dateTime(*moment) : evidenceShort(evidence);
    return evidence.source.isEmpty() ? reading : Words::tr("%1, told by %2").arg(reading, text(evidence.source.text()));
}

/// What it is, from when to when, whom it hits, who agrees, by which readings.
QStringList paragraphs(const Problem &problem, std::optional<UtcTime> endedAt, const Snapshot &snapshot)
{
    const ProblemText words = problemText(problem, snapshot);
    QStringList lines{words.line1 + QLatin1Char('.'), spanOf(problem, endedAt, snapshot)};
    if (const QString hit = impactText(problem); !hit.isEmpty())
        lines << Words::tr("Hit: %1.").arg(hit);
    if (!problem.alsoSeenBy.empty()) {
        QStringList others;
        for (const base::ServerId &server : problem.alsoSeenBy)
            others << text(server.text());
        lines << Words::tr("Servers that agree: %1.").arg(others.join(QLatin1String(", ")));
    }
    for (const facts::Evidence &evidence : problem.evidence)
        lines << QStringLiteral("  - ") + evidenceLine(evidence);
    for (const Problem &consequence : problem.consequences)
        lines << QStringLiteral("  - ") + Words::tr("follows: %1").arg(problemText(consequence, snapshot).line1);
    return lines;
}

/// Claims that hold, whatever the list of events has of them.
QStringList claimLines(const Problem &problem, const Snapshot &snapshot)
{
    QStringList lines;
    for (const auto kind : {facts::Claim::Kind::Claimed, facts::Claim::Kind::Quieted}) {
        const facts::Claim *claim = facts::claimOn(snapshot.shared.get(), problem, kind, snapshot.takenUtc);
        if (!claim)
            continue;
        lines << (kind == facts::Claim::Kind::Claimed
                      ? Words::tr("On it: %1, since %2.").arg(personText(claim->by), dateTime(claim->at))
                      : Words::tr("Quiet: %1, from %2 to %3: %4.").arg(personText(claim->by), dateTime(claim->at), claim->until ? dateTime(*claim->until) : Words::tr("no end"), text(claim->reason)));
    }
    return lines + otherConsoles(problem, snapshot);
}

QString changeLine(const QString &at, const QString &where, const QString &what)
{
    return QStringLiteral("  %1  %2  %3").arg(at.leftJustified(20), where.leftJustified(18), what);
}

/// A line an event, and a line a deed, oldest first.
QStringList eventLines(const facts::EventList &events, UtcTime from, UtcTime to, const Snapshot &snapshot, const std::vector<Happening> &done = {})
{
    std::vector<std::pair<UtcTime, QString>> changes;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->when.at < from || event->when.at > to)
            continue;
        const EventText words = eventText(*event, snapshot);
        const QString at = event->when.exact ? dateTime(event->when.at) : Words::tr("by %1").arg(dateTime(event->when.at));
        changes.emplace_back(event->when.at, changeLine(at, words.where, words.what));
    }
    for (const Happening &one : done) {
        if (one.at >= from && one.at <= to)
            changes.emplace_back(one.at, changeLine(dateTime(one.at), one.where, one.what));
    }
    std::stable_sort(changes.begin(), changes.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    QStringList lines;
    for (const auto &[at, line] : changes)
        lines << line;
    return lines;
}

QString finished(QStringList lines)
{
    return lines.join(QLatin1Char('\n')).replace(kNarrowSpace, QLatin1Char(' ')) + QLatin1Char('\n');
}

} // namespace

QStringList refusedNow(const Snapshot &snapshot)
{
    QStringList lines;
    for (const facts::ServingRow &row : snapshot.serving.rows) {
        for (const facts::ServingVerdict verdict : {facts::ServingVerdict::Refused, facts::ServingVerdict::Late}) {
            QStringList regions;
            std::optional<UtcTime> since;
            for (const facts::ServingCell &cell : row.cells) {
                if (cell.verdict != verdict)
                    continue;
                regions << text(cell.region.text());
                if (cell.failingSince)
                    since = std::min(since.value_or(*cell.failingSince), *cell.failingSince);
            }
            if (regions.isEmpty())
                continue;
            const bool isOne = isSingular(row);
            const bool isRefused = verdict == facts::ServingVerdict::Refused;
            const QString way = (isRefused ? (isOne ? Words::tr("%1 fails from %2") : Words::tr("%1 fail from %2"))
                                           : (isOne ? Words::tr("%1 gets no answer from %2") : Words::tr("%1 get no answer from %2")))
                                    .arg(servingRowName(row, snapshot), joinedNames(regions, 6));
            lines << QStringLiteral("  - ") + (since ? Words::tr("%1 since %2").arg(way, dateTime(*since)) : way);
        }
    }
    return lines;
}

QString timelineText(const Problem &problem, std::optional<UtcTime> endedAt, const Snapshot &snapshot)
{
    QStringList lines{headLine(snapshot), QString()};
    lines += paragraphs(problem, endedAt, snapshot);
    lines += claimLines(problem, snapshot);
    if (const QStringList refused = endedAt ? QStringList() : refusedNow(snapshot); !refused.isEmpty())
        lines << QString() << Words::tr("Refused now:") << refused;
    const UtcTime from = problem.since.at - around;
    const QStringList events = eventLines(*snapshot.events, from, endedAt ? *endedAt + around : snapshot.takenUtc, snapshot);
    lines << QString() << Words::tr("What changed, from %1 on:").arg(dateTime(from));
    if (events.isEmpty())
        lines << Words::tr("  nothing that was seen");
    lines += events;
    if (from < snapshot.observingSinceUtc)
        lines << Words::tr("This console has observed since %1; what it did not see before is not in the list.").arg(dateTime(snapshot.observingSinceUtc));
    return finished(lines);
}

QString timelineText(UtcTime from, const facts::EventList &events, const Snapshot &snapshot, const std::vector<Happening> &done)
{
    QStringList lines{headLine(snapshot), headlineFor(snapshot).sentence};
    for (const Problem &problem : snapshot.problems) {
        lines << QString();
        lines += paragraphs(problem, std::nullopt, snapshot);
        lines += claimLines(problem, snapshot);
    }
    // What ended, as the events have it: also of runs before this one.
    for (const facts::Event &event : events) {
        if (event.kind == facts::EventKind::ProblemEnded && event.problem && event.when.at >= from) {
            lines << QString();
            lines += paragraphs(*event.problem, event.when.at, snapshot);
        }
    }
    if (const QStringList refused = refusedNow(snapshot); !refused.isEmpty())
        lines << QString() << Words::tr("Refused now:") << refused;
    const QStringList changes = eventLines(events, from, snapshot.takenUtc, snapshot, done);
    lines << QString() << Words::tr("What changed, from %1 on:").arg(dateTime(from));
    if (changes.isEmpty())
        lines << Words::tr("  nothing that was seen");
    return finished(lines + changes);
}

} // namespace shardlens::ui::format
