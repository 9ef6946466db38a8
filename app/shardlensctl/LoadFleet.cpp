// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LoadFleet.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace shardlens::ctl {

namespace {

std::string regionNames(const fleet::Fleet &fleet)
{
    std::string names;
    for (const fleet::Region &region : fleet.regions)
        names += (names.empty() ? "" : ", ") + region.name.text();
    return names;
}

} // namespace

tl::expected<std::shared_ptr<const fleet::Fleet>, Exit> loadFleet(const Options &options)
{
    if (options.fleetFile.empty()) {
        std::fputs("No fleet file: name one with --fleet FILE or in SHARDLENS_FLEET.\n", stderr);
        return tl::unexpected(Exit::Usage);
    }
    auto reading = fleet::readFleetFile(options.fleetFile);
    if (!reading) {
        for (const fleet::Complaint &complaint : reading.error().complaints)
            std::fprintf(stderr, "%s\n", fleet::sentence(complaint, fileNameOf(options.fleetFile)).c_str());
        return tl::unexpected(Exit::Failed);
    }
    if (!options.from.empty()) {
        const base::RegionName from(options.from);
        const bool isRegion =
            std::any_of(reading->regions.begin(), reading->regions.end(), [&](const fleet::Region &region) { return region.name == from; });
        if (!isRegion) {
            std::fprintf(stderr, "--from: there is no region '%s' in %s. Its regions: %s.\n", options.from.c_str(),
                         fileNameOf(options.fleetFile).c_str(), regionNames(*reading).c_str());
            return tl::unexpected(Exit::Usage);
        }
        reading->ownRegion = from;
    }
    return std::make_shared<const fleet::Fleet>(std::move(*reading));
}

std::string fileNameOf(const std::string &path)
{
    return std::filesystem::path(path).filename().string();
}

} // namespace shardlens::ctl
