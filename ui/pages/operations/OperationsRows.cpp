// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/OperationsRows.h"

#include "ui/format/Beginning.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/format/CampaignWords.h"
#include "ui/models/FactTableModel.h"
#include "ui/pages/operations/CampaignRows.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using format::text;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using operate::Act;
using operate::OperationSeen;
using operate::Readiness;
using operate::Ready;
using Holds = FactColumn::Holds;
using theme::ColourRole;
using theme::Shape;

namespace {

struct OperationsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::operations)
};

constexpr int reasonLetters = 16; ///< of a reason that has no room for more

FactCell linkCell(const QString &words)
{
    FactCell cell = nameCell(words);
    cell.role = ColourRole::Accent;
    return cell;
}

FactCell serverCell(const base::ServerId &id, const QString &whyNone)
{
    return id.isEmpty() ? models::noneCell(whyNone) : nameCell(text(id.text()));
}

QString serverNames(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Cluster &cluster : fleet.clusters) {
        for (const base::ServerId &id : cluster.servers)
            names << text(id.text());
    }
    return names.join(QLatin1Char('\n'));
}

/// All that an operation or a campaign may be about.
QString subjectNames(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Cluster &cluster : fleet.clusters)
        names << text(cluster.name.text());
    for (const fleet::RedisGroup &group : fleet.redisGroups)
        names << text(group.name.text());
    for (const fleet::Region &region : fleet.regions)
        names << text(region.name.text());
    for (const fleet::Host &host : fleet.hosts)
        names << text(host.name.text());
    return names.join(QLatin1Char('\n'));
}

QString actNames()
{
    QStringList names;
    for (int act = 0; act <= static_cast<int>(operate::lastAct); ++act)
        names << format::actWord(static_cast<Act>(act));
    for (const campaign::Aim aim : {campaign::Aim::Evacuate, campaign::Aim::Return, campaign::Aim::HostDown, campaign::Aim::HostUp})
        names << format::campaignWord(aim);
    return names.join(QLatin1Char('\n'));
}

Shape shapeOfOperation(const OperationSeen &seen)
{
    if (!seen.operation.outcome)
        return seen.runs ? Shape::Chevron : Shape::Triangle;
    switch (*seen.operation.outcome) {
    case execute::Outcome::Done: return Shape::Dot;
    case execute::Outcome::Incomplete: return Shape::Triangle;
    case execute::Outcome::RolledBack: return Shape::ArrowUp;
    case execute::Outcome::Failed: return Shape::Stop;
    case execute::Outcome::InDoubt: return Shape::DashedRing;
    case execute::Outcome::Abandoned: return Shape::Triangle;
    }
    return Shape::None;
}

int rankOfOperation(const OperationSeen &seen)
{
    if (seen.runs && !seen.operation.outcome)
        return 0;
    return seen.isUnfinished() ? 1 : 2;
}

FactRow operationRow(const OperationSeen &seen, base::UtcTime now)
{
    const execute::Operation &operation = seen.operation;
    FactRow row;
    row.id = operation.id;
    FactCell when = nameCell(format::ago(operation.beganAt, now));
    when.raw = format::iso8601(operation.beganAt);
    when.tip = format::dateTime(operation.beganAt);
    FactCell held = operation.writesHeld ? nameCell(format::duration(*operation.writesHeld)) : models::noneCell(operation.writesHeldFrom ? OperationsWords::tr("that they flow again is not written down") : OperationsWords::tr("writes were not held"));
    if (operation.writesHeld)
        held.raw = std::chrono::duration<double>(*operation.writesHeld).count();
    FactCell reason = operation.reason.empty() ? models::noneCell(OperationsWords::tr("none was given")) : nameCell(text(operation.reason));
    if (!operation.reason.empty()) {
        reason.tip = reason.text;
        reason.brief = format::beginningOf(reason.text, reasonLetters, OperationsWords::tr("told"));
    }
    FactCell outcome = nameCell(format::outcomeWord(operation, seen.runs), shapeOfOperation(seen));
    if (operation.outcome == execute::Outcome::Incomplete)
        outcome.brief = OperationsWords::tr("things left");
    const std::string user = operation.author.databaseUser.empty() ? operation.author.osUser : operation.author.databaseUser;
    FactCell by = nameCell(seen.host.empty() ? text(user) : OperationsWords::tr("%1 on %2").arg(text(user), text(seen.host)));
    if (!seen.host.empty()) {
        by.brief = text(user);
        by.tip = OperationsWords::tr("Its journal is on %1; this is the directory's copy").arg(text(seen.host));
    }
    row.cells = {outcome,
                 when,
                 nameCell(format::actWord(operation.act)),
                 nameCell(text(operation.subject())),
                 serverCell(operation.from, {}),
                 serverCell(operation.to, {}),
                 by,
                 held,
                 reason,
                 linkCell(OperationsWords::tr("Open"))};
    return row;
}

} // namespace

