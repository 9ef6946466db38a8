// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/OperationText.h"

#include "ui/format/Numbers.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

using execute::Operation;
using execute::Outcome;
using execute::StepState;

QString stepStateWord(StepState state)
{
    switch (state) {
    case StepState::Waiting: return Words::tr("waiting");
    case StepState::Doing: return Words::tr("doing");
    case StepState::Done: return Words::tr("done");
    case StepState::Left: return Words::tr("left");
    case StepState::Failed: return Words::tr("failed");
    case StepState::InDoubt: return Words::tr("in doubt");
    case StepState::Undoing: return Words::tr("undoing");
    case StepState::Undone: return Words::tr("undone");
    }
    return {};
}

int thingsLeft(const Operation &operation)
{
    return static_cast<int>(operation.left().size());
}

QString outcomeWord(const Operation &operation, bool runs)
{
    if (!operation.outcome)
        return runs ? Words::tr("running") : Words::tr("unfinished");
    switch (*operation.outcome) {
    case Outcome::Done: return Words::tr("done");
    case Outcome::Incomplete: {
        const int left = thingsLeft(operation);
        return left == 1 ? Words::tr("done, 1 thing left") : Words::tr("done, %1 things left").arg(left);
    }
    case Outcome::RolledBack: return Words::tr("rolled back");
    case Outcome::Failed: return Words::tr("failed");
    case Outcome::InDoubt: return Words::tr("in doubt");
    case Outcome::Abandoned: return Words::tr("abandoned");
    }
    return {};
}

namespace {

/// Of a smaller act: no primary moved, so there is nothing to tell of one.
QString smallOutcome(const Operation &operation, bool runs)
{
    QStringList said;
    const auto small = std::get<operate::SmallAct>(operation.intent());
    if (!operation.outcome)
        return runs ? operationStrip(operation, runs) : Words::tr("Whoever carried it out is gone: it can be resumed or undone.");
    switch (*operation.outcome) {
    case Outcome::Done: said << smallDoneText(small); break;
    case Outcome::Incomplete: said << smallDoneText(small) << Words::tr("What is left is marked among the steps."); break;
    case Outcome::RolledBack: said << Words::tr("Nothing is changed."); break;
    case Outcome::Failed: said << Words::tr("What was changed could not be taken back: a person must act."); break;
    case Outcome::InDoubt: said << Words::tr("What is so could not be observed: look at %1.").arg(text(operate::subjectOf(operation.intent()))); break;
    case Outcome::Abandoned: said << Words::tr("A person said that it is to be left as it is."); break;
    }
    said << text(operation.said);
    said.removeAll(QString());
    return said.join(QLatin1Char(' '));
}

} // namespace

QString writesSentence(const Operation &operation)
{
    const QString held = operation.writesHeld ? Words::tr("Writes were held for %1.").arg(duration(*operation.writesHeld)) : QString();
    const bool hasMoved = operation.outcome == Outcome::Done || operation.outcome == Outcome::Incomplete;
    if (operation.act != operate::Act::Failover || !hasMoved)
        return held;
    const QString from = text(operation.from.text());
    const QString to = text(operation.to.text());
    QStringList said;
    if (const auto flowed = operation.writesFlowedAt(); flowed && operation.lastWriteAt)
        said << (operation.group.isEmpty() ? Words::tr("Writes failed from about %1, the newest commit of %2 that %3 has, until %4: %5.")
                                           : Words::tr("Writes failed from about %1, when %3 last heard %2, until %4: %5."))
                    .arg(clockTime(*operation.lastWriteAt), from, to, clockTime(*flowed), duration(std::max(base::microseconds(0), *flowed - *operation.lastWriteAt)));
    else
        said << Words::tr("Since when writes failed is not known.") << held;
    QString lost = operation.lastWriteAt ? Words::tr("Lost: what %1 acknowledged after %2 and did not pass on to %3").arg(from, clockTime(*operation.lastWriteAt), to)
                                         : Words::tr("Lost: what %1 acknowledged and did not pass on to %2").arg(from, to);
    if (operation.lostAtLeast && operation.lostAtMost)
        lost += Words::tr(", %1 to about %2 by the last look at it").arg(bytes(*operation.lostAtLeast), bytes(*operation.lostAtMost));
    else if (operation.lostAtLeast)
        lost += Words::tr(", at least %1 by the last look at it").arg(bytes(*operation.lostAtLeast));
    else
        lost += Words::tr("; how much is not known");
    said << lost + QLatin1Char('.');
    said.removeAll(QString());
    return said.join(QLatin1Char(' '));
}

