// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanRows.h"

#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanRowParts.h"

#include <algorithm>

namespace shardlens::ui::operate {

using format::text;
using Kind = OutlineRow::Kind;
using theme::Shape;

namespace {

void addBeforeAfter(const Plan &plan, const fleet::Fleet &fleet, OutlineRows &rows)
{
    const bool isFailover = actOf(plan.intent) == Act::Failover;
    const base::ClusterName cluster(nameOf(plan.intent));
    rows.push_back(noteRow("before-note", PlanRowsWords::tr("Before")));
    OutlineRow before;
    before.id = "before";
    before.kind = Kind::Members;
    before.members = membersWith(fleet, cluster, plan.from, isFailover ? plan.from : base::ServerId());
    rows.push_back(std::move(before));
    if (plan.to.isEmpty())
        return;
    rows.push_back(noteRow("after-note", PlanRowsWords::tr("After")));
    OutlineRow after;
    after.id = "after";
    after.kind = Kind::Members;
    after.members = membersWith(fleet, cluster, plan.to);
    rows.push_back(std::move(after));
}

void addTouched(const Plan &plan, const fleet::Fleet &fleet, OutlineRows &rows)
{
    rows.push_back(headingRow("touched", PlanRowsWords::tr("Touched")));
    const fleet::Cluster *cluster = fleet.cluster(clusterOf(plan.intent));
    const fleet::Partition *partition = cluster ? fleet.partition(cluster->partition) : nullptr;
    if (partition && partition->shardCount > 0)
        rows.push_back(factRow("shards", PlanRowsWords::tr("Shards"), PlanRowsWords::tr("%1 of %2 %3").arg(format::count(plan.shards), format::count(partition->shardCount), text(partition->name.text()))));
    else
        rows.push_back(factRow("shards", PlanRowsWords::tr("Shards"), format::count(plan.shards)));
    std::vector<base::ServerId> all;
    for (const Step &step : plan.steps) {
        for (const base::ServerId &target : step.targets) {
            if (std::find(all.begin(), all.end(), target) == all.end())
                all.push_back(target);
        }
    }
    if (!all.empty())
        rows.push_back(factRow("servers", PlanRowsWords::tr("Servers acted on"), format::count(static_cast<std::int64_t>(all.size()))));
}

QString restsOn(const PauseEstimate &pause)
{
    if (!pause.pastMedian || !pause.pastWorst)
        return PlanRowsWords::tr("From the present lag and links.");
    const QString took = PlanRowsWords::tr("median %1, worst %2").arg(format::duration(*pause.pastMedian), format::duration(*pause.pastWorst));
    return pause.pastAreOthers ? PlanRowsWords::tr("From the present lag and links, and past runs of others between these regions: %1.").arg(took)
                               : PlanRowsWords::tr("From the present lag and links, and past runs: %1.").arg(took);
}

void addPause(const Plan &plan, OutlineRows &rows)
{
    const QString runs = plan.pause.pastRuns == 0 ? PlanRowsWords::tr("no past run") : PlanRowsWords::tr("%1 past runs").arg(plan.pause.pastRuns);
    rows.push_back(headingRow("pause", PlanRowsWords::tr("Expected pause of writes"), runs));
    if (!plan.pause.expected) {
        rows.push_back(noteRow("pause-figure", format::pauseText(plan.pause)));
        return;
    }
    const Limits limits;
    rows.push_back(figureRow("pause-figure", format::duration(*plan.pause.expected), PlanRowsWords::tr("limit %1").arg(format::duration(limits.pause)), restsOn(plan.pause)));
    rows.push_back(headingRow("lost", PlanRowsWords::tr("Can be lost")));
    rows.push_back(factRow("lost-writes", PlanRowsWords::tr("Committed writes"), PlanRowsWords::tr("0 B")));
}

void addLoss(const Plan &plan, OutlineRows &rows)
{
    const LossWindow &loss = plan.loss;
    rows.push_back(headingRow("lost", PlanRowsWords::tr("Can be lost")));
    if (loss.atLeast && !loss.readBy.empty())
        rows.push_back(figureRow("lost-figure", format::bytes(*loss.atLeast), PlanRowsWords::tr("exactly"), PlanRowsWords::tr("The %1 has read the end of its log.").arg(format::text(loss.readBy))));
    else if (loss.atLeast && loss.atMost)
        rows.push_back(figureRow("lost-figure", format::bytes(*loss.atMost), PlanRowsWords::tr("at most, about"), PlanRowsWords::tr("At least %1.").arg(format::bytes(*loss.atLeast))));
    else
        rows.push_back(noteRow("lost-figure", format::lossText(loss)));
    if (loss.since)
        rows.push_back(factRow("lost-span", PlanRowsWords::tr("Commits of at most"), format::duration(*loss.since)));
    if (loss.lastCommit)
        rows.push_back(factRow("last-commit", PlanRowsWords::tr("Last commit there"), format::clockTime(*loss.lastCommit)));
}

OutlineRow candidateRow(const Plan &plan, const Candidate &candidate)
{
    OutlineRow row;
    const bool isChosen = candidate.server == plan.to;
    row.id = "candidate:" + candidate.server.text();
    row.shape = candidate.rejectedFor ? Shape::Stop : Shape::Dot;
    row.title = text(candidate.server.text());
    row.isStrong = isChosen;
    if (isChosen)
        row.right = candidate.rejectedFor ? PlanRowsWords::tr("asked for, rejected") : PlanRowsWords::tr("chosen");
    else
        row.right = candidate.rejectedFor ? PlanRowsWords::tr("rejected") : candidate.server == plan.runnerUp ? PlanRowsWords::tr("runner-up") : PlanRowsWords::tr("ready");
    QStringList second;
    if (candidate.rejectedFor) {
        second << format::checkSentence(*candidate.rejectedFor) + QLatin1Char('.');
        if (QString reading = format::checkReading(*candidate.rejectedFor); !reading.isEmpty()) {
            reading[0] = reading.at(0).toUpper();
            second << reading + QLatin1Char('.');
        }
    } else if (actOf(plan.intent) == Act::Failover) {
        second << (candidate.received ? PlanRowsWords::tr("Received the log to %1.").arg(text(candidate.received->toString())) : PlanRowsWords::tr("What it received is not known."));
    } else {
        QString behind = candidate.behind ? PlanRowsWords::tr("%1 behind").arg(format::bytes(*candidate.behind)) : PlanRowsWords::tr("behind by an amount not known");
        if (candidate.lag)
            behind += QStringLiteral(", ") + format::lag(*candidate.lag);
        second << behind + QLatin1Char('.');
    }
    if (isChosen && !candidate.rejectedFor) {
        QString why = format::rankingText(candidate.before);
        why[0] = why.at(0).toUpper();
        second << why + QLatin1Char('.');
    }
    row.second = second.join(QLatin1Char(' '));
    if (!isChosen)
        row.link = PlanRowsWords::tr("Plan for %1").arg(text(candidate.server.text()));
    return row;
}

} // namespace

OutlineRows effectRows(const Plan &plan, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    OutlineRows rows;
    if (const auto *small = std::get_if<SmallAct>(&plan.intent)) {
        rows.push_back(headingRow("effect", PlanRowsWords::tr("What it changes")));
        rows.push_back(noteRow("effect-note", format::smallEffectText(*small)));
        rows.push_back(noteRow("primary-note", PlanRowsWords::tr("No primary moves.")));
        addTouched(plan, fleet, rows);
        return rows;
    }
    addBeforeAfter(plan, fleet, rows);
    addTouched(plan, fleet, rows);
    if (!plan.steps.empty()) {
        if (actOf(plan.intent) == Act::Switchover)
            addPause(plan, rows);
        else
            addLoss(plan, rows);
    }
    rows.push_back(headingRow("candidates", PlanRowsWords::tr("Candidates")));
    for (const Candidate &candidate : plan.candidates)
        rows.push_back(candidateRow(plan, candidate));
    if (plan.candidates.empty())
        rows.push_back(noteRow("no-candidate", PlanRowsWords::tr("%1 has no standby.").arg(text(nameOf(plan.intent)))));
    if (!plan.steps.empty()) {
        rows.push_back(headingRow("back", PlanRowsWords::tr("Way back")));
        rows.push_back(noteRow("back-note", PlanRowsWords::tr("Switch %1 to %2, once that streams again.").arg(text(nameOf(plan.intent)), text(plan.from.text()))));
    }
    return rows;
}

} // namespace shardlens::ui::operate
