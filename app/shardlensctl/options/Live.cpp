// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

namespace {

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

} // namespace

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

} // namespace shardlens::ctl
