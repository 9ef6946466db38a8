// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Settled.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <future>

namespace shardlens::observe {

bool hasSettled(const facts::Snapshot &snapshot)
{
    if (snapshot.takenAt - snapshot.observingSince >= settlingTime(snapshot.fleet->thresholds))
        return true;
    const bool tried = std::none_of(snapshot.serving.rows.begin(), snapshot.serving.rows.end(), [](const facts::ServingRow &row) {
        return std::any_of(row.cells.begin(), row.cells.end(), [](const facts::ServingCell &cell) { return cell.verdict == facts::ServingVerdict::Asking; });
    });
    return tried && std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &entry) {
        const facts::Observation &observation = *entry.second;
        const bool answers = observation.reach.state == facts::ReachState::Answering && observation.sampledAt;
        return answers || observation.reach.state == facts::ReachState::Down;
    });
}

bool isAskedSince(const facts::Snapshot &snapshot, base::Instant then)
{
    return std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [then](const auto &entry) {
        const facts::Observation &observation = *entry.second;
        const facts::ReachState state = observation.reach.state;
        return state == facts::ReachState::Answering ? observation.sampleAskedAt && *observation.sampleAskedAt >= then : state != facts::ReachState::Asking;
    });
}

base::milliseconds settlingTime(const fleet::Thresholds &thresholds)
{
    return std::max(2 * thresholds.deadline, thresholds.downAfter + thresholds.interval) + base::milliseconds(500);
}

facts::SnapshotPtr lookOnce(const std::shared_ptr<const fleet::Fleet> &fleet, Engine::Options options, const std::function<bool(const facts::Snapshot &)> &isSeen,
                            base::milliseconds patience, const SharedReader &readShared)
{
    std::future<facts::SharedPtr> shared;
    if (readShared)
        shared = std::async(std::launch::async, readShared);
    Engine engine(fleet, std::move(options), std::make_shared<base::SystemClock>());
    engine.start();
    QEventLoop waiting;
    QObject::connect(&engine, &Engine::snapshotTaken, &waiting, [&](const facts::SnapshotPtr &snapshot) {
        if (shared.valid() && shared.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
            engine.setShared(shared.get()); // judged with it, the next snapshot comes at once
        else if (!shared.valid() && (!readShared || snapshot->shared) && isSeen(*snapshot))
            waiting.quit();
    });
    QTimer::singleShot(patience, &waiting, &QEventLoop::quit);
    waiting.exec();
    facts::SnapshotPtr snapshot = engine.latest();
    engine.stop();
    if (shared.valid()) {
        auto late = std::make_shared<facts::Snapshot>(*snapshot);
        late->shared = shared.get();
        return late;
    }
    return snapshot;
}

} // namespace shardlens::observe
