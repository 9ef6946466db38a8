// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Options.h"

#include "core/base/Closest.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace shardlens::ctl {

namespace {

constexpr auto programDescription = "Asks a sharded Postgres, Redis and memcached fleet, and reads its IDs.";

/// The options every command takes, so that they may stand before or after its name. (CLI11 could hand them upwards,
/// but then `id decode status` would run `status`.)
void addCommon(CLI::App &app, Options &options)
{
    app.add_option("--fleet", options.fleetFile, "The fleet file; without it the one SHARDLENS_FLEET names")->type_name("FILE");
    app.add_option("--from", options.from, "The region this machine stands in; without it the fleet file's own_region")
        ->type_name("REGION");
    app.add_option("--as", options.user, "The database user you act as, one of the fleet file's; without it the one SHARDLENS_USER names")->type_name("USER");
    app.add_flag("--json", options.json, "JSON: an object a line, keys in snake_case, IDs as strings, times in ISO 8601 UTC");
}

/// CLI11's own tells the greatest number there is, in 309 digits.
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

void addIdCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "id", "Take IDs apart and put them together", options);
    CLI::App *decode =
        addCommand(*group, "decode", "When an ID was minted, by which shard, with which sequence", options, Command::IdDecode);
    decode->add_option(
        "ANY", options.texts,
        "IDs, shortcodes, links, <media>_<owner>; none: a line each from standard input. Put -- before what begins with a hyphen");
    CLI::App *encode = addCommand(*group, "encode", "The ID that a shard would have minted", options, Command::IdEncode);
    encode->add_option("--minted", options.minted, "When: 2022-01-29T21:35:41.033Z, or Unix milliseconds")->required()->type_name("TIME");
    encode->add_option("--shard", options.shard, "The logical shard")->required()->type_name("N");
    encode->add_option("--sequence", options.sequence, "The sequence, 0 if not given")->type_name("N");
}

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

void addFleetCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "fleet", "The fleet file", options);
    CLI::App *check = addCommand(*group, "check", "Say all that is wrong in a fleet file", options, Command::FleetCheck);
    check->add_option("FILE", options.file, "The fleet file; without it the one --fleet or SHARDLENS_FLEET names");
    addDiscover(*group, options);
    addCommand(*group, "access", "What may be read on every server, and the statement that would grant the rest", options, Command::FleetAccess);
}

/// `problems` alone lists them; its subcommands tell every console who is on one, or that it is to be quiet.
void addProblemCommands(CLI::App &root, Options &options)
{
    CLI::App *list = root.add_subcommand("problems", "Every problem: what, where, since when, evidence, what to do");
    addCommon(*list, options);
    list->callback([&options, list] {
        if (list->get_subcommands().empty())
            options.command = Command::Problems;
    });
    const auto add = [&](const char *name, const char *what, Command command) {
        CLI::App *app = addCommand(*list, name, what, options, command);
        app->add_option("PROBLEM", options.problem, "Its id, as problems --json tells it, or the name of what it is about where one problem is")->required();
        return app;
    };
    const auto addTime = [&](CLI::App &app, const char *usual) {
        app.add_option("--minutes", options.minutes, std::string("For so long; ") + usual + " if not given")->type_name("N")->check(CLI::Range(1.0, 7.0 * 24 * 60));
    };
    addTime(*add("claim", "Tell every console that you are on it", Command::ProblemsClaim), "12 h");
    CLI::App *quiet = add("quiet", "Let it call nobody for a while; it stays in the list", Command::ProblemsQuiet);
    quiet->add_option("--reason", options.reason, "Why")->required()->type_name("TEXT");
    addTime(*quiet, "30 min");
    add("release", "Tell every console that nobody is on it any more", Command::ProblemsRelease);
    add("unquiet", "End the quiet", Command::ProblemsUnquiet);
}

