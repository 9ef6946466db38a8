// SPDX-License-Identifier: GPL-3.0-or-later
// shardlens-invalidator: deletes a region's cached keys as commits arrive there.
#include "app/invalidator/Invalidator.h"
#include "app/resident/Resident.h"

using namespace shardlens;

int main(int argc, char **argv)
{
    std::uint32_t staleSeconds = 0;
    std::uint32_t comparedPerMinute = 60;
    const resident::About about{
        "shardlens-invalidator", SHARDLENS_VERSION, "Deletes a region's cached keys once the commits that changed their rows have arrived there.",
        "The region whose pools it keeps true", "The folder for how far it came. Without one it goes on from what the clusters keep",
        {{"--mark-stale", "Mark keys stale instead of deleting them: clients that use leases may serve the old value for so many seconds while one fills. 0: delete",
          0, 3600, &staleSeconds},
         {"--compare", "Cached items that are compared with their rows each minute, so that it is known whether deletes work: a get and a read of a row each. 0: none",
          0, 6000, &comparedPerMinute}}};
    return resident::run(argc, argv, about, [&](const resident::Setting &setting) {
        const auto staleFor = staleSeconds > 0 ? std::optional(base::seconds(staleSeconds)) : std::nullopt;
        const auto invalidator = std::make_shared<invalidator::Invalidator>(setting.fleet, setting.region, setting.state, staleFor, comparedPerMinute);
        const auto start = [invalidator, region = setting.region]() -> base::Result<std::string> {
            if (const auto started = invalidator->start(); !started)
                return base::fail(started.error());
            return "invalidator of " + region.text();
        };
        return resident::Running{start, [invalidator] { invalidator->stop(); }};
    });
}
