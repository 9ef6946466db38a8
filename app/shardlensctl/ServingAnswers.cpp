// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/EventText.h"
#include "ui/format/ServingText.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::ServingCell;
using facts::ServingRow;

void durationMember(JsonWriter &json, std::string_view key, const std::optional<base::microseconds> &value)
{
    if (value)
        json.member(key, inMs(*value));
    else
        json.key(key).null();
}

void cellJson(Answer &answer, const ServingRow &row, const ServingCell &cell, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("what", facts::name(row.of));
    nameMember(json, "cluster", row.cluster);
    nameMember(json, "group", row.group);
    nameMember(json, "pool", cell.pool);
    json.member("region", cell.region.text()).member("verdict", facts::name(cell.verdict)).member("proof", facts::name(cell.proof));
    nameMember(json, "through", cell.through);
    durationMember(json, "took_ms", cell.took);
    durationMember(json, "usual_ms", cell.usual);
    json.member("link_included", cell.fromElsewhere);
    if (cell.verdict == facts::ServingVerdict::NotKnown)
        json.member("why_unknown", facts::name(cell.why.why)).member("why_unknown_detail", cell.why.detail);
    if (cell.parts > 1)
        json.member("parts", cell.parts).member("parts_working", cell.partsWorking);
    timeMember(json, "read_at", cell.readUtc);
    timeMember(json, "failing_since", cell.failingSince);
    if (cell.error)
        json.member("error", cell.error->message).member("error_code", base::name(cell.error->code)).member("sqlstate", cell.error->sqlState);
    json.member("fresh", !facts::isStale(cell, snapshot.takenAt, snapshot.fleet->thresholds)).endObject();
    answer.line(out);
}

/// "88 ms", "88 ms (inferred)", "fails 33 s".
QString cellWords(const ServingRow &row, const ServingCell &cell, const facts::Snapshot &snapshot)
{
    const format::ServingCellText words = format::servingCellText(row, cell, snapshot);
    QString out = words.aside.isEmpty() ? words.value : words.value + QStringLiteral(", ") + words.aside;
    if (words.look == format::ServingCellText::Look::Inferred)
        out += QStringLiteral(" (inferred)");
    return words.look == format::ServingCellText::Look::Old ? QStringLiteral("old: ") + out : out;
}

} // namespace

Answer servingOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    std::vector<TextTable::Column> columns{{QStringLiteral("WHAT")}};
    for (const fleet::Region &region : snapshot.fleet->regions)
        columns.push_back({text(region.name)});
    TextTable table(std::move(columns));
    bool well = true;
    for (const ServingRow &row : snapshot.serving.rows) {
        const QString name = format::servingRowName(row, snapshot);
        // The first sentence counts what people use; the directory is the consoles' own.
        QStringList cells{format::isForPeople(row, snapshot) ? name : name + QStringLiteral(" (the console's own)")};
        for (const fleet::Region &region : snapshot.fleet->regions) {
            const ServingCell *cell = row.cell(region.name);
            cells << (cell ? cellWords(row, *cell, snapshot) : QStringLiteral("-"));
            if (!cell)
                continue;
            well = well && cell->verdict == facts::ServingVerdict::Works;
            if (options.json)
                cellJson(answer, row, *cell, snapshot);
        }
        table.add(std::move(cells));
    }
    if (!options.json && table.isEmpty())
        answer.line(QStringLiteral("No router, stable address or pool is declared: nothing to try."));
    else if (!options.json)
        answer.add(table);
    answer.exit = well ? Exit::Well : Exit::Problem;
    return answer;
}

Answer eventLine(const facts::Event &event, const facts::Snapshot &snapshot, bool asJson)
{
    Answer answer;
    const format::EventText words = format::eventText(event, snapshot);
    if (!asJson) {
        answer.line(QStringLiteral("%1  %2  %3").arg(words.at.leftJustified(10), words.where.leftJustified(20), words.what));
        return answer;
    }
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("at", base::isoUtc(event.when.at)).member("at_is_exact", event.when.exact).member("kind", facts::name(event.kind));
    nameMember(json, "region", event.place.region);
    nameMember(json, "server", event.place.server);
    nameMember(json, "cluster", event.place.cluster);
    nameMember(json, "group", event.place.group);
    nameMember(json, "pool", event.place.pool);
    json.member("subject", event.subject).member("before", event.before).member("after", event.after);
    if (event.problem)
        json.member("rule", facts::name(event.problem->rule)).member("severity", facts::name(event.problem->severity));
    json.member("words", plain(words.what).toStdString()).endObject();
    answer.line(out);
    return answer;
}

} // namespace shardlens::ctl