void addCacheCommands(CLI::App &root, Options &options)
{
    CLI::App *cache = addGroup(root, "cache", "The memcached pools", options);
    CLI::App *show = addCommand(*cache, "show", "Every pool and its servers: items, memory, hit rates; how far its region's deletes are", options, Command::CacheShow);
    addCommand(*cache, "leases", "What the pools' clients say of their leases: granted, lost, waited, database reads saved", options, Command::CacheLeases);
    addCommand(*cache, "invalidation", "How far each region's invalidator is, and which members are not trusted", options, Command::CacheInvalidation);
    const auto addRegion = [&](CLI::App &app, const char *what) { app.add_option("--region", options.region, what)->type_name("REGION"); };
    addRegion(*show, "Only this region");
    CLI::App *locate = addCommand(*cache, "locate", "Which server of each pool a key maps to; asks no server", options, Command::CacheLocate);
    locate->add_option("KEY", options.texts, "Keys, as applications spell them")->required();
    addRegion(*locate, "Only in this region");
    CLI::App *whatif = addCommand(*cache, "whatif", "Which share of the keys would move if a server joined or left; asks no server", options, Command::CacheWhatif);
    whatif->add_option("--add", options.added, "This one joins, at the end of the pool")->type_name("HOST:PORT");
    whatif->add_option("--remove", options.removed, "This one leaves")->type_name("SERVER");
    addRegion(*whatif, "The region whose pool is meant; your own if not given");
    CLI::App *inspect = addCommand(*cache, "inspect", "A cached item in every region: value, age, lease; touches no lease", options, Command::CacheInspect);
    inspect->add_option("KEY", options.texts, "The key, as applications spell it")->required()->expected(1);
    inspect->add_flag("--consume", options.consumes, "Also tell whether a value is stale, by taking the right to fill it and giving it back");
    addRegion(*inspect, "Only in this region");
    CLI::App *staleness = addCommand(*cache, "staleness", "Which share of the cached items is older than its row: a sample of each region, compared", options, Command::CacheStaleness);
    staleness->add_option("--items", options.items, "So many in a region, 200 if not given")->type_name("N")->check(CLI::Range(1, 100000));
    addRegion(*staleness, "Only in this region");
    CLI::App *hot = addCommand(*cache, "hot", "Which keys are read and missed most, and which many miss at once: watches a region's members for a while", options, Command::CacheHot);
    hot->add_option("--seconds", options.seconds, "For so long, 5 if not given; each read and write there is told to us meanwhile")->type_name("N")->check(CLI::Range(1, 600));
    hot->add_option("--sample", options.sampleOneOf, "Count one of so many reads, 1 if not given")->type_name("N")->check(CLI::Range(1, 10000));
    hot->add_option("--top", options.most, "Rows of each list, 20 if not given")->type_name("N")->check(CLI::Range(1, 1000));
    addRegion(*hot, "The region that is watched; your own if not given");
    CLI::App *remove = addCommand(*cache, "delete", "Delete a key in one region or in all; recorded in the directory's audit log", options, Command::CacheDelete);
    remove->add_option("KEY", options.texts, "The key, as applications spell it")->required()->expected(1);
    addRegion(*remove, "In this region");
    remove->add_flag("--all", options.everywhere, "In every region");
    remove->add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    remove->add_option("--confirm", options.confirm, "The key again; needed in staging and production")->type_name("KEY");
    remove->add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
    CLI::App *warm = addCommand(*cache, "warm", "Fill a region's pool with what another's clients read last; recorded. Nothing stale is set. Ctrl+C ends it", options, Command::CacheWarm);
    warm->remove_option(warm->get_option("--from")); // everywhere else it says where this program stands
    warm->add_option("--from", options.warmFrom, "The region whose pool has the keys")->required()->type_name("REGION");
    warm->add_option("--to", options.warmTo, "The region whose pool is filled")->required()->type_name("REGION");
    warm->add_option("--keys", options.keys, "So many at most, 10000 if not given")->type_name("N")->check(CLI::Range(1, 10000000));
    warm->add_option("--rate", options.perSecond, "No more keys a second, 200 if not given")->type_name("N")->check(CLI::Range(1, 100000));
    warm->add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    warm->add_option("--confirm", options.confirm, "The region that is filled, again; needed in staging and production")->type_name("REGION");
    warm->add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
}

