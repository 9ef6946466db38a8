// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/ServerState.h"

#include "ui/charts/TopologyGraph.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"

namespace shardlens::ui::pages {

namespace {

/// Gives the functions of this file tr().
struct Said {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages)
};

facts::microseconds since(const facts::Snapshot &snapshot, facts::Instant then)
{
    return std::max(facts::microseconds(0), std::chrono::duration_cast<facts::microseconds>(snapshot.takenAt - then));
}

models::FactCell silentCell(const facts::Snapshot &snapshot, const facts::Observation &observation, facts::Freshness freshness)
{
    models::FactCell cell;
    const facts::Reach &reach = observation.reach;
    const QString error = reach.lastError ? format::text(reach.lastError->message) : QString();
    if (freshness == facts::Freshness::Down) {
        const auto silence = charts::silenceOf(snapshot, observation);
        const QString held = silence ? format::age(silence->lasted) : QString();
        cell.brief = !silence ? Said::tr("down") : silence->isAtLeast ? Said::tr("down > %1").arg(held) : Said::tr("down %1").arg(held);
        cell.text = error.isEmpty() ? cell.brief : QStringLiteral("%1: %2").arg(cell.brief, error);
        const auto severity = charts::worstAt(snapshot, observation.server);
        cell.role = severity ? theme::coloursOf(*severity).text : theme::ColourRole::Muted;
    } else {
        cell.text = cell.brief = observation.sampledAt ? Said::tr("%1 ago").arg(format::age(since(snapshot, *observation.sampledAt))) : Said::tr("no answer yet");
        cell.role = theme::ColourRole::Muted;
    }
    cell.tip = observation.sampledAt ? Said::tr("Last answer %1 ago.").arg(format::age(since(snapshot, *observation.sampledAt))) : Said::tr("No answer yet.");
    if (!error.isEmpty())
        cell.tip += QLatin1Char(' ') + error;
    cell.raw = cell.text;
    return cell;
}

} // namespace

models::FactCell serverStateCell(const facts::Snapshot &snapshot, const base::ServerId &server, const QString &words)
{
    const auto age = format::ageOf(snapshot, server);
    const auto *observation = snapshot.observation(server);
    if (!observation || age.freshness == facts::Freshness::Asking)
        return models::cellOf(format::formattedValue({}, age));
    if (age.freshness != facts::Freshness::Fresh)
        return silentCell(snapshot, *observation, age.freshness);
    auto cell = models::nameCell(words);
    cell.role = theme::ColourRole::Muted;
    if (observation->reach.state == facts::ReachState::Late && observation->reach.silentSince) {
        cell = troubledCell(Said::tr("late %1").arg(format::age(since(snapshot, *observation->reach.silentSince))), {}, facts::Severity::Warning);
    }
    if (age.age)
        cell.tip = Said::tr("read %1 ago").arg(format::age(*age.age));
    return cell;
}

models::FactCell troubledCell(const QString &words, const QString &brief, facts::Severity severity)
{
    auto cell = models::nameCell(words);
    cell.brief = brief.isEmpty() ? words : brief;
    cell.role = theme::coloursOf(severity).text;
    return cell;
}

QString widestServerState()
{
    return Said::tr("down > %1: %2").arg(QStringLiteral("88 min"), QStringLiteral("connection refused"));
}

QString briefestServerState()
{
    return QStringList{Said::tr("asking, %1").arg(QStringLiteral("8.8 s")), Said::tr("down > %1").arg(QStringLiteral("88 min")), Said::tr("%1 ago").arg(QStringLiteral("88 min"))}
        .join(QLatin1Char('\n'));
}

theme::Shape serverShape(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    if (const auto severity = charts::worstAt(snapshot, server))
        return theme::shapeOf(*severity);
    return theme::shapeOf(format::ageOf(snapshot, server).freshness);
}

} // namespace shardlens::ui::pages
