// SPDX-License-Identifier: GPL-3.0-or-later
// shardlens-invalidator: deletes a region's cached keys as commits arrive there.
#include "app/invalidator/Invalidator.h"
#include "core/fleet/FleetFile.h"

#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>

using namespace shardlens;

namespace {

int serve(std::shared_ptr<const fleet::Fleet> fleet, const std::string &region, const std::string &state,
          std::optional<base::seconds> staleFor, std::uint32_t comparedPerMinute)
{
    // Blocked before any thread starts, so that only sigwait below ever takes them.
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    invalidator::Invalidator invalidator(std::move(fleet), base::RegionName(region), state, staleFor, comparedPerMinute);
    if (const auto started = invalidator.start(); !started) {
        std::fprintf(stderr, "shardlens-invalidator: %s\n", started.error().message.c_str());
        return 3;
    }
    std::printf("invalidator of %s\n", region.c_str());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ending, &signal);
    invalidator.stop();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    mallopt(M_ARENA_MAX, 2); // a dozen threads with arenas of their own would take more memory than all the rest
    CLI::App app("Deletes a region's cached keys once the commits that changed their rows have arrived there.", "shardlens-invalidator");
    app.set_version_flag("--version", std::string("shardlens-invalidator ") + SHARDLENS_VERSION);
    std::string file;
    std::string region;
    std::string state;
    std::uint32_t staleSeconds = 0;
    std::uint32_t comparedPerMinute = 60;
    app.add_option("--fleet", file, "The fleet file")->required()->envname("SHARDLENS_FLEET");
    app.add_option("--region", region, "The region whose pools it keeps true")->required();
    app.add_option("--state", state, "The folder for how far it came. Without one it goes on from what the clusters keep");
    app.add_option(
           "--mark-stale", staleSeconds,
           "Mark keys stale instead of deleting them: clients that use leases may serve the old value for so many seconds while one fills")
        ->check(CLI::Range(1, 3600));
    app.add_option("--compare", comparedPerMinute,
                   "Cached items that are compared with their rows each minute, so that it is known whether deletes work: a get and a read of a row each. 0: none")
        ->capture_default_str()
        ->check(CLI::Range(0, 6000));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : 2;
    }
    auto fleet = fleet::readFleetFile(file);
    if (!fleet) {
        for (const auto &complaint : fleet.error().complaints)
            std::fprintf(stderr, "%s\n", fleet::sentence(complaint, file).c_str());
        return 2;
    }
    const auto shared = std::make_shared<const fleet::Fleet>(std::move(*fleet));
    malloc_trim(0); // reading the file took far more than keeping it does
    return serve(shared, region, state, staleSeconds > 0 ? std::optional(base::seconds(staleSeconds)) : std::nullopt, comparedPerMinute);
}