void addLiveCommands(CLI::App &root, Options &options)
{
    addCommand(root, "status", "The answer first: does the fleet work, who answered, what is wrong", options, Command::Status);
    addProblemCommands(root, options);
    addCommand(root, "consoles", "Who else looks at the fleet, from which region, and what they reach", options, Command::Consoles);
    CLI::App *timeline = addCommand(root, "timeline", "What ran and ended, who was on it and what changed, as text to paste. Absolute times, UTC", options, Command::Timeline);
    timeline->add_option("--since", options.since, "From then on: 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now; 2h if not given")->type_name("TIME");
    addCommand(root, "servers", "Every server: role, state, latency", options, Command::Servers);
    CLI::App *shards =
        addCommand(root, "shards", "The shard map: where each logical shard lies, and where it is declared", options, Command::Shards);
    shards->add_option("--partition", options.partition, "Only of this partition")->type_name("P");
    shards->add_flag("--drift", options.driftOnly, "Only those that differ from the declared map");
    addCommand(root, "replication", "Every cluster's primary and standbys: state, lag, slots", options, Command::Replication);
    addCommand(root, "routers", "Where every router's databases lead, and whether that is right", options, Command::Routers);
    addCommand(root, "redis", "Every redis group: roles, links, memory, hit rate", options, Command::Redis);
    addCacheCommands(root, options);
    CLI::App *history = addCommand(root, "history", "What the console kept of the last 24 hours, in steps of 10 s; asks no server", options, Command::History);
    history->add_option("--measure", options.measure, "Only this: lag_seconds, commits, latency_seconds and the like")->type_name("NAME");
    history->add_option("--subject", options.subject, "Only of this server, pool or region")->type_name("NAME");
    history->add_option("--hours", options.hours, "So many hours back, 24 if not given")->type_name("H")->check(CLI::Range(0.01, 24.0));
    addCommand(root, "serving", "Can people use it? Writes, reads, feeds, sessions and cache from every region, and how long they take", options, Command::Serving);
    CLI::App *events = addCommand(root, "events", "What changes: restarts, roles, settings, routers, problems begun and ended, until interrupted", options, Command::Events);
    events->add_option("--since", options.since, "First what the console kept from then on: 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now")->type_name("TIME");
    events->add_option("--for", options.seconds, "End after so many seconds")->type_name("SECONDS")->check(moreThanZero());
    CLI::App *watch = addCommand(root, "watch", "A line a change, until interrupted", options, Command::Watch);
    watch->add_option("--for", options.seconds, "End after so many seconds")->type_name("SECONDS")->check(moreThanZero());
}

/// What every act takes.
void addActing(CLI::App &app, Options &options, const std::string &subject)
{
    app.add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    app.add_option("--confirm", options.confirm, subject + " name again; needed in staging and production")->type_name("NAME");
    app.add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
    app.add_option("--force", options.forced, "Go on in spite of this check; may be given again")
        ->type_name("CHECK=REASON")
        ->allow_extra_args(false);
    app.add_option("--fingerprint", options.fingerprint, "Only if the plan made now has this fingerprint, as --plan told it: act, target, and what it rests on")
        ->type_name("DIGEST");
}

CLI::App *addSmallAct(CLI::App &group, const std::string &name, const std::string &what, Options &options, operate::Act act)
{
    CLI::App *app = group.add_subcommand(name, what);
    addCommon(*app, options);
    app->callback([&options, act] {
        options.command = Command::SmallAct;
        options.act = act;
    });
    addActing(*app, options, "The server's or router's");
    return app;
}

void addRouterActs(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "router", "Pause, resume or point a router's database", options);
    const auto add = [&](const char *name, const char *what, operate::Act act) {
        CLI::App *app = addSmallAct(*group, name, what, options, act);
        app->add_option("DATABASE", options.object, "The router's database: u1, u1_read")->required();
        app->add_option("--router", options.on, "Which router, by its name or region; without it the fleet's only one")
            ->type_name("ROUTER");
        return app;
    };
    add("pause", "Let transactions wait until it is resumed", operate::Act::PauseRouter);
    add("resume", "Let what waits go on, to the one primary that is seen", operate::Act::ResumeRouter);
    add("point", "Lead it to another server: writes to the primary alone", operate::Act::PointRouter)
        ->add_option("--to", options.server, "To this server")
        ->required()
        ->type_name("SERVER");
}

