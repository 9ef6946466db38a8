// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resident/Resident.h"

#include "core/fleet/FleetFile.h"

#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>

namespace shardlens::resident {

namespace {

int serve(const About &about, const Running &running)
{
    const auto started = running.start();
    if (!started) {
        std::fprintf(stderr, "%s: %s\n", about.program, started.error().message.c_str());
        return 3;
    }
    std::printf("%s\n", started->c_str());
    std::fflush(stdout);
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    int signal = 0;
    sigwait(&ending, &signal);
    running.stop();
    return 0;
}

} // namespace

int run(int argc, char **argv, const About &about, const std::function<Running(const Setting &)> &make)
{
    mallopt(M_ARENA_MAX, 2); // a dozen threads with arenas of their own would take more memory than all the rest
    CLI::App app(about.text, about.program);
    app.set_version_flag("--version", std::string(about.program) + " " + about.version);
    std::string file;
    std::string region;
    Setting setting;
    app.add_option("--fleet", file, "The fleet file")->required()->envname("SHARDLENS_FLEET");
    app.add_option("--region", region, about.ofRegion)->required();
    app.add_option("--state", setting.state, about.ofState);
    for (const NumberOption &number : about.numbers)
        app.add_option(number.flag, *number.value, number.text)->capture_default_str()->check(CLI::Range(number.least, number.most));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    auto fleet = fleet::readFleetFile(file);
    if (!fleet) {
        for (const auto &complaint : fleet.error().complaints)
            std::fprintf(stderr, "%s\n", fleet::sentence(complaint, file).c_str());
        return 2;
    }
    setting.fleet = std::make_shared<const fleet::Fleet>(std::move(*fleet));
    setting.region = base::RegionName(region);
    malloc_trim(0); // reading the file took far more than keeping it does

    // Blocked before any thread starts, so that only sigwait ever takes them.
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return serve(about, make(setting));
}

} // namespace shardlens::resident
