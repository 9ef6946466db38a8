// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Faults.h"

#include "app/localfleet/DiskFull.h"
#include "app/localfleet/Patroni.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Repmgr.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"
#include "app/localfleet/relay/Sockets.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

namespace shardlens::localfleet
{

namespace
{

using Kind = fleet::ServerKind;
using Said = base::Result<std::string>;
using Done = base::Result<void>;

// --- servers ------------------------------------------------------------------------------------------------------------------------

Said kill(const Ground &ground, const Instance &server)
{
    if (patroni::isUnder(ground, server))
        patroni::kill(ground, server);
    if (repmgr::isUnder(ground, server))
        repmgr::kill(ground, server);
    const auto main = servers::process(ground, server.id);
    if (main) {
        if (server.kind == Kind::Postgres)
            postgres::noteSharedMemory(ground, server);
        // The postmaster first: killed children alone would be started again by it.
        ::kill(main->pid, SIGKILL);
        for (const pid_t pid : servers::processes(ground, server)) {
            ::kill(pid, SIGKILL);
            ::kill(pid, SIGCONT);
        }
        if (!waitUntil([&] { return servers::processes(ground, server).empty(); }, base::seconds(5)))
            return base::fail(base::ErrorCode::Io, server.id + " does not die", server.id);
    }
    return server.id + " is killed";
}

Done thaw(const Ground &ground, const Instance &server)
{
    const auto main = servers::process(ground, server.id);
    for (const pid_t pid : servers::processes(ground, server)) {
        if (!main || pid != main->pid)
            ::kill(pid, SIGCONT);
    }
    if (main)
        ::kill(main->pid, SIGCONT);
    return {};
}

Said freeze(const Ground &ground, const Instance &server)
{
    const auto main = servers::process(ground, server.id);
    if (!main)
        return base::fail(base::ErrorCode::NotFound, server.id + " does not run", server.id);
    // The postmaster first and alone: until it holds still it may start a child, which would escape. Then whoever is there; they are
    // sessions of their own, and no signal to a group reaches them. One that waits for the disk stops only when it comes back from there.
    ::kill(main->pid, SIGSTOP);
    const auto holdsStill = [&] {
        bool all = isStopped(*main);
        for (const pid_t pid : all ? servers::processes(ground, server) : std::vector<pid_t>()) {
            const auto process = processOf(pid);
            if (!process || !isAlive(*process) || isStopped(*process))
                continue;
            ::kill(pid, SIGSTOP);
            all = false;
        }
        return all;
    };
    if (!waitUntil(holdsStill, base::seconds(5), base::milliseconds(2))) {
        static_cast<void>(thaw(ground, server));
        return base::fail(base::ErrorCode::Io, server.id + " does not freeze", server.id);
    }
    return server.id + " is frozen: its kernel still takes connections";
}

Done startAgain(const Ground &ground, const Instance &server)
{
    if (const auto started = servers::start(ground, server); !started)
        return started;
    return servers::waitReady(ground, server, base::seconds(30));
}

Done restart(const Ground &ground, const Instance &server)
{
    if (const auto stopped = servers::stop(ground, server, base::seconds(8)); !stopped)
        return stopped;
    return startAgain(ground, server);
}

Said pauseReplay(const Ground &ground, const Instance &server)
{
    const auto paused = postgres::query(ground, server, "postgres", "SELECT pg_wal_replay_pause()");
    return paused ? Said(server.id + " receives but replays nothing") : base::fail(paused.error());
}

Done resumeReplay(const Ground &ground, const Instance &server)
{
    // Promoted meanwhile: there is nothing to resume, and asking would be an error.
    const auto resumed = postgres::query(ground, server, "postgres",
                                         "DO $$ BEGIN IF pg_is_in_recovery() THEN PERFORM pg_wal_replay_resume(); END IF; END $$");
    return resumed ? Done() : base::fail(resumed.error());
}

Said flush(const Ground &ground, const Instance &server)
{
    auto client = LineClient::toPort(ground.ports.of(server.id), base::seconds(2));
    if (!client)
        return base::fail(client.error());
    if (const auto sent = client->send("flush_all\r\n"); !sent)
        return base::fail(sent.error());
    const auto answer = client->line();
    if (!answer || *answer != "OK")
        return base::fail(base::ErrorCode::Rejected, server.id + " did not flush: " + answer.value_or("no answer"), server.id);
    return server.id + " has lost all its items; it fills again by reads, there is nothing to heal";
}

Said fillRedis(const Ground &ground, const Instance &server)
{
    auto memory = redis::info(ground, server, "memory");
    if (!memory)
        return base::fail(memory.error());
    const std::int64_t used = std::strtoll((*memory)["used_memory"].c_str(), nullptr, 10);
    if (!faults::find(ground.home, "redis-full", server.id)) {
        if (const auto kept = faults::keep(ground.home, {"redis-full", server.id, {}, {{"maxmemory", (*memory)["maxmemory"]}}}); !kept)
            return base::fail(kept.error());
    }
    // The limit comes down to what is used: the same refusals as from filling it up, without a gigabyte of made-up keys in every replica.
    const std::string limit = std::to_string(std::max<std::int64_t>(1, used - used / 50));
    if (const auto set = redis::command(ground, server, {"CONFIG", "SET", "maxmemory", limit}); !set)
        return base::fail(set.error());
    return server.id + " is full: its limit is " + limit + " bytes, " + std::to_string(used) +
           " are used; writes that need memory are refused";
}

Done emptyRedis(const Ground &ground, const Instance &server, const faults::Record &record)
{
    const auto before = record.details.find("maxmemory");
    const auto set = redis::command(ground, server, {"CONFIG", "SET", "maxmemory", before == record.details.end() ? "0" : before->second});
    // A limit set at run time is gone with the process: one that does not run comes back with its own.
    return set || set.error().code == base::ErrorCode::Refused ? Done() : base::fail(set.error());
}

Said fillDisk(const Ground &ground, const Instance &server)
{
    if (server.kind != Kind::Postgres && server.kind != Kind::Redis)
        return base::fail(base::ErrorCode::BadInput, server.id + " keeps nothing on disk", server.id);
    if (!diskfull::isOnSmallDisk(ground, server)) {
        if (const auto allowed = diskfull::isAllowed(ground); !allowed)
            return base::fail(allowed.error()); // before anything is stopped for it
        if (const auto stopped = servers::stop(ground, server, base::seconds(8)); !stopped)
            return base::fail(stopped.error());
        const auto moved = diskfull::moveToSmallDisk(ground, server, 24 << 20);
        const auto started = startAgain(ground, server);
        if (!moved || !started)
            return base::fail(moved ? started.error() : moved.error());
    }
    if (server.kind == Kind::Postgres) {
        // A first session writes a small cache file, without which no session could begin: a disk that fills up has it already.
        for (const std::string &database : {std::string("postgres"), ground.database(server)})
            (void)postgres::query(ground, server, database, "SELECT 1");
    }
    if (const auto filled = diskfull::fill(ground, server); !filled)
        return base::fail(filled.error());
    return server.id + " has its data on a file system of its own, which is full";
}

Done emptyDisk(const Ground &ground, const Instance &server)
{
    if (const auto stopped = servers::stop(ground, server, base::seconds(8)); !stopped)
        return stopped;
    if (const auto back = diskfull::takeBack(ground, server); !back)
        return back;
    return startAgain(ground, server);
}

Said turnClock(const Ground &ground, const Instance &server, double seconds)
{
    std::string library;
    for (const char *place :
         {"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"}) {
        if (std::filesystem::exists(place))
            library = place;
    }
    if (library.empty())
        return base::fail(base::ErrorCode::Unavailable,
                          "clock-off is not available here: libfaketime is not installed; it comes with the package libfaketime");
    std::array<char, 32> offset{};
    std::snprintf(offset.data(), offset.size(), "%+.3f", seconds);
    if (const auto kept = faults::keep(ground.home, {"clock-off", server.id, {}, {{"library", library}, {"offset", offset.data()}}}); !kept)
        return base::fail(kept.error());
    if (const auto restarted = restart(ground, server); !restarted)
        return base::fail(restarted.error());
    return server.id + " was started again with its clock " + offset.data() + " s off";
}

// --- links --------------------------------------------------------------------------------------------------------------------------

std::vector<RelayPlan::Way> waysOf(const FaultRequest &request)
{
    std::vector<RelayPlan::Way> ways{{request.target, request.to}};
    if (!request.oneWay)
        ways.emplace_back(request.to, request.target);
    return ways;
}

std::string nameOf(const RelayPlan::Way &way)
{
    return way.first + ">" + way.second;
}

/// The link as it is now, and how it is without any fault.
base::Result<std::pair<Link, Link>> linkNow(const Ground &ground, const RelayPlan::Way &way)
{
    const auto text = askRelay(ground.home.relaySocket(), "status");
    if (!text)
        return base::fail(text.error());
    Link usual;
    usual.latency = base::microseconds(static_cast<std::int64_t>(latencyMs(ground.shape, way.first, way.second) * 1000));
    for (const std::string &line : split(*text, '\n')) {
        if (line.rfind("link " + way.first + " " + way.second + " ", 0) != 0)
            continue;
        const auto plan = parseRelayPlan(line);
        if (plan && plan->links.count(way) != 0)
            return std::pair(plan->links.at(way), usual);
    }
    return base::fail(base::ErrorCode::NotFound, "there is no link from " + way.first + " to " + way.second);
}

template <class Change>
Done changeLink(const Ground &ground, const RelayPlan::Way &way, Change &&change)
{
    auto links = linkNow(ground, way);
    if (!links)
        return base::fail(links.error());
    change(links->first, links->second);
    const auto changed = askRelay(ground.home.relaySocket(), print(way, links->first));
    return changed ? Done() : base::fail(changed.error());
}

Said breakLink(const Ground &ground, const FaultRequest &request)
{
    std::string said;
    for (const RelayPlan::Way &way : waysOf(request)) {
        const bool isCut = request.kind == "link-cut";
        const auto done = changeLink(ground, way, [&](Link &link, const Link &) {
            if (isCut) {
                link.cut = request.blackhole ? Cut::Blackhole : Cut::Reset;
            } else {
                link.latency = base::microseconds(static_cast<std::int64_t>(request.latencyMs * 1000));
                link.bytesPerSecond = request.kibPerSecond * 1024;
            }
        });
        if (!done)
            return base::fail(done.error());
        const Settings details = isCut ? Settings{{"how", request.blackhole ? "blackhole" : "reset"}}
                                       : Settings{{"latency_ms", std::to_string(static_cast<std::int64_t>(request.latencyMs))},
                                                  {"kib_per_second", std::to_string(request.kibPerSecond)}};
        if (const auto kept = faults::keep(ground.home, {request.kind, nameOf(way), {}, details}); !kept)
            return base::fail(kept.error());
        said += (said.empty() ? "" : " and ") + way.first + " to " + way.second;
    }
    return said + (request.kind == "link-slow" ? " is slow" : request.blackhole ? " swallows everything" : " is refused");
}

Done mendLink(const Ground &ground, const std::string &kind, const RelayPlan::Way &way)
{
    const Done done = changeLink(ground, way, [&](Link &link, const Link &usual) {
        if (kind == "link-cut") {
            link.cut = Cut::None;
        } else {
            link.latency = usual.latency;
            link.bytesPerSecond = usual.bytesPerSecond;
        }
    });
    if (done)
        faults::forget(ground.home, kind, nameOf(way));
    return done;
}

// --- all --------------------------------------------------------------------------------------------------------------------------

/// A region stands for its router.
std::string routerIn(const Ground &ground, const std::string &target)
{
    const auto routers = ground.ofKind(Kind::Pgbouncer);
    const auto found = std::find_if(routers.begin(), routers.end(), [&](const Instance &router) { return router.region == target; });
    return found == routers.end() ? target : found->id;
}

base::Result<Instance> targetOf(const Ground &ground, const FaultRequest &request)
{
    if (request.kind == "replay-paused")
        return ground.need(request.target, Kind::Postgres);
    if (request.kind == "memcached-flush")
        return ground.need(request.target, Kind::Memcached);
    if (request.kind == "redis-full")
        return ground.need(request.target, Kind::Redis);
    if (request.kind == "router-stop")
        return ground.need(routerIn(ground, request.target), Kind::Pgbouncer);
    return ground.need(request.target);
}

Said inflictOnServer(const Ground &ground, const Instance &server, const FaultRequest &request)
{
    const std::string &kind = request.kind;
    if (kind == "kill")
        return kill(ground, server);
    if (kind == "freeze")
        return freeze(ground, server);
    if (kind == "replay-paused")
        return pauseReplay(ground, server);
    if (kind == "memcached-flush")
        return flush(ground, server);
    if (kind == "redis-full")
        return fillRedis(ground, server);
    if (kind == "disk-full")
        return fillDisk(ground, server);
    if (kind == "clock-off")
        return turnClock(ground, server, request.clockOffset);
    const auto stopped = servers::stop(ground, server, base::seconds(3));
    return stopped ? Said(server.id + " is stopped") : base::fail(stopped.error());
}

Done healServer(const Ground &ground, const Instance &server, const faults::Record &record)
{
    if (record.kind == "freeze")
        return thaw(ground, server);
    if (record.kind == "replay-paused")
        return resumeReplay(ground, server);
    if (record.kind == "redis-full")
        return emptyRedis(ground, server, record);
    if (record.kind == "disk-full")
        return emptyDisk(ground, server);
    if (record.kind == "clock-off") {
        faults::forget(ground.home, record.kind, record.target); // or it would start with it again
        return restart(ground, server);
    }
    if (record.kind == "kill" && patroni::isUnder(ground, server))
        return patroni::adopt(ground);
    if (record.kind == "kill" && repmgr::isUnder(ground, server))
        return repmgr::adopt(ground);
    return startAgain(ground, server);
}

Done healRecord(const Ground &ground, const faults::Record &record)
{
    if (const std::size_t to = record.target.find('>'); to != std::string::npos)
        return mendLink(ground, record.kind, {record.target.substr(0, to), record.target.substr(to + 1)});
    const auto server = ground.need(record.target);
    if (!server)
        return base::fail(server.error());
    const Done done = healServer(ground, *server, record);
    if (done)
        faults::forget(ground.home, record.kind, record.target);
    return done;
}

/// Said where no fault is meant: which there are.
std::string noSuchFault(const Ground &ground)
{
    std::string text;
    for (const faults::Record &record : faults::all(ground.home))
        text += (text.empty() ? "no such fault is in effect. There are: " : ", ") + record.kind + " " + record.target;
    return text.empty() ? "no fault is in effect" : text + ". `heal --all` ends them all";
}

} // namespace

const std::vector<FaultKind> &faultKinds()
{
    static const std::vector<FaultKind> kinds{
        {"kill", false, "Kill a server with SIGKILL"},
        {"freeze", false, "Stop a server's processes in their tracks; its kernel goes on taking connections"},
        {"replay-paused", false, "A standby goes on receiving, but replays nothing"},
        {"link-slow", true, "Give a link between two regions more latency or less bandwidth"},
        {"link-cut", true, "Cut a link between two regions"},
        {"disk-full", false, "Move a server's data to a small file system and fill it (needs root)"},
        {"memcached-flush", false, "Throw all items of a memcached away"},
        {"redis-full", false, "Bring a Redis to its memory limit: it refuses writes"},
        {"router-stop", false, "Stop a region's pgbouncer"},
        {"clock-off", false, "Start a server again with its clock off"},
    };
    return kinds;
}

base::Result<std::string> inflict(const Ground &ground, const FaultRequest &request)
{
    const auto &kinds = faultKinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const FaultKind &k) { return request.kind == k.name; });
    if (kind == kinds.end())
        return base::fail(base::ErrorCode::BadInput, "there is no fault " + request.kind);
    if (kind->isLink)
        return breakLink(ground, request);
    const auto server = targetOf(ground, request);
    if (!server)
        return base::fail(server.error());
    auto said = inflictOnServer(ground, *server, request);
    // What heals by itself is no fault in effect; redis-full and clock-off have recorded what they need themselves.
    if (said && request.kind != "memcached-flush" && !faults::find(ground.home, request.kind, server->id)) {
        if (const auto kept = faults::keep(ground.home, {request.kind, server->id, {}, {}}); !kept)
            return base::fail(kept.error());
    }
    return said;
}

