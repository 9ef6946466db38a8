// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookJsonParts.h"
#include "core/ids/Shortcode.h"
#include "core/mend/Remedy.h"

namespace shardlens::ctl {

using namespace inspect::lookup;

namespace {

void writeCount(JsonWriter &json, const char *key, const Count &count)
{
    json.key(key).beginObject().member("stored", count.stored).key("actual");
    if (count.actual)
        json.integer(*count.actual);
    else
        writeUnknown(json, count.actual.error());
    json.member("is_at_least", count.isAtLeast).member("miscount", count.isMiscount()).endObject();
}

void writePeople(JsonWriter &json, const char *key, const Page<inspect::lookup::Person> &page)
{
    json.key(key).beginObject().key("items").beginArray();
    for (const auto &person : page.items) {
        json.beginObject().member("id", idString(person.id));
        writeTime(json, "since", person.since);
        json.endObject();
    }
    json.endArray().member("next", page.next).endObject();
}

void writeTombstone(JsonWriter &json, const std::optional<Tombstone> &tombstone)
{
    json.key("tombstone");
    if (!tombstone) {
        json.null();
        return;
    }
    json.beginObject();
    writeTime(json, "at", tombstone->at);
    json.member("by", tombstone->by).endObject();
}

void writeUser(JsonWriter &json, const UserCard &user)
{
    json.key("user").beginObject().member("id", idString(user.id)).member("exists", user.exists);
    writeFrom(json, user.from);
    writeTombstone(json, user.tombstone);
    json.member("name", user.name);
    for (const auto &[column, value] : {std::pair("full_name", &user.fullName), std::pair("bio", &user.bio)}) {
        if (!user.isPersonal(column)) // else it stands below, and is masked
            json.member(column, *value);
    }
    json.key("personal").beginObject();
    for (const PersonalField &field : user.personal)
        writeMasked(json, field.name.c_str(), field.value);
    json.endObject();
    writeTime(json, "created_at", user.createdAt);
    writeTime(json, "updated_at", user.updatedAt);
    json.member("version", user.version);
    writeCount(json, "media", user.media);
    writeCount(json, "followers", user.followers);
    writeCount(json, "following", user.following);
    writePeople(json, "follower_list", user.followerList);
    writePeople(json, "following_list", user.followingList);
    json.key("recent_media").beginObject().key("items").beginArray();
    for (const MediaLine &line : user.recentMedia.items) {
        json.beginObject()
            .member("id", idString(line.id))
            .member("private", line.isPrivate)
            .member("likes", line.likes)
            .member("comments", line.comments);
        writeTime(json, "posted_at", line.postedAt);
        json.endObject();
    }
    json.endArray().member("next", user.recentMedia.next).endObject();
    json.key("feeds").beginArray();
    for (const FeedLength &feed : user.feeds) {
        json.beginObject().member("region", feed.region.text()).member("server", feed.server.text());
        writeKnown(json, "main", feed.mainFeed);
        writeKnown(json, "activity", feed.activityFeed);
        json.endObject();
    }
    json.endArray().key("sessions");
    if (!user.sessions) {
        writeUnknown(json, user.sessions.error());
    } else {
        json.beginObject()
            .member("count", user.sessions->count)
            .member("searched", user.sessions->searched)
            .member("complete", user.sessions->isComplete);
        json.key("times").beginArray();
        for (const auto &[created, seen] : user.sessions->times) {
            json.beginObject();
            writeTime(json, "created_at", created);
            writeTime(json, "last_seen", seen);
            json.endObject();
        }
        json.endArray().endObject();
    }
    json.endObject();
}

void writeMedia(JsonWriter &json, const MediaCard &media)
{
    json.key("media").beginObject().member("id", idString(media.id)).member("exists", media.exists);
    writeFrom(json, media.from);
    writeTombstone(json, media.tombstone);
    json.member("owner", idString(media.owner)).member("private", media.isPrivate);
    writeMasked(json, "caption", media.caption);
    json.member("filter", media.filter).member("width", media.width).member("height", media.height);
    writeTime(json, "created_at", media.createdAt);
    writeTime(json, "updated_at", media.updatedAt);
    json.member("version", media.version);
    writeCount(json, "likes", media.likes);
    writeCount(json, "comments", media.comments);
    writePeople(json, "like_list", media.likeList);
    json.key("comment_list").beginObject().key("items").beginArray();
    for (const CommentLine &line : media.commentList.items) {
        json.beginObject().member("id", idString(line.id)).member("user", idString(line.user));
        writeTime(json, "at", line.at);
        writeMasked(json, "body", line.body);
        json.endObject();
    }
    json.endArray().member("next", media.commentList.next).endObject().endObject();
}

void writeCached(JsonWriter &json, const CachedCopy &copy)
{
    json.beginObject()
        .member("server", copy.server.text())
        .member("pool", orNull(copy.pool.text()))
        .member("key", copy.key)
        .member("state", name(copy.state));
    json.member("version", copy.version).member("age_ms", copy.age.count() / 1000).member("bytes", copy.bytes);
    writeTime(json, "updated_at", copy.updatedAt);
    json.key("ttl_seconds");
    if (copy.ttl)
        json.integer(copy.ttl->count());
    else
        json.null();
    json.endObject();
}

void writeRegion(JsonWriter &json, const RegionRow &row)
{
    json.beginObject().member("region", row.region.text()).member("sees", name(row.sees));
    writeTime(json, "since", row.since);
    json.key("row");
    if (row.row) {
        json.beginObject()
            .member("server", row.row->server.text())
            .member("stands_for", row.row->standsFor.text())
            .member("primary", row.row->isPrimary);
        json.member("position", row.row->position.toString()).member("state", name(row.row->state)).member("version", row.row->version);
        writeTime(json, "updated_at", row.row->updatedAt);
        writeTime(json, "replayed_up_to", row.row->replayedUpTo ? std::optional(*row.row->replayedUpTo) : std::nullopt);
        json.endObject();
    } else {
        writeUnknown(json, row.row.error());
    }
    json.key("cached");
    if (row.cached)
        writeCached(json, *row.cached);
    else
        writeUnknown(json, row.cached.error());
    json.key("cached_in_other_pools").beginArray();
    for (const CachedCopy &copy : row.others)
        writeCached(json, copy);
    json.endArray();
    json.key("map");
    if (row.map)
        json.beginObject()
            .member("server", row.map->server.text())
            .member("bucket", row.map->bucket)
            .member("state", name(row.map->state))
            .member("owner", idString(row.map->owner))
            .endObject();
    else
        writeUnknown(json, row.map.error());
    json.key("differences").beginArray();
    for (const Difference &one : row.differences)
        json.beginObject()
            .member("copy", name(one.copy))
            .member("field", name(one.field))
            .member("here", one.here)
            .member("truth", one.truth)
            .endObject();
    json.endArray().endObject();
}

void writeVerdict(JsonWriter &json, const Verdict &verdict)
{
    json.key("verdict").beginObject().member("outcome", name(verdict.outcome));
    writeTime(json, "since", verdict.since);
    json.member("by", verdict.by).key("findings").beginArray();
    for (const Finding &finding : verdict.findings) {
        json.beginObject().member("amiss", name(finding.amiss)).key("regions").beginArray();
        for (const auto &region : finding.regions)
            json.text(region.text());
        json.endArray().key("servers").beginArray();
        for (const auto &server : finding.servers)
            json.text(server.text());
        json.endArray();
        writeTime(json, "since", finding.since);
        json.member("age_ms", finding.age.count() / 1000).member("owner", idString(finding.owner)).endObject();
    }
    json.endArray().key("not_recorded").beginArray();
    for (const NotRecorded one : verdict.notRecorded)
        json.text(name(one));
    json.endArray().key("changed_ago_ms");
    if (verdict.changedAgo)
        json.integer(verdict.changedAgo->count() / 1000);
    else
        json.null();
    json.endObject();
}

void writeId(JsonWriter &json, const IdCheck &check)
{
    json.key("id").beginObject().member("id", idString(check.anatomy.id)).member("shortcode", ids::Shortcode(check.anatomy.id).text());
    writeTime(json, "minted_at", check.anatomy.mintedAt());
    json.member("shard", check.anatomy.shard.value)
        .member("sequence", check.anatomy.sequence)
        .member("before", idString(check.before))
        .member("after", idString(check.after))
        .member("future", check.isFuture)
        .member("shard_in_range", check.isShardInRange);
    json.key("clusters").beginObject();
    for (const auto &[partition, cluster] : check.clusters)
        json.member(partition.text(), cluster.text());
    json.endObject().endObject();
}

void writeShard(JsonWriter &json, const ShardCard &card)
{
    json.beginObject()
        .member("partition", card.partition.text())
        .member("schema", card.schema)
        .member("in_range", card.isInRange)
        .key("declared");
    if (card.declared)
        json.text(card.declared->text());
    else
        json.null();
    json.key("places").beginArray();
    for (const ShardCard::Place &place : card.places) {
        json.beginObject()
            .member("server", place.server.text())
            .member("cluster", place.cluster.text())
            .member("primary", place.isPrimary)
            .key("has_it");
        if (place.hasIt)
            json.boolean(*place.hasIt);
        else
            writeUnknown(json, place.hasIt.error());
        writeKnown(json, "rows", place.rows);
        json.endObject();
    }
    json.endArray().endObject();
}

} // namespace

void writeJson(JsonWriter &json, const Answer &answer, const std::string &sentence)
{
    json.beginObject()
        .member("text", answer.find.text)
        .member("taken_for", name(answer.find.kind))
        .member("entity", name(answer.entity))
        .member("sentence", sentence);
    writeVerdict(json, answer.verdict);
    if (answer.id)
        writeId(json, *answer.id);
    if (answer.user)
        writeUser(json, *answer.user);
    if (answer.media)
        writeMedia(json, *answer.media);
    json.key("names").beginArray();
    for (const NameHit &hit : answer.names)
        json.beginObject().member("name", hit.name).member("user", idString(hit.user)).endObject();
    json.endArray().key("shards").beginArray();
    for (const ShardCard &card : answer.shards)
        writeShard(json, card);
    json.endArray().key("keys").beginArray();
    for (const KeyCopy &copy : answer.keys) {
        json.beginObject()
            .member("region", copy.region.text())
            .member("server", copy.server.text())
            .member("pool", orNull(copy.pool.text()))
            .member("type", copy.type)
            .member("length", copy.length)
            .key("exists");
        if (copy.exists)
            json.boolean(*copy.exists);
        else
            writeUnknown(json, copy.exists.error());
        json.endObject();
    }
    json.endArray().key("regions").beginArray();
    for (const RegionRow &row : answer.regions)
        writeRegion(json, row);
    json.endArray().key("remedies").beginArray();
    for (const mend::Remedy &remedy : mend::remediesOf(answer))
        json.text(mend::commandFor(remedy));
    json.endArray();
    writeRecording(json, answer.recording);
    writeRounds(json, answer);
    json.endObject();
}

void writeJson(JsonWriter &json, const BulkLine *line, const std::string &input, const std::string &error)
{
    json.beginObject().member("input", input);
    if (line) {
        json.member("text", line->find.text).member("taken_for", name(line->find.kind)).member("id", idString(line->id)).member("outcome", name(line->outcome));
        json.member("entity", name(line->entity)).member("owner", idString(line->owner)).member("name", line->name).member("version", line->version);
        writeTime(json, "at", line->at);
    } else {
        for (const char *key : {"text", "taken_for", "id", "outcome", "entity", "owner", "name", "version", "at"})
            json.key(key).null();
    }
    json.member("error", orNull(error)).endObject();
}

} // namespace shardlens::ctl
