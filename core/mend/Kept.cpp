// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/Kept.h"

#include "core/base/Iso8601.h"
#include "core/base/Json.h"
#include "core/ids/Shortcode.h"

#include <nlohmann/json.hpp>

namespace shardlens::mend {

using nlohmann::json;

namespace {

json optionalText(const std::optional<std::string> &text)
{
    return text ? json(*text) : json(nullptr);
}

std::string textOf(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::string> optionalTextOf(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::uint64_t idOf(const json &object, const char *key)
{
    return ids::parseDecimal(textOf(object, key)).value_or(0);
}

std::vector<std::string> textsOf(const json &object, const char *key)
{
    std::vector<std::string> texts;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array())
        return texts;
    for (const json &item : *found) {
        if (item.is_string())
            texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::optional<What> whatNamed(const std::string &word)
{
    for (const What what : {What::Feed, What::MapBucket, What::MapEntry}) {
        if (name(what) == word)
            return what;
    }
    return std::nullopt;
}

std::string_view endName(Kept::End end)
{
    switch (end) {
    case Kept::End::Open: return "open";
    case Kept::End::Written: return "written";
    case Kept::End::Failed: return "failed";
    case Kept::End::Undone: return "undone";
    }
    return "";
}

} // namespace

std::string planLine(const Kept &kept)
{
    const Plan &plan = kept.plan;
    json line{{"mend", name(plan.intent.what)},
              {"user", std::to_string(plan.intent.user)},
              {"bucket", plan.intent.bucket},
              {"media", std::to_string(plan.intent.media)},
              {"case", plan.intent.caseNumber},
              {"group", plan.group.text()},
              {"primary", plan.primary.text()},
              {"term", plan.term},
              {"undoes", plan.undoes},
              {"by", kept.by},
              {"reason", kept.reason},
              {"at", base::isoUtcMicros(kept.at)}};
    if (plan.list)
        line["list"] = {{"key", plan.list->key}, {"before", plan.list->before}, {"after", plan.list->after}, {"most", plan.list->most}, {"expires_in_ms", plan.list->expiresInMs}};
    line["fields"] = json::array();
    for (const FieldWrite &one : plan.fields)
        line["fields"].push_back(
            {{"key", one.key}, {"field", one.field}, {"before", optionalText(one.before)}, {"after", optionalText(one.after)}});
    // What Redis holds need not be UTF-8: a byte that is not is told by its mark, and cannot be taken back as it was.
    return base::jsonText(line);
}

std::string endLine(Kept::End end, const std::string &said)
{
    return base::jsonText(json{{"end", endName(end)}, {"said", said}});
}

base::Result<Kept> keptIn(const std::string &id, const std::vector<std::string> &lines)
{
    json first;
    for (const std::string &text : lines) {
        json line = base::readJson(text);
        if (line.is_object() && line.contains("mend"))
            first = std::move(line);
    }
    const auto what = first.is_object() ? whatNamed(textOf(first, "mend")) : std::nullopt;
    if (!what)
        return base::fail(base::ErrorCode::BadInput, "the journal of " + id + " cannot be read");
    Kept kept;
    kept.id = id;
    kept.by = textOf(first, "by");
    kept.reason = textOf(first, "reason");
    kept.at = base::parseIso(textOf(first, "at")).value_or(base::UtcTime());
    Plan &plan = kept.plan;
    plan.intent = {*what, idOf(first, "user"), first.value("bucket", 0U), idOf(first, "media"), textOf(first, "case")};
    plan.group = base::GroupName(textOf(first, "group"));
    plan.primary = base::ServerId(textOf(first, "primary"));
    plan.term = first.value("term", std::int64_t(0));
    plan.undoes = textOf(first, "undoes");
    if (const auto list = first.find("list"); list != first.end() && list->is_object())
        plan.list = ListWrite{textOf(*list, "key"), textsOf(*list, "before"), textsOf(*list, "after"), list->value("most", std::size_t(0)),
                              list->value("expires_in_ms", std::int64_t(0))};
    for (const json &one : first.value("fields", json::array()))
        plan.fields.push_back({textOf(one, "key"), textOf(one, "field"), optionalTextOf(one, "before"), optionalTextOf(one, "after")});
    plan.changes = plan.list ? listChanges(plan.list->before, plan.list->after) : fieldChanges(plan.fields);
    for (const std::string &text : lines) {
        const json line = base::readJson(text);
        const std::string end = line.is_object() ? textOf(line, "end") : std::string();
        for (const Kept::End known : {Kept::End::Written, Kept::End::Failed, Kept::End::Undone}) {
            if (endName(known) == end)
                kept.end = known;
        }
    }
    return kept;
}

} // namespace shardlens::mend
