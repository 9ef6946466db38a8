// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/cacheflow/HotKeys.h"
#include "core/facts/InvalidatorReport.h"

#include <QMetaType>
#include <QObject>

namespace shardlens::ui::pages {

/// Where watching a region's hot keys, and measuring the staleness of its cached items, is asked for and told. Who wires the console does
/// it in other threads; pages ask and listen, and wait for nothing. One watch at a time: a new one ends the one before. It asks no server
/// itself. GUI thread.
class CacheBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] bool isAnswered() const; ///< somebody watches when asked to

    void watchHotKeys(const base::RegionName &region, base::seconds span) { Q_EMIT watchAsked(region, span); }
    void stopWatching() { Q_EMIT stopAsked(); }
    /// What the watch under way tells, about each second, and once more when it is over.
    void tellHotKeys(const base::RegionName &region, const cacheflow::HotKeysReport &report) { Q_EMIT hotKeysTold(region, report); }

    /// Of every region with a pool: compares a sample of its cached items with their rows there. Nothing while one is under way.
    void measureStaleness() { Q_EMIT measureAsked(); }
    /// What was found in a region, or why nothing; one for each.
    void tellStaleness(const base::RegionName &region, const facts::Known<facts::MeasuredStaleness> &found) { Q_EMIT stalenessTold(region, found); }
    void tellMeasured() { Q_EMIT measured(); } ///< that was the last region

Q_SIGNALS:
    void measureAsked();
    void stalenessTold(const shardlens::base::RegionName &region, const shardlens::facts::Known<shardlens::facts::MeasuredStaleness> &found);
    void measured();
    void watchAsked(const shardlens::base::RegionName &region, shardlens::base::seconds span);
    void stopAsked();
    void hotKeysTold(const shardlens::base::RegionName &region, const shardlens::cacheflow::HotKeysReport &report);
};

} // namespace shardlens::ui::pages