QString outcomeSentence(const Operation &operation, bool runs)
{
    if (!operate::isMove(operation.act))
        return smallOutcome(operation, runs);
    const QString cluster = text(operation.subject());
    const QString held = writesSentence(operation);
    QStringList said;
    if (!operation.outcome) {
        if (runs)
            return operationStrip(operation, runs);
        said << (operation.hasPromoted() ? Words::tr("Whoever carried it out is gone, after the promotion was sent: it can only go forward.")
                                         : Words::tr("Whoever carried it out is gone, before the promotion was sent: it can be resumed or undone."));
        return said.join(QLatin1Char(' '));
    }
    switch (*operation.outcome) {
    case Outcome::Done: said << Words::tr("%1 now runs on %2.").arg(cluster, text(operation.to.text())) << held; break;
    case Outcome::Incomplete:
        said << Words::tr("%1 now runs on %2.").arg(cluster, text(operation.to.text())) << held << Words::tr("What is left is marked among the steps.");
        break;
    case Outcome::RolledBack: said << Words::tr("All that was changed is undone; writes of %1 go to %2 as before.").arg(cluster, text(operation.from.text())) << held; break;
    case Outcome::Failed: said << Words::tr("%1 may have no primary that takes writes: a person must act.").arg(cluster); break;
    case Outcome::InDoubt: said << Words::tr("What is so could not be observed: nothing more was sent.") << Words::tr("Look at %1 and %2 before anything else.").arg(text(operation.from.text()), text(operation.to.text())); break;
    case Outcome::Abandoned: said << Words::tr("A person said that it is to be left as it is."); break;
    }
    if (!operation.said.empty())
        said << text(operation.said);
    said.removeAll(QString());
    return said.join(QLatin1Char(' '));
}

QString authorText(const execute::Author &author)
{
    const QString user = author.databaseUser.empty() ? text(author.osUser) : text(author.databaseUser);
    if (author.osUser.empty() || author.host.empty())
        return user;
    return Words::tr("%1 (%2 on %3)").arg(user, text(author.osUser), text(author.host));
}

int stepNow(const Operation &operation)
{
    for (std::size_t i = 0; i < operation.progress.size() && i < operation.steps.size(); ++i) {
        const StepState state = operation.progress[i].state;
        if (state == StepState::Doing || state == StepState::Undoing || state == StepState::InDoubt)
            return operation.steps[i].number;
    }
    for (std::size_t i = 0; i < operation.progress.size() && i < operation.steps.size(); ++i) {
        if (operation.progress[i].state == StepState::Waiting)
            return operation.steps[i].number;
    }
    return 0;
}

int pointOfNoReturn(const Operation &operation)
{
    const auto found = std::find_if(operation.steps.begin(), operation.steps.end(), [](const operate::Step &step) { return step.isPointOfNoReturn; });
    return found == operation.steps.end() ? 0 : found->number;
}

QString keptText(const std::string &name)
{
    if (name == "now")
        return Words::tr("Position at the start");
    if (name == "final")
        return Words::tr("Final position");
    if (name == "warmed")
        return Words::tr("The candidate's cache");
    if (name == "clock")
        return Words::tr("Clock of the old primary");
    return {};
}

std::optional<base::microseconds> writesHeldBy(const Operation &operation, base::UtcTime now)
{
    if (operation.writesHeld)
        return operation.writesHeld;
    if (!operation.writesHeldFrom)
        return std::nullopt;
    // Who is gone left its last word: the clock does not run on for somebody that nobody hears from.
    const base::UtcTime until = operation.outcome ? operation.endedAt.value_or(operation.lastEntryAt) : now;
    return std::max(base::microseconds(0), until - *operation.writesHeldFrom);
}

QString operationStrip(const Operation &operation, bool runs)
{
    const QString cluster = text(operation.subject());
    QString by = authorText({operation.author.databaseUser, operation.author.osUser, {}});
    by = Words::tr("by %1 since %2").arg(by, clockTime(operation.beganAt));
    if (!operation.reason.empty())
        by += QStringLiteral(": ") + text(operation.reason);
    if (operation.outcome)
        return Words::tr("Operation on %1: %2, %3").arg(cluster, outcomeWord(operation, runs), by);
    if (!runs)
        return Words::tr("Operation on %1 is unfinished, %2").arg(cluster, by);
    return Words::tr("Operation on %1 runs: step %2 of %3, %4").arg(cluster).arg(stepNow(operation)).arg(operation.steps.size()).arg(by);
}

} // namespace shardlens::ui::format
