// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"
#include "app/shardlensctl/IdCommands.h"
#include "app/shardlensctl/Options.h"

namespace {

using namespace shardlens::ctl;

Exit run(const Options &options)
{
    switch (options.command) {
    case Command::IdDecode: return decodeIds(options);
    case Command::IdEncode: return encodeId(options);
    case Command::FleetCheck: return checkFleet(options);
    }
    return Exit::Usage;
}

} // namespace

int main(int argc, char **argv)
{
    const auto options = parseOptions(argc, argv);
    return static_cast<int>(options ? run(*options) : options.error());
}
