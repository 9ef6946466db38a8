// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanRows.h"

#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanRowParts.h"

namespace shardlens::ui::operate {

using format::text;
using Kind = OutlineRow::Kind;

namespace {

void addDetails(const QString &label, const std::vector<Command> &commands, std::vector<OutlineDetail> &details)
{
    for (const Command &command : commands) {
        QString runs = text(command.text);
        if (!command.expects.empty())
            runs += QStringLiteral("   = ") + text(command.expects);
        if (!command.keepsAs.empty())
            runs += QStringLiteral("   → {%1}").arg(text(command.keepsAs));
        details.push_back({label, format::commandPlace(command), runs});
    }
}

} // namespace

std::vector<OutlineDetail> detailsOf(const Step &step)
{
    std::vector<OutlineDetail> details;
    if (step.targets.size() > 2)
        details.push_back({PlanRowsWords::tr("on"), {}, [&] {
                               QStringList names;
                               for (const base::ServerId &target : step.targets)
                                   names << text(target.text());
                               return names.join(QStringLiteral(", "));
                           }()});
    addDetails(PlanRowsWords::tr("needs"), step.preconditions, details);
    addDetails(PlanRowsWords::tr("does"), step.commands, details);
    addDetails(PlanRowsWords::tr("sees"), step.verifications, details);
    addDetails(PlanRowsWords::tr("undo"), step.undo, details);
    QString limits = PlanRowsWords::tr("deadline %1").arg(format::duration(step.deadline));
    limits += QStringLiteral(", ") + (step.usual ? PlanRowsWords::tr("usually %1").arg(format::duration(*step.usual)) : PlanRowsWords::tr("no past run"));
    if (step.undo.empty())
        limits += QStringLiteral(", ") + PlanRowsWords::tr("nothing to undo");
    if (step.mayBeLeft)
        limits += QStringLiteral(", ") + PlanRowsWords::tr("may be left for later");
    details.push_back({PlanRowsWords::tr("limits"), {}, limits});
    return details;
}

QString usualText(const Step &step)
{
    return step.usual ? PlanRowsWords::tr("usual %1").arg(format::duration(*step.usual)) : PlanRowsWords::tr("within %1").arg(format::duration(step.deadline));
}

OutlineRows stepRows(const Plan &plan)
{
    OutlineRows rows;
    if (plan.steps.empty()) {
        rows.push_back(noteRow("none", plan.from.isEmpty() ? PlanRowsWords::tr("No steps: no primary of %1 is known.").arg(text(nameOf(plan.intent)))
                                                        : PlanRowsWords::tr("No steps: no standby of %1 is eligible. Why not stands at each candidate.").arg(text(nameOf(plan.intent)))));
        return rows;
    }
    for (const Step &step : plan.steps) {
        if (step.isPointOfNoReturn) {
            OutlineRow line;
            line.id = "no-return";
            line.kind = Kind::NoReturn;
            line.title = PlanRowsWords::tr("From here it can only go forward");
            rows.push_back(std::move(line));
        }
        OutlineRow row;
        row.id = "step:" + std::to_string(step.number);
        row.number = QString::number(step.number);
        row.title = format::stepHead(step);
        row.isQuiet = step.insteadOf > 0; // most moves need none of these
        row.second = format::stepWhy(step);
        row.right = usualText(step);
        row.details = detailsOf(step);
        row.canOpen = true;
        row.holdsWrites = step.holdsWrites;
        row.hasLine = true;
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace shardlens::ui::operate
