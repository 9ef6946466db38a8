// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"

#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/fleet/FleetFile.h"

#include <cstdio>

namespace shardlens::ctl {

namespace {

struct Count {
    const char *key;
    const char *one;
    const char *many;
    std::size_t number;
};

std::vector<Count> countsOf(const fleet::Fleet &fleet)
{
    return {{"regions", "region", "regions", fleet.regions.size()},
            {"hosts", "host", "hosts", fleet.hosts.size()},
            {"servers", "server", "servers", fleet.servers.size()},
            {"partitions", "partition", "partitions", fleet.partitions.size()},
            {"clusters", "cluster", "clusters", fleet.clusters.size()},
            {"routers", "router", "routers", fleet.routers.size()},
            {"redis_groups", "redis group", "redis groups", fleet.redisGroups.size()},
            {"pools", "pool", "pools", fleet.pools.size()},
            {"guards", "guard", "guards", fleet.guards.size()},
            {"invalidators", "invalidator", "invalidators", fleet.invalidators.size()}};
}

void printJson(const std::string &file, const fleet::FleetReading &reading)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("file", file).member("ok", reading.has_value());
    if (reading) {
        json.member("fleet", reading->name).member("environment", fleet::name(reading->environment));
        for (const Count &count : countsOf(*reading))
            json.member(count.key, count.number);
    }
    json.key("complaints").beginArray();
    if (!reading) {
        for (const fleet::Complaint &complaint : reading.error().complaints) {
            json.beginObject().member("line", complaint.line).member("key", complaint.key).member("what", complaint.what);
            json.member("expected", complaint.expected).member("suggestion", complaint.suggestion).endObject();
        }
    }
    json.endArray().endObject();
    std::puts(out.c_str());
}

void printText(const std::string &file, const fleet::FleetReading &reading)
{
    if (!reading) {
        for (const fleet::Complaint &complaint : reading.error().complaints)
            std::puts(fleet::sentence(complaint, file).c_str());
        return;
    }
    std::string counts;
    for (const Count &count : countsOf(*reading)) {
        if (count.number > 0)
            counts += (counts.empty() ? "" : ", ") + std::to_string(count.number) + " " + (count.number == 1 ? count.one : count.many);
    }
    const std::string environment(fleet::name(reading->environment));
    std::printf("%s: nothing to complain about. %s (%s): %s.\n", file.c_str(), reading->name.c_str(), environment.c_str(),
                counts.c_str());
}

} // namespace

Exit checkFleet(const Options &options)
{
    const std::string &file = options.file.empty() ? options.fleetFile : options.file;
    if (file.empty()) {
        std::fputs("fleet check: name a FILE, or one with --fleet or in SHARDLENS_FLEET.\n", stderr);
        return Exit::Usage;
    }
    const fleet::FleetReading reading = fleet::readFleetFile(file);
    if (options.json)
        printJson(file, reading);
    else
        printText(file, reading);
    if (reading)
        return Exit::Well;
    return reading.error().why == fleet::BadFleetFile::Why::Unreadable ? Exit::Failed : Exit::Problem;
}

} // namespace shardlens::ctl
