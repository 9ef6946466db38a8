// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/HostRows.h"

#include "ui/charts/TopologyGraph.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"
#include "ui/pages/ServerState.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using campaign::Hosted;
using campaign::Part;
using format::text;
using models::FactCell;
using models::FactRow;
using models::nameCell;
using models::noneCell;
using Holds = models::FactColumn::Holds;
using theme::ColourRole;
using theme::Shape;

namespace {

struct HostWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::hosts)
};

std::ptrdiff_t countOfPart(const std::vector<Hosted> &hosted, Part part)
{
    return std::count_if(hosted.begin(), hosted.end(), [&](const Hosted &one) { return one.part == part; });
}

QString counted(std::ptrdiff_t number, const QString &one, const QString &many)
{
    return number == 1 ? one : many.arg(format::count(number));
}

FactCell hostStateCell(const facts::Snapshot &snapshot, const fleet::Host &host, const std::vector<Hosted> &hosted)
{
    if (const facts::Mark *mark = campaign::markOf(snapshot, host.name)) {
        const bool isOverdue = mark->isOverdue(snapshot.takenUtc);
        FactCell cell =
            nameCell(isOverdue ? HostWords::tr("overdue") : HostWords::tr("maintenance"), isOverdue ? Shape::Triangle : Shape::Wrench);
        cell.tip = hostMarkText(snapshot, host.name);
        return cell;
    }
    const auto inState = [&](facts::ReachState state) {
        return std::count_if(hosted.begin(), hosted.end(), [&](const Hosted &one) { return one.reach == state; });
    };
    if (const auto down = inState(facts::ReachState::Down); down > 0) {
        const bool isAll = down == std::ptrdiff_t(hosted.size());
        auto worst = facts::Severity::Warning;
        for (const Hosted &one : hosted) {
            const auto severity = charts::worstAt(snapshot, one.server);
            if (one.reach == facts::ReachState::Down && severity)
                worst = std::min(worst, *severity); // the worst comes first
        }
        return nameCell(isAll ? HostWords::tr("down") : HostWords::tr("%1 of %2 down").arg(down).arg(hosted.size()), theme::shapeOf(worst));
    }
    if (inState(facts::ReachState::Asking) > 0) {
        FactCell cell = nameCell(HostWords::tr("asking"), Shape::Ellipsis);
        cell.role = ColourRole::Muted;
        return cell;
    }
    if (hosted.empty())
        return noneCell(HostWords::tr("the fleet file names no server of it"));
    return nameCell(inState(facts::ReachState::Late) > 0 ? HostWords::tr("late") : HostWords::tr("answers"),
                    inState(facts::ReachState::Late) > 0 ? Shape::Triangle : Shape::Dot);
}

/// What each of that part is of, as a list; `none` where there is none.
FactCell ofCell(const std::vector<Hosted> &hosted, bool (*isMeant)(const Hosted &), const QString &none)
{
    QStringList names;
    for (const Hosted &one : hosted) {
        if (isMeant(one))
            names << (one.part == Part::Router ? HostWords::tr("router") : text(one.of));
    }
    names.removeDuplicates();
    return names.isEmpty() ? noneCell(none) : nameCell(names.join(QStringLiteral(", ")));
}

FactCell restCell(const std::vector<Hosted> &hosted)
{
    QStringList parts;
    const auto add = [&](Part part, const QString &one, const QString &many) {
        if (const auto number = countOfPart(hosted, part); number > 0)
            parts << counted(number, one, many);
    };
    add(Part::Standby, HostWords::tr("1 standby"), HostWords::tr("%1 standbys"));
    add(Part::Router, HostWords::tr("router"), HostWords::tr("%1 routers"));
    add(Part::Member, HostWords::tr("1 pool member"), HostWords::tr("%1 pool members"));
    add(Part::Unknown, HostWords::tr("1 not known"), HostWords::tr("%1 not known"));
    return parts.isEmpty() ? noneCell(HostWords::tr("nothing else")) : nameCell(parts.join(QStringLiteral(", ")));
}

FactCell planLink(const QString &words)
{
    FactCell cell = nameCell(words);
    cell.role = ColourRole::Accent;
    return cell;
}

FactCell hostedLagCell(const facts::Snapshot &snapshot, const Hosted &one)
{
    if (one.part != Part::Standby)
        return noneCell(HostWords::tr("it follows nobody"));
    return models::cellOf(format::formatted(one.lag, format::ageOf(snapshot, one.server), format::lag),
                          one.lag ? QVariant(std::chrono::duration<double>(*one.lag).count()) : QVariant());
}

FactCell goneCell(const Hosted &one)
{
    FactCell cell = nameCell(format::goneText(one));
    cell.tip = cell.text;
    cell.brief = format::elsewhereText(one);
    if (campaign::hasNoSecond(one))
        cell.role = ColourRole::WarningText;
    return cell;
}

QString namesOf(const auto &things)
{
    QStringList names;
    for (const auto &one : things)
        names << text(one.name.text());
    return names.join(QLatin1Char('\n'));
}

} // namespace

