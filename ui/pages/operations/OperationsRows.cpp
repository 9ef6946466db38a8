// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/OperationsRows.h"

#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"

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

/// Nobody of the cluster has answered yet: not the same as not ready.
bool isAsking(const facts::Snapshot &snapshot, const base::ClusterName &name)
{
    const fleet::Cluster *cluster = snapshot.fleet->cluster(name);
    return cluster && std::all_of(cluster->servers.begin(), cluster->servers.end(), [&](const base::ServerId &id) { return format::ageOf(snapshot, id).freshness == facts::Freshness::Asking; });
}

FactCell stateCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row.cluster)) {
        FactCell cell = nameCell(OperationsWords::tr("asking"), Shape::Ellipsis);
        cell.role = ColourRole::Muted;
        return cell;
    }
    switch (row.ready) {
    case Ready::Ready: return nameCell(format::readyWord(row.ready), Shape::Dot);
    case Ready::Warnings: {
        FactCell cell = nameCell(format::readyWord(row.ready), Shape::Triangle);
        cell.brief = OperationsWords::tr("warnings");
        return cell;
    }
    case Ready::NotReady: return nameCell(format::readyWord(row.ready), Shape::Diamond);
    }
    return {};
}

FactCell pauseCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row.cluster))
        return models::noneCell(OperationsWords::tr("nothing was read yet"));
    if (row.act == Act::Failover)
        return models::noneCell(OperationsWords::tr("writes are refused already"));
    if (!row.pause.expected) {
        FactCell cell = models::cellOf(format::formattedUnknown(row.pause.expected.error(), {}));
        return cell;
    }
    FactCell cell = nameCell(format::duration(*row.pause.expected));
    cell.raw = std::chrono::duration<double>(*row.pause.expected).count();
    cell.tip = format::pauseText(row.pause);
    return cell;
}

/// The first that blocks, else the first that is amiss; how many more.
FactCell whyCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row.cluster))
        return models::noneCell(OperationsWords::tr("nothing was read yet"));
    const auto &told = row.blocking.empty() ? row.amiss : row.blocking;
    if (told.empty() && row.best.isEmpty())
        return nameCell(OperationsWords::tr("No standby is eligible"));
    if (told.empty())
        return models::noneCell(OperationsWords::tr("nothing is amiss"));
    const auto all = row.blocking.size() + row.amiss.size();
    FactCell cell = nameCell(format::checkSentence(told.front()));
    QStringList tips;
    for (const auto *checks : {&row.blocking, &row.amiss}) {
        for (const operate::Check &check : *checks)
            tips << format::checkSentence(check);
    }
    cell.tip = tips.join(QLatin1Char('\n'));
    if (all > 1)
        cell.text = QStringLiteral("%1 (+%2)").arg(cell.text, format::count(static_cast<std::int64_t>(all) - 1));
    cell.brief = all == 1 ? OperationsWords::tr("1 check") : OperationsWords::tr("%1 checks").arg(format::count(static_cast<std::int64_t>(all)));
    if (!row.blocking.empty())
        cell.role = ColourRole::CriticalText;
    return cell;
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

QString clusterNames(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Cluster &cluster : fleet.clusters)
        names << text(cluster.name.text());
    return names.join(QLatin1Char('\n'));
}

/// As the state reads where it has little room.
QString briefestReady()
{
    return QStringList{OperationsWords::tr("asking"), format::readyWord(Ready::Ready), OperationsWords::tr("warnings"), format::readyWord(Ready::NotReady)}.join(QLatin1Char('\n'));
}

QString widestReady()
{
    QStringList words{OperationsWords::tr("asking")};
    for (const Ready ready : {Ready::Ready, Ready::Warnings, Ready::NotReady})
        words << format::readyWord(ready);
    return words.join(QLatin1Char('\n'));
}

Shape shapeOfOperation(const OperationSeen &seen)
{
    if (!seen.operation.outcome)
        return seen.runs ? Shape::Chevron : Shape::Triangle;
    switch (*seen.operation.outcome) {
    case execute::Outcome::Done: return Shape::Dot;
    case execute::Outcome::Incomplete: return Shape::Triangle;
    case execute::Outcome::RolledBack: return Shape::ArrowUp;
    case execute::Outcome::Failed: return Shape::Diamond;
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

/// As many whole words of a reason as have room for certain; no number stands beside the dots.
QString beginning(const QString &reason)
{
    if (reason.size() <= reasonLetters)
        return reason;
    QString words = reason.left(reasonLetters);
    while (!words.isEmpty() && (!reason.at(words.size()).isSpace() || words.back().isDigit() || words.back().isSpace() || words.back().isPunct()))
        words.chop(1);
    return (words.isEmpty() ? OperationsWords::tr("told") : words + QChar(0x2026));
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
        reason.brief = beginning(reason.text);
    }
    row.cells = {nameCell(format::outcomeWord(operation, seen.runs), shapeOfOperation(seen)),
                 when,
                 nameCell(format::actWord(operation.act)),
                 nameCell(text(operation.subject())),
                 serverCell(operation.from, {}),
                 serverCell(operation.to, {}),
                 nameCell(text(operation.author.databaseUser.empty() ? operation.author.osUser : operation.author.databaseUser)),
                 held,
                 reason,
                 linkCell(OperationsWords::tr("Open"))};
    return row;
}

} // namespace

