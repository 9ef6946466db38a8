// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookJsonParts.h"

namespace shardlens::ctl {

using namespace inspect::lookup;

void writeJson(JsonWriter &json, const FeedPage &page)
{
    json.beginObject()
        .member("user", idString(page.question.user))
        .member("feed", name(page.question.kind))
        .member("server", page.server.text())
        .member("length", page.length);
    json.member("trimmed_to", page.trimmedTo).member("next", page.next).key("entries").beginArray();
    for (const FeedEntry &entry : page.entries) {
        json.beginObject()
            .member("position", entry.position)
            .member("raw", entry.raw)
            .member("media", idString(entry.media))
            .member("actor", idString(entry.actor));
        json.member("activity", name(entry.activity)).member("owner", idString(entry.owner)).member("resolved", entry.isResolved);
        writeMasked(json, "caption", entry.caption);
        writeTime(json, "posted_at", entry.postedAt);
        json.key("marks").beginArray();
        for (const Mark mark : entry.marks)
            json.text(name(mark));
        json.endArray().endObject();
    }
    json.endArray();
    writeRecording(json, page.recording);
    writeRounds(json, page);
    json.endObject();
}

void writeJson(JsonWriter &json, const FeedExplanation &explanation, const std::string &sentence)
{
    json.beginObject()
        .member("user", idString(explanation.user))
        .member("media", idString(explanation.media))
        .member("sentence", sentence)
        .key("cause");
    if (explanation.cause)
        json.text(name(explanation.steps[*explanation.cause].step));
    else
        json.null();
    json.key("steps").beginArray();
    for (const ExplainedStep &step : explanation.steps) {
        json.beginObject().member("step", name(step.step)).member("result", name(step.result)).key("evidence").beginArray();
        for (const Evidence &one : step.evidence) {
            json.beginObject()
                .member("region", one.region.text())
                .member("server", one.server.text())
                .member("id", idString(one.id))
                .member("error", one.error);
            writeTime(json, "at", one.at);
            if (one.number)
                json.member("number", *one.number);
            if (one.limit)
                json.member("limit", *one.limit);
            json.endObject();
        }
        json.endArray().endObject();
    }
    json.endArray();
    writeRecording(json, explanation.recording);
    writeRounds(json, explanation);
    json.endObject();
}

void writeJson(JsonWriter &json, const FeedComparison &comparison)
{
    json.beginObject()
        .member("user", idString(comparison.user))
        .member("region", comparison.region.text())
        .member("server", comparison.server.text());
    json.member("length", comparison.length)
        .member("expected", comparison.expected)
        .member("agrees", comparison.agrees())
        .member("complete", comparison.isComplete);
    const auto list = [&](const char *key, const std::vector<std::uint64_t> &ids) {
        json.key(key).beginArray();
        for (const std::uint64_t id : ids)
            json.value(idString(id));
        json.endArray();
    };
    list("missing", comparison.missing);
    list("extra", comparison.extra);
    list("misordered", comparison.misordered);
    list("duplicates", comparison.duplicates);
    writeRecording(json, comparison.recording);
    writeRounds(json, comparison);
    json.endObject();
}

void writeJson(JsonWriter &json, const GraphPage &page)
{
    json.beginObject().member("id", idString(page.question.id)).member("assoc", name(page.question.assoc));
    writeFrom(json, page.from);
    writeKnown(json, "count", page.count);
    json.member("is_at_least", page.isAtLeast);
    writeTime(json, "oldest", page.oldest);
    writeTime(json, "newest", page.newest);
    json.key("edges").beginArray();
    for (const Edge &edge : page.edges.items) {
        json.beginObject().member("to", idString(edge.to));
        writeTime(json, "since", edge.since);
        json.key("has_inverse");
        if (edge.hasInverse)
            json.boolean(*edge.hasInverse);
        else
            writeUnknown(json, edge.hasInverse.error());
        json.endObject();
    }
    json.endArray().member("next", page.edges.next);
    writeRecording(json, page.recording);
    writeRounds(json, page);
    json.endObject();
}

void writeJson(JsonWriter &json, const BucketCheck &check)
{
    json.beginObject()
        .member("bucket", check.bucket)
        .member("buckets", check.buckets)
        .member("server", check.server.text())
        .member("entries", check.entries);
    json.member("unresolved", check.unresolved).key("wrong").beginArray();
    for (const BucketCheck::Wrong &one : check.wrong) {
        json.beginObject()
            .member("media", idString(one.media))
            .member("map_owner", idString(one.mapOwner))
            .member("row_owner", idString(one.rowOwner));
        json.member("belongs_elsewhere", one.belongsElsewhere).endObject();
    }
    json.endArray().key("missing").beginArray();
    for (const BucketCheck::Missing &one : check.missing)
        json.beginObject().member("media", idString(one.media)).member("row_owner", idString(one.rowOwner)).endObject();
    json.endArray().member("shards_searched", check.searched).member("shards_unsearched", check.unsearched).member("shards_unsearched_why", orNull(check.unsearchedWhy));
    writeRounds(json, check);
    json.endObject();
}

} // namespace shardlens::ctl