std::vector<models::FactColumn> hostColumns(const fleet::Fleet &fleet)
{
    const QString three = QStringLiteral("mediamap, sessions, u8");
    return {
        {QStringLiteral("state"),
         HostWords::tr("State"),
         HostWords::tr("maintenance") + QLatin1Char('\n') + HostWords::tr("%1 of %2 down").arg(8).arg(8),
         Holds::Words,
         0,
         {},
         {},
         true},
        {QStringLiteral("host"), HostWords::tr("Host"), namesOf(fleet.hosts), Holds::Name, 0},
        {QStringLiteral("region"), HostWords::tr("Region"), namesOf(fleet.regions), Holds::Name, 3},
        {QStringLiteral("primaries"), HostWords::tr("Primary of"), three, Holds::Name, 0,
         HostWords::tr("Clusters and Redis groups whose primary runs on it")},
        {QStringLiteral("rest"), HostWords::tr("Besides"),
         HostWords::tr("%1 standbys").arg(8) + QStringLiteral(", ") + HostWords::tr("router") + QStringLiteral(", ") +
             HostWords::tr("%1 pool members").arg(8),
         Holds::Name, 2},
        {QStringLiteral("no_second"), HostWords::tr("Without a second"), three, Holds::Name, 1,
         HostWords::tr("What nobody elsewhere does once it is gone")},
        {QStringLiteral("plan"), QString(), HostWords::tr("Take down…") + QLatin1Char('\n') + HostWords::tr("Bring back…"), Holds::Words,
         0},
    };
}

std::vector<FactRow> hostRows(const facts::Snapshot &snapshot)
{
    std::vector<FactRow> rows;
    for (const fleet::Host &host : snapshot.fleet->hosts) {
        const std::vector<Hosted> hosted = campaign::hostedOn(snapshot, host.name);
        FactCell alone = ofCell(
            hosted, [](const Hosted &one) { return campaign::hasNoSecond(one); }, HostWords::tr("all of it is done elsewhere too"));
        if (std::any_of(hosted.begin(), hosted.end(), campaign::hasNoSecond))
            alone.role = ColourRole::WarningText;
        rows.push_back({host.name.text(),
                        {hostStateCell(snapshot, host, hosted), nameCell(text(host.name.text())), nameCell(text(host.region.text())),
                         ofCell(
                             hosted, [](const Hosted &one) { return one.part == Part::Primary; }, HostWords::tr("no primary runs on it")),
                         restCell(hosted), alone,
                         planLink(campaign::markOf(snapshot, host.name) ? HostWords::tr("Bring back…") : HostWords::tr("Take down…"))}});
    }
    return rows;
}

QString hostSummary(const facts::Snapshot &snapshot)
{
    const auto &hosts = snapshot.fleet->hosts;
    const auto howMany = [&](const auto &is) {
        return std::count_if(hosts.begin(), hosts.end(), [&](const fleet::Host &host) { return is(host.name); });
    };
    QStringList parts{counted(std::ptrdiff_t(hosts.size()), HostWords::tr("1 host"), HostWords::tr("%1 hosts"))};
    if (const auto marked = howMany([&](const base::HostName &name) { return campaign::markOf(snapshot, name) != nullptr; }); marked > 0)
        parts << HostWords::tr("%1 in maintenance").arg(format::count(marked));
    return parts.join(QStringLiteral(", "));
}

std::vector<models::FactColumn> hostedColumns(const fleet::Fleet &fleet)
{
    QStringList servers;
    for (const fleet::Server &server : fleet.servers)
        servers << text(server.id.text());
    return {
        {QStringLiteral("server"), HostWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("does"), HostWords::tr("What it does"), HostWords::tr("pool member of %1").arg(QStringLiteral("cache-us-east")),
         Holds::Name, 0},
        {QStringLiteral("state"), HostWords::tr("State"), widestServerState(), Holds::Words, 1, {}, briefestServerState()},
        {QStringLiteral("lag_seconds"), HostWords::tr("Lag"),
         format::widestLag() + QLatin1Char('\n') + models::FactTableModel::tr("unknown"), Holds::Number, 2},
        {QStringLiteral("without"), HostWords::tr("Once the host is gone"),
         HostWords::tr("%1 has one standby left: %2").arg(QStringLiteral("directory"), QStringLiteral("directory-us-west")) +
             QStringLiteral(". ") + HostWords::tr("The log that it lacks is kept without a limit in sight") + QLatin1Char('.'),
         Holds::Words, 0, HostWords::tr("Who does so elsewhere, and how long it may stay away"),
         HostWords::tr("no second") + QLatin1Char('\n') + HostWords::tr("%1 elsewhere").arg(8)},
    };
}

std::vector<FactRow> hostedRows(const facts::Snapshot &snapshot, const base::HostName &host)
{
    std::vector<FactRow> rows;
    for (const Hosted &one : campaign::hostedOn(snapshot, host)) {
        FactCell name = nameCell(text(one.server.text()), serverShape(snapshot, one.server));
        rows.push_back({one.server.text(),
                        {name, nameCell(format::partOf(one)), serverStateCell(snapshot, one.server, HostWords::tr("answers")),
                         hostedLagCell(snapshot, one), goneCell(one)}});
    }
    return rows;
}

QString hostMarkText(const facts::Snapshot &snapshot, const base::HostName &host)
{
    const facts::Mark *mark = campaign::markOf(snapshot, host);
    if (!mark)
        return {};
    const QString by = text(mark->by.databaseUser);
    if (!mark->until)
        return HostWords::tr("in maintenance by %1: %2").arg(by, text(mark->reason));
    const QString until = format::clockMinute(*mark->until, snapshot.takenUtc);
    return mark->isOverdue(snapshot.takenUtc)
               ? HostWords::tr("in maintenance, and was to be until %1, by %2: %3").arg(until, by, text(mark->reason))
               : HostWords::tr("in maintenance until %1 by %2: %3").arg(until, by, text(mark->reason));
}

} // namespace shardlens::ui::pages