void addServerActs(CLI::App &root, Options &options)
{
    const auto add = [&](CLI::App &group, const char *name, const char *what, operate::Act act, const char *word) {
        CLI::App *app = addSmallAct(group, name, what, options, act);
        app->add_option(word, options.on, "Which one")->required();
        return app;
    };
    CLI::App *standby = addGroup(root, "standby", "Let a standby receive from another server, or give it its data anew", options);
    add(*standby, "repoint", "Let it receive from another server, and drop its slot at the one before", operate::Act::RepointStandby,
        "STANDBY")
        ->add_option("--to", options.server, "From this server")
        ->required()
        ->type_name("SERVER");
    add(*standby, "rebuild", "Give it its data anew, by a base backup beside the old ones", operate::Act::RebuildStandby, "STANDBY")
        ->add_option("--source", options.server, "Copy this server's data; without it the primary's")
        ->type_name("SERVER");
    CLI::App *replay = addGroup(root, "replay", "Pause or resume a standby's replay", options);
    add(*replay, "pause", "Let it stand still; it goes on receiving", operate::Act::PauseReplay, "STANDBY");
    add(*replay, "resume", "Let it go on", operate::Act::ResumeReplay, "STANDBY");
    CLI::App *slot = addGroup(root, "slot", "Drop a replication slot that nobody uses", options);
    add(*slot, "drop", "Drop it, so that the server may remove the log that it keeps", operate::Act::DropSlot, "SERVER")
        ->add_option("SLOT", options.object, "The slot's name")
        ->required();
    CLI::App *brake = addGroup(root, "brake", "Lift a brake that was left on", options);
    add(*brake, "lift", "Reset default_transaction_read_only on the one primary, or on a standby", operate::Act::LiftBrake, "SERVER");
    CLI::App *backend = addGroup(root, "backend", "End one backend", options);
    add(*backend, "terminate", "Show it and end it; another one with its pid is spared", operate::Act::EndBackend, "SERVER")
        ->add_option("PID", options.object, "Its pid")
        ->required();
}

CLI::App *addMove(CLI::App &root, const std::string &name, const std::string &what, Options &options, Command command)
{
    CLI::App *app = addCommand(root, name, what, options, command);
    app->add_option("NAME", options.cluster, "Whose primary: a cluster's, or a Redis group's")->required();
    app->add_option("--to", options.server, "To this server; without it the best candidate, and why that one")->type_name("SERVER");
    addActing(*app, options, "The cluster's or group's");
    return app;
}

void addPrepare(CLI::App &root, Options &options)
{
    CLI::App *app = addCommand(root, "prepare", "Make what moves, guards and caches need of a cluster's database and it lacks: tables, functions, rights. `operations undo` takes it back", options, Command::Prepare);
    app->add_option("CLUSTER", options.cluster, "Which one")->required();
    app->add_flag("--warm", options.warms, "The extensions that switchover --warm needs, too");
    addActing(*app, options, "The cluster's");
}

void addOperationCommands(CLI::App &root, Options &options)
{
    CLI::App *list = root.add_subcommand("operations", "Acts that were begun here, or on other machines as the directory tells, newest first");
    addCommon(*list, options);
    list->callback([&options, list] {
        if (list->get_subcommands().empty())
            options.command = Command::OperationsList;
    });
    addCommand(*list, "list", "All of them, newest first", options, Command::OperationsList);
    const auto add = [&](const char *name, const char *what, Command command) {
        CLI::App *app = addCommand(*list, name, what, options, command);
        app->add_option("OPERATION", options.operation, "Its id, as operations list tells it")->required();
        return app;
    };
    add("show", "One, step by step", Command::OperationsShow);
    add("cancel", "Stop it before its next step and take back what it did; past its point of no return it finishes. An evacuation and the like stops after its wave", Command::OperationsCancel)
        ->add_flag("--now", options.isNow, "Of an evacuation and the like: cancel its moves under way too");
    add("tick", "Tick off what is done by hand, of an evacuation and the like", Command::OperationsTick)
        ->add_option("STEP", options.ticked, "Which, as operations show tells it: \"move_users us-east\"")
        ->required();
    add("resume", "Go on with one that broke off, on another machine too", Command::OperationsResume);
    add("undo", "Take back one that broke off before its point of no return, or what a preparation made", Command::OperationsUndo);
    add("abandon", "Leave one that broke off as it is", Command::OperationsAbandon)->add_option("--reason", options.reason, "Why")->required()->type_name("TEXT");
}

