// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/options/Commands.h"

namespace shardlens::ctl {

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
    inspect->add_option("--case", options.look.caseNumber, "The case number, recorded with the look at a user or a photo")->type_name("N");
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
    warm->add_option("--to", options.warmTo, "The region whose pool is filled: its only one from all of the other region, several each from its counterpart, as many there; one into several is refused")->required()->type_name("REGION");
    warm->add_option("--keys", options.keys, "So many at most, 10000 if not given")->type_name("N")->check(CLI::Range(1, 10000000));
    warm->add_option("--rate", options.perSecond, "No more keys a second, 200 if not given")->type_name("N")->check(CLI::Range(1, 100000));
    warm->add_flag("--plan", options.planOnly, "Say what would be done, and change nothing");
    warm->add_option("--confirm", options.confirm, "The region that is filled, again; needed in staging and production")->type_name("REGION");
    warm->add_option("--reason", options.reason, "Why; needed in staging and production")->type_name("TEXT");
}

} // namespace shardlens::ctl
