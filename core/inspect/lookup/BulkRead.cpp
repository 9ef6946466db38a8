// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/BulkRead.h"

#include "core/ids/Anatomy.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::Result;

namespace {

using IdsOfSchema = std::map<std::string, std::vector<std::uint64_t>>;

struct ServerRead {
    ServerId server;
    std::size_t of = 0; ///< the question's place
    const fleet::Cluster *cluster = nullptr;
    IdsOfSchema ids;
    std::vector<std::vector<postgres::Value>> rows;
    bool isDone = false;
};

Result<AllRows> readBy(Link &link, const std::string &database, const decltype(BulkQuestion::select) &select, const IdsOfSchema &ids, const std::vector<std::string> &schemas)
{
    // A statement a shard, whose text is the same whenever that shard is asked: the server has its plan from the last time.
    std::vector<postgres::Statement> statements;
    statements.reserve(schemas.size());
    for (const std::string &schema : schemas) {
        Sql sql;
        const std::string list = sql.param(postgres::Value(arrayOf(ids.at(schema)))) + "::bigint[]";
        sql.text = select(sql, quotedName(schema), list);
        statements.push_back({std::move(sql.text), std::move(sql.parameters)});
    }
    auto answers = link.query(database, statements);
    if (!answers)
        return base::fail(answers.error());
    AllRows all;
    for (postgres::Rows &rows : *answers)
        std::move(rows.rows.begin(), rows.rows.end(), std::back_inserter(all));
    return all;
}

Result<AllRows> readSome(Link &link, const std::string &database, const BulkQuestion &question, const IdsOfSchema &ids)
{
    std::vector<std::string> schemas;
    for (const auto &[schema, wanted] : ids)
        schemas.push_back(schema);
    if (!question.function)
        return readBy(link, database, question.select, ids, schemas);
    return readShards(link, database, question.function, schemas, [&](const std::vector<std::string> &some, bool isByFunction) {
        return readBy(link, database, isByFunction ? question.select : question.orElse, ids, some);
    });
}

std::string memoOf(const char *function, const std::string &schema)
{
    return schema + "." + function;
}

/// Whether another way of asking may do: the function, or one of its columns, is not there; or the rights to select are not.
bool tellsOtherWay(const base::Error &error, bool isByFunction)
{
    return isByFunction ? error.sqlState == "42883" || error.sqlState == "42703" : error.sqlState == "42501";
}

/// Of shards that are alike as far as is known. Where neither way does for all of them, some are old and some new: each is asked alone.
Result<AllRows> readAlike(Link &link, const std::string &database, const char *function, const std::vector<std::string> &schemas, bool isByFunction, const ReadSchemas &read)
{
    auto rows = read(schemas, isByFunction);
    if (rows || !tellsOtherWay(rows.error(), isByFunction))
        return rows;
    rows = read(schemas, !isByFunction);
    if (rows) {
        for (const std::string &schema : schemas)
            link.noteLacking(database, memoOf(function, schema), isByFunction);
        return rows;
    }
    if (schemas.size() == 1 || !tellsOtherWay(rows.error(), !isByFunction))
        return rows;
    AllRows all;
    for (const std::string &schema : schemas) {
        auto one = readAlike(link, database, function, {schema}, isByFunction, read);
        if (!one)
            return one;
        std::move(one->begin(), one->end(), std::back_inserter(all));
    }
    return all;
}

/// A schema that is not there fails them all: those that are there are asked again without it.
Result<void> readServer(Link &link, const BulkQuestion &question, ServerRead &read)
{
    const std::string &database = read.cluster->database;
    auto rows = readSome(link, database, question, read.ids);
    if (!rows && isNoSuchShard(rows.error())) {
        std::string names = "{";
        for (const auto &[schema, ids] : read.ids)
            names += (names.size() > 1 ? "," : "") + quotedName(schema);
        const auto there = link.query(database, "select nspname from pg_namespace where nspname = any($1::text[])", {names + "}"});
        if (!there)
            return base::fail(there.error());
        IdsOfSchema left;
        for (const auto &row : there->rows)
            left[row.front().value_or("")] = read.ids.at(row.front().value_or(""));
        rows = readSome(link, database, question, left);
    }
    if (!rows)
        return base::fail(rows.error());
    read.rows = std::move(*rows);
    read.isDone = true;
    return {};
}

void runReads(Context &context, const std::vector<BulkQuestion> &questions, std::vector<ServerRead> &reads, Rounds &rounds)
{
    Round round(context.links, questions.front().stage);
    for (ServerRead &read : reads) {
        if (!read.isDone && !read.server.isEmpty())
            round.ask(read.server, [&question = questions[read.of], &read](Link &link) { return readServer(link, question, read); });
    }
    round.run(rounds);
}

/// Where the shards of a question are that no map tells: of all its IDs in one round.
FoundHomes findLost(Context &context, const BulkQuestion &question, Rounds &rounds)
{
    std::set<std::uint32_t> lost;
    for (const std::uint64_t id : question.ids) {
        const base::ShardNumber shard = ids::anatomy(id, context.fleet->idLayout).shard;
        if (context.places.isInRange(*question.partition, shard))
            lost.insert(shard.value);
    }
    return context.places.hasMap() || lost.empty() ? FoundHomes() : context.places.findAll(*question.partition, lost, rounds);
}

/// Each cluster's share of a question. What may be on a silent one is unresolved.
void addReads(Context &context, const BulkQuestion &question, std::size_t place, std::vector<ServerRead> &reads,
              std::set<std::uint64_t> &unresolved, Rounds &rounds)
{
    if (!question.partition)
        return;
    const FoundHomes found = findLost(context, question, rounds);
    std::map<std::string, ServerRead> byCluster;
    for (const std::uint64_t id : std::set<std::uint64_t>(question.ids.begin(), question.ids.end())) {
        const base::ShardNumber shard = ids::anatomy(id, context.fleet->idLayout).shard;
        auto home = context.places.home(*question.partition, shard);
        if (const auto seen = found.homes.find(shard.value); !home && seen != found.homes.end())
            home = seen->second;
        if (!home) {
            if (found.silence && context.places.isInRange(*question.partition, shard))
                unresolved.insert(id);
            continue;
        }
        ServerRead &read = byCluster[home->cluster->name.text()];
        read.of = place;
        read.cluster = home->cluster;
        read.ids[home->schema].push_back(id);
    }
    for (auto &[name, read] : byCluster) {
        read.server = likelyPrimary(context.links, *read.cluster);
        reads.push_back(std::move(read));
    }
}

} // namespace

