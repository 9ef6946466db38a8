// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"

#include "app/shardlensctl/Text.h"
#include "ui/format/ProblemText.h"

namespace shardlens::ctl {

namespace {

void addValue(JsonWriter &json, const facts::Evidence::Value &value)
{
    std::visit(
        [&](const auto &held) {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, base::microseconds>)
                json.number(inMs(held));
            else if constexpr (std::is_same_v<Held, base::Bytes>)
                json.integer(held.count);
            else if constexpr (std::is_same_v<Held, base::UtcTime>)
                json.text(base::isoUtc(held));
            else
                json.value(held);
        },
        value);
}

/// The unit of a reading, where its value is a bare number.
const char *unitOf(const facts::Evidence::Value &value)
{
    if (std::holds_alternative<base::microseconds>(value))
        return "ms";
    return std::holds_alternative<base::Bytes>(value) ? "bytes" : nullptr;
}

void addEvidence(JsonWriter &json, const facts::Evidence &evidence, facts::Instant now)
{
    json.beginObject().member("reading", evidence.reading).key("value");
    addValue(json, evidence.value);
    json.key("limit");
    if (evidence.limit)
        addValue(json, *evidence.limit);
    else
        json.null();
    const char *unit = unitOf(evidence.value);
    json.member("unit", unit ? std::optional<std::string>(unit) : std::nullopt);
    nameMember(json, "source", evidence.source);
    if (evidence.readAt)
        json.member("age_ms", inMs(std::chrono::duration_cast<base::microseconds>(now - *evidence.readAt)));
    else
        json.key("age_ms").null();
    json.endObject();
}

void addImpact(JsonWriter &json, const facts::Impact &impact)
{
    json.member("shards_affected", impact.shardCount()).member("shards_in_partition", impact.shards.empty() ? 0U : impact.shards.front().of);
    json.key("impact").beginObject().member("harm", facts::name(impact.harm)).member("service", facts::name(impact.service));
    json.key("shards").beginArray();
    for (const facts::ShardsHit &hit : impact.shards) {
        json.beginObject().member("partition", hit.partition.text()).member("shards", hit.shards).member("of", hit.of).endObject();
    }
    json.endArray().key("user_share");
    if (impact.userShare)
        json.number(*impact.userShare);
    else
        json.null();
    json.key("regions").beginArray();
    for (const base::RegionName &region : impact.regions)
        json.text(region.text());
    json.endArray().key("fails_at");
    if (impact.failsAt)
        json.text(base::isoUtc(*impact.failsAt));
    else
        json.null();
    json.endObject();
}

} // namespace

void freshMembers(JsonWriter &json, const facts::Observation *observation, const facts::Snapshot &snapshot)
{
    json.member("fresh",
                observation && facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh);
    if (observation && observation->sampledAt)
        json.member("answer_age_ms", inMs(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *observation->sampledAt)));
    else
        json.key("answer_age_ms").null();
}

void problemMembers(JsonWriter &json, const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    const ui::format::ProblemText words = ui::format::problemText(problem, snapshot);
    json.member("id", problem.id()).member("rule", facts::name(problem.rule)).member("severity", facts::name(problem.severity));
    nameMember(json, "region", problem.place.region);
    nameMember(json, "server", problem.place.server);
    nameMember(json, "cluster", problem.place.cluster);
    nameMember(json, "redis_group", problem.place.group);
    nameMember(json, "pool", problem.place.pool);
    json.member("since", base::isoUtc(problem.since.at)).member("since_exact", problem.since.exact).member("sentence", plain(words.sentence).toStdString());
    json.member("to_do", orNull(plain(words.toDo).toStdString()));
    timeMember(json, "not_seen_since", problem.notSeenSince);
    addImpact(json, problem.impact);
    json.key("evidence").beginArray();
    for (const facts::Evidence &evidence : problem.evidence)
        addEvidence(json, evidence, snapshot.takenAt);
    json.endArray().key("consequences").beginArray();
    for (const facts::Problem &folded : problem.consequences)
        json.text(folded.id());
    json.endArray().key("consequence_details").beginArray();
    for (const facts::Problem &folded : problem.consequences) {
        json.beginObject().member("id", folded.id()).member("rule", facts::name(folded.rule)).member("severity", facts::name(folded.severity));
        json.member("sentence", plain(ui::format::problemText(folded, snapshot).sentence).toStdString()).endObject();
    }
    json.endArray();
}

} // namespace shardlens::ctl
