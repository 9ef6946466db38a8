// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/cacheflow/HotKeys.h"
#include "core/cacheflow/KeyDelete.h"
#include "core/cacheflow/KeyLook.h"
#include "core/cacheflow/Warming.h"
#include "core/facts/InvalidatorReport.h"

#include <QMetaType>
#include <QObject>

#include <cstdint>

namespace shardlens::ui::pages {

/// A look at a key in every pool, or why there was none.
struct KeyLooks {
    std::string key;
    bool tookWins = false;
    base::Result<std::vector<cacheflow::PlacedLook>> items; ///< pools in the fleet file's order
};

/// What became of deleting a key: told a pool, or why nothing was deleted.
struct KeyDeleted {
    cacheflow::DeletePlan plan;
    base::Result<std::vector<cacheflow::DeletedPlace>> places;
    std::optional<base::Error> unrecorded = {}; ///< why the audit log does not have what came of it
};

/// How long the lease of a key that is filled holds it.
inline constexpr base::seconds warmHoldOff{10};

/// Which pool is to be filled from which.
struct WarmAsk {
    base::RegionName from;
    base::RegionName to;
    std::size_t keys = 10'000; ///< at most
    double perSecond = 200;
    bool operator==(const WarmAsk &) const = default;
};

/// A warm-up's plan, or why there is none.
struct WarmPlanned {
    WarmAsk ask;
    base::Result<cacheflow::WarmPlan> plan;
};

/// Where watching a region's hot keys, measuring the staleness of its cached items, and looking at or deleting one key is asked for and told. Who wires the console does
/// it in other threads; pages ask and listen, and wait for nothing. One watch at a time: a new one ends the one before. It asks no server
/// itself. GUI thread.
class CacheBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] bool isAnswered() const; ///< somebody watches when asked to

    /// `sampleOneOf`: of so many reads one is counted; what nobody finds is counted always.
    void watchHotKeys(const base::RegionName &region, base::seconds span, std::uint32_t sampleOneOf = 1) { Q_EMIT watchAsked(region, span, sampleOneOf); }
    void stopWatching() { Q_EMIT stopAsked(); }
    /// What the watch under way tells, about each second, and once more when it is over.
    void tellHotKeys(const base::RegionName &region, const cacheflow::HotKeysReport &report) { Q_EMIT hotKeysTold(region, report); }

    /// Of every region with a pool: compares a sample of its cached items with their rows there. Nothing while one is under way.
    void measureStaleness() { Q_EMIT measureAsked(); }
    /// What was found in a region, or why nothing; one for each.
    void tellStaleness(const base::RegionName &region, const facts::Known<facts::MeasuredStaleness> &found) { Q_EMIT stalenessTold(region, found); }
    void tellMeasured() { Q_EMIT measured(); } ///< that was the last region

    /// At a key in every pool; `takesWins`: see cacheflow::lookAt(). The newest look alone is told.
    void lookAtKey(const std::string &key, bool takesWins) { Q_EMIT lookAsked(key, takesWins); }
    void tellKey(const KeyLooks &looks) { Q_EMIT keyTold(looks); }
    /// Has it recorded in the directory, then deletes it as planned. One at a time.
    void deleteKey(const cacheflow::DeletePlan &plan, const std::string &reason) { Q_EMIT deleteAsked(plan, reason); }
    void tellDeleted(const KeyDeleted &deleted) { Q_EMIT keyDeleted(deleted); }
    /// How the keys of each pool lie on its members; the fleet's pools do not change, so that it is told once.
    void askSpread() { Q_EMIT spreadAsked(); }
    void tellSpread(const std::vector<cacheflow::PoolSpread> &pools) { Q_EMIT spreadTold(pools); }

    /// Asks members for their keys, and changes nothing.
    void planWarming(const WarmAsk &ask) { Q_EMIT warmPlanAsked(ask); }
    void tellWarmPlan(const WarmPlanned &planned) { Q_EMIT warmPlanTold(planned); }
    /// Has it recorded in the directory, then fills. One at a time; told about each second, and once when it is over.
    void warm(const WarmPlanned &planned, const std::string &reason) { Q_EMIT warmAsked(planned, reason); }
    void stopWarming() { Q_EMIT warmStopAsked(); } ///< after the batch under way
    void tellWarm(const cacheflow::Warmed &soFar) { Q_EMIT warmTold(soFar); }
    void tellWarmEnd(const base::Result<cacheflow::WarmEnd> &end) { Q_EMIT warmEnded(end); }

Q_SIGNALS:
    void warmPlanAsked(const shardlens::ui::pages::WarmAsk &ask);
    void warmPlanTold(const shardlens::ui::pages::WarmPlanned &planned);
    void warmAsked(const shardlens::ui::pages::WarmPlanned &planned, const std::string &reason);
    void warmStopAsked();
    void warmTold(const shardlens::cacheflow::Warmed &soFar);
    void warmEnded(const shardlens::base::Result<shardlens::cacheflow::WarmEnd> &end);
    void lookAsked(const std::string &key, bool takesWins);
    void keyTold(const shardlens::ui::pages::KeyLooks &looks);
    void deleteAsked(const shardlens::cacheflow::DeletePlan &plan, const std::string &reason);
    void keyDeleted(const shardlens::ui::pages::KeyDeleted &deleted);
    void spreadAsked();
    void spreadTold(const std::vector<shardlens::cacheflow::PoolSpread> &pools);
    void measureAsked();
    void stalenessTold(const shardlens::base::RegionName &region, const shardlens::facts::Known<shardlens::facts::MeasuredStaleness> &found);
    void measured();
    void watchAsked(const shardlens::base::RegionName &region, shardlens::base::seconds span, std::uint32_t sampleOneOf);
    void stopAsked();
    void hotKeysTold(const shardlens::base::RegionName &region, const shardlens::cacheflow::HotKeysReport &report);
};

} // namespace shardlens::ui::pages
