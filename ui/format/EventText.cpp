// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/EventText.h"

#include "core/base/Iso8601.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::Event;
using facts::EventKind;
using Sort = EventText::Sort;

/// How long something lasted that began at a time written down.
QString lasted(const std::string &from, facts::UtcTime to)
{
    const auto begun = base::parseIso(from);
    return begun && *begun < to ? age(to - *begun) : QString();
}

QString changed(const Event &event)
{
    const QString what = text(event.subject);
    if (event.before.empty())
        return Words::tr("%1 is now %2").arg(what, text(event.after));
    return Words::tr("%1 changed from %2 to %3").arg(what, text(event.before), event.after.empty() ? Words::tr("nothing") : text(event.after));
}

/// What was claimed: the problem in short, else its id.
QString problemOf(const Event &event, const facts::Snapshot &snapshot)
{
    return event.problem ? problemText(*event.problem, snapshot).line1 : text(event.subject);
}

QString whatOf(const Event &event, const facts::Snapshot &snapshot)
{
    switch (event.kind) {
    case EventKind::ServerRestarted: return event.before.empty() ? Words::tr("started") : Words::tr("restarted");
    case EventKind::RoleChanged: return event.after == "primary" ? Words::tr("is now the primary") : Words::tr("is now a %1, was the primary").arg(text(event.after));
    case EventKind::TimelineChanged: return Words::tr("timeline %1, was %2").arg(text(event.after), text(event.before));
    case EventKind::SettingChanged: return changed(event);
    case EventKind::RouterTargetChanged: return Words::tr("%1 leads to %2, was %3").arg(text(event.subject), text(event.after), text(event.before));
    case EventKind::RouterPauseChanged: return event.after == "paused" ? Words::tr("%1 paused").arg(text(event.subject)) : Words::tr("%1 resumed").arg(text(event.subject));
    case EventKind::ProblemBegan: return event.problem ? problemText(*event.problem, snapshot).line1 : Words::tr("a problem began");
    case EventKind::ProblemEnded: {
        const QString line = event.problem ? problemText(*event.problem, snapshot).line1 : Words::tr("a problem");
        const QString time = lasted(event.before, event.when.at);
        return time.isEmpty() ? Words::tr("ended: %1").arg(line) : Words::tr("ended after %1: %2").arg(time, line);
    }
    case EventKind::ServerLost: return event.after.empty() ? Words::tr("answers no more") : Words::tr("answers no more: %1").arg(text(event.after));
    case EventKind::ServerBack: {
        const QString time = lasted(event.before, event.when.at);
        return time.isEmpty() ? Words::tr("answers again") : Words::tr("answers again after %1").arg(time);
    }
    case EventKind::ProblemClaimed: return Words::tr("%1 is on it: %2").arg(text(event.after), problemOf(event, snapshot));
    case EventKind::ProblemReleased: return Words::tr("%1 is no longer on it: %2").arg(text(event.before), problemOf(event, snapshot));
    case EventKind::ProblemQuieted: return Words::tr("quieted by %1 (%2): %3").arg(text(event.after), text(event.before), problemOf(event, snapshot));
    case EventKind::ProblemUnquieted: return Words::tr("no longer quieted by %1: %2").arg(text(event.before), problemOf(event, snapshot));
    case EventKind::ConsoleStalled: return Words::tr("did not look for %1").arg(lasted(event.before, event.when.at));
    }
    return {};
}

Sort sortOf(EventKind kind)
{
    switch (kind) {
    case EventKind::ServerRestarted:
    case EventKind::RoleChanged:
    case EventKind::TimelineChanged: return Sort::Role;
    case EventKind::SettingChanged:
    case EventKind::RouterTargetChanged:
    case EventKind::RouterPauseChanged: return Sort::Setting;
    case EventKind::ProblemBegan:
    case EventKind::ServerLost: return Sort::Began;
    case EventKind::ProblemEnded:
    case EventKind::ServerBack: return Sort::Ended;
    case EventKind::ProblemClaimed:
    case EventKind::ProblemReleased:
    case EventKind::ProblemQuieted:
    case EventKind::ProblemUnquieted: return Sort::Claim;
    case EventKind::ConsoleStalled: return Sort::Console;
    }
    return Sort::Role;
}

/// What happened to a server is told of the server, whatever it belongs to.
QString whereOf(const Event &event)
{
    switch (event.kind) {
    case EventKind::ConsoleStalled: return Words::tr("this console");
    case EventKind::ServerRestarted:
    case EventKind::RoleChanged:
    case EventKind::SettingChanged:
    case EventKind::RouterTargetChanged:
    case EventKind::RouterPauseChanged:
    case EventKind::ServerLost:
    case EventKind::ServerBack:
        if (!event.place.server.isEmpty())
            return text(event.place.server.text());
        break;
    default: break;
    }
    return placeName(event.place);
}

