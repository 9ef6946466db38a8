// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

void addCommon(CLI::App &app, Options &options)
{
    app.add_option("--fleet", options.fleetFile, "The fleet file; without it the one SHARDLENS_FLEET names")->type_name("FILE");
    app.add_option("--from", options.from, "The region this machine stands in; without it the fleet file's own_region")
        ->type_name("REGION");
    app.add_option("--as", options.user, "The database user you act as, one of the fleet file's; without it the one SHARDLENS_USER names")->type_name("USER");
    app.add_flag("--json", options.json, "JSON: an object a line, keys in snake_case, IDs as strings, times in ISO 8601 UTC");
}

CLI::Validator moreThanZero()
{
    return CLI::Validator(
        [](const std::string &text) {
            double number = 0;
            return CLI::detail::lexical_cast(text, number) && number > 0 ? std::string() : "'" + text + "' is not more than 0";
        },
        "");
}

CLI::App *addCommand(CLI::App &parent, const std::string &name, const std::string &what, Options &options, Command command)
{
    CLI::App *app = parent.add_subcommand(name, what);
    addCommon(*app, options);
    app->callback([&options, command] { options.command = command; });
    return app;
}

CLI::App *addGroup(CLI::App &parent, const std::string &name, const std::string &what, Options &options)
{
    CLI::App *app = parent.add_subcommand(name, what);
    addCommon(*app, options);
    app->require_subcommand(1);
    return app;
}

} // namespace shardlens::ctl
