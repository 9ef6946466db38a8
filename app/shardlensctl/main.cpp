// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"
#include "app/shardlensctl/HistoryCommand.h"
#include "app/shardlensctl/IdCommands.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/LookCommands.h"
#include "app/shardlensctl/Options.h"

#include <QCoreApplication>

namespace {

using namespace shardlens::ctl;

/// Commands that ask servers need the event loop; the others start quicker without it.
Exit runWithEventLoop(const Options &options, int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (options.command == Command::FleetDiscover)
        return discoverFleet(options);
    if (options.command == Command::FleetAccess)
        return showAccess(options);
    if (options.command == Command::History)
        return showHistory(options);
    return runLive(options);
}

Exit run(const Options &options, int argc, char **argv)
{
    switch (options.command) {
    case Command::IdDecode: return decodeIds(options);
    case Command::IdEncode: return encodeId(options);
    case Command::FleetCheck: return checkFleet(options);
    case Command::Lookup:
    case Command::Trace:
    case Command::FeedShow:
    case Command::FeedExplain:
    case Command::FeedVerify:
    case Command::Graph:
    case Command::MediaMapVerify:
    case Command::FeedRebuild:
    case Command::MediaMapMend: return runLook(options);
    default: return runWithEventLoop(options, argc, argv);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const auto options = parseOptions(argc, argv);
    return static_cast<int>(options ? run(*options, argc, argv) : options.error());
}
