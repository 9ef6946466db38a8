// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Up.h"

#include "app/localfleet/Describe.h"
#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/Patroni.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Repmgr.h"
#include "app/localfleet/Sentinel.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"
#include "app/localfleet/schema/Schema.h"
#include "core/fleet/FleetFile.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace shardlens::localfleet
{

namespace
{

using Kind = fleet::ServerKind;

std::set<std::string> heldByFaults(const Home &home)
{
    std::set<std::string> held;
    for (const faults::Record &record : faults::all(home)) {
        if (record.kind == "kill" || record.kind == "router-stop" || record.kind == "freeze")
            held.insert(record.target);
    }
    return held;
}

/// Does a thing for each name on a few threads; the first error ends it all.
template <class Work>
base::Result<void> inParallel(const std::vector<std::string> &names, std::size_t threads, Work &&work)
{
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    base::Result<void> outcome;
    const auto worker = [&] {
        for (std::size_t i = next++; i < names.size(); i = next++) {
            const base::Result<void> done = work(names[i]);
            const std::lock_guard lock(mutex);
            if (!done && outcome)
                outcome = done;
            if (!outcome)
                return;
        }
    };
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < std::min(threads, names.size()); ++i)
        running.emplace_back(worker);
    for (std::thread &thread : running)
        thread.join();
    return outcome;
}

std::vector<std::string> clusterNames(const Ground &ground)
{
    std::vector<std::string> names;
    for (const Group &group : clusters(ground.shape))
        names.push_back(group.name);
    return names;
}

base::Result<void> startAll(const Ground &ground, const std::vector<Instance> &some, const std::set<std::string> &held)
{
    for (const Instance &server : some) {
        if (held.count(server.id) != 0)
            continue;
        if (const auto started = servers::start(ground, server); !started)
            return started;
    }
    return {};
}

/// One cluster: made if it is new, and its servers started. A standby whose data are gone is made anew from the primary.
base::Result<void> bringUp(const Ground &ground, const std::string &cluster, const std::set<std::string> &held)
{
    const auto members = ground.members(cluster);
    const auto made = [&](const Instance &i) { return postgres::isMade(ground, i); };
    const bool wasPlaced = std::any_of(members.begin(), members.end(), [&](const Instance &i) { return i.isFirstPrimary && made(i); });
    if (!wasPlaced) {
        if (const auto done = postgres::makeCluster(ground, cluster); !done)
            return done;
    }
    std::vector<Instance> whole;
    std::copy_if(members.begin(), members.end(), std::back_inserter(whole), made);
    if (const auto started = startAll(ground, whole, held); !started)
        return started;
    for (const Instance &member : members) {
        if (made(member) || held.count(member.id) != 0)
            continue;
        if (!waitUntil([&] { return postgres::primaryOf(ground, cluster).has_value(); }, base::seconds(20), base::milliseconds(100)))
            return base::fail(base::ErrorCode::TimedOut,
                              "no primary of " + cluster + " runs from which " + member.id + " could be made anew");
        if (const auto rebuilt = postgres::rebuildStandby(ground, member, *postgres::primaryOf(ground, cluster)); !rebuilt)
            return rebuilt;
        if (const auto started = servers::start(ground, member); !started)
            return started;
    }
    return {};
}

/// The parts of the schema that are the same for every fleet; the shards are the seed's.
base::Result<void> applySchema(const Ground &ground, const std::string &cluster)
{
    const std::string text = schema::grants() + schema::cluster() + (cluster == "directory" ? schema::directory() : std::string());
    const auto mark = ground.home.done() / ("schema." + cluster);
    if (readFile(mark) == text)
        return {};
    const auto primary = postgres::primaryOf(ground, cluster);
    if (!primary)
        return base::fail(primary.error());
    if (const auto applied = postgres::runSql(ground, *primary, ground.database(*primary), text); !applied)
        return applied;
    return writeFile(mark, text);
}

base::Result<void> waitForCluster(const Ground &ground, const std::string &cluster, const std::set<std::string> &held)
{
    std::size_t expected = 0;
    for (const Instance &member : ground.members(cluster)) {
        if (held.count(member.id) != 0)
            continue;
        ++expected;
        if (const auto ready = servers::waitReady(ground, member, base::seconds(60)); !ready)
            return ready;
    }
    const auto primary = postgres::primaryOf(ground, cluster);
    if (!primary)
        return held.empty() ? base::Result<void>(base::fail(primary.error())) : base::Result<void>(); // a fault holds it
    if (const auto applied = applySchema(ground, cluster); !applied)
        return applied;
    const bool streams = waitUntil(
        [&] {
            const auto count = postgres::streamingFrom(ground, *primary);
            return count && *count + 1 >= expected;
        },
        base::seconds(30), base::milliseconds(60));
    return streams || !held.empty()
               ? base::Result<void>()
               : base::fail(base::ErrorCode::TimedOut,
                            "not every standby of " + cluster + " streams within 30 s; see " + ground.home.root().string() + "/log");
}

base::Result<void> readyRedis(const Ground &ground, const std::set<std::string> &held)
{
    for (const Group &group : redisGroups(ground.shape)) {
        for (const Instance &member : ground.members(group.name)) {
            if (held.count(member.id) != 0)
                continue;
            if (const auto ready = servers::waitReady(ground, member, base::seconds(30)); !ready)
                return ready;
            const bool linked = waitUntil(
                [&] {
                    auto fields = redis::info(ground, member, "replication");
                    return fields && ((*fields)["role"] == "master" || (*fields)["master_link_status"] == "up");
                },
                base::seconds(30), base::milliseconds(50));
            if (!linked && held.empty() && faults::all(ground.home).empty())
                return base::fail(base::ErrorCode::TimedOut, member.id + " does not reach its primary", member.id);
            if (member.isFirstPrimary) // on one that has become a replica this is refused, and the term is there already
                (void)redis::command(ground, member, {"SET", "shardlens:term", "1", "NX"});
        }
    }
    return {};
}

} // namespace

