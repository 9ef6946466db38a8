// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ColdPoolText.h"

#include "core/facts/ReadRoom.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

QString roomText(const facts::Snapshot &snapshot, const base::RegionName &region)
{
    const auto room = facts::readRoomOf(snapshot, region);
    if (!room)
        return Words::tr("what its read databases could still take is not known");
    const QString waiting = room->waiting > 0 ? Words::tr("%1 clients wait for one", nullptr, room->waiting).arg(count(room->waiting)) : Words::tr("nobody waits for one");
    return Words::tr("the fullest of its read databases, %1, has %2 of %3 connections open, %4 active, and %5")
        .arg(text(room->fullest.text()), count(room->connections), count(room->most), count(room->active), waiting);
}

} // namespace

std::optional<double> readsBeyondUsual(const facts::Snapshot &snapshot, const fleet::Pool &pool, const facts::WarmUp &warmUp)
{
    const auto *facts = snapshot.pool(pool.name);
    return facts && facts->getsPerSecond ? std::optional(*facts->getsPerSecond * std::max(0.0, warmUp.usual - warmUp.hits)) : std::nullopt;
}

QString coldPoolText(const facts::Snapshot &snapshot, const fleet::Pool &pool, const facts::WarmUp &warmUp)
{
    const QString end = warmUp.left ? Words::tr("at this slope as usual in about %1").arg(age(*warmUp.left)) : Words::tr("it does not rise now");
    const auto beyond = readsBeyondUsual(snapshot, pool, warmUp);
    const QString reads = beyond ? Words::tr("About %1 more than usual go to the databases").arg(rate(*beyond)) : Words::tr("How many more go to the databases is not known");
    return Words::tr("%1 is cold: %2 of its reads find something, usually %3; %4. %5; %6.")
        .arg(text(pool.name.text()), hitRate(warmUp.hits), hitRate(warmUp.usual), end, reads, roomText(snapshot, pool.region));
}

} // namespace shardlens::ui::format