std::vector<FactColumn> readinessColumns(const fleet::Fleet &fleet)
{
    const QString servers = serverNames(fleet);
    return {
        {QStringLiteral("state"), OperationsWords::tr("Readiness"), widestReady(), Holds::Words, 0, OperationsWords::tr("Whether its primary could be moved now, by the checks that a plan has"), briefestReady(), true},
        {QStringLiteral("cluster"), OperationsWords::tr("Cluster"), clusterNames(fleet), Holds::Name, 0},
        {QStringLiteral("primary"), OperationsWords::tr("Primary"), servers, Holds::Name, 2},
        {QStringLiteral("best"), OperationsWords::tr("Best candidate"), servers, Holds::Name, 1},
        {QStringLiteral("runner_up"), OperationsWords::tr("Runner-up"), servers, Holds::Name, 4},
        {QStringLiteral("expected_pause_seconds"), OperationsWords::tr("Pause"), QStringLiteral("88.88 s\n") + models::FactTableModel::tr("unknown"), Holds::Number, 3, OperationsWords::tr("How long writes would be held, from the present lag and links")},
        {QStringLiteral("why_not"), OperationsWords::tr("Why not, or what is amiss"), OperationsWords::tr("Commits would wait for a standby that is not there") + QStringLiteral(" (+88)"), Holds::Words, 0,
         OperationsWords::tr("The first check that blocks, else the first that is not passed"), OperationsWords::tr("88 checks")},
        {QStringLiteral("plan"), QString(), format::planButton(Act::Switchover) + QLatin1Char('\n') + format::planButton(Act::Failover), Holds::Words, 0},
    };
}

std::vector<FactRow> readinessRows(const facts::Snapshot &snapshot, const std::vector<Readiness> &readiness)
{
    std::vector<FactRow> rows;
    for (const Readiness &one : readiness) {
        rows.push_back({one.cluster.text(),
                        {stateCell(snapshot, one), nameCell(text(one.cluster.text())), serverCell(one.primary, OperationsWords::tr("no primary is known")),
                         serverCell(one.best, OperationsWords::tr("no standby is eligible")), serverCell(one.runnerUp, OperationsWords::tr("no other standby is eligible")), pauseCell(snapshot, one),
                         whyCell(snapshot, one), linkCell(format::planButton(one.act))}});
    }
    return rows;
}

QString readinessSummary(const std::vector<Readiness> &readiness)
{
    const auto howMany = [&](Ready ready) { return std::count_if(readiness.begin(), readiness.end(), [&](const Readiness &one) { return one.ready == ready; }); };
    QStringList parts{readiness.size() == 1 ? OperationsWords::tr("1 cluster") : OperationsWords::tr("%1 clusters").arg(format::count(static_cast<std::int64_t>(readiness.size())))};
    for (const Ready ready : {Ready::Ready, Ready::Warnings, Ready::NotReady}) {
        if (const auto count = howMany(ready); count > 0)
            parts << OperationsWords::tr("%1 %2").arg(format::count(count), format::readyWord(ready));
    }
    return parts.join(QStringLiteral(", "));
}

std::vector<FactColumn> operationColumns(const fleet::Fleet &fleet)
{
    const QString servers = serverNames(fleet);
    QStringList users;
    for (const fleet::DatabaseUser &user : fleet.access.users)
        users << text(user.name);
    return {
        {QStringLiteral("state"), OperationsWords::tr("Outcome"), OperationsWords::tr("done, %1 things left").arg(88), Holds::Words, 0, {}, {}, true},
        {QStringLiteral("began_at"), OperationsWords::tr("When"), OperationsWords::tr("23 h 59 min ago") + QStringLiteral("\n2026-11-20 22:14:07Z"), Holds::Words, 1},
        {QStringLiteral("act"), OperationsWords::tr("Act"), format::actWord(Act::Switchover) + QLatin1Char('\n') + format::actWord(Act::Failover), Holds::Words, 5},
        {QStringLiteral("cluster"), OperationsWords::tr("Cluster"), clusterNames(fleet), Holds::Name, 0},
        {QStringLiteral("from"), OperationsWords::tr("From"), servers, Holds::Name, 6},
        {QStringLiteral("to"), OperationsWords::tr("To"), servers, Holds::Name, 2},
        {QStringLiteral("by"), OperationsWords::tr("By"), users.join(QLatin1Char('\n')), Holds::Name, 3},
        {QStringLiteral("writes_held_seconds"), OperationsWords::tr("Writes held"), QStringLiteral("88 min 88 s"), Holds::Number, 3},
        {QStringLiteral("reason"), OperationsWords::tr("Reason"), OperationsWords::tr("Kernel upgrade of the host, then back"), Holds::Words, 4, {}, QString(reasonLetters + 1, QLatin1Char('n'))},
        {QStringLiteral("open"), QString(), OperationsWords::tr("Open"), Holds::Words, 0},
    };
}

std::vector<FactRow> operationRows(const operate::OperationList &list, base::UtcTime now)
{
    std::vector<const OperationSeen *> order;
    for (const OperationSeen &seen : list.operations)
        order.push_back(&seen);
    std::stable_sort(order.begin(), order.end(), [](const OperationSeen *a, const OperationSeen *b) {
        const int first = rankOfOperation(*a);
        const int second = rankOfOperation(*b);
        return first != second ? first < second : a->operation.beganAt > b->operation.beganAt;
    });
    std::vector<FactRow> rows;
    for (const OperationSeen *seen : order)
        rows.push_back(operationRow(*seen, now));
    return rows;
}

} // namespace shardlens::ui::pages