CLI::App *addCampaign(CLI::App &root, const std::string &name, const std::string &what, Options &options, const std::string &aim)
{
    const bool isRegion = aim == "evacuate" || aim == "return";
    CLI::App *app = root.add_subcommand(name, what);
    addCommon(*app, options);
    app->callback([&options, aim] {
        options.command = Command::Campaign;
        options.aim = aim;
    });
    app->add_option(isRegion ? "REGION" : "HOST", options.subject, "Which one")->required();
    app->add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    app->add_flag("--waves", options.wavesOnly, "Only what would be moved in which wave; changes nothing");
    app->add_option("--at-once", options.atOnce, "So many moves a wave (2); the first wave is one alone")->type_name("N")->check(CLI::Range(1, 64));
    app->add_option("--stop-after", options.stopAfter, "Begin no further wave once so many moves failed (1); 0: never for that")->type_name("N")->check(CLI::Range(0, 1024));
    app->add_option("--confirm", options.confirm, isRegion ? "The region's name again; needed in staging and production" : "The host's name again; needed in staging and production")->type_name("NAME");
    app->add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
    app->add_option("--fingerprint", options.fingerprint, "Only if the plan made now has this fingerprint, as --plan told it: act, target, and what it rests on")->type_name("DIGEST");
    app->add_option("--force", options.forced, "Every move goes on in spite of this check, where it may be forced; may be given again")
        ->type_name("CHECK=REASON")
        ->allow_extra_args(false);
    app->add_option("--ticked", options.ticked, "This manual step is done already; may be given again")->type_name("STEP")->allow_extra_args(false);
    app->add_flag("--resume", options.resumes, "Go on with the newest one that broke off or has things left");
    return app;
}

void addCampaigns(CLI::App &root, Options &options)
{
    addCampaign(root, "evacuate", "Move every primary out of a region, in waves, and mark it evacuated; Ctrl+C stops after the wave, twice at once", options, "evacuate")
        ->add_option("--to", options.region, "To this region where a server there is eligible; without it to the best one each")
        ->type_name("REGION");
    addCampaign(root, "return", "Lift the mark of a region, and move back what is homed there, as far as it can", options, "return");
    CLI::App *group = addGroup(root, "host", "What runs on a host; take it down, or bring it back", options);
    addCommand(*group, "show", "What runs on it, what has no second elsewhere, its mark and its kernel; changes nothing", options,
               Command::HostShow)
        ->add_option("HOST", options.subject, "Which one")
        ->required();
    addCampaign(*group, "down", "Move every primary off a host, and mark it for maintenance", options, "host_down")
        ->add_option("--until", options.until, "Until then: 2026-11-28T03:00:00Z, or 30min, 2h, 1d from now (2h)")
        ->type_name("TIME");
    addCampaign(*group, "up", "See that its servers stand by again and which kernel it runs, lift its mark, and offer the way home",
                options, "host_up")
        ->add_flag("--home", options.bringsHome, "Move back what is homed there, too");
}

void addPlanCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "plans", "Plans that were put aside for later", options);
    CLI::App *save = addCommand(*group, "save", "Plan it now, change nothing, and put the plan aside", options, Command::PlansSave);
    save->add_option("NAME", options.plan, "How it is to be called")->required();
    save->add_option("ACT", options.actName, "switchover, failover, router_pause, router_resume, router_point, standby_repoint, standby_rebuild, replay_pause, replay_resume, slot_drop, brake_lift, prepare")->required();
    save->add_option("SUBJECT", options.subject, "The cluster; the router's database; the server")->required();
    save->add_option("SLOT", options.object, "slot_drop: the slot");
    save->add_option("--router", options.on, "Which router, by its name or region")->type_name("ROUTER");
    save->add_option("--to", options.server, "To this server")->type_name("SERVER");
    save->add_flag("--warm", options.warms, "switchover: load the candidate's cache first; prepare: the extensions for that, too");
    save->add_flag("--replace", options.replaces, "In place of one of that name");
    save->add_option("--at", options.until, "When it is meant to be carried out: 2026-11-28T03:00:00Z, or 30min, 2h, 1d from now")->type_name("TIME");
    addCommand(*group, "list", "All of them", options, Command::PlansList);
    addCommand(*group, "open", "Plan it anew, and tell what differs since it was saved", options, Command::PlansOpen)->add_option("NAME", options.plan, "Which one")->required();
    addCommand(*group, "remove", "Forget it", options, Command::PlansRemove)->add_option("NAME", options.plan, "Which one")->required();
}

