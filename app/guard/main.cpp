// SPDX-License-Identifier: GPL-3.0-or-later
// shardlens-guard: the small resident process of a region.
#include "app/guard/Guard.h"
#include "app/resident/Resident.h"

using namespace shardlens;

int main(int argc, char **argv)
{
    const resident::About about{
        "shardlens-guard", SHARDLENS_VERSION,
        "The resident process of a region: writes its heartbeats, tells consoles what it sees, and carries out operations on its region's servers.",
        "The region that this guard stands in", "The folder for what it keeps: which operations it was told of. Without one it forgets them when it ends", {}};
    return resident::run(argc, argv, about, [](const resident::Setting &setting) {
        const auto guard = std::make_shared<guard::Guard>(setting.fleet, setting.region, setting.state);
        const auto start = [guard, region = setting.region]() -> base::Result<std::string> {
            if (const auto started = guard->start(); !started)
                return base::fail(started.error());
            return "guard of " + region.text() + " on port " + std::to_string(guard->port());
        };
        return resident::Running{start, [guard] { guard->stop(); }};
    });
}
