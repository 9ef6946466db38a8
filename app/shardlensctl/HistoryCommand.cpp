// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/HistoryCommand.h"

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/record/HistoryFile.h"
#include "core/record/HistoryPath.h"
#include "ui/format/Times.h"

#include <QFile>

#include <algorithm>

namespace shardlens::ctl {

namespace {

using record::KeptSeries;

/// The part of a series that was observed.
facts::Series observed(const facts::Series &series)
{
    facts::Series points;
    std::copy_if(series.begin(), series.end(), std::back_inserter(points), [](const facts::SeriesPoint &point) { return point.count > 0; });
    return points;
}

void addPoints(Answer &answer, const KeptSeries &kept)
{
    for (const facts::SeriesPoint &point : observed(kept.series)) {
        std::string line;
        JsonWriter json(line);
        json.beginObject().member("measure", facts::name(kept.key.measure)).member("subject", kept.key.subject).member("at", base::isoUtc(point.at));
        json.member("min", point.min).member("mean", point.mean).member("max", point.max).member("observations", std::int64_t(point.count)).endObject();
        answer.line(line);
    }
}

TextTable tableOf(const std::vector<KeptSeries> &all)
{
    TextTable table({{QStringLiteral("measure")}, {QStringLiteral("subject")}, {QStringLiteral("from")}, {QStringLiteral("to")}, {QStringLiteral("min"), true},
                     {QStringLiteral("mean"), true}, {QStringLiteral("max"), true}, {QStringLiteral("steps"), true}});
    for (const KeptSeries &kept : all) {
        const facts::Series points = observed(kept.series);
        const auto low = std::min_element(points.begin(), points.end(), [](const auto &a, const auto &b) { return a.min < b.min; });
        const auto high = std::max_element(points.begin(), points.end(), [](const auto &a, const auto &b) { return a.max < b.max; });
        double sum = 0;
        for (const facts::SeriesPoint &point : points)
            sum += point.mean;
        const auto number = [](double value) { return QString::number(value, 'g', 6); };
        table.add({text(std::string(facts::name(kept.key.measure))), text(kept.key.subject), text(base::isoUtc(points.front().at)),
                   text(base::isoUtc(points.back().at)), number(low->min), number(sum / static_cast<double>(points.size())), number(high->max),
                   QString::number(points.size())});
    }
    return table;
}

bool isWanted(const facts::SeriesKey &key, const Options &options)
{
    return (options.measure.empty() || options.measure == facts::name(key.measure)) && (options.subject.empty() || options.subject == key.subject);
}

} // namespace

Exit showHistory(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    Answer answer;
    if (!options.measure.empty() && !facts::measureNamed(options.measure)) {
        answer.error = "There is no measure '" + options.measure + "'. Without --measure all are listed.\n";
        answer.exit = Exit::Usage;
        return print(answer);
    }
    const QString path = record::historyPath(**fleet);
    const base::UtcTime now = base::SystemClock().utcNow();
    if (!QFile::exists(path)) {
        answer.error = "No history of " + (*fleet)->name + " is kept at " + path.toStdString() + ". The console keeps it while it runs.\n";
        return print(answer); // nothing is wrong with the fleet: as `events` and `timeline` end without a history
    }
    auto all = record::HistoryFile::read(path, now - base::microseconds(static_cast<std::int64_t>(options.hours * 3.6e9)), now);
    if (!all) {
        answer.error = all.error().message + "\n";
        answer.exit = Exit::Failed;
        return print(answer);
    }
    std::erase_if(*all, [&](const KeptSeries &kept) { return !isWanted(kept.key, options); });
    if (all->empty()) {
        answer.error = "Nothing of that was observed in the last " + QString::number(options.hours).toStdString() + " h.\n";
    } else if (options.json) {
        for (const KeptSeries &kept : *all)
            addPoints(answer, kept);
    } else {
        answer.add(tableOf(*all));
    }
    return print(answer);
}

} // namespace shardlens::ctl
