// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Options.h"

#include "app/shardlensctl/options/Commands.h"
#include "core/base/Closest.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace shardlens::ctl {

namespace {

constexpr auto programDescription = "Asks a sharded Postgres, Redis and memcached fleet, and reads its IDs.";

std::vector<std::string> namesIn(const CLI::App &app)
{
    std::vector<std::string> names;
    for (const CLI::App *sub : app.get_subcommands([](const CLI::App *) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

/// A command that does not exist would be told as "A subcommand is required": name it, and the one that was meant.
bool explainUnknownCommand(const CLI::App &app)
{
    const auto chosen = app.get_subcommands();
    if (!chosen.empty())
        return explainUnknownCommand(*chosen.front());
    const std::vector<std::string> names = namesIn(app);
    const auto words = app.remaining();
    if (names.empty() || words.empty())
        return false;
    const std::string meant = base::closest(words.front(), names);
    std::cerr << app.get_name() << ": there is no command '" << words.front() << "'.";
    if (!meant.empty())
        std::cerr << " Did you mean '" << meant << "'?";
    std::cerr << " Run with --help for all.\n";
    return true;
}

/// All commands and their options, bound to `options`.
void addEverything(CLI::App &app, Options &options)
{
    app.set_version_flag("--version", std::string("shardlensctl ") + SHARDLENS_VERSION);
    app.footer("Exit: 0 well, 1 a problem was found or something was refused, 2 usage, 3 it failed, 4 done but incomplete, 5 in doubt.");
    app.require_subcommand(1);
    addCommon(app, options);
    addLiveCommands(app, options);
    addOperateCommands(app, options);
    addLookups(app, options);
    addFeedCommands(app, options);
    addIdCommands(app, options);
    addFleetCommands(app, options);
}

Options withEnvironment(Options options)
{
    if (const char *named = std::getenv("SHARDLENS_FLEET"); named && options.fleetFile.empty())
        options.fleetFile = named;
    if (const char *named = std::getenv("SHARDLENS_USER"); named && options.user.empty())
        options.user = named;
    return options;
}

bool takesWords(Command command)
{
    return command == Command::IdDecode || command == Command::Lookup || command == Command::Trace || command == Command::CacheLocate;
}

/// "id decode A -- -b": CLI11 takes what follows -- only where nothing stood before it. Nothing where this is not such a line.
std::optional<Options> withWordsBehindMark(int argc, char **argv)
{
    const auto mark = std::find(argv, argv + argc, std::string_view("--"));
    if (mark == argv + argc)
        return std::nullopt;
    Options options;
    CLI::App app(programDescription, "shardlensctl");
    addEverything(app, options);
    try {
        app.parse(static_cast<int>(mark - argv), argv);
    } catch (const CLI::ParseError &) {
        return std::nullopt;
    }
    if (!takesWords(options.command) || options.texts.empty())
        return std::nullopt;
    options.texts.insert(options.texts.end(), mark + 1, argv + argc);
    return options;
}

} // namespace

tl::expected<Options, Exit> parseOptions(int argc, char **argv)
{
    if (auto options = withWordsBehindMark(argc, argv))
        return withEnvironment(std::move(*options));
    Options options;
    CLI::App app(programDescription, "shardlensctl");
    addEverything(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        const bool isAnswer = error.get_exit_code() == int(CLI::ExitCodes::Success); // help and version
        if (isAnswer || !explainUnknownCommand(app))
            app.exit(error, std::cout, std::cerr);
        return tl::unexpected(isAnswer ? Exit::Well : Exit::Usage);
    }
    return withEnvironment(std::move(options));
}

} // namespace shardlens::ctl
