// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

namespace {

void addDiscover(CLI::App &group, Options &options)
{
    CLI::App *app = addCommand(group, "discover", "Draft a fleet file from addresses. Asks, and changes nothing on any server", options,
                               Command::FleetDiscover);
    DiscoverOptions &wishes = options.discover;
    app->add_option("ADDRESS", options.texts, "host:port, or a host alone for the usual ports; REGION=host:port says where it stands")->required();
    app->add_flag("--follow", wishes.follow, "Also ask the addresses that servers mention: receivers, replicas, targets of routers");
    app->add_option("--output,-o", wishes.output, "Write the draft there instead of printing it")->type_name("FILE");
    app->add_flag("--force", wishes.force, "Replace the output file if there is one");
    app->add_option("--name", wishes.name, "What the fleet is called")->type_name("NAME");
    app->add_option("--environment", wishes.environment, "local, staging or production")
        ->check(CLI::IsMember({"local", "staging", "production"}));
    app->add_option("--user", wishes.user, "The database user to ask as; without it the service's, PGUSER, or yours")->type_name("USER");
    app->add_option("--database", wishes.database, "The database entered first; without it PGDATABASE, or postgres")->type_name("DB");
    app->add_option("--service", wishes.service, "A libpq service; without it PGSERVICE")->type_name("NAME");
    app->add_option("--secret", wishes.secret,
                    "Where the password is found, never the password: pgpass:FILE, service:NAME, env:NAME, file:FILE, keychain:NAME. Without it "
                    "PGPASSWORD, PGPASSFILE, ~/.pgpass")
        ->type_name("PLACE");
    app->add_option("--redis-user", wishes.redisUser, "Redis's user; without it the default one")->type_name("USER");
    app->add_option("--redis-secret", wishes.redisSecret, "Where Redis's password is found; without it REDISCLI_AUTH")->type_name("PLACE");
    app->add_option("--tls", wishes.tls, "disable, prefer, require, verify-ca or verify-full; without it PGSSLMODE, or prefer")->type_name("MODE");
    app->add_option("--tls-ca", wishes.tlsCa, "The authority's certificate; without it PGSSLROOTCERT")->type_name("FILE");
    app->add_option("--patience", wishes.patience, "Seconds that one step with one server may take")->type_name("SECONDS")->check(CLI::Range(0.1, 60.0));
}

} // namespace

void addFleetCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "fleet", "The fleet file", options);
    CLI::App *check = addCommand(*group, "check", "Say all that is wrong in a fleet file", options, Command::FleetCheck);
    check->add_option("FILE", options.file, "The fleet file; without it the one --fleet or SHARDLENS_FLEET names");
    addDiscover(*group, options);
    addCommand(*group, "access", "What may be read on every server, and the statement that would grant the rest", options, Command::FleetAccess);
}

} // namespace shardlens::ctl
