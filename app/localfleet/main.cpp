// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Cli.h"

int main(int count, char **arguments)
{
    return shardlens::localfleet::runCli(count, arguments);
}
