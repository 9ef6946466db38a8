// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/derive/Population.h"
#include "core/facts/rules/Rules.h"
#include "tests/fixtures/Dump.h"
#include "tests/fixtures/Snapshots.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

/// What the tests of problems share: the world they play in, what is told there, and how a server is changed.
namespace shardlens::facts {

using fixtures::World;

using Edit = std::function<void(Observation &)>;
using Change = std::function<void(Snapshot &)>;

inline World world()
{
    return World(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
}

inline QString idsOf(const SnapshotPtr &snapshot)
{
    QStringList ids;
    for (const Problem &problem : snapshot->problems)
        ids << QString::fromUtf8(name(problem.rule).data()) + " " + QString::fromStdString(problem.place.server.text());
    return ids.join(", ");
}

/// Who lost it too.
inline QString othersOf(const Problem &problem)
{
    QStringList others;
    for (const base::ServerId &id : problem.alsoSeenBy)
        others << QString::fromStdString(id.text());
    return others.join(QLatin1Char(' '));
}

/// What one rule finds in a snapshot as it is, unfolded.
inline std::vector<Problem> foundIn(const Snapshot &snapshot, Rule rule)
{
    auto found = rules::judge(snapshot, derive::Population(*snapshot.shardMap, *snapshot.fleet));
    std::erase_if(found, [rule](const Problem &one) { return one.rule != rule; });
    return found;
}

template <class Kind>
std::function<void(Observation &)> editing(std::function<void(Kind &)> change)
{
    return [change](Observation &o) {
        Kind sample = std::get<Kind>(o.sample);
        change(sample);
        o.sample = sample;
    };
}

} // namespace shardlens::facts

Q_DECLARE_METATYPE(shardlens::facts::Edit)
Q_DECLARE_METATYPE(shardlens::facts::Change)
