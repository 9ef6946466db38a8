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
#include <array>

namespace shardlens::ui::operate {

using format::text;
using Kind = OutlineRow::Kind;
using theme::Shape;

namespace {

/// What blocks comes first, then what is amiss; each as the plan tells it.
int rankOf(const Check &check)
{
    if (isBlocking(check))
        return check.verdict == Verdict::Failed ? 0 : 1;
    switch (check.verdict) {
    case Verdict::Failed: return 2;
    case Verdict::Warning: return 3;
    case Verdict::Unknown: return 4;
    case Verdict::Passed: return 5;
    }
    return 5;
}

Shape shapeOf(const Check &check)
{
    switch (check.verdict) {
    case Verdict::Failed: return Shape::Stop;
    case Verdict::Warning: return Shape::Triangle;
    case Verdict::Unknown: return Shape::DashedRing;
    case Verdict::Passed: return Shape::Dot;
    }
    return Shape::None;
}

/// The remedy that is a plan of its own has a link; the others are told.
QString linkOf(const Plan &plan, const Check &check)
{
    switch (check.remedy) {
    case Remedy::PrepareCluster:
    case Remedy::MakeExtensions: return operate::groupOf(plan.intent).isEmpty() ? PlanRowsWords::tr("Plan the preparation") : QString();
    case Remedy::UseSwitchover: return PlanRowsWords::tr("Plan the switchover");
    case Remedy::UseFailover: return PlanRowsWords::tr("Plan the failover");
    case Remedy::ChooseOther:
    case Remedy::ChooseNearer:
    case Remedy::WaitForCatchUp: return plan.runnerUp.isEmpty() ? QString() : PlanRowsWords::tr("Plan for %1").arg(text(plan.runnerUp.text()));
    default: return {};
    }
}

QString ageOf(const Check &check, base::Instant now)
{
    for (const facts::Evidence &reading : check.readings) {
        if (reading.readAt)
            return PlanRowsWords::tr("%1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(now - *reading.readAt)));
    }
    return {};
}

OutlineRow amissRow(const Plan &plan, const Check &check, base::Instant now)
{
    OutlineRow row;
    row.id = "check:" + std::string(operate::name(check.id));
    row.shape = shapeOf(check);
    row.title = format::checkSentence(check);
    row.isStrong = true;
    row.hasLine = true;
    row.right = ageOf(check, now);
    QStringList second;
    if (!check.on.isEmpty())
        second << PlanRowsWords::tr("On %1.").arg(text(check.on.text()));
    if (QString reading = format::checkReading(check); !reading.isEmpty()) {
        reading[0] = reading.at(0).toUpper();
        second << reading + QLatin1Char('.');
    }
    row.link = check.verdict == Verdict::Passed ? QString() : linkOf(plan, check);
    if (QString remedy = format::remedyText(check.remedy); !remedy.isEmpty()) {
        remedy[0] = remedy.at(0).toUpper();
        second << remedy + QLatin1Char('.');
    }
    if (isBlocking(check))
        second << (check.forceable ? PlanRowsWords::tr("Blocks the plan; may be forced, with a reason.") : PlanRowsWords::tr("Blocks the plan; cannot be forced."));
    row.second = second.join(QLatin1Char(' '));
    return row;
}

void addPassed(const Plan &plan, OutlineRows &rows)
{
    const auto passed = std::count_if(plan.checks.begin(), plan.checks.end(), [](const Check &check) { return check.verdict == Verdict::Passed; });
    if (passed == 0)
        return;
    OutlineRow head;
    head.id = "passed";
    head.shape = Shape::Dot;
    head.title = PlanRowsWords::tr("%1 passed").arg(passed);
    head.isStrong = true;
    rows.push_back(std::move(head));
    for (const Topic topic : {Topic::Roles, Topic::Candidate, Topic::Writes, Topic::After, Topic::Routers, Topic::Target}) {
        OutlineRow fold;
        fold.id = "topic:" + std::string(operate::name(topic));
        fold.hasShape = true;
        fold.title = format::topicTitle(topic);
        fold.canOpen = true;
        int count = 0;
        OutlineRows inside;
        for (const Check &check : plan.checks) {
            if (check.verdict != Verdict::Passed || topicOf(check.id) != topic)
                continue;
            ++count;
            OutlineRow row;
            row.id = "check:" + std::string(operate::name(check.id));
            row.under = fold.id;
            row.title = format::checkTitle(check.id);
            row.second = format::checkReading(check);
            inside.push_back(std::move(row));
        }
        if (count == 0)
            continue;
        fold.right = format::count(count);
        rows.push_back(std::move(fold));
        for (OutlineRow &row : inside)
            rows.push_back(std::move(row));
    }
}

} // namespace

OutlineRows checkRows(const Plan &plan, base::Instant now)
{
    OutlineRows rows;
    std::vector<const Check *> amiss;
    for (const Check &check : plan.checks) {
        if (check.verdict != Verdict::Passed)
            amiss.push_back(&check);
    }
    std::stable_sort(amiss.begin(), amiss.end(), [](const Check *a, const Check *b) { return rankOf(*a) < rankOf(*b); });
    for (const Check *check : amiss)
        rows.push_back(amissRow(plan, *check, now));
    addPassed(plan, rows);
    if (!plan.steps.empty()) {
        rows.push_back(headingRow("stops", PlanRowsWords::tr("If this console stops")));
        rows.push_back(noteRow("stops-note", PlanRowsWords::tr("What carries the plan out is a process of its own and goes on without this console. If that stops too, the guards end it after "
                                             "2.5 s: writes go on to the one primary that they have verified, else they stay held. Its journal stays; here it can then be "
                                             "resumed, undone or abandoned.")));
        rows.push_back(noteRow("again-note", PlanRowsWords::tr("Everything is read again just before the first step. What differs then stops the plan before any write is held.")));
    }
    return rows;
}

QString checkSummary(const Plan &plan)
{
    int failed = 0;
    int warnings = 0;
    int unknown = 0;
    int passed = 0;
    for (const Check &check : plan.checks) {
        failed += check.verdict == Verdict::Failed ? 1 : 0;
        warnings += check.verdict == Verdict::Warning ? 1 : 0;
        unknown += check.verdict == Verdict::Unknown ? 1 : 0;
        passed += check.verdict == Verdict::Passed ? 1 : 0;
    }
    QStringList parts{PlanRowsWords::tr("%1 failed").arg(failed)};
    if (warnings > 0 || unknown == 0)
        parts << (warnings == 1 ? PlanRowsWords::tr("1 warning") : PlanRowsWords::tr("%1 warnings").arg(warnings));
    if (unknown > 0)
        parts << PlanRowsWords::tr("%1 not known").arg(unknown);
    parts << PlanRowsWords::tr("%1 passed").arg(passed);
    return parts.join(QStringLiteral(", "));
}

} // namespace shardlens::ui::operate