void addMaintenanceCommands(CLI::App &root, Options &options)
{
    CLI::App *group =
        addGroup(root, "maintenance", "Mark a server or host that somebody works on: no candidate, and it calls nobody", options);
    addCommand(*group, "list", "What is marked, by whom, why and until when", options, Command::MaintenanceList);
    CLI::App *mark = addCommand(*group, "mark", "Mark it, for every console to see", options, Command::MaintenanceMark);
    mark->add_option("SERVER", options.on, "A server or a host")->required();
    mark->add_option("--until", options.until,
                     "Until then: 2026-11-28T03:00:00Z, or 30min, 2h, 1d from now; after it the mark is told as overdue")
        ->required()
        ->type_name("TIME");
    mark->add_option("--reason", options.reason, "Why")->required()->type_name("TEXT");
    addCommand(*group, "lift", "Take the mark back", options, Command::MaintenanceLift)
        ->add_option("SERVER", options.on, "A server or a host")
        ->required();
}

void addAuditCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "audit", "What was done, by whom and why, as the directory keeps it", options);
    CLI::App *list = addCommand(*group, "list", "The log, newest first: the last 50, or all since a moment", options, Command::AuditList);
    list->add_option("--since", options.since, "From then on: 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now")->type_name("TIME");
    list->add_option("--limit", options.limit, "The newest so many")->type_name("N")->check(CLI::Range(1, 1000000));
    addCommand(*group, "verify", "Follow its chain of hashes, and compare it with what was kept here: edits and cut ends are found",
               options, Command::AuditVerify);
    CLI::App *out = addCommand(*group, "export", "Every row with its hash and what that was made of, a line of JSON each", options,
                               Command::AuditExport);
    out->add_option("--output,-o", options.output, "Into this file; without it to standard output")->type_name("FILE");
}

void addOperateCommands(CLI::App &root, Options &options)
{
    CLI::App *readiness = addCommand(root, "readiness", "Whether each cluster's and Redis group's primary could be moved now, to whom, and why not; changes nothing", options, Command::Readiness);
    readiness->add_option("NAME", options.cluster, "Only this cluster or group");
    addMove(root, "switchover",
            "Move the primary of a cluster or Redis group in good order; with --plan: checks, candidates, every command, and nothing is touched", options,
            Command::Switchover)
        ->add_flag("--warm", options.warms, "First load what the primary holds in its cache on the candidate, for a minute at most; of a cluster");
    addPrepare(root, options);
    addRouterActs(root, options);
    addServerActs(root, options);
    addCampaigns(root, options);
    addOperationCommands(root, options);
    addPlanCommands(root, options);
    addMaintenanceCommands(root, options);
    addAuditCommands(root, options);
    addMove(root, "failover",
            "Replace a dead primary; with --plan: checks, candidates, what would be lost, every command, and nothing is touched", options,
            Command::Failover);
}

CLI::Option *addCase(CLI::App &app, Options &options)
{
    return app.add_option("--case", options.look.caseNumber, "The case number, recorded with the look")->type_name("N");
}

