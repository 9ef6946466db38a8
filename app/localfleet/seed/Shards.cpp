// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Shards.h"

#include "app/localfleet/schema/Schema.h"
#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/Rows.h"

#include <set>

namespace shardlens::seed
{

using base::Result;

namespace
{

constexpr base::milliseconds stepDeadline{120'000};
// Each logical shard takes about 20 locks until its transaction ends; servers have 64 a connection and more.
constexpr std::size_t shardsPerTransaction = 32;

bool holdsMedia(const fleet::Partition &partition)
{
    return partition.name.text() == "media";
}

Result<void> copyRows(postgres::Session &session, const std::string &schemaName, const TableRows &table, Counter &counter)
{
    bool given = false;
    const auto copied = session.copyIn(
        "copy " + schemaName + "." + table.table + table.columns + " from stdin",
        [&](std::string &buffer) {
            if (!given)
                buffer = table.lines;
            given = true;
            return false;
        },
        stepDeadline);
    if (!copied)
        return base::fail(copied.error());
    counter.add(*copied, cost::row);
    return {};
}

Result<void> makeShards(const fleet::Fleet &fleet, const ClusterWork &work, const World &world, const ByShard &index, Counter &counter,
                        postgres::Session &session, std::size_t first, std::size_t end)
{
    std::string make = "begin;";
    std::string analyze;
    for (std::size_t i = first; i < end; ++i) {
        const auto number = work.missing[i];
        const std::string name = fleet::expand(work.partition.schemaPattern, "shard", std::to_string(number));
        make += schema::shard(work.partition.name, name, base::ShardNumber{number}, fleet.idLayout);
        for (const char *table : holdsMedia(work.partition)
                                     ? std::vector<const char *>{"media", "likes", "comments", "deleted"}
                                     : std::vector<const char *>{"users", "follows", "followers", "liked_by_user", "deleted"})
            analyze += (analyze.empty() ? "analyze " : ", ") + name + "." + table;
    }
    if (auto made = session.script(make, stepDeadline); !made)
        return base::fail(made.error());
    for (std::size_t i = first; i < end; ++i) {
        const auto number = work.missing[i];
        const std::string name = fleet::expand(work.partition.schemaPattern, "shard", std::to_string(number));
        for (const TableRows &table :
             holdsMedia(work.partition) ? mediaShardRows(world, index, number) : usersShardRows(world, index, number)) {
            if (auto copied = copyRows(session, name, table, counter); !copied)
                return copied;
        }
    }
    if (auto done = session.script(analyze + "; commit", stepDeadline); !done)
        return base::fail(done.error());
    counter.shards += static_cast<std::uint32_t>(end - first);
    counter.work += static_cast<std::int64_t>(end - first) * cost::shard;
    return {};
}

} // namespace

Result<std::vector<ClusterWork>> missingShards(const fleet::Fleet &fleet, const Declared &declared,
                                               const std::shared_ptr<wire::Interrupt> &stop)
{
    std::vector<ClusterWork> all;
    for (const auto &cluster : fleet.clusters) {
        const auto *partition = fleet.partition(cluster.partition);
        if (!partition)
            continue;
        auto session = openPrimary(fleet, cluster, fleet::Role::Ops, stop);
        if (!session)
            return base::fail(session.error());
        const auto rows = session->exec("select nspname from pg_namespace", stepDeadline);
        if (!rows)
            return base::fail(rows.error());
        std::set<std::string> present;
        for (const auto &row : rows->rows)
            present.insert(row.front().value_or(""));
        ClusterWork work{cluster, *partition, {}};
        for (const auto &[key, where] : declared) {
            if (key.first == partition->name && where == cluster.name &&
                !present.contains(fleet::expand(partition->schemaPattern, "shard", std::to_string(key.second))))
                work.missing.push_back(key.second);
        }
        if (!work.missing.empty())
            all.push_back(std::move(work));
    }
    return all;
}

Result<void> fillCluster(const fleet::Fleet &fleet, const ClusterWork &work, const World &world, const ByShard &index, Counter &counter)
{
    auto session = openPrimary(fleet, work.cluster, fleet::Role::Ops, counter.stop());
    if (!session)
        return base::fail(session.error());
    // Nobody is promised these rows before all is done, so no commit need wait for the disk.
    if (auto set = session->script("set synchronous_commit = off; set client_min_messages = warning", stepDeadline); !set)
        return base::fail(set.error());
    for (std::size_t first = 0; first < work.missing.size(); first += shardsPerTransaction) {
        const auto end = std::min(first + shardsPerTransaction, work.missing.size());
        if (auto made = makeShards(fleet, work, world, index, counter, *session, first, end); !made)
            return made;
    }
    return {};
}

} // namespace shardlens::seed
