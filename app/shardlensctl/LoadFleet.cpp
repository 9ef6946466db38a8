// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LoadFleet.h"

#include <algorithm>
#include <cstdio>

namespace shardlens::ctl {

namespace {

std::string regionNames(const fleet::Fleet &fleet)
{
    std::string names;
    for (const fleet::Region &region : fleet.regions)
        names += (names.empty() ? "" : ", ") + region.name.text();
    return names;
}

bool isUser(const fleet::Fleet &fleet, const std::string &name)
{
    return std::any_of(fleet.access.users.begin(), fleet.access.users.end(), [&](const fleet::DatabaseUser &user) { return user.name == name; });
}

std::string userNames(const fleet::Fleet &fleet)
{
    std::string names;
    for (const fleet::DatabaseUser &user : fleet.access.users)
        names += (names.empty() ? "" : ", ") + user.name;
    return names.empty() ? "none" : names;
}

bool isRegion(const fleet::Fleet &fleet, const std::string &name)
{
    return std::any_of(fleet.regions.begin(), fleet.regions.end(), [&](const fleet::Region &region) { return region.name.text() == name; });
}

} // namespace

tl::expected<std::shared_ptr<const fleet::Fleet>, Exit> loadFleet(const Options &options)
{
    if (options.fleetFile.empty()) {
        std::fputs("No fleet file: name one with --fleet FILE or in SHARDLENS_FLEET.\n", stderr);
        return tl::unexpected(Exit::Usage);
    }
    auto reading = fleet::readFleetFile(options.fleetFile, options.from);
    if (!reading) {
        for (const fleet::Complaint &complaint : reading.error().complaints)
            std::fprintf(stderr, "%s\n", fleet::sentence(complaint, options.fleetFile).c_str());
        return tl::unexpected(reading.error().why == fleet::BadFleetFile::Why::NoRegion ? Exit::Usage : Exit::Failed);
    }
    for (const std::string &region : {options.region, options.look.region}) {
        if (region.empty() || isRegion(*reading, region))
            continue;
        std::fprintf(stderr, "There is no region '%s' in %s. Its regions: %s.\n", region.c_str(), options.fleetFile.c_str(), regionNames(*reading).c_str());
        return tl::unexpected(Exit::Usage);
    }
    if (!options.user.empty() && !isUser(*reading, options.user)) {
        std::fprintf(stderr, "--as, or SHARDLENS_USER: there is no database user '%s' in %s. Its users: %s.\n", options.user.c_str(), options.fleetFile.c_str(),
                     userNames(*reading).c_str());
        return tl::unexpected(Exit::Usage);
    }
    return std::make_shared<const fleet::Fleet>(std::move(*reading));
}

} // namespace shardlens::ctl
