// SPDX-License-Identifier: GPL-3.0-or-later
// How the groups of commands are put together: each file of this folder adds one, bound to the same Options.
#pragma once

#include "app/shardlensctl/Options.h"

#include <CLI/CLI.hpp>

#include <string>

namespace shardlens::ctl {

/// The options every command takes, so that they may stand before or after its name. (CLI11 could hand them upwards,
/// but then `id decode status` would run `status`.)
void addCommon(CLI::App &app, Options &options);
CLI::App *addCommand(CLI::App &parent, const std::string &name, const std::string &what, Options &options, Command command);
/// One whose subcommands do the work.
CLI::App *addGroup(CLI::App &parent, const std::string &name, const std::string &what, Options &options);
/// CLI11's own tells the greatest number there is, in 309 digits.
CLI::Validator moreThanZero();

void addIdCommands(CLI::App &root, Options &options);
void addFleetCommands(CLI::App &root, Options &options);
void addLiveCommands(CLI::App &root, Options &options);
void addCacheCommands(CLI::App &root, Options &options);
void addOperateCommands(CLI::App &root, Options &options);
void addLookups(CLI::App &root, Options &options);
void addFeedCommands(CLI::App &root, Options &options);

} // namespace shardlens::ctl
