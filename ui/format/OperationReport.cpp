// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/OperationReport.h"

#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QStringList>

namespace shardlens::ui::format {

using execute::Operation;
using execute::StepProgress;

namespace {

QString stepLine(const operate::Step &step, const StepProgress &progress)
{
    QString line = QStringLiteral("%1  ").arg(step.number, 4) + stepStateWord(progress.state).leftJustified(9);
    line += (progress.took ? duration(*progress.took) : QString()).rightJustified(10) + QStringLiteral("  ") + stepTitle(step);
    if (!progress.said.empty())
        line += QStringLiteral(": ") + text(progress.said);
    return line;
}

void addForced(const Operation &operation, QStringList &lines)
{
    for (const execute::Forced &forced : operation.forced)
        lines << Words::tr("Forced: %1 [%2]: %3").arg(checkTitle(forced.check), text(std::string(operate::name(forced.check))), text(forced.reason));
}

} // namespace

QString operationReport(const Operation &operation, bool runs)
{
    QStringList lines;
    lines << Words::tr("%1: %2").arg(actText(operation.intent(), operation.to), outcomeWord(operation, runs));
    if (const QString sentence = outcomeSentence(operation, runs); !sentence.isEmpty())
        lines << sentence;
    if (operate::isMove(operation.act))
        lines << Words::tr("Operation %1, from %2 to %3, by %4.")
                     .arg(text(operation.id), text(operation.from.text()), text(operation.to.text()), authorText(operation.author));
    else
        lines << Words::tr("Operation %1, by %2.").arg(text(operation.id), authorText(operation.author));
    if (!operation.reason.empty())
        lines << Words::tr("Reason: %1").arg(text(operation.reason));
    lines << (operation.endedAt ? Words::tr("Began %1, ended %2.").arg(dateTime(operation.beganAt), dateTime(*operation.endedAt)) : Words::tr("Began %1, last entry %2.").arg(dateTime(operation.beganAt), dateTime(operation.lastEntryAt)));
    if (operation.writesHeld)
        lines << (operation.expectedPause ? Words::tr("Writes held: %1, expected %2.").arg(duration(*operation.writesHeld), duration(*operation.expectedPause))
                                          : Words::tr("Writes held: %1.").arg(duration(*operation.writesHeld)));
    else if (operation.writesHeldFrom)
        lines << Words::tr("Writes held from %1 on; that they flow again is not written down.").arg(dateTime(*operation.writesHeldFrom));
    if (operation.cancelAskedAt)
        lines << Words::tr("Cancelling was asked for at %1.").arg(dateTime(*operation.cancelAskedAt));
    addForced(operation, lines);
    lines << QString() << Words::tr("Steps");
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        if (operation.steps[i].isPointOfNoReturn)
            lines << Words::tr("      -- from here it can only go forward --");
        lines << stepLine(operation.steps[i], i < operation.progress.size() ? operation.progress[i] : StepProgress());
    }
    for (const auto &[name, value] : operation.kept) {
        if (const QString told = keptText(name); !told.isEmpty())
            lines << Words::tr("%1: %2").arg(told, text(value));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace shardlens::ui::format
