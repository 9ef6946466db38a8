// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Live.h"

#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/Interrupt.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/clients/keychain/Keychain.h"
#include "core/observe/CatalogSource.h"
#include "core/observe/Settled.h"
#include "core/operate/Readiness.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace shardlens::ctl {

namespace {

using facts::Snapshot;

/// The longest time a reading of all catalogs is waited for.
constexpr base::milliseconds mapPatience(15000);
constexpr base::milliseconds ownMapPatience(5000); ///< of one cluster's: the plan does not hang on it
/// So many readings are waited for while problems are found that are not told yet.
constexpr int fewReadings = 4;

observe::Engine::Options engineOptions(const fleet::Fleet &fleet, bool readsShardMap)
{
    observe::Engine::Options options;
    options.from = fleet.ownRegion;
    options.readsShardMap = readsShardMap;
    options.keychain = [](const std::string &entry) { return keychain::read(entry); };
    return options;
}

bool isAnswering(const facts::Observation &observation)
{
    return observation.reach.state == facts::ReachState::Answering && observation.sampledAt;
}

bool allHaveRates(const Snapshot &snapshot)
{
    return std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &entry) {
        return !isAnswering(*entry.second) || !std::holds_alternative<std::monostate>(entry.second->rates);
    });
}

/// The catalogs of every cluster of which a member can tell them, and the directory if one of its own does.
bool mapIsRead(const Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    for (const facts::ClusterFacts &cluster : snapshot.clusters) {
        const fleet::Cluster *declared = fleet.cluster(cluster.name);
        const bool isDirectory = fleet.directory && fleet.directory->cluster == cluster.name;
        if (!declared || !observe::catalogSource(snapshot, cluster.name, fleet.ownRegion))
            continue;
        if (!declared->partition.isEmpty() && !snapshot.shardMap->observedReadAt.contains(cluster.name))
            return false;
        const bool isPending =
            !snapshot.shardMap->declaredReadAt && snapshot.shardMap->declaredReadAt.error().why == facts::WhyUnknown::NotAskedYet;
        if (isDirectory && isPending)
            return false;
    }
    return true;
}

/// Of a cluster without a partition, or whose primary is silent, nothing is to be read.
bool shardsAreRead(const Snapshot &snapshot, const base::ClusterName &name)
{
    const fleet::Cluster *declared = snapshot.fleet->cluster(name);
    const facts::ClusterFacts *cluster = declared && !declared->partition.isEmpty() ? snapshot.cluster(name) : nullptr;
    const facts::Observation *primary = cluster && cluster->primary ? snapshot.observation(*cluster->primary) : nullptr;
    return !primary || !isAnswering(*primary) || snapshot.shardMap->observedReadAt.contains(name);
}

/// One look must tell what a console that looks on would: what most rules find counts once it held for a few readings. A plan has checks
/// of its own, and may be made in a hurry.
bool waitsForRules(Need need) { return need != Need::Plans && need != Need::Moves; }

bool isSeen(const Snapshot &snapshot, Need need, const std::string &subject)
{
    if (!observe::hasSettled(snapshot) || (waitsForRules(need) && snapshot.undecided > 0))
        return false;
    switch (need) {
    case Need::Moves: return shardsAreRead(snapshot, base::ClusterName(subject)) && isSeen(snapshot, Need::Plans, subject);
    case Need::Answers: return true;
    case Need::Rates: return allHaveRates(snapshot);
    case Need::ShardMap: return mapIsRead(snapshot);
    case Need::Plans:
        return std::all_of(snapshot.clusters.begin(), snapshot.clusters.end(),
                           [&](const facts::ClusterFacts &cluster) { return operate::notReadYet(snapshot, cluster.name).empty(); }) &&
               std::all_of(snapshot.redisGroups.begin(), snapshot.redisGroups.end(),
                           [&](const facts::RedisGroupFacts &group) { return operate::notReadYet(snapshot, group.name).empty(); });
    }
    return true;
}

base::milliseconds patienceFor(const fleet::Thresholds &thresholds, Need need)
{
    // The tick that shows it comes after.
    const base::milliseconds answers = observe::settlingTime(thresholds) + (waitsForRules(need) ? 1 + fewReadings : 1) * thresholds.interval;
    if (need == Need::Rates || need == Need::Plans)
        return answers + 2 * thresholds.interval;
    if (need == Need::Moves)
        return answers + 2 * thresholds.interval + ownMapPatience;
    return need == Need::ShardMap ? answers + mapPatience : answers;
}

} // namespace

tl::expected<facts::SnapshotPtr, Exit> observe(const Options &options, Need need, Directory directory)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return tl::unexpected(fleet.error());
    observe::SharedReader readShared;
    if (directory == Directory::Asked && (*fleet)->directory)
        readShared = [fleet = *fleet, &options] { return sharedNow(fleet, options); };
    return observe::lookOnce(*fleet, engineOptions(**fleet, need == Need::ShardMap || need == Need::Moves), [need, subject = options.cluster](const Snapshot &snapshot) { return isSeen(snapshot, need, subject); },
                             patienceFor((*fleet)->thresholds, need), readShared);
}

Exit observeOn(const Options &options, const std::function<void(const facts::SnapshotPtr &)> &onSnapshot)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    QEventLoop waiting;
    const Interrupt interrupt([&] { waiting.quit(); });
    observe::Engine engine(*fleet, engineOptions(**fleet, true), std::make_shared<base::SystemClock>());
    engine.start();
    QObject::connect(&engine, &observe::Engine::snapshotTaken, &waiting, onSnapshot);
    if (options.seconds > 0)
        QTimer::singleShot(std::chrono::duration_cast<base::milliseconds>(std::chrono::duration<double>(options.seconds)), &waiting,
                           &QEventLoop::quit);
    waiting.exec();
    engine.stop();
    return Exit::Well;
}

} // namespace shardlens::ctl
