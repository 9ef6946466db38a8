// SPDX-License-Identifier: GPL-3.0-or-later
// Many finds at once.
#include "core/inspect/lookup/LookerPrivate.h"

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
std::string usersSelect(const std::string &schema, const std::string &ids)
{
    return "select 'u', id, null::bigint, name::text, " + microsOf("created_at") + ", version from " + schema + ".users where id = any(" +
           ids + ") union all select 'x', id, null, null, " + microsOf("at") + ", 0 from " + schema +
           ".deleted where kind = 'user' and id = any(" + ids + ")";
}

std::string mediaSelect(const std::string &schema, const std::string &ids)
{
    return "select 'm', id, owner_id, null::text, " + microsOf("created_at") + ", version from " + schema + ".media where id = any(" + ids +
           ") union all select 'c', id, media_id, null, " + microsOf("created_at") + ", version from " + schema +
           ".comments where id = any(" + ids + ") union all select 'y', id, null, null, " + microsOf("at") + ", 0 from " + schema +
           ".deleted where kind = 'media' and id = any(" + ids + ")";
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

/// IDs of all, so that the audit log can be asked who was looked at.
std::string detailOf(const std::vector<Find> &finds)
{
    std::string detail = R"({"ids": [)";
    for (const Find &find : finds) {
        if (find.kind <= Kind::User)
            detail += (detail.back() == '[' ? "\"" : ", \"") + std::to_string(find.id) + "\"";
    }
    return detail + "]}";
}

/// Names first: whose they are, in one question.
void resolveNames(Context &context, std::vector<BulkLine> &lines, Rounds &rounds)
{
    std::string names = "{";
    for (const BulkLine &line : lines) {
        if (line.find.kind != Kind::UserName)
            continue;
        std::string escaped;
        for (const char c : line.find.text)
            escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        names += (names.size() > 1 ? ",\"" : "\"") + escaped + "\"";
    }
    const fleet::Cluster *cluster = context.fleet->directory ? context.fleet->cluster(context.fleet->directory->cluster) : nullptr;
    if (names.size() == 1 || !cluster)
        return;
    std::map<std::string, std::uint64_t> users;
    bool isTold = false;
    for (const ServerId &server : nearestFirst(*context.fleet, *cluster, context.ground->from)) {
        Round round(context.links, Stage::Place);
        round.ask(server, [&](Link &link) -> Result<void> {
            const auto rows = link.query(context.fleet->directory->database,
                                         "select name, user_id from " + quotedName(context.fleet->directory->schema) +
                                             ".names where name = any($1::text[])",
                                         {names + "}"});
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

/// What is so of one, by the rows of both partitions.
void settle(BulkLine &line, const BulkRows &rows, const std::vector<BulkAnswer> &answers, const Context &context)
{
    if (line.outcome == Outcome::NobodyHasName || (line.id == 0 && line.find.kind == Kind::UserName))
        return;
    const auto row = rows.find(line.id);
    const bool isUnresolved =
        std::any_of(answers.begin(), answers.end(), [&](const BulkAnswer &answer) { return answer.unresolved.contains(line.id); });
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
    if (isUnresolved)
        return;
    const ids::Anatomy parts = ids::anatomy(line.id, context.fleet->idLayout);
    const auto inRange = [&](const char *table) {
        const fleet::Partition *partition = context.places.partitionOf(table);
        return partition && context.places.isInRange(*partition, parts.shard);
    };
    const auto nowMs = std::chrono::floor<base::milliseconds>(context.clock->utcNow().time_since_epoch()).count();
    line.outcome = parts.mintedMs > nowMs + 60'000        ? Outcome::NotMinted
                   : inRange("users") || inRange("media") ? Outcome::NoTrace
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
    BulkQuestion users;
    users.partition = context.places.partitionOf("users");
    users.stage = Stage::Rows;
    users.select = [](Sql &, const std::string &schema, const std::string &ids) { return usersSelect(schema, ids); };
    BulkQuestion media;
    media.partition = context.places.partitionOf("media");
    media.stage = Stage::Rows;
    media.select = [](Sql &, const std::string &schema, const std::string &ids) { return mediaSelect(schema, ids); };
    for (const BulkLine &line : look.lines) {
        if (line.id != 0 && isOfUser(line.find.kind))
            users.ids.push_back(line.id);
        if (line.id != 0 && isOfMedia(line.find.kind))
            media.ids.push_back(line.id);
    }
    const auto answers = readInBulk(context, {users, media}, rounds);
    BulkRows rows;
    take(rows, answers[0]);
    take(rows, answers[1]);
    for (BulkLine &line : look.lines)
        settle(line, rows, answers, context);
    return m_d->finish(std::move(look), rounds, begun, askedAt);
}

} // namespace shardlens::inspect::lookup