Result<AllRows> readShards(Link &link, const std::string &database, const char *function, const std::vector<std::string> &schemas, const ReadSchemas &read)
{
    std::vector<std::string> lacking;
    std::vector<std::string> having;
    for (const std::string &schema : schemas)
        (link.lacks(database, memoOf(function, schema)) ? lacking : having).push_back(schema);
    AllRows all;
    for (const bool isByFunction : {true, false}) {
        const std::vector<std::string> &some = isByFunction ? having : lacking;
        auto rows = some.empty() ? Result<AllRows>(AllRows()) : readAlike(link, database, function, some, isByFunction, read);
        if (!rows)
            return rows;
        std::move(rows->begin(), rows->end(), std::back_inserter(all));
    }
    return all;
}

std::vector<BulkAnswer> readInBulk(Context &context, const std::vector<BulkQuestion> &questions, Rounds &rounds)
{
    std::vector<BulkAnswer> answers(questions.size());
    std::vector<ServerRead> reads;
    for (std::size_t i = 0; i < questions.size(); ++i)
        addReads(context, questions[i], i, reads, answers[i].unresolved, rounds);
    if (reads.empty())
        return answers;
    runReads(context, questions, reads, rounds);
    // A silent primary: its standbys one after the other, the nearest first.
    const auto isLeft = [](const ServerRead &read) { return !read.isDone && !read.server.isEmpty(); };
    for (std::size_t turn = 0; std::any_of(reads.begin(), reads.end(), isLeft); ++turn) {
        for (ServerRead &read : reads) {
            const ServerId likely = likelyPrimary(context.links, *read.cluster);
            std::vector<ServerId> others = nearestFirst(*context.fleet, *read.cluster, context.ground->from);
            std::erase(others, likely);
            read.server = turn < others.size() ? others[turn] : ServerId();
        }
        runReads(context, questions, reads, rounds);
    }
    for (ServerRead &read : reads) {
        BulkAnswer &answer = answers[read.of];
        std::move(read.rows.begin(), read.rows.end(), std::back_inserter(answer.rows));
        for (const auto &[schema, ids] : read.ids) {
            if (!read.isDone)
                answer.unresolved.insert(ids.begin(), ids.end());
        }
    }
    return answers;
}

