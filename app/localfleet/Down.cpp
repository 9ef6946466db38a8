// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/DiskFull.h"
#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/LeftBehind.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/relay/Relay.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace fs = std::filesystem;

namespace
{

/// Processes with a pid file that are no servers: guards, traffic.
void stopHelpers(const Ground &ground)
{
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(ground.home.run(), error)) {
        const std::string id = entry.path().stem().string();
        if (entry.path().extension() != ".pid" || id == "relay" || ground.server(id) != nullptr)
            continue;
        if (const auto process = recorded(entry.path()))
            (void)stop(*process, SIGTERM, base::seconds(3));
        fs::remove(entry.path(), error);
    }
}

void healLinks(const Ground &ground)
{
    const auto text = askRelay(ground.home.relaySocket(), "status");
    const auto plan = text ? parseRelayPlan(text->substr(0, text->find("open "))) : base::Result<RelayPlan>(base::fail(text.error()));
    if (!plan)
        return;
    for (auto [way, link] : plan->links) {
        link.cut = Cut::None;
        (void)askRelay(ground.home.relaySocket(), print(way, link)); // a fast stop would wait for standbys behind it
    }
}

base::Result<void> stopServers(const Ground &ground, Progress &progress)
{
    std::size_t running = 0;
    for (const Instance &server : ground.servers)
        running += servers::processes(ground, server).empty() ? 0 : 1;
    for (const Instance &server : ground.servers)
        servers::askToStop(ground, server);
    for (const Instance &server : ground.servers) {
        if (const auto stopped = servers::stop(ground, server, base::seconds(30)); !stopped)
            return stopped;
    }
    progress.say(std::to_string(running) + " servers stopped");
    return {};
}

} // namespace

base::Result<void> down(const Home &home, bool alsoDelete, Progress &progress)
{
    if (home.exists()) {
        const auto ground = Ground::open(home);
        if (!ground)
            return base::fail(ground.error());
        stopHelpers(*ground);
        healLinks(*ground);
        if (const auto stopped = stopServers(*ground, progress); !stopped)
            return stopped;
        if (const auto relay = servers::process(*ground, "relay"))
            (void)stop(*relay, SIGTERM, base::seconds(3));
        std::error_code error;
        fs::remove(home.pidFile("relay"), error);
        fs::remove(home.relaySocket(), error);
        if (const auto ended = endLeftBehind(home); !ended)
            return ended;
        for (const Instance &server : ground->servers) {
            if (server.kind == fleet::ServerKind::Postgres)
                postgres::releaseSharedMemory(*ground, server);
            if (const auto healed = diskfull::takeBack(*ground, server); !healed)
                return healed;
        }
        for (const faults::Record &fault : faults::all(home)) {
            faults::forget(home, fault.kind, fault.target);
            if (fault.kind == "link-slow" || fault.kind == "link-cut")
                fs::remove(relayState(home), error); // the next `up` begins with whole links
        }
    }
    if (alsoDelete) {
        std::error_code error;
        if (home.exists() || fs::exists(home.portsFile())) { // only what an `up` has made
            const auto remove = [&] {
                error.clear();
                fs::remove_all(home.root(), error);
                return !error;
            };
            (void)waitUntil(remove, base::seconds(1)); // again where somebody else removed a file meanwhile
        }
        if (error) {
            // The directory itself may lie in one that the owner cannot write to; all that is in it is gone.
            if (fs::exists(home.root()) && !fs::is_empty(home.root()))
                return base::fail(base::ErrorCode::Io, "cannot remove " + home.root().string() + ": " + error.message());
        }
        progress.say(home.root().string() + " removed");
    }
    return {};
}

base::Result<FleetLock> FleetLock::take(const Home &home)
{
    std::error_code error;
    fs::create_directories(home.run(), error);
    const int fd = ::open((home.run() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return base::fail(base::ErrorCode::Io, "cannot open the lock of " + home.root().string() + ": " + std::strerror(errno));
    FleetLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return base::fail(base::ErrorCode::Unavailable, "another shardlens-localfleet is changing the fleet in " + home.root().string());
    return lock;
}

FleetLock::~FleetLock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

} // namespace shardlens::localfleet