base::Result<void> heal(const Ground &ground, const FaultRequest &request, Progress &progress)
{
    std::vector<std::string> targets{request.target, routerIn(ground, request.target)};
    if (!request.to.empty()) {
        targets.clear();
        for (const RelayPlan::Way &way : waysOf(request))
            targets.push_back(nameOf(way));
    }
    bool isKnown = false;
    for (const faults::Record &record : faults::all(ground.home)) {
        const bool isMeant = (request.kind.empty() || record.kind == request.kind) &&
                             std::find(targets.begin(), targets.end(), record.target) != targets.end();
        if (!isMeant)
            continue;
        isKnown = true;
        if (const auto done = healRecord(ground, record); !done)
            return done;
        progress.say(record.kind + " of " + record.target + " is healed");
    }
    if (!isKnown)
        progress.say(noSuchFault(ground));
    return {};
}

base::Result<void> healAll(const Ground &ground, Progress &progress)
{
    Done outcome;
    auto records = faults::all(ground.home);
    std::reverse(records.begin(), records.end());
    for (const faults::Record &record : records) {
        const Done done = healRecord(ground, record);
        progress.say(record.kind + " of " + record.target + (done ? " is healed" : " could not be healed: " + done.error().message));
        if (!done && outcome)
            outcome = done;
    }
    if (records.empty())
        progress.say("no fault is in effect");
    return outcome;
}

} // namespace shardlens::localfleet