BulkAnswer readInBulk(Context &context, const BulkQuestion &question, Rounds &rounds)
{
    return std::move(readInBulk(context, std::vector<BulkQuestion>{question}, rounds).front());
}

std::map<std::uint64_t, MediaBrief> readMedia(Context &context, const std::vector<std::uint64_t> &ids, Rounds &rounds)
{
    const fleet::Queries &queries = context.fleet->queries;
    BulkQuestion question;
    question.partition = context.places.partitionOf(fleet::RowKind::Media);
    question.ids = ids;
    const auto briefs = [&queries](bool isByFunction) {
        return [&queries, isByFunction](Sql &, const std::string &schema, const std::string &list) {
            const TableIn rows(queries, fleet::RowKind::Media, schema);
            const std::string caption = isByFunction ? captionByFunction(schema, rows["id"], "0") : "case when not " + rows["is_private"] + " then " + rows["caption"] + " end";
            return "select " + rows["id"] + ", " + rows["owner_id"] + ", " + rows["is_private"] + ", " + caption + ", " + microsOf(rows["created_at"]) + " from " + rows.from() +
                   " where " + rows["id"] + " = any(" + list + ")";
        };
    };
    question.select = briefs(readsByFunction(context));
    if (readsByFunction(context)) {
        question.function = "caption_of";
        question.orElse = briefs(false);
    }
    const BulkAnswer answer = readInBulk(context, question, rounds);
    std::map<std::uint64_t, MediaBrief> media;
    for (const std::uint64_t id : ids)
        media[id].isResolved = question.partition && !answer.unresolved.contains(id);
    for (const auto &row : answer.rows) {
        MediaBrief &brief = media[idOf(row[0].value_or(""))];
        brief.state = CopyState::Exists;
        brief.owner = idOf(row[1].value_or("0"));
        brief.isPrivate = row[2] == "t";
        brief.caption = row[3].value_or("");
        brief.at = utcOfMicros(std::strtoll(row[4].value_or("0").c_str(), nullptr, 10));
    }
    question.function = nullptr;
    // Few are gone: planning one more table a shard for all of them would cost more than a second round for those.
    question.ids.clear();
    for (const auto &[id, brief] : media) {
        if (brief.isResolved && brief.state == CopyState::Absent)
            question.ids.push_back(id);
    }
    question.select = [&queries](Sql &, const std::string &schema, const std::string &list) {
        const TableIn deleted(queries, fleet::RowKind::DeletedMedia, schema);
        return "select " + deleted["id"] + ", " + microsOf(deleted["at"]) + ", " + deleted["by"] + " from " + deleted.from() + " where " +
               deleted["id"] + " = any(" + list + ")";
    };
    const BulkAnswer gone = readInBulk(context, question, rounds);
    for (const std::uint64_t id : gone.unresolved)
        media[id].isResolved = false;
    for (const auto &row : gone.rows) {
        MediaBrief &brief = media[idOf(row[0].value_or(""))];
        brief.state = CopyState::Deleted;
        brief.at = utcOfMicros(std::strtoll(row[1].value_or("0").c_str(), nullptr, 10));
        brief.by = row[2].value_or("");
    }
    return media;
}

} // namespace shardlens::inspect::lookup
