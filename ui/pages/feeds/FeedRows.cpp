// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feeds/FeedRows.h"

#include "ui/format/FeedText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

namespace shardlens::ui::pages {

namespace look = inspect::lookup;
using operate::OutlineRow;
using operate::OutlineRows;

namespace {

struct FeedWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::feeds)
};

theme::Shape shapeOfStep(look::StepResult result)
{
    switch (result) {
    case look::StepResult::Holds: return theme::Shape::Dot;
    case look::StepResult::Fails: return theme::Shape::Triangle;
    case look::StepResult::NotKnown: return theme::Shape::DashedRing;
    case look::StepResult::NotReached: break;
    }
    return theme::Shape::Ellipsis;
}

/// The IDs that a comparison found, under its region.
void addIds(OutlineRows &rows, const std::string &region, const QString &what, const std::vector<std::uint64_t> &ids)
{
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < ids.size() && i < most; ++i) {
        OutlineRow row;
        row.id = region + "/" + std::to_string(ids[i]) + "/" + std::to_string(rows.size());
        row.under = region;
        row.title = QString::number(ids[i]);
        row.right = what;
        rows.push_back(std::move(row));
    }
    if (ids.size() <= most)
        return;
    OutlineRow rest;
    rest.id = region + "/" + what.toStdString();
    rest.under = region;
    rest.kind = OutlineRow::Kind::Note;
    rest.title = FeedWords::tr("and %1 more %2").arg(format::count(static_cast<std::int64_t>(ids.size() - most)), what);
    rows.push_back(std::move(rest));
}

void fillCompared(OutlineRow &row, const ComparedRegion &region)
{
    if (region.comparison) {
        const bool agrees = region.comparison->agrees();
        row.shape = !agrees ? theme::Shape::Triangle : region.comparison->isComplete ? theme::Shape::Dot : theme::Shape::DashedRing;
        row.second = format::comparisonText(*region.comparison);
        row.right = FeedWords::tr("%1 of %2").arg(format::count(region.comparison->length), format::count(region.comparison->expected));
        row.ground = agrees ? OutlineRow::Ground::None : OutlineRow::Ground::Warning;
        row.canOpen = !agrees;
    } else if (region.isAsking) {
        row.shape = theme::Shape::Ellipsis;
        row.second = FeedWords::tr("asking");
    } else {
        row.shape = theme::Shape::DashedRing;
        row.second =
            region.error.empty() ? FeedWords::tr("not compared yet") : FeedWords::tr("unknown: %1").arg(format::text(region.error));
    }
}

} // namespace

OutlineRows explanationRows(const look::FeedExplanation &explanation)
{
    OutlineRows rows;
    for (std::size_t i = 0; i < explanation.steps.size(); ++i) {
        const look::ExplainedStep &step = explanation.steps[i];
        const auto words = format::stepWords(step);
        OutlineRow row;
        row.id = std::string(look::name(step.step));
        row.shape = shapeOfStep(step.result);
        row.hasShape = true;
        row.number = QString::number(i + 1);
        row.title = words.title;
        row.second = words.evidence;
        row.isQuiet = step.result == look::StepResult::NotReached;
        row.isStrong = explanation.cause == i;
        row.ground = explanation.cause == i ? OutlineRow::Ground::Warning : OutlineRow::Ground::None;
        row.hasLine = true;
        rows.push_back(std::move(row));
    }
    return rows;
}

OutlineRows comparisonRows(const fleet::Fleet &fleet, const std::map<base::RegionName, ComparedRegion> &regions)
{
    OutlineRows rows;
    for (const fleet::Region &region : fleet.regions) {
        const auto found = regions.find(region.name);
        OutlineRow row;
        row.id = region.name.text();
        row.title = format::text(region.name.text());
        row.hasShape = true;
        row.hasLine = true;
        fillCompared(row, found == regions.end() ? ComparedRegion() : found->second);
        rows.push_back(std::move(row));
        if (found == regions.end() || !found->second.comparison)
            continue;
        const look::FeedComparison &comparison = *found->second.comparison;
        addIds(rows, region.name.text(), FeedWords::tr("missing"), comparison.missing);
        addIds(rows, region.name.text(), FeedWords::tr("too many"), comparison.extra);
        addIds(rows, region.name.text(), FeedWords::tr("out of order"), comparison.misordered);
        addIds(rows, region.name.text(), FeedWords::tr("twice"), comparison.duplicates);
    }
    return rows;
}

} // namespace shardlens::ui::pages
