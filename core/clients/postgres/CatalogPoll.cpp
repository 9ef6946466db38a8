// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/CatalogPoll.h"

#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/facts/derive/Population.h"

#include <algorithm>
#include <charconv>

namespace shardlens::clients {

namespace {

std::string literal(const std::string &text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

// "insta{shard}" as a regular expression with the number in a group; everything else stands for itself.
std::string expressionOf(const std::string &pattern)
{
    std::string out = "^";
    const auto hole = fleet::holeOf(pattern, "shard");
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (hole && i == hole->at) {
            out += "([0-9]{" + std::to_string(std::max(hole->digits, 1U)) + ",9})";
            i += hole->length - 1;
            continue;
        }
        if (std::string_view("\\.[]{}()*+?^$|").find(pattern[i]) != std::string_view::npos)
            out += '\\';
        out += pattern[i];
    }
    return out + "$";
}

template <class Number>
std::optional<Number> numberAt(const PqRows &rows, int row, int column)
{
    const auto field = rows.at(row, column);
    Number value{};
    if (!field || std::from_chars(field->data(), field->data() + field->size(), value).ec != std::errc())
        return std::nullopt;
    return value;
}

} // namespace

// A table that was never analysed (reltuples -1) and is empty counts as nothing; one that is not makes its shard's size and rows
// unknown, never too small. Its counters show that it was written; a standby has none, and a crash or a promotion begins them
// anew, so where they show nothing its file is asked. That opens the table, and waits while another session has it locked away: so
// it is asked of those alone, once a minute, of few where tables were analysed once and of thousands only where all are new and
// empty. Toast tables have pages of their own; an index lies in its table's schema. Catalogs
// themselves are seldom analysed, and a server with thousands of new schemas has no statistics on them yet: so nothing here
// is joined. Schemas and relations are stacked and grouped in one pass, whatever the planner believes.
std::string catalogQuery(const fleet::Partition &partition)
{
    const std::string expression = literal(expressionOf(partition.schemaPattern));
    const std::string users = literal(facts::derive::usersTable(partition));
    return "SELECT max(u.number), sum(u.pages)::int8 * current_setting('block_size')::int8, sum(u.tuples)::int8, sum(u.written)::int8, bool_or(u.unread),\n"
           "       pg_is_in_recovery(), (date_part('epoch', pg_postmaster_start_time())*1e6)::int8, sum(u.users)::int8\nFROM (SELECT oid AS schema, substring(nspname from "
           + expression + ")::int8 AS number, 0::int8 AS pages, 0::float8 AS tuples, 0::int8 AS written, false AS unread, NULL::float8 AS users\n      FROM pg_namespace WHERE nspname ~ "
           + expression + R"(
      UNION ALL
      SELECT relnamespace, NULL, relpages, 0, 0, false, NULL FROM pg_class WHERE relkind = 'i'
      UNION ALL
      SELECT c.relnamespace, NULL, c.relpages::int8 + COALESCE((SELECT toast.relpages FROM pg_class toast WHERE toast.oid = c.reltoastrelid), 0), greatest(c.reltuples, 0),
             c.written, c.unread, CASE WHEN c.relname <> )" + users + R"( THEN NULL WHEN c.reltuples >= 0 THEN c.reltuples WHEN NOT c.unread THEN 0 END
      FROM (SELECT relnamespace, relname, relpages, reltuples, reltoastrelid,
                   COALESCE(pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid), 0) AS written,
                   CASE WHEN reltuples >= 0 OR oid < 16384 THEN false
                        WHEN pg_stat_get_tuples_inserted(oid) > 0 THEN true
                        ELSE COALESCE(pg_relation_size(oid) > 0, false) END AS unread
            FROM pg_class WHERE relkind IN ('r', 'm')) c) u
GROUP BY u.schema HAVING max(u.number) IS NOT NULL ORDER BY 1)";
}

facts::CatalogReading parseCatalog(const PqRows &rows, const base::ServerId &server, const base::PartitionName &partition)
{
    facts::CatalogReading reading;
    reading.server = server;
    reading.partition = partition;
    reading.shards.reserve(static_cast<std::size_t>(rows.rowCount()));
    for (int row = 0; row < rows.rowCount(); ++row) {
        const auto number = numberAt<std::uint32_t>(rows, row, 0);
        if (!number)
            continue;
        facts::ObservedShard shard;
        shard.number = {*number};
        shard.rowsWritten = numberAt<std::int64_t>(rows, row, 3).value_or(0);
        if (rows.at(row, 4) == "t") {
            shard.size = facts::unknown(facts::WhyUnknown::NotAnalysed);
            shard.rows = facts::unknown(facts::WhyUnknown::NotAnalysed);
        } else {
            shard.size = base::Bytes{numberAt<std::int64_t>(rows, row, 1).value_or(0)};
            shard.rows = numberAt<std::int64_t>(rows, row, 2).value_or(0);
        }
        if (const auto users = numberAt<std::int64_t>(rows, row, 7))
            shard.users = *users;
        else
            shard.users = facts::unknown(shard.rows ? facts::WhyUnknown::NoValue : facts::WhyUnknown::NotAnalysed);
        reading.inRecovery = rows.at(row, 5) == "t";
        reading.serverStartedAt = base::UtcTime(base::microseconds(numberAt<std::int64_t>(rows, row, 6).value_or(0)));
        reading.shards.push_back(std::move(shard));
    }
    return reading;
}

std::string declaredQuery(const fleet::Directory &directory)
{
    return "SELECT partition, shard, cluster FROM " + PollTable{directory.schema, "shard_map"}.quoted();
}

facts::DeclaredMap parseDeclared(const PqRows &rows)
{
    facts::DeclaredMap declared;
    for (int row = 0; row < rows.rowCount(); ++row) {
        const auto number = numberAt<std::uint32_t>(rows, row, 1);
        if (number)
            declared.clusterOf.emplace(facts::ShardKey{base::PartitionName(std::string(rows.at(row, 0).value_or(""))), {*number}},
                                       base::ClusterName(std::string(rows.at(row, 2).value_or(""))));
    }
    return declared;
}

} // namespace shardlens::clients
