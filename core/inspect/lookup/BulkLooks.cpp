// SPDX-License-Identifier: GPL-3.0-or-later
// Many finds at once.
#include "core/base/Json.h"
#include "core/inspect/lookup/LookerPrivate.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::Result;

namespace {

bool isOfUser(Kind kind)
{
    return kind == Kind::Id || kind == Kind::User || kind == Kind::UserName;
}

bool isOfMedia(Kind kind)
{
    return kind == Kind::Id || kind == Kind::Media;
}

// Columns alike in all four: what it is, the ID, whose it is, the name, the moment, the version.
std::string bulkSelect(char what, const TableIn &rows, const std::string &owner, const std::string &name, const char *at,
                       const std::string &version, const std::string &ids)
{
    return std::string("select '") + what + "', " + rows["id"] + ", " + owner + ", " + name + ", " + microsOf(rows[at]) + ", " + version +
           " from " + rows.from() + " where " + rows["id"] + " = any(" + ids + ")";
}

std::string usersSelect(const fleet::Queries &queries, const std::string &schema, const std::string &ids)
{
    const TableIn users(queries, fleet::RowKind::Users, schema);
    return bulkSelect('u', users, "null::bigint", "(" + users["name"] + ")::text", "created_at", users["version"], ids);
}

std::string mediaSelect(const fleet::Queries &queries, const std::string &schema, const std::string &ids)
{
    const TableIn media(queries, fleet::RowKind::Media, schema);
    return bulkSelect('m', media, media["owner_id"], "null::text", "created_at", media["version"], ids);
}

std::string goneUsersSelect(const fleet::Queries &queries, const std::string &schema, const std::string &ids)
{
    return bulkSelect('x', TableIn(queries, fleet::RowKind::DeletedUsers, schema), "null::bigint", "null::text", "at", "0", ids);
}

/// What an ID of the media partition is that is no media: a comment, or gone.
std::string otherMediaSelect(const fleet::Queries &queries, const std::string &schema, const std::string &ids)
{
    const TableIn comments(queries, fleet::RowKind::Comments, schema);
    return bulkSelect('c', comments, comments["media_id"], "null::text", "created_at", comments["version"], ids) + " union all " +
           bulkSelect('y', TableIn(queries, fleet::RowKind::DeletedMedia, schema), "null", "null", "at", "0", ids);
}

struct BulkRow {
    char what = 0;
    std::uint64_t owner = 0;
    std::string name;
    base::UtcTime at;
    std::int64_t version = 0;
};

/// What is there goes before what was: a row before a tombstone, which a thing that was brought back keeps.
int rank(char what)
{
    return what == 'u' || what == 'm' || what == 'c' ? 2 : what == 'x' || what == 'y' ? 1 : 0;
}

using BulkRows = std::map<std::uint64_t, BulkRow>;

void take(BulkRows &into, const BulkAnswer &answer)
{
    for (const auto &row : answer.rows) {
        const char what = row[0].value_or("?").front();
        BulkRow &kept = into[idOf(row[1].value_or(""))];
        if (rank(what) <= rank(kept.what))
            continue;
        kept = {what, idOf(row[2].value_or("0")), row[3].value_or(""), utcOfMicros(std::strtoll(row[4].value_or("0").c_str(), nullptr, 10)),
                std::strtoll(row[5].value_or("0").c_str(), nullptr, 10)};
    }
}

Entity entityOf(char what)
{
    switch (what) {
    case 'u':
    case 'x': return Entity::User;
    case 'm':
    case 'y': return Entity::Media;
    case 'c': return Entity::Comment;
    default: return Entity::None;
    }
}

/// IDs and names of all, so that the audit log can be asked who was looked at.
std::string detailOf(const std::vector<Find> &finds)
{
    nlohmann::ordered_json ids = nlohmann::ordered_json::array();
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    for (const Find &find : finds) {
        if (find.kind <= Kind::User)
            ids.push_back(std::to_string(find.id));
        else if (find.kind == Kind::UserName)
            names.push_back(find.text);
    }
    return base::jsonText(nlohmann::ordered_json{{"ids", std::move(ids)}, {"names", std::move(names)}});
}

/// Names first: whose they are, in one question.
void resolveNames(Context &context, std::vector<BulkLine> &lines, Rounds &rounds)
{
    std::vector<std::string> names;
    for (const BulkLine &line : lines) {
        if (line.find.kind == Kind::UserName)
            names.push_back(line.find.text);
    }
    const fleet::Cluster *cluster = context.fleet->directory ? context.fleet->cluster(context.fleet->directory->cluster) : nullptr;
    if (names.empty() || !cluster)
        return;
    const Sql sql = namesStatement(context.fleet->queries, context.fleet->directory->schema, names);
    std::map<std::string, std::uint64_t> users;
    bool isTold = false;
    for (const ServerId &server : nearestFirst(*context.fleet, *cluster, context.ground->from)) {
        Round round(context.links, Stage::Place);
        round.ask(server, [&](Link &link) -> Result<void> {
            const auto rows = link.query(context.fleet->directory->database, sql.text, sql.parameters);
            if (!rows)
                return base::fail(rows.error());
            for (const auto &row : rows->rows)
                users[row[0].value_or("")] = idOf(row[1].value_or(""));
            isTold = true;
            return {};
        });
        round.run(rounds);
        if (isTold)
            break;
    }
    for (BulkLine &line : lines) {
        const auto user = users.find(line.find.text);
        if (line.find.kind != Kind::UserName || !isTold)
            continue;
        line.outcome = user == users.end() ? Outcome::NobodyHasName : Outcome::NotKnown;
        line.id = user == users.end() ? 0 : user->second;
    }
}

using BulkSelect = std::string (*)(const fleet::Queries &queries, const std::string &schema, const std::string &ids);

/// Asks both partitions for what is not among the rows yet, at the same time.
void askFor(Context &context, const std::vector<BulkLine> &lines, BulkSelect ofUsers, BulkSelect ofMedia, BulkRows &rows, std::set<std::uint64_t> &unresolved, Rounds &rounds)
{
    const auto question = [&](fleet::RowKind kind, BulkSelect select, bool (*isOf)(Kind kind)) {
        BulkQuestion asked;
        asked.partition = context.places.partitionOf(kind);
        asked.stage = Stage::Rows;
        asked.select = [&queries = context.fleet->queries, select](Sql &, const std::string &schema, const std::string &ids) { return select(queries, schema, ids); };
        for (const BulkLine &line : lines) {
            if (line.id != 0 && isOf(line.find.kind) && !rows.contains(line.id) && !unresolved.contains(line.id))
                asked.ids.push_back(line.id);
        }
        return asked;
    };
    const auto answers = readInBulk(context, {question(fleet::RowKind::Users, ofUsers, isOfUser), question(fleet::RowKind::Media, ofMedia, isOfMedia)}, rounds);
    for (const BulkAnswer &answer : answers) {
        take(rows, answer);
        unresolved.insert(answer.unresolved.begin(), answer.unresolved.end());
    }
}

/// What is so of one, by the rows of both partitions.
void settle(BulkLine &line, const BulkRows &rows, const std::set<std::uint64_t> &unresolved, const Context &context)
{
    if (line.outcome == Outcome::NobodyHasName || (line.id == 0 && line.find.kind == Kind::UserName))
        return;
    const auto row = rows.find(line.id);
    if (row != rows.end()) {
        const BulkRow &read = row->second;
        line.entity = entityOf(read.what);
        line.outcome = rank(read.what) == 2 ? Outcome::Exists : Outcome::Deleted;
        line.owner = read.owner;
        line.name = read.name;
        line.at = read.at;
        line.version = read.version;
        return;
    }
    if (unresolved.contains(line.id))
        return;
    const ids::Anatomy parts = ids::anatomy(line.id, context.fleet->idLayout);
    const auto inRange = [&](fleet::RowKind kind) {
        const fleet::Partition *partition = context.places.partitionOf(kind);
        return partition && context.places.isInRange(*partition, parts.shard);
    };
    const auto nowMs = std::chrono::floor<base::milliseconds>(context.clock->utcNow().time_since_epoch()).count();
    line.outcome = parts.mintedMs > nowMs + 60'000        ? Outcome::NotMinted
                   : inRange(fleet::RowKind::Users) || inRange(fleet::RowKind::Media) ? Outcome::NoTrace
                                                          : Outcome::NoSuchShard;
}

} // namespace

Result<BulkLook> Looker::bulk(const std::vector<Find> &finds, const std::string &caseNumber)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    Rounds rounds;
    BulkLook look;
    auto recording = m_d->record({{"look_up", std::to_string(finds.size()) + " at once", {}, caseNumber, detailOf(finds)}}, false, rounds);
    if (!recording)
        return base::fail(recording.error());
    look.recording = std::move(*recording);
    for (const Find &find : finds) {
        look.lines.push_back({});
        look.lines.back().find = find;
        look.lines.back().id = find.kind <= Kind::User ? find.id : 0;
    }
    resolveNames(context, look.lines, rounds);
    BulkRows rows;
    std::set<std::uint64_t> unresolved;
    askFor(context, look.lines, usersSelect, mediaSelect, rows, unresolved, rounds);
    askFor(context, look.lines, goneUsersSelect, otherMediaSelect, rows, unresolved, rounds);
    for (BulkLine &line : look.lines)
        settle(line, rows, unresolved, context);
    return m_d->finish(std::move(look), rounds, begun, askedAt);
}

} // namespace shardlens::inspect::lookup
