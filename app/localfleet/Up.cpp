// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Up.h"

#include "app/localfleet/Describe.h"
#include "app/localfleet/DiskFull.h"
#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/InForce.h"
#include "app/localfleet/LostData.h"
#include "app/localfleet/Patroni.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Repmgr.h"
#include "app/localfleet/Sentinel.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/TakenPorts.h"
#include "app/localfleet/relay/Relay.h"
#include "app/localfleet/schema/Schema.h"
#include "core/fleet/FleetFile.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace shardlens::localfleet
{

namespace
{

using Kind = fleet::ServerKind;

/// What cannot be done because of a fault is said, and is no reason to stop: a fleet is broken on purpose, and must still come up.
class Spared
{
public:
    explicit Spared(Progress &progress) : m_progress(progress) {}
    void say(const std::string &what, const std::string &fault)
    {
        ++m_said;
        m_progress.say(what + ": " + fault + " is in effect");
    }
    void isNotUp(const Instance &server, const std::string &why, const std::string &fault)
    {
        ++m_notUp;
        say(server.id + why, fault);
    }
    [[nodiscard]] std::size_t said() const { return m_said; }
    [[nodiscard]] std::size_t notUp() const { return m_notUp; } ///< servers that were started, or would have been

private:
    Progress &m_progress;
    std::atomic<std::size_t> m_said{0};
    std::atomic<std::size_t> m_notUp{0};
};

struct Bringing {
    const Ground &ground;
    const InForce &faults;
    Spared &spared;
};

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

base::Result<void> startAll(const Bringing &up, const std::vector<Instance> &some)
{
    for (const Instance &server : some) {
        if (up.faults.holds(server.id))
            continue;
        if (const auto started = servers::start(up.ground, server); !started)
            return started;
    }
    return {};
}

/// Data that stand aside for a small disk which a restart of the machine took away: they are not lost.
base::Result<void> takeBackFromAside(const Ground &ground, const Instance &member)
{
    std::error_code error;
    const auto data = ground.home.data(member.id);
    const bool isNothingThere = !std::filesystem::exists(data, error) || std::filesystem::is_empty(data, error);
    return isNothingThere && !error ? diskfull::takeBack(ground, member) : base::Result<void>();
}

bool isManaged(const Bringing &up, const std::string &cluster)
{
    return cluster == up.ground.shape.patroni || cluster == up.ground.shape.repmgr;
}

/// Of a member that may be the primary; one of a standby does not explain that there is none. Under a manager any may be.
std::string faultOfLeader(const Bringing &up, const std::vector<Instance> &members)
{
    for (const Instance &member : members) {
        const std::string fault = up.faults.of(member.id);
        if (!fault.empty() && (isManaged(up, member.group) || !postgres::isStandbyOnDisk(up.ground, member)))
            return fault;
    }
    return {};
}

/// Standbys whose data are gone, from whoever is the primary now.
base::Result<void> makeAnew(const Bringing &up, const std::string &cluster, const std::vector<Instance> &whole, const std::vector<Instance> &lost)
{
    const Ground &ground = up.ground;
    // A manager's daemon that still runs may just be promoting one.
    const bool mayLead = isManaged(up, cluster) || std::any_of(whole.begin(), whole.end(), [&](const Instance &member) {
                             return !up.faults.holds(member.id) && !postgres::isStandbyOnDisk(ground, member);
                         });
    const auto find = [&] { return postgres::primaryOf(ground, cluster); };
    if (!waitUntil([&] { return find().has_value(); }, base::seconds(mayLead ? 20 : 2), base::milliseconds(100))) {
        if (const std::string fault = faultOfLeader(up, whole); !fault.empty()) {
            for (const Instance &gone : lost)
                up.spared.isNotUp(gone, " has lost its data, and there is no primary to make it anew from", fault);
            return {};
        }
        if (!mayLead)
            return base::fail(onlyStandbysAreLeft(ground, cluster, whole, lost));
        return base::fail(base::ErrorCode::TimedOut,
                          "no primary of " + cluster + " runs from which " + lost.front().id + " could be made anew");
    }
    for (const Instance &member : lost) {
        const auto primary = find();
        if (!primary)
            return base::fail(primary.error());
        if (const auto rebuilt = postgres::rebuildStandby(ground, member, *primary); !rebuilt)
            return rebuilt;
        if (const auto started = servers::start(ground, member); !started)
            return started;
    }
    return {};
}

/// One cluster: made if it is new, and its servers started. A member whose data are gone is made anew from the primary, whoever that
/// is by now: roles move.
base::Result<void> bringUp(const Bringing &up, const std::string &cluster)
{
    const Ground &ground = up.ground;
    const auto members = ground.members(cluster);
    const auto made = [&](const Instance &i) { return postgres::isMade(ground, i); };
    for (const Instance &member : members) {
        if (made(member))
            continue;
        if (const auto back = takeBackFromAside(ground, member); !back)
            return back;
        if (made(member) || !servers::process(ground, member.id))
            continue;
        // It works on files that are gone, holds the port, and has nothing to write down.
        if (const auto stopped = servers::stop(ground, member, base::milliseconds(500)); !stopped)
            return stopped;
    }
    if (postgres::isToBeMade(ground, cluster)) {
        if (const auto done = postgres::makeCluster(ground, cluster); !done)
            return done;
    }
    std::vector<Instance> whole;
    std::vector<Instance> lost;
    for (const Instance &member : members) {
        if (made(member))
            whole.push_back(member);
        else if (!up.faults.holds(member.id))
            lost.push_back(member);
    }
    if (const auto started = startAll(up, whole); !started)
        return started;
    return lost.empty() ? base::Result<void>() : makeAnew(up, cluster, whole, lost);
}

/// The parts of the schema that are the same for every fleet; the shards are the seed's.
base::Result<void> applySchema(const Ground &ground, const std::string &cluster)
{
    const std::string text = schema::grants() + schema::cluster() + (cluster == "directory" ? schema::directory() : std::string());
    const auto mark = postgres::schemaMark(ground, cluster);
    if (readFile(mark) == text)
        return {};
    const auto primary = postgres::primaryOf(ground, cluster);
    if (!primary)
        return base::fail(primary.error());
    if (const auto applied = postgres::runSql(ground, *primary, ground.database(*primary), text); !applied)
        return applied;
    return writeFile(mark, text);
}

/// Its own; of one that runs also a link that is cut: what it needs before it lets anyone in does not come.
std::string faultOfWaiting(const Bringing &up, const Instance &member, const std::vector<Instance> &members)
{
    std::string fault = up.faults.of(member.id);
    for (const Instance &other : members) {
        if (fault.empty() && servers::process(up.ground, member.id))
            fault = up.faults.cutBetween(member.region, other.region);
    }
    return fault;
}

/// Members that are to be ready; those that a fault concerns are let off.
base::Result<std::vector<Instance>> waitForMembers(const Bringing &up, const std::vector<Instance> &members)
{
    std::vector<Instance> ready;
    for (const Instance &member : members) {
        if (up.faults.holds(member.id) || !postgres::isMade(up.ground, member))
            continue; // said already
        const auto waited = servers::waitReady(up.ground, member, base::seconds(60));
        if (waited) {
            ready.push_back(member);
            continue;
        }
        const std::string fault = faultOfWaiting(up, member, members);
        if (fault.empty())
            return base::fail(waited.error());
        up.spared.isNotUp(member, " is not ready", fault);
    }
    return ready;
}

/// The server itself or its way to the primary.
std::string faultOfStandby(const InForce &faults, const Instance &standby, const Instance &primary)
{
    const std::string link = faults.between(standby.region, primary.region);
    return link.empty() ? faults.of(standby.id) : link;
}

base::Result<void> waitForStandbys(const Bringing &up, const Instance &primary, const std::vector<Instance> &ready)
{
    // A manager lets its members reach each other on the machine itself, past the links between regions.
    const bool isByLinks = !isManaged(up, primary.group);
    std::vector<Instance> sure;
    std::vector<Instance> unsure; // slow, or with a full disk: most stream all the same
    for (const Instance &member : ready) {
        if (member.id == primary.id)
            continue;
        if (const std::string cut = up.faults.cutBetween(member.region, primary.region); isByLinks && !cut.empty())
            up.spared.say(member.id + " does not follow " + primary.id, cut);
        else
            (faultOfStandby(up.faults, member, primary).empty() ? sure : unsure).push_back(member);
    }
    std::vector<Instance> missing;
    const auto allStream = [&](const std::vector<Instance> &standbys) {
        const auto streaming = postgres::namesStreamingFrom(up.ground, primary);
        missing.clear();
        std::copy_if(standbys.begin(), standbys.end(), std::back_inserter(missing),
                     [&](const Instance &one) { return !streaming || streaming->count(one.id) == 0; });
        return missing.empty();
    };
    if (!sure.empty() && !waitUntil([&] { return allStream(sure); }, base::seconds(30), base::milliseconds(60))) {
        const std::string fault = up.faults.of(primary.id);
        if (fault.empty())
            return base::fail(base::ErrorCode::TimedOut, missing.front().id + " does not stream from " + primary.id + " within 30 s; see " +
                                                             up.ground.home.log(missing.front().id).string());
        for (const Instance &standby : missing)
            up.spared.say(standby.id + " does not stream from " + primary.id, fault);
    }
    if (!unsure.empty() && !waitUntil([&] { return allStream(unsure); }, base::seconds(5), base::milliseconds(60))) {
        for (const Instance &standby : missing)
            up.spared.say(standby.id + " does not stream from " + primary.id, faultOfStandby(up.faults, standby, primary));
    }
    return {};
}

base::Result<void> waitForCluster(const Bringing &up, const std::string &cluster)
{
    const auto members = up.ground.members(cluster);
    const auto ready = waitForMembers(up, members);
    if (!ready)
        return base::fail(ready.error());
    const auto primary = postgres::primaryOf(up.ground, cluster);
    if (!primary) {
        const std::string fault = faultOfLeader(up, members);
        if (fault.empty())
            return base::fail(primary.error());
        up.spared.say(cluster + " has no primary that answers", fault);
        return {};
    }
    if (const auto applied = applySchema(up.ground, cluster); !applied) {
        const std::string fault = up.faults.of(primary->id);
        if (fault.empty())
            return applied;
        up.spared.say("the schema of " + cluster + " is not applied", fault);
    }
    return waitForStandbys(up, *primary, *ready);
}

/// Its own, its primary's, or one of the link between them. Where none answers as primary, whatever keeps one from it.
std::string faultOfReplica(const Bringing &up, const Instance &replica, const std::vector<Instance> &members)
{
    if (const std::string own = up.faults.of(replica.id); !own.empty())
        return own;
    const auto primary = std::find_if(members.begin(), members.end(), [&](const Instance &member) {
        auto fields = redis::info(up.ground, member, "replication");
        return fields && (*fields)["role"] == "master";
    });
    if (primary == members.end())
        return up.faults.among(members);
    const std::string theirs = up.faults.of(primary->id);
    return theirs.empty() ? up.faults.between(replica.region, primary->region) : theirs;
}

base::Result<void> readyRedis(const Bringing &up)
{
    const Ground &ground = up.ground;
    for (const Group &group : redisGroups(ground.shape)) {
        const auto members = ground.members(group.name);
        for (const Instance &member : members) {
            if (up.faults.holds(member.id))
                continue;
            if (const auto ready = servers::waitReady(ground, member, base::seconds(30)); !ready) {
                if (up.faults.of(member.id).empty())
                    return ready;
                up.spared.isNotUp(member, " is not ready", up.faults.of(member.id));
                continue;
            }
            const auto isLinked = [&] {
                auto fields = redis::info(ground, member, "replication");
                return fields && ((*fields)["role"] == "master" || (*fields)["master_link_status"] == "up");
            };
            bool linked = waitUntil(isLinked, base::seconds(2), base::milliseconds(50));
            const std::string fault = linked ? std::string() : faultOfReplica(up, member, members);
            linked = linked || (fault.empty() && waitUntil(isLinked, base::seconds(28), base::milliseconds(50)));
            if (!linked && fault.empty())
                return base::fail(base::ErrorCode::TimedOut, member.id + " does not reach its primary", member.id);
            if (!linked)
                up.spared.say(member.id + " does not reach its primary", fault);
            if (member.isFirstPrimary) // on one that has become a replica this is refused, and the term is there already
                (void)redis::command(ground, member, {"SET", "shardlens:term", "1", "NX"});
        }
    }
    return {};
}

/// Replicas and standbys reach their primaries at the same time, and each is said as it comes.
base::Result<void> readyAll(const Bringing &up, Progress &progress, const std::vector<std::string> &clusters)
{
    base::Result<void> redis;
    std::thread linking([&] {
        redis = readyRedis(up);
        if (redis && up.spared.said() == 0)
            progress.say("Redis groups linked");
    });
    const auto streaming = inParallel(clusters, clusters.size(), [&](const std::string &name) { return waitForCluster(up, name); });
    linking.join();
    return redis ? streaming : redis;
}

/// What takes a group on once it runs: Patroni, repmgr, Sentinels. Not while a fault concerns its members.
base::Result<void> adopted(const Bringing &up, Progress &progress, const std::string &group, const std::string &manager, const base::Result<void> &done)
{
    if (done) {
        progress.say(group + " is under " + manager);
        return {};
    }
    std::string fault; // a manager reaches its members past the links between regions
    for (const Instance &member : up.ground.members(group))
        fault = fault.empty() ? up.faults.of(member.id) : fault;
    if (fault.empty())
        return done;
    up.spared.say(group + " is not whole under " + manager + " (" + done.error().message + ")", fault);
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

/// The small resident processes of each region: `program` is shardlens-guard or shardlens-invalidator. All at once: the first would
/// dial every server while the others still wait for their turn.
base::Result<void> startResidents(const Ground &ground, const std::string &program, const std::string &prefix)
{
    const auto own = ownProgram(program); // by the main thread
    if (!own)
        return base::fail(own.error());
    const auto &regions = ground.shape.regions;
    return inParallel(regions, regions.size(), [&](const std::string &region) -> base::Result<void> {
        const std::string id = prefix + region;
        if (servers::process(ground, id))
            return {};
        Command command = *own;
        command.environment = {{"MALLOC_ARENA_MAX", "1"}}; // threads that mostly wait need no heap each
        command.arguments.insert(command.arguments.end(), {"--fleet", ground.home.fleetFile().string(), "--region", region, "--state", ground.home.data(id).string()});
        const auto started = startDaemon(command, ground.home.log(id), ground.home.pidFile(id));
        return started ? base::Result<void>() : base::fail(started.error());
    });
}

base::Result<Ground> up(const Home &home, const Shape *shape, Progress &progress)
{
    auto ground = Ground::make(home, shape);
    if (!ground)
        return ground;
    const InForce faults(faults::all(home));
    Spared spared(progress);
    const Bringing bringing{*ground, faults, spared};
    const auto names = clusterNames(*ground);
    const auto step = [&](const base::Result<void> &done, const std::string &what) {
        if (done && !what.empty())
            progress.say(what);
        return done;
    };
    if (const auto free = checkPorts(*ground, faults); !free)
        return base::fail(free.error());
    // The file first: a console may open while the servers still start.
    base::Result<void> done =
        step(writeFile(home.fleetFile(), fleet::toToml(describe(*ground))), "fleet file " + home.fleetFile().string());
    for (const Instance &server : ground->servers) {
        if (faults.holds(server.id))
            spared.say(server.id + " is left as it is", faults.of(server.id));
    }
    if (done)
        done = step(startRelay(*ground), "relay between " + std::to_string(ground->shape.regions.size()) + " regions");
    for (const Kind kind : {Kind::Memcached, Kind::Redis, Kind::Pgbouncer}) {
        if (done)
            done = startAll(bringing, ground->ofKind(kind));
    }
    if (done)
        done = step(inParallel(names, std::max(2U, std::thread::hardware_concurrency()),
                               [&](const std::string &name) { return bringUp(bringing, name); }),
                    std::to_string(names.size()) + " Postgres clusters made and started");
    if (done)
        done = readyAll(bringing, progress, names);
    if (done)
        progress.say(spared.said() == 0 ? "every standby streams" : "every standby streams that no fault keeps from it");
    const Shape &made = ground->shape;
    if (done && !made.patroni.empty())
        done = adopted(bringing, progress, made.patroni, "Patroni", patroni::adopt(*ground));
    if (done && !made.repmgr.empty())
        done = adopted(bringing, progress, made.repmgr, "repmgr", repmgr::adopt(*ground));
    if (done && !made.sentinel.empty())
        done = adopted(bringing, progress, made.sentinel, "three Sentinels", sentinel::watch(*ground));
    for (const Kind kind : {Kind::Memcached, Kind::Pgbouncer}) {
        for (const Instance &server : ground->ofKind(kind)) {
            if (done && !faults.holds(server.id))
                done = servers::waitReady(*ground, server, base::seconds(10));
        }
    }
    if (!done)
        return base::fail(done.error());
    for (const Instance &server : ground->ofKind(Kind::Postgres))
        postgres::noteSharedMemory(*ground, server); // somebody may kill it behind our back
    if (const auto guards = startResidents(*ground, "shardlens-guard", "guard-"); !guards)
        progress.say("no heartbeats: " + guards.error().message);
    if (const auto invalidators = startResidents(*ground, "shardlens-invalidator", "invalidator-"); !invalidators)
        progress.say("nobody invalidates caches: " + invalidators.error().message);
    const auto held = std::count_if(ground->servers.begin(), ground->servers.end(), [&](const Instance &one) { return faults.holds(one.id); });
    progress.say(std::to_string(ground->servers.size() - static_cast<std::size_t>(held) - spared.notUp()) + " servers are up");
    return ground;
}

} // namespace shardlens::localfleet
