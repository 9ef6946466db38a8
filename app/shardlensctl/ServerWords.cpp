// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/ServerWords.h"

#include "app/shardlensctl/Text.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

std::string roleOf(const facts::Observation &observation)
{
    if (const auto *postgres = observation.postgres())
        return postgres->inRecovery ? "standby" : "primary";
    if (const auto *redis = observation.redis())
        return redis->isPrimary ? "primary" : "replica";
    if (observation.router())
        return "router";
    return observation.memcached() ? "cache" : "";
}

QString stateWords(const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::Reach &reach = observation.reach;
    const QString why = reach.lastError ? QStringLiteral(": ") + text(reach.lastError->message) : QString();
    const QString silent =
        reach.silentSince
            ? QLatin1Char(' ') + ui::format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *reach.silentSince))
            : QString();
    switch (reach.state) {
    case facts::ReachState::Asking: return QStringLiteral("asking");
    case facts::ReachState::Answering: return QStringLiteral("answering");
    case facts::ReachState::Late: return QStringLiteral("late") + silent + why;
    case facts::ReachState::Down: return QStringLiteral("down") + silent + why;
    }
    return {};
}

bool isFresh(const facts::Observation *observation, const facts::Snapshot &snapshot)
{
    return observation && facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
}

QString agedWords(const QString &value, bool fresh)
{
    const bool isNoValue = value.isEmpty() || value == QLatin1String("-") || value.startsWith(QLatin1String("unknown"));
    return fresh || isNoValue ? value : QLatin1Char('(') + value + QLatin1Char(')');
}

QString bracketsWords()
{
    return QStringLiteral("(In brackets: from the last answer, before the silence that STATE tells.)");
}

} // namespace shardlens::ctl
