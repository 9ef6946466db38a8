// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/MaintenanceCommands.h"

#include "app/owed/Owed.h"
#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/EventCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/desk/Errand.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Times.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

using facts::Mark;

Exit usage(const std::string &words)
{
    Answer answer;
    answer.error = words + "\n";
    answer.exit = Exit::Usage;
    return print(answer);
}

std::string markJson(const Mark &mark, base::UtcTime now)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("kind", facts::name(mark.kind))
        .member("subject", mark.subject)
        .member("by", mark.by.databaseUser)
        .member("reason", mark.reason);
    json.member("since", base::isoUtc(mark.since));
    timeMember(json, "until", mark.until);
    json.member("overdue", mark.isOverdue(now)).endObject();
    return out;
}

} // namespace

std::optional<base::UtcTime> momentToCome(const std::string &words, base::UtcTime now)
{
    if (const auto at = base::parseIso(words))
        return at;
    const auto before = momentOf(words, now);
    return before ? std::optional(now + (now - *before)) : std::nullopt;
}

Exit listMarks(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const auto shared = desk::readOnce(*fleet, deskOptions(**fleet, options), base::SystemClock());
    if (!shared)
        return print(deskTrouble(shared.error(), **fleet, options, false));
    const base::UtcTime now = base::SystemClock().utcNow();
    Answer answer;
    TextTable table({{QStringLiteral("KIND")},
                     {QStringLiteral("SUBJECT")},
                     {QStringLiteral("BY")},
                     {QStringLiteral("SINCE")},
                     {QStringLiteral("UNTIL")},
                     {QStringLiteral("REASON")}});
    for (const Mark &mark : shared->marks) {
        if (mark.isOverdue(now))
            answer.exit = Exit::Problem;
        if (options.json)
            answer.line(markJson(mark, now));
        else
            table.add({text(std::string(facts::name(mark.kind))), text(mark.subject), text(mark.by.databaseUser),
                       text(base::isoUtc(mark.since)),
                       (mark.until ? text(base::isoUtc(*mark.until)) : QStringLiteral("-")) +
                           (mark.isOverdue(now) ? QStringLiteral(" (overdue)") : QString()),
                       text(mark.reason)});
    }
    if (!options.json && shared->marks.empty())
        answer.line(QStringLiteral("Nothing is marked for maintenance."));
    else if (!options.json)
        answer.add(table);
    return print(answer);
}

Exit changeMark(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    desk::MarkDeed deed;
    deed.what = options.command == Command::MaintenanceMark ? desk::MarkDeed::What::Set : desk::MarkDeed::What::Lift;
    deed.mark.subject = options.on;
    deed.mark.reason = options.reason;
    const auto &hosts = (*fleet)->hosts;
    const bool isHost = std::any_of(hosts.begin(), hosts.end(), [&](const fleet::Host &host) { return host.name.text() == options.on; });
    if (!isHost && !(*fleet)->server(base::ServerId(options.on)))
        return usage("The fleet has no server and no host '" + options.on + "'.");
    deed.mark.kind = isHost ? Mark::Kind::Host : Mark::Kind::Server;
    const bool isSet = deed.what == desk::MarkDeed::What::Set;
    if (isSet) {
        const base::UtcTime now = base::SystemClock().utcNow();
        deed.mark.until = momentToCome(options.until, now);
        if (!deed.mark.until || *deed.mark.until <= now)
            return usage("--until: '" + options.until +
                         "' is no moment to come. Expected 2026-11-28T03:00:00Z, or 30min, 2h, 1d from now.");
    }
    const auto done = desk::markOnce(*fleet, deskOptions(**fleet, options), deed);
    if (!done)
        return print(deskTrouble(done.error(), **fleet, options, true));
    (void)owed::handOver(*fleet, deskOptions(**fleet, options)); // the directory answers: it gets what waits for it here
    Answer answer;
    answer.exit = *done ? Exit::Well : Exit::Problem;
    if (options.json) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("written", *done)
            .member("kind", facts::name(deed.mark.kind))
            .member("subject", deed.mark.subject)
            .member("set", isSet);
        timeMember(json, "until", deed.mark.until);
        json.endObject();
        answer.line(out);
    } else if (isSet) {
        answer.line(text(deed.mark.subject) + QStringLiteral(" is in maintenance until ") + text(base::isoUtc(*deed.mark.until)) +
                    QStringLiteral(": no candidate, and what is wrong with it calls nobody."));
    } else {
        answer.line(*done ? text(deed.mark.subject) + QStringLiteral(" is no longer in maintenance.")
                          : text(deed.mark.subject) + QStringLiteral(" was not marked."));
    }
    return print(answer);
}

} // namespace shardlens::ctl