std::filesystem::path relayState(const Home &home)
{
    return home.etc("relay") / "state";
}

base::Result<void> startRelay(const Ground &ground)
{
    if (servers::process(ground, "relay"))
        return {};
    std::error_code error;
    std::filesystem::create_directories(ground.home.etc("relay"), error);
    // What was pointed elsewhere or cut stays so; only a fleet whose relay never ran gets the plan.
    if (!std::filesystem::exists(relayState(ground.home))) {
        if (const auto written = writeFile(relayState(ground.home), print(relayPlan(ground))); !written)
            return written;
    }
    auto command = ownProgram("shardlens-localfleet");
    if (!command)
        return base::fail(command.error());
    command->arguments.insert(command->arguments.end(), {"relay", "run", "--dir", ground.home.root().string()});
    // What a seed sent in large pieces is given back, not kept for the next.
    command->environment = {{"MALLOC_MMAP_THRESHOLD_", "32768"}, {"MALLOC_TRIM_THRESHOLD_", "65536"}};
    if (const auto started = startDaemon(*command, ground.home.log("relay"), ground.home.pidFile("relay")); !started)
        return base::fail(started.error());
    const bool answers =
        waitUntil([&] { return !servers::process(ground, "relay") || askRelay(ground.home.relaySocket(), "status"); }, base::seconds(10));
    if (!answers || !servers::process(ground, "relay"))
        return base::fail(base::ErrorCode::Io,
                          "the relay does not run: " + trimmed(readFile(ground.home.log("relay")).value_or(std::string())));
    return {};
}

/// The small resident processes of each region: `program` is shardlens-guard or shardlens-invalidator.
base::Result<void> startResidents(const Ground &ground, const std::string &program, const std::string &prefix)
{
    for (const std::string &region : ground.shape.regions) {
        const std::string id = prefix + region;
        if (servers::process(ground, id))
            continue;
        auto command = ownProgram(program);
        if (!command)
            return base::fail(command.error());
        command->environment = {{"MALLOC_ARENA_MAX", "1"}}; // threads that mostly wait need no heap each
        command->arguments.insert(command->arguments.end(), {"--fleet", ground.home.fleetFile().string(), "--region", region, "--state", ground.home.data(id).string()});
        if (const auto started = startDaemon(*command, ground.home.log(id), ground.home.pidFile(id)); !started)
            return base::fail(started.error());
    }
    return {};
}

base::Result<Ground> up(const Home &home, const Shape *shape, Progress &progress)
{
    auto ground = Ground::make(home, shape);
    if (!ground)
        return ground;
    const auto held = heldByFaults(home);
    const auto names = clusterNames(*ground);
    const auto step = [&](const base::Result<void> &done, const std::string &what) {
        if (done && !what.empty())
            progress.say(what);
        return done;
    };
    // The file first: a console may open while the servers still start.
    base::Result<void> done =
        step(writeFile(home.fleetFile(), fleet::toToml(describe(*ground))), "fleet file " + home.fleetFile().string());
    if (done)
        done = step(startRelay(*ground), "relay between " + std::to_string(ground->shape.regions.size()) + " regions");
    for (const Kind kind : {Kind::Memcached, Kind::Redis, Kind::Pgbouncer}) {
        if (done)
            done = startAll(*ground, ground->ofKind(kind), held);
    }
    if (done)
        done = step(inParallel(names, std::max(2U, std::thread::hardware_concurrency()),
                               [&](const std::string &name) { return bringUp(*ground, name, held); }),
                    std::to_string(names.size()) + " Postgres clusters made and started");
    if (done)
        done = step(readyRedis(*ground, held), "Redis groups linked");
    if (done)
        done = step(inParallel(names, names.size(), [&](const std::string &name) { return waitForCluster(*ground, name, held); }),
                    "every standby streams");
    if (done && !ground->shape.patroni.empty())
        done = step(patroni::adopt(*ground), ground->shape.patroni + " is under Patroni");
    if (done && !ground->shape.repmgr.empty())
        done = step(repmgr::adopt(*ground), ground->shape.repmgr + " is under repmgr");
    if (done && !ground->shape.sentinel.empty())
        done = step(sentinel::watch(*ground), "three Sentinels watch " + ground->shape.sentinel);
    for (const Kind kind : {Kind::Memcached, Kind::Pgbouncer}) {
        for (const Instance &server : ground->ofKind(kind)) {
            if (done && held.count(server.id) == 0)
                done = servers::waitReady(*ground, server, base::seconds(10));
        }
    }
    if (!done)
        return base::fail(done.error());
    if (const auto guards = startResidents(*ground, "shardlens-guard", "guard-"); !guards)
        progress.say("no heartbeats: " + guards.error().message);
    if (const auto invalidators = startResidents(*ground, "shardlens-invalidator", "invalidator-"); !invalidators)
        progress.say("nobody invalidates caches: " + invalidators.error().message);
    for (const Instance &server : ground->ofKind(Kind::Postgres))
        postgres::noteSharedMemory(*ground, server); // somebody may kill it behind our back
    progress.say(std::to_string(ground->servers.size()) + " servers are up");
    return ground;
}

} // namespace shardlens::localfleet