QString countText(std::int64_t number, const QString &one, const QString &many, const QString &last)
{
    return (number == 1 ? one : many.arg(count(number))) + QLatin1String(" (") + last + QLatin1Char(')');
}

/// "no setting, role or router change, no restart": of what did not happen, in few words. Empty names: all did.
QString noneText(const QStringList &unchanged, bool noRestart)
{
    QStringList parts;
    if (unchanged.size() > 1)
        parts << Words::tr("no %1 or %2 change").arg(unchanged.mid(0, unchanged.size() - 1).join(QLatin1String(", ")), unchanged.back());
    else if (!unchanged.isEmpty())
        parts << Words::tr("no %1 change").arg(unchanged.front());
    if (noRestart)
        parts << Words::tr("no restart");
    return parts.join(QLatin1String(", "));
}

} // namespace

EventText eventText(const Event &event, const facts::Snapshot &snapshot)
{
    EventText out;
    out.sort = sortOf(event.kind);
    // A change between two readings is at most an interval older than the newer one; that is not said of each.
    out.at = clockTime(event.when.at, snapshot.takenUtc);
    if (!event.when.exact && event.kind == EventKind::ProblemBegan)
        out.at = Words::tr("before %1").arg(out.at);
    out.where = whereOf(event);
    out.what = whatOf(event, snapshot);
    return out;
}

QString beforeText(const facts::Snapshot &snapshot)
{
    const auto running = std::find_if(snapshot.problems.begin(), snapshot.problems.end(), [](const facts::Problem &problem) { return problem.severity != facts::Severity::Unknown; });
    if (running == snapshot.problems.end() || !running->since.exact)
        return {};
    const auto until = running->since.at;
    const auto from = until - std::chrono::minutes(30);
    struct Tally {
        std::int64_t number = 0;
        QString last;
    };
    Tally restarts, starts, roles, settings, routers;
    auto earliest = until;
    const auto add = [&](Tally &tally, const Event &event) {
        if (tally.number++ == 0) // newest first
            tally.last = clockMinute(event.when.at, snapshot.takenUtc);
        earliest = std::min(earliest, event.when.at);
    };
    for (const Event &event : *snapshot.events) {
        if (event.when.at > until || event.when.at < from)
            continue;
        switch (event.kind) {
        case EventKind::ServerRestarted: add(event.before.empty() ? starts : restarts, event); break;
        case EventKind::RoleChanged: add(roles, event); break;
        case EventKind::SettingChanged: add(settings, event); break;
        case EventKind::RouterTargetChanged:
        case EventKind::RouterPauseChanged: add(routers, event); break;
        default: break;
        }
    }
    const auto seen = std::max(from, snapshot.observingSinceUtc);
    QStringList parts;
    QStringList unchanged;
    const auto tell = [&](const Tally &tally, const QString &one, const QString &many, const QString &name) {
        if (tally.number > 0)
            parts << countText(tally.number, one, many, tally.last);
        else if (!name.isEmpty())
            unchanged << name;
    };
    tell(settings, Words::tr("1 setting changed"), Words::tr("%1 settings changed"), Words::tr("setting"));
    tell(restarts, Words::tr("1 restart"), Words::tr("%1 restarts"), {});
    tell(starts, Words::tr("1 start"), Words::tr("%1 starts"), {});
    tell(roles, Words::tr("1 role change"), Words::tr("%1 role changes"), Words::tr("role"));
    tell(routers, Words::tr("1 router change"), Words::tr("%1 router changes"), Words::tr("router"));
    if (const QString none = noneText(unchanged, restarts.number + starts.number == 0); !none.isEmpty())
        parts << none;
    const QString when = clockMinute(until, snapshot.takenUtc);
    if (seen >= until)
        return Words::tr("What changed before %1 is not known: observing began after it").arg(when);
    QString span = Words::tr("In the 30 min before %1: %2").arg(when);
    if (seen > from) {
        const QString began = clockMinute(seen, snapshot.takenUtc);
        // Servers tell when they started, also where nobody looked yet.
        span = earliest < seen ? Words::tr("In the 30 min before %1, observed since %2: %3").arg(when, began)
                               : Words::tr("From %1, when observing began, to %2: %3").arg(began, when);
    }
    return span.arg(parts.join(QLatin1String(", ")));
}

} // namespace shardlens::ui::format
