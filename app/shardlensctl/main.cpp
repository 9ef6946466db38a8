// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"
#include "app/shardlensctl/IdCommands.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/Options.h"

#include <QCoreApplication>

namespace {

using namespace shardlens::ctl;

/// Commands that ask servers need the event loop; the others start quicker without it.
Exit runLive(const Options &options, int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    switch (options.command) {
    case Command::Status: return showStatus(options);
    case Command::Problems: return showProblems(options);
    case Command::Servers: return showServers(options);
    case Command::Shards: return showShards(options);
    case Command::Replication: return showReplication(options);
    case Command::Routers: return showRouters(options);
    case Command::Redis: return showRedis(options);
    case Command::CacheShow: return showCache(options);
    case Command::Watch: return watchFleet(options);
    default: return Exit::Usage;
    }
}

Exit run(const Options &options, int argc, char **argv)
{
    switch (options.command) {
    case Command::IdDecode: return decodeIds(options);
    case Command::IdEncode: return encodeId(options);
    case Command::FleetCheck: return checkFleet(options);
    default: return runLive(options, argc, argv);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const auto options = parseOptions(argc, argv);
    return static_cast<int>(options ? run(*options, argc, argv) : options.error());
}
