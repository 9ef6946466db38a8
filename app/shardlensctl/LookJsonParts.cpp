// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookJsonParts.h"

namespace shardlens::ctl {

using namespace inspect::lookup;

void writeTime(JsonWriter &json, const char *key, const std::optional<base::UtcTime> &time)
{
    json.key(key);
    if (time && *time != base::UtcTime{})
        json.text(base::isoUtc(*time));
    else
        json.null();
}

void writeMasked(JsonWriter &json, const char *key, const Masked<std::string> &field)
{
    json.key(key);
    if (field.isMasked)
        json.beginObject().member("masked", true).endObject();
    else if (field.value)
        json.text(*field.value);
    else
        json.null();
}

void writeUnknown(JsonWriter &json, const facts::Unknown &unknown)
{
    json.beginObject().member("unknown", facts::name(unknown.why)).member("detail", unknown.detail).endObject();
}

void writeKnown(JsonWriter &json, const char *key, const Known<std::int64_t> &number)
{
    json.key(key);
    if (number)
        json.integer(*number);
    else
        writeUnknown(json, number.error());
}

void writeFrom(JsonWriter &json, const ReadFrom &from)
{
    json.key("from")
        .beginObject()
        .member("cluster", from.cluster.text())
        .member("schema", from.schema)
        .member("server", from.server.text());
    json.member("master_region", from.masterRegion.text()).member("standby", from.isStandby).endObject();
}

void writeRecording(JsonWriter &json, const Recording &recording)
{
    json.key("recording")
        .beginObject()
        .member("state", name(recording.state))
        .member("number", recording.number)
        .member("error", recording.error.message)
        .endObject();
}

void writeCourse(JsonWriter &json, const std::vector<Trouble> &troubles, const std::vector<StageTiming> &stages)
{
    json.key("troubles").beginArray();
    for (const Trouble &trouble : troubles)
        json.beginObject()
            .member("server", trouble.server.text())
            .member("code", base::name(trouble.error.code))
            .member("error", trouble.error.message)
            .endObject();
    json.endArray().key("stages").beginArray();
    for (const StageTiming &stage : stages) {
        json.beginObject().member("stage", name(stage.stage)).member("took_us", stage.took.count()).key("servers").beginArray();
        for (const ServerTiming &server : stage.servers)
            json.beginObject()
                .member("server", server.server.text())
                .member("took_us", server.took.count())
                .member("answered", server.answered)
                .endObject();
        json.endArray().endObject();
    }
    json.endArray();
}

} // namespace shardlens::ctl