std::vector<FactColumn> operationColumns(const fleet::Fleet &fleet)
{
    const QString servers = serverNames(fleet);
    QStringList users;
    for (const fleet::DatabaseUser &user : fleet.access.users)
        users << text(user.name);
    return {
        {QStringLiteral("state"), OperationsWords::tr("Outcome"), OperationsWords::tr("done, %1 things left").arg(88), Holds::Words, 0, {},
         QStringList{OperationsWords::tr("things left"), OperationsWords::tr("rolled back"), OperationsWords::tr("unfinished"), OperationsWords::tr("abandoned")}.join(QLatin1Char('\n')), true},
        {QStringLiteral("began_at"), OperationsWords::tr("When"), OperationsWords::tr("23 h 59 min ago") + QStringLiteral("\n2026-11-20 22:14:07Z"), Holds::Words, 1},
        {QStringLiteral("act"), OperationsWords::tr("Act"), actNames(), Holds::Words, 0},
        {QStringLiteral("cluster"), OperationsWords::tr("Of"), subjectNames(fleet), Holds::Name, 0, OperationsWords::tr("The cluster, Redis group, region or host that it acted on")},
        {QStringLiteral("from"), OperationsWords::tr("From"), servers, Holds::Name, 6},
        {QStringLiteral("to"), OperationsWords::tr("To"), servers, Holds::Name, 3},
        {QStringLiteral("by"), OperationsWords::tr("By"), users.join(QLatin1Char('\n')), Holds::Name, 4},
        {QStringLiteral("writes_held_seconds"), OperationsWords::tr("Writes held"), QStringLiteral("88 min 88 s"), Holds::Number, 5},
        {QStringLiteral("reason"), OperationsWords::tr("Reason"), OperationsWords::tr("Kernel upgrade of the host, then back"), Holds::Words, 2, {}, format::widestBeginning(reasonLetters)},
        {QStringLiteral("open"), QString(), OperationsWords::tr("Open"), Holds::Words, 0},
    };
}

std::vector<FactRow> operationRows(const operate::OperationList &list, const operate::CampaignList &campaigns, base::UtcTime now)
{
    struct Entry {
        int rank;
        base::UtcTime beganAt;
        FactRow row;
    };
    std::vector<Entry> entries;
    for (const operate::CampaignSeen &seen : campaigns.campaigns)
        entries.push_back({seen.runs ? 0 : seen.isUnfinished() ? 1 : 2, seen.campaign.beganAt, campaignHistoryRow(seen, now)});
    for (const OperationSeen &seen : list.operations)
        entries.push_back({rankOfOperation(seen), seen.operation.beganAt, operationRow(seen, now)});
    std::stable_sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.rank != b.rank ? a.rank < b.rank : a.beganAt > b.beganAt; });
    std::vector<FactRow> rows;
    for (Entry &entry : entries)
        rows.push_back(std::move(entry.row));
    return rows;
}

} // namespace shardlens::ui::pages
