// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Applications.h"
#include "app/localfleet/Ending.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/traffic/Traffic.h"
#include "core/fleet/FleetFile.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace shardlens::localfleet
{

namespace
{

/// It first reads who there is: on a busy machine some seconds.
constexpr base::seconds beginsWithin{60};

/// What was written to a log after its first `from` bytes.
std::string writtenSince(const std::filesystem::path &log, std::uintmax_t from)
{
    std::ifstream in(log, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(from));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string lastLine(std::string text)
{
    text.erase(text.find_last_not_of("\n ") + 1);
    return text.substr(text.rfind('\n') + 1);
}

} // namespace

base::Result<void> runTraffic(const Ground &ground, const TrafficRequest &request)
{
    const auto fleet = fleet::readFleetFile(ground.home.fleetFile().string());
    if (!fleet)
        return base::fail(base::ErrorCode::BadInput, fleet::sentence(fleet.error().complaints.front(), ground.home.fleetFile().string()));
    traffic::Options options;
    options.rate = request.rate;
    options.duration = base::seconds(request.seconds);
    options.usesLeases = !request.withoutLeases;
    for (const std::string &region : request.regions)
        options.regions.emplace_back(region);
    const auto tell = [](const traffic::Interval &interval) {
        std::printf("%s\n", traffic::sentence(interval).c_str());
        std::fflush(stdout);
    };
    const auto sum = traffic::run(*fleet, options, tell, raisedByEnding());
    if (!sum)
        return base::fail(sum.error());
    std::printf("in all:\n");
    tell(*sum);
    return {};
}

base::Result<void> startTraffic(const Ground &ground, const TrafficRequest &request)
{
    if (const auto stopped = stopTraffic(ground); !stopped)
        return stopped;
    auto command = ownProgram("shardlens-localfleet");
    if (!command)
        return base::fail(command.error());
    command->arguments.insert(command->arguments.end(), {"traffic", "--dir", ground.home.root().string(), "--rate",
                                                         std::to_string(request.rate), "--seconds", std::to_string(request.seconds)});
    if (request.withoutLeases)
        command->arguments.emplace_back("--no-leases");
    for (const std::string &region : request.regions)
        command->arguments.insert(command->arguments.end(), {"--regions", region});
    const std::filesystem::path log = ground.home.log("traffic");
    std::error_code error;
    const std::uintmax_t before = std::filesystem::exists(log, error) ? std::filesystem::file_size(log, error) : 0;
    const auto started = startDaemon(*command, log, ground.home.pidFile("traffic"));
    if (!started)
        return base::fail(started.error());
    const auto hasBegun = [&] { return writtenSince(log, before).find("/s") != std::string::npos; }; // the line of its first second
    (void)waitUntil([&] { return !isAlive(*started) || hasBegun(); }, beginsWithin, base::milliseconds(100));
    if (!isAlive(*started) && !hasBegun()) {
        std::filesystem::remove(ground.home.pidFile("traffic"), error);
        return base::fail(base::ErrorCode::Unreachable, "the traffic ended at once: " + lastLine(writtenSince(log, before)));
    }
    if (!hasBegun())
        return base::fail(base::ErrorCode::TimedOut, "the traffic has done nothing in " + std::to_string(beginsWithin.count()) + " s; it goes on trying, see " + log.string());
    std::printf("traffic runs in the background; its lines are in %s\n", ground.home.log("traffic").c_str());
    return {};
}

base::Result<void> stopTraffic(const Ground &ground)
{
    const auto running = recorded(ground.home.pidFile("traffic"));
    if (running && !stop(*running, SIGTERM, base::seconds(5)))
        return base::fail(base::ErrorCode::Io, "the traffic does not end");
    std::error_code error;
    std::filesystem::remove(ground.home.pidFile("traffic"), error);
    return {};
}

} // namespace shardlens::localfleet
