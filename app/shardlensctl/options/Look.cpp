// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

namespace {

CLI::Option *addCase(CLI::App &app, Options &options)
{
    return app.add_option("--case", options.look.caseNumber, "The case number, recorded with the look")->type_name("N");
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

} // namespace

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
    addCommand(*map, "verify", "One bucket and the shards held against each other: entries that are wrong, and media that lack theirs, for which the shards' media are read through", options, Command::MediaMapVerify)
        ->add_option("BUCKET", options.look.bucket, "Its number")
        ->required();
    CLI::App *mend = addCommand(*map, "mend", "Write the entries of a bucket, or of one media, as the shards say; with --plan: what would be written, and nothing is touched", options,
                                Command::MediaMapMend);
    CLI::Option *bucket = mend->add_option("BUCKET", options.look.bucket, "Its number");
    CLI::Option *media = mend->add_option("--media", options.look.media, "Only the entry of this media: an ID, short code or link")->type_name("MEDIA");
    bucket->excludes(media);
    addMending(*mend, options, "The bucket's number, or the media's ID");
}

} // namespace shardlens::ctl
