// SPDX-License-Identifier: GPL-3.0-or-later
// shardlens-guard: the small resident process of a region.
#include "app/guard/Guard.h"
#include "core/fleet/FleetFile.h"

#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>

using namespace shardlens;

namespace
{

int serve(std::shared_ptr<const fleet::Fleet> fleet, const std::string &region, const std::string &state)
{
    // Blocked before any thread starts, so that only sigwait below ever takes them.
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    guard::Guard guard(std::move(fleet), base::RegionName(region), state);
    if (const auto started = guard.start(); !started) {
        std::fprintf(stderr, "shardlens-guard: %s\n", started.error().message.c_str());
        return 3;
    }
    std::printf("guard of %s on port %u\n", region.c_str(), guard.port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ending, &signal);
    guard.stop();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    // A dozen threads with arenas of their own would take more memory than all the rest.
    mallopt(M_ARENA_MAX, 2);
    CLI::App app("The resident process of a region: writes its heartbeats, tells consoles what it sees, and carries out operations on its region's servers.", "shardlens-guard");
    app.set_version_flag("--version", std::string("shardlens-guard ") + SHARDLENS_VERSION);
    std::string file;
    std::string region;
    app.add_option("--fleet", file, "The fleet file")->required()->envname("SHARDLENS_FLEET");
    app.add_option("--region", region, "The region that this guard stands in")->required();
    std::string state;
    app.add_option("--state", state, "The folder for what it keeps: which operations it was told of. Without one it forgets them when it ends");
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
    return serve(shared, region, state);
}
