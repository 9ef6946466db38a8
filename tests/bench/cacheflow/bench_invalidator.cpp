// SPDX-License-Identifier: GPL-3.0-or-later
// A region's invalidator under load: commits of 100 keys each into one cluster's outbox, 20,000 keys a second, read where the region's own
// router reads (the primary stands in that region, so that replication delays nothing), deleted from a real memcached. How long a key
// takes from its transaction's begin to its delivered delete is what the invalidator says of itself.
#include "app/localfleet/Home.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Shape.h"
#include "app/localfleet/Up.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/fleet/FleetFile.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <thread>

#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int keysACommit = 100;
constexpr double keysASecond = 20'000;
constexpr auto runFor = 20s;
constexpr auto warmFor = 10s; ///< the invalidator's own window is as long
constexpr double goalMs = 50;
const std::string region = "us-east";
const base::ClusterName cluster("u1");

clients::InvalidatorAnswer told(const fleet::Fleet &fleet)
{
    return clients::askInvalidator(fleet.invalidatorOf(base::RegionName(region))->address.own, 2s).value_or(clients::InvalidatorAnswer{});
}

/// Straight to the primary, as the applications: the commits are the load, not the router.
base::Result<postgres::Session> writer(const fleet::Fleet &fleet)
{
    const fleet::Cluster *declared = fleet.cluster(cluster);
    const fleet::DatabaseUser *user = fleet.access.firstWith(fleet::Role::Application);
    if (!declared || !user)
        return base::fail(base::ErrorCode::NotFound, "no cluster u1, or no application user");
    const fleet::Server *server = fleet.server(base::ServerId("u1-" + declared->home.text()));
    const fleet::Endpoint &endpoint = server->address.own;
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, declared->database, user->name});
    if (!secret)
        return base::fail(secret.error());
    return postgres::Session::connect({server->id.text(), endpoint, declared->database, user->name}, *secret, {}, 2s);
}

struct Outcome {
    std::uint64_t written = 0;
    double writtenPerSecond = 0;
    double deliveredPerSecond = 0;
    double worstP99 = 0; ///< ms, of the windows after warming up
    double worstMost = 0;
    double median = 0;
    std::uint64_t waiting = 0; ///< at the end
};

Outcome play(const fleet::Fleet &fleet, postgres::Session &session)
{
    Outcome outcome;
    const auto begun = Clock::now();
    const auto every = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(keysACommit / keysASecond));
    const std::string insert = "INSERT INTO shardlens.outbox (cache_key) SELECT 'bench:' || ($1::bigint + i) FROM generate_series(1, " + std::to_string(keysACommit) + ") i";
    auto askAt = begun + warmFor;
    std::uint64_t rowsAtBegin = 0;
    auto countedFrom = begun;
    for (std::uint64_t commit = 0; Clock::now() - begun < warmFor + runFor; ++commit) {
        std::this_thread::sleep_until(begun + every * static_cast<std::int64_t>(commit));
        const auto done = session.exec(insert, {std::to_string(outcome.written)}, 5s);
        if (!done) {
            std::printf("a commit failed: %s\n", done.error().message.c_str());
            return outcome;
        }
        outcome.written += keysACommit;
        if (Clock::now() < askAt)
            continue;
        const auto answer = told(fleet);
        const auto found = answer.clusters.find(cluster);
        if (found == answer.clusters.end())
            continue;
        if (rowsAtBegin == 0) {
            rowsAtBegin = found->second.rows;
            countedFrom = Clock::now();
        }
        const auto ms = [](const auto &lag) { return lag ? std::chrono::duration<double, std::milli>(*lag).count() : 0.0; };
        outcome.worstP99 = std::max(outcome.worstP99, ms(found->second.lagP99));
        outcome.worstMost = std::max(outcome.worstMost, ms(found->second.lagMost));
        outcome.median = ms(found->second.lagMedian);
        outcome.waiting = found->second.waitingRows;
        outcome.deliveredPerSecond = static_cast<double>(found->second.rows - rowsAtBegin) / std::max(std::chrono::duration<double>(Clock::now() - countedFrom).count(), 0.001);
        askAt += 1s;
    }
    outcome.writtenPerSecond = static_cast<double>(outcome.written) / std::chrono::duration<double>(Clock::now() - begun).count();
    return outcome;
}

int report(const Outcome &outcome)
{
    std::printf("%.0f keys/s in commits of %d for %lld s, after %lld s of warming up\n", keysASecond, keysACommit, static_cast<long long>(runFor.count()), static_cast<long long>(warmFor.count()));
    std::printf("%14s %14s %10s %12s %12s %10s\n", "written/s", "delivered/s", "median ms", "worst p99 ms", "longest ms", "waiting");
    std::printf("%14.0f %14.0f %10.1f %12.1f %12.1f %10llu   goal: p99 under %.0f ms\n", outcome.writtenPerSecond, outcome.deliveredPerSecond, outcome.median, outcome.worstP99,
                outcome.worstMost, static_cast<unsigned long long>(outcome.waiting), goalMs);
    const bool isKept = outcome.deliveredPerSecond > 0.95 * keysASecond;
#ifdef NDEBUG
    return isKept && outcome.worstP99 < goalMs ? 0 : 1;
#else
    (void)isKept;
    return outcome.deliveredPerSecond > 0 ? 0 : 1;
#endif
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const auto home = *localfleet::Home::at("/tmp/shardlens-bench-invalidator-" + std::to_string(::getpid()));
    if (!localfleet::Owner::become(home.root()))
        return 1;
    localfleet::Shape shape;
    shape.regions = {region};
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.cachesPerRegion = 1;
    localfleet::Progress silent;
    const auto ground = localfleet::up(home, &shape, silent);
    int result = 1;
    if (!ground) {
        std::printf("the fleet does not start: %s\n", ground.error().message.c_str());
    } else if (auto fleet = fleet::readFleetFile(home.fleetFile().string())) {
        for (int i = 0; i < 100 && !told(*fleet).isReady; ++i)
            std::this_thread::sleep_for(100ms);
        auto session = writer(*fleet);
        if (session)
            result = report(play(*fleet, *session));
        else
            std::printf("no commit can be made: %s\n", session.error().message.c_str());
    }
    (void)localfleet::down(home, true, silent);
    return result;
}