void addLookups(CLI::App &root, Options &options)
{
    CLI::App *lookup = addCommand(root, "lookup", "Everything about an ID, short code, link, user name, shard or key, or about all that a message holds", options, Command::Lookup);
    lookup->add_option("ANY", options.texts, "What to look up; none: a line each from standard input, thousands at once, in short");
    CLI::Option *caseNumber = addCase(*lookup, options);
    CLI::Option *unmask = lookup->add_flag("--unmask", options.look.unmask, "Show personal fields too; recorded with its reason and case before anything is shown");
    CLI::Option *reason = lookup->add_option("--reason", options.reason, "Why they are to be shown")->type_name("TEXT");
    unmask->needs(reason);
    unmask->needs(caseNumber);
    reason->needs(unmask);
    lookup->add_flag("--sessions", options.look.sessions, "Search for a user's sessions too: their count and ages");
    lookup->add_option("--limit", options.look.limit, "Entries of each list, 25 if not given; the text names the first five")->check(CLI::Range(1U, 1000U));
    CLI::App *trace = addCommand(root, "trace", "Do all copies agree? Rows, map entries and cached items of every region side by side", options, Command::Trace);
    trace->add_option("ANY", options.texts, "IDs, short codes, links, user names")->required();
    addCase(*trace, options);
    CLI::App *graph = addCommand(root, "graph", "Associations of a user or media, newest first, with missing inverse edges", options, Command::Graph);
    graph->add_option("ID", options.look.user, "A user or a media")->required();
    graph->add_option("ASSOC", options.look.assoc, "follows, followed_by, authored, liked, liked_by or commented")
        ->required()
        ->check(CLI::IsMember({"follows", "followed_by", "authored", "liked", "liked_by", "commented"}));
    graph->add_option("--limit", options.look.limit, "Entries of a page, 25 if not given")->check(CLI::Range(1U, 10000U));
    graph->add_option("--after", options.look.after, "Go on after this, as the page before told it")->type_name("CURSOR");
    addCase(*graph, options);
}

/// What every mend takes. `subject` is what is typed again to confirm.
void addMending(CLI::App &app, Options &options, const std::string &subject)
{
    addCase(app, options);
    app.add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    app.add_flag("--undo", options.undoes, "Take the newest back that was made on this machine");
    app.add_option("--confirm", options.confirm, subject + " again, in digits; needed in staging and production")->type_name("N");
    app.add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
}

void addFeedCommands(CLI::App &root, Options &options)
{
    CLI::App *group = addGroup(root, "feed", "Feeds of a user", options);
    const auto add = [&](const char *name, const char *what, Command command) {
        CLI::App *app = addCommand(*group, name, what, options, command);
        app->add_option("USER", options.look.user, "An ID or a user name")->required();
        addCase(*app, options);
        return app;
    };
    CLI::App *show = add("show", "Entries with owner, caption and age; what dangles, stands twice or out of order is marked", Command::FeedShow);
    show->add_option("--region", options.look.region, "As that region has it; without it this one")->type_name("REGION");
    show->add_option("--limit", options.look.limit, "Entries, 25 if not given")->check(CLI::Range(1U, 10000U));
    show->add_option("--offset", options.look.offset, "From this position on")->type_name("N");
    show->add_flag("--activity", options.look.activity, "The activity feed");
    add("explain", "Why a photo is, or is not, in the feed: step by step, with evidence", Command::FeedExplain)
        ->add_option("MEDIA", options.look.media, "An ID, short code or link")
        ->required();
    add("verify", "The feed beside what the follow graph says: missing, extra, misordered", Command::FeedVerify)
        ->add_option("--region", options.look.region, "As that region has it; without it this one")
        ->type_name("REGION");
    CLI::App *rebuild = addCommand(*group, "rebuild", "Write the feed anew as the follow graph says; with --plan: what would be added, removed and moved, and nothing is touched",
                                   options, Command::FeedRebuild);
    rebuild->add_option("USER", options.look.user, "An ID or a user name")->required();
    addMending(*rebuild, options, "The user's ID");
    CLI::App *map = addGroup(root, "mediamap", "The media-to-user map", options);
    addCommand(*map, "verify", "One bucket held against the shards", options, Command::MediaMapVerify)
        ->add_option("BUCKET", options.look.bucket, "Its number")
        ->required();
    CLI::App *mend = addCommand(*map, "mend", "Write the entries of a bucket, or of one media, as the shards say; with --plan: what would be written, and nothing is touched", options,
                                Command::MediaMapMend);
    CLI::Option *bucket = mend->add_option("BUCKET", options.look.bucket, "Its number");
    CLI::Option *media = mend->add_option("--media", options.look.media, "Only the entry of this media: an ID, short code or link")->type_name("MEDIA");
    bucket->excludes(media);
    addMending(*mend, options, "The bucket's number, or the media's ID");
}

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
