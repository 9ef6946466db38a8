// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/SavedPlanRows.h"

#include "ui/format/CampaignText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using format::text;
using models::FactCell;
using models::FactRow;
using models::nameCell;
using Holds = models::FactColumn::Holds;

namespace {

struct SavedWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::operations)
};

FactCell savedLink(const QString &words)
{
    FactCell cell = nameCell(words);
    cell.role = theme::ColourRole::Accent;
    return cell;
}

/// A moment to come is told whole; one that has passed is told as such.
FactCell momentCell(const std::optional<base::UtcTime> &moment, base::UtcTime now)
{
    if (!moment)
        return models::noneCell(SavedWords::tr("it is meant for no moment"));
    FactCell cell = nameCell(format::dateTime(*moment));
    cell.raw = format::iso8601(*moment);
    if (*moment < now) {
        cell.role = theme::ColourRole::Muted;
        cell.tip = SavedWords::tr("That moment has passed.");
    }
    return cell;
}

/// What a row tells of a plan, a single act's or a campaign's.
struct PutAside {
    const std::string *name;
    QString what;
    std::optional<base::UtcTime> intendedAt;
    base::UtcTime savedAt;
    const std::string *by;
};

} // namespace

std::vector<models::FactColumn> savedPlanColumns(const fleet::Fleet &fleet)
{
    QStringList acts;
    for (const fleet::Cluster &cluster : fleet.clusters) {
        for (const base::ServerId &id : cluster.servers)
            acts << format::actText(operate::SwitchCluster{cluster.name, id}, id);
    }
    const auto add = [&acts](campaign::Aim aim, const std::string &subject) { acts << format::campaignTitle({aim, subject}); };
    for (const fleet::Region &region : fleet.regions) {
        add(campaign::Aim::Evacuate, region.name.text());
        add(campaign::Aim::Return, region.name.text());
    }
    for (const fleet::Host &host : fleet.hosts) {
        add(campaign::Aim::HostDown, host.name.text());
        add(campaign::Aim::HostUp, host.name.text());
    }
    return {
        {QStringLiteral("plan"), SavedWords::tr("Plan"), SavedWords::tr("us-east, this evening"), Holds::Words, 0, {}, {}, true},
        {QStringLiteral("what"), SavedWords::tr("What it does"), acts.join(QLatin1Char('\n')), Holds::Words, 0},
        {QStringLiteral("intended_at"), SavedWords::tr("For"), QStringLiteral("2026-11-20 22:14:07Z"), Holds::Words, 2},
        {QStringLiteral("by"), SavedWords::tr("By"), QStringLiteral("maintenance1"), Holds::Name, 3},
        {QStringLiteral("saved_at"), SavedWords::tr("Saved"), SavedWords::tr("23 h 59 min ago") + QStringLiteral("\n2026-11-20 22:14:07Z"), Holds::Words, 1},
        {QStringLiteral("open"), QString(), SavedWords::tr("Open"), Holds::Words, 0},
        {QStringLiteral("delete"), QString(), SavedWords::tr("Delete"), Holds::Words, 4},
    };
}

std::vector<FactRow> savedPlanRows(const operate::PlanList &list, base::UtcTime now)
{
    std::vector<PutAside> plans;
    for (const execute::SavedPlan &one : list.plans)
        plans.push_back({&one.name, format::actText(one.request.intent(), one.request.to), one.intendedAt, one.savedAt, &one.owner.osUser});
    for (const campaign::SavedCampaign &one : list.campaigns)
        plans.push_back({&one.name, format::campaignTitle(one.goal), one.intendedAt, one.savedAt, &one.owner.osUser});
    std::stable_sort(plans.begin(), plans.end(), [](const PutAside &a, const PutAside &b) {
        if (a.intendedAt.has_value() != b.intendedAt.has_value())
            return a.intendedAt.has_value();
        return a.intendedAt ? *a.intendedAt < *b.intendedAt : a.savedAt > b.savedAt;
    });
    std::vector<FactRow> rows;
    for (const PutAside &one : plans) {
        FactCell saved = nameCell(format::ago(one.savedAt, now));
        saved.raw = format::iso8601(one.savedAt);
        saved.tip = format::dateTime(one.savedAt);
        rows.push_back({*one.name,
                        {nameCell(text(*one.name)), nameCell(one.what), momentCell(one.intendedAt, now), nameCell(text(*one.by)), saved, savedLink(SavedWords::tr("Open")),
                         savedLink(SavedWords::tr("Delete"))}});
    }
    return rows;
}

} // namespace shardlens::ui::pages
