// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Ledger.h"

#include "app/localfleet/schema/Schema.h"

#include <charconv>

namespace shardlens::seed
{

using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds statementDeadline{30'000};

const fleet::Cluster *directoryCluster(const fleet::Fleet &fleet)
{
    return fleet.directory ? fleet.cluster(fleet.directory->cluster) : nullptr;
}

template <class Number>
Number toNumber(const std::string &text)
{
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string tablesLiteral(const std::vector<std::string> &tables)
{
    std::string out = "{";
    for (const auto &table : tables)
        out += (out.size() > 1 ? "," : "") + table;
    return out + "}";
}

} // namespace

Result<Ledger> Ledger::open(const fleet::Fleet &fleet, const Stop &stop)
{
    const auto *cluster = directoryCluster(fleet);
    if (!cluster)
        return base::fail(ErrorCode::NotFound, "the fleet file declares no directory");
    auto session = openPrimary(fleet, *cluster, fleet::Role::Ops, stop);
    if (!session)
        return base::fail(session.error());
    const auto made =
        session->script("set client_min_messages = warning;"
                        "create schema if not exists localfleet;"
                        "create table if not exists localfleet.seed (only_row boolean primary key default true check (only_row),"
                        " users bigint not null, media bigint not null, seed text not null, now_ms bigint not null);"
                        "create table if not exists localfleet.seed_step (step text primary key, finished_at timestamptz "
                        "not null default now())",
                        statementDeadline);
    if (!made)
        return base::fail(made.error());
    return Ledger(std::move(*session), fleet.directory->schema);
}

Result<WorldParameters> Ledger::keep(const WorldParameters &wanted)
{
    const auto put = m_session.exec(
        "insert into localfleet.seed (users, media, seed, now_ms) values ($1, $2, $3, $4) on conflict do nothing",
        {std::to_string(wanted.users), std::to_string(wanted.media), std::to_string(wanted.seed), std::to_string(wanted.nowMs)}, statementDeadline);
    if (!put)
        return base::fail(put.error());
    const auto rows = m_session.exec("select users, media, seed, now_ms from localfleet.seed", statementDeadline);
    if (!rows)
        return base::fail(rows.error());
    if (rows->isEmpty())
        return base::fail(ErrorCode::Protocol, "the directory did not keep the seed's numbers");
    WorldParameters kept = wanted;
    kept.users = toNumber<std::uint32_t>(rows->at(0, 0).value_or(""));
    kept.media = toNumber<std::uint32_t>(rows->at(0, 1).value_or(""));
    kept.seed = toNumber<std::uint64_t>(rows->at(0, 2).value_or(""));
    kept.nowMs = toNumber<std::int64_t>(rows->at(0, 3).value_or(""));
    return kept;
}

Result<std::set<std::string>> Ledger::doneSteps()
{
    const auto rows = m_session.exec("select step from localfleet.seed_step", statementDeadline);
    if (!rows)
        return base::fail(rows.error());
    std::set<std::string> steps;
    for (const auto &row : rows->rows)
        steps.insert(row.front().value_or(""));
    return steps;
}

Result<void> Ledger::finish(const std::string &step)
{
    const auto put = m_session.exec("insert into localfleet.seed_step (step) values ($1) on conflict do nothing", {step}, statementDeadline);
    if (!put)
        return base::fail(put.error());
    return {};
}

Result<Declared> Ledger::plannedShards(const fleet::Fleet &fleet)
{
    Declared planned;
    for (const auto &partition : fleet.partitions) {
        for (std::uint32_t number = 0; number < partition.shardCount; ++number)
            planned[{partition.name, number}] = schema::placement(fleet, partition, base::ShardNumber{number});
    }
    const auto rows = m_session.exec("select partition, shard, cluster from " + m_schema + ".shard_map", statementDeadline);
    if (!rows)
        return base::fail(rows.error());
    for (const auto &row : rows->rows)
        planned[{base::PartitionName(row[0].value_or("")), toNumber<std::uint32_t>(row[1].value_or(""))}] =
            base::ClusterName(row[2].value_or(""));
    return planned;
}

Result<void> Ledger::declareShards(const fleet::Fleet &fleet)
{
    if (auto begun = m_session.exec("begin", statementDeadline); !begun)
        return base::fail(begun.error());
    for (const auto &partition : fleet.partitions) {
        const auto put = m_session.exec(
            "insert into " + m_schema +
                ".partitions (name, schema_pattern, shards, tables) values ($1, $2, $3, $4) "
                "on conflict do nothing",
            {partition.name.text(), partition.schemaPattern, std::to_string(partition.shardCount), tablesLiteral(partition.tables)},
            statementDeadline);
        if (!put)
            return base::fail(put.error());
        std::string numbers = "{";
        std::string clusters = "{";
        for (std::uint32_t number = 0; number < partition.shardCount; ++number) {
            numbers += (number ? "," : "") + std::to_string(number);
            clusters += (number ? "," : "") + schema::placement(fleet, partition, base::ShardNumber{number}).text();
        }
        const auto mapped = m_session.exec("insert into " + m_schema +
                                               ".shard_map (partition, shard, cluster) "
                                               "select $1, * from unnest($2::int[], $3::text[]) on conflict do nothing",
                                           {partition.name.text(), numbers + "}", clusters + "}"}, statementDeadline);
        if (!mapped)
            return base::fail(mapped.error());
    }
    if (auto done = m_session.exec("commit", statementDeadline); !done)
        return base::fail(done.error());
    return {};
}

Result<void> fillNames(const fleet::Fleet &fleet, const World &world, Counter &counter)
{
    auto session = openPrimary(fleet, *directoryCluster(fleet), fleet::Role::Application, counter.stop());
    if (!session)
        return base::fail(session.error());
    if (auto begun = session->script("begin; create temporary table coming (name text, user_id bigint) on commit drop", statementDeadline); !begun)
        return base::fail(begun.error());
    std::size_t next = 0;
    const auto copied = session->copyIn(
        "copy coming from stdin",
        [&](std::string &buffer) {
            for (; next < world.users.size() && buffer.size() < 65536; ++next) {
                if (!world.users[next].isDeleted)
                    buffer += world.users[next].name + "\t" + std::to_string(world.users[next].id) + "\n";
            }
            return next < world.users.size();
        },
        statementDeadline);
    if (!copied)
        return base::fail(copied.error());
    const auto put = session->script("insert into " + fleet.directory->schema +
                                         ".names select name, user_id from coming on conflict do nothing; "
                                         "commit",
                                     statementDeadline);
    if (!put)
        return base::fail(put.error());
    counter.add(*copied, cost::row);
    return {};
}

} // namespace shardlens::seed
