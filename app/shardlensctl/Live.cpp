// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Live.h"

#include "app/shardlensctl/Interrupt.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/clients/keychain/Keychain.h"
#include "core/observe/Engine.h"
#include "core/operate/Readiness.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace shardlens::ctl {

namespace {

using base::milliseconds;
using facts::Snapshot;

/// The longest time a reading of all catalogs is waited for.
constexpr milliseconds mapPatience(15000);

std::unique_ptr<observe::Engine> startEngine(const std::shared_ptr<const fleet::Fleet> &fleet, bool readsShardMap)
{
    observe::Engine::Options options;
    options.from = fleet->ownRegion;
    options.readsShardMap = readsShardMap;
    options.keychain = [](const std::string &entry) { return keychain::read(entry); };
    auto engine = std::make_unique<observe::Engine>(fleet, std::move(options), std::make_shared<base::SystemClock>());
    engine->start();
    return engine;
}

bool isAnswering(const facts::Observation &observation)
{
    return observation.reach.state == facts::ReachState::Answering && observation.sampledAt;
}

/// Long enough for a silent server to be called down: before that its consequences would stand there without their cause.
milliseconds patienceForAnswers(const fleet::Thresholds &thresholds)
{
    return std::max(2 * thresholds.deadline, thresholds.downAfter + thresholds.interval) + milliseconds(500);
}

bool allHaveRates(const Snapshot &snapshot)
{
    return std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &entry) {
        return !isAnswering(*entry.second) || !std::holds_alternative<std::monostate>(entry.second->rates);
    });
}

/// The catalogs of every cluster whose primary answers, and the directory if its own does.
bool mapIsRead(const Snapshot &snapshot)
{
    const auto primaryAnswers = [&](const facts::ClusterFacts &cluster) {
        const facts::Observation *observation = cluster.primary ? snapshot.observation(*cluster.primary) : nullptr;
        return observation && isAnswering(*observation);
    };
    const fleet::Fleet &fleet = *snapshot.fleet;
    for (const facts::ClusterFacts &cluster : snapshot.clusters) {
        const fleet::Cluster *declared = fleet.cluster(cluster.name);
        const bool isDirectory = fleet.directory && fleet.directory->cluster == cluster.name;
        if (!primaryAnswers(cluster) || !declared)
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

bool isSeen(const Snapshot &snapshot, Need need)
{
    if (!hasSettled(snapshot))
        return false;
    switch (need) {
    case Need::Answers: return true;
    case Need::Rates: return allHaveRates(snapshot);
    case Need::ShardMap: return mapIsRead(snapshot);
    case Need::Plans:
        return std::all_of(snapshot.clusters.begin(), snapshot.clusters.end(),
                           [&](const facts::ClusterFacts &cluster) { return operate::notReadYet(snapshot, cluster.name).empty(); });
    }
    return true;
}

milliseconds patienceFor(const fleet::Thresholds &thresholds, Need need)
{
    const milliseconds answers = patienceForAnswers(thresholds) + thresholds.interval; // the tick that shows it comes after
    if (need == Need::Rates || need == Need::Plans)
        return answers + 2 * thresholds.interval;
    return need == Need::ShardMap ? answers + mapPatience : answers;
}

} // namespace

bool hasSettled(const Snapshot &snapshot)
{
    if (snapshot.takenAt - snapshot.observingSince >= patienceForAnswers(snapshot.fleet->thresholds))
        return true;
    const bool tried = std::none_of(snapshot.serving.rows.begin(), snapshot.serving.rows.end(), [](const facts::ServingRow &row) {
        return std::any_of(row.cells.begin(), row.cells.end(), [](const facts::ServingCell &cell) { return cell.verdict == facts::ServingVerdict::Asking; });
    });
    return tried && std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &entry) {
        return isAnswering(*entry.second) || entry.second->reach.state == facts::ReachState::Down;
    });
}

tl::expected<facts::SnapshotPtr, Exit> observe(const Options &options, Need need)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return tl::unexpected(fleet.error());
    const auto engine = startEngine(*fleet, need == Need::ShardMap);
    QEventLoop waiting;
    QObject::connect(engine.get(), &observe::Engine::snapshotTaken, &waiting, [&](const facts::SnapshotPtr &snapshot) {
        if (isSeen(*snapshot, need))
            waiting.quit();
    });
    QTimer::singleShot(patienceFor((*fleet)->thresholds, need), &waiting, &QEventLoop::quit);
    waiting.exec();
    facts::SnapshotPtr snapshot = engine->latest();
    engine->stop();
    return snapshot;
}

Exit observeOn(const Options &options, const std::function<void(const facts::SnapshotPtr &)> &onSnapshot)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    QEventLoop waiting;
    const Interrupt interrupt([&] { waiting.quit(); });
    const auto engine = startEngine(*fleet, true);
    QObject::connect(engine.get(), &observe::Engine::snapshotTaken, &waiting, onSnapshot);
    if (options.seconds > 0)
        QTimer::singleShot(std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(options.seconds)), &waiting,
                           &QEventLoop::quit);
    waiting.exec();
    engine->stop();
    return Exit::Well;
}

} // namespace shardlens::ctl
