// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

namespace {

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
    save->add_option("ACT", options.actName, "switchover, failover, router_pause, router_resume, router_point, standby_repoint, standby_rebuild, replay_pause, replay_resume, slot_drop, brake_lift, prepare; evacuate, return, host_down, host_up")->required();
    save->add_option("SUBJECT", options.subject, "The cluster; the router's database; the server; the region or host")->required();
    save->add_option("SLOT", options.object, "slot_drop: the slot");
    save->add_option("--router", options.on, "Which router, by its name or region")->type_name("ROUTER");
    save->add_option("--to", options.server, "To this server; evacuate: to this region")->type_name("SERVER");
    save->add_option("--at-once", options.atOnce, "Of evacuate and the like: so many moves a wave (2)")->type_name("N")->check(CLI::Range(1, 64));
    save->add_option("--stop-after", options.stopAfter, "Likewise: begin no further wave once so many moves failed (1); 0: never for that")->type_name("N")->check(CLI::Range(0, 1024));
    save->add_flag("--home", options.bringsHome, "host_up: move back what is homed there, too");
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
    CLI::App *list = addCommand(*group, "list", "The log, newest first: the last 50, or all since a moment; what waits on this machine is written first, or told", options, Command::AuditList);
    list->add_option("--since", options.since, "From then on: 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now")->type_name("TIME");
    list->add_option("--limit", options.limit, "The newest so many")->type_name("N")->check(CLI::Range(1, 1000000));
    addCommand(*group, "verify", "Follow its chain of hashes, and compare it with what was kept here: edits and cut ends are found",
               options, Command::AuditVerify);
    CLI::App *out = addCommand(*group, "export", "Every row with its hash and what that was made of, a line of JSON each", options,
                               Command::AuditExport);
    out->add_option("--output,-o", options.output, "Into this file; without it to standard output")->type_name("FILE");
}

} // namespace

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

} // namespace shardlens::ctl
