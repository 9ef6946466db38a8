// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OperationRows.h"

#include "core/execute/Leftover.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanRows.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace shardlens::ui::operate {

using execute::Operation;
using execute::Outcome;
using execute::StepProgress;
using execute::StepState;
using format::text;
using Kind = OutlineRow::Kind;
using Ground = OutlineRow::Ground;
using theme::ColourRole;
using theme::Shape;

namespace {

struct OperationRowsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::operate::OperationRows)
};

OutlineRow row(Kind kind, const char *id, const QString &title, const QString &right = {})
{
    OutlineRow made;
    made.id = id;
    made.kind = kind;
    made.title = title;
    made.right = right;
    return made;
}

struct StateLook {
    Shape shape = Shape::None;
    Ground ground = Ground::None;
    ColourRole right = ColourRole::Muted;
};

StateLook lookOf(StepState state)
{
    switch (state) {
    case StepState::Waiting: return {};
    case StepState::Doing:
    case StepState::Undoing: return {Shape::Chevron, Ground::Running, ColourRole::RunningText};
    case StepState::Done: return {Shape::Dot, Ground::None, ColourRole::Muted};
    case StepState::Left: return {Shape::Triangle, Ground::None, ColourRole::WarningText};
    case StepState::Failed: return {Shape::Stop, Ground::Warning, ColourRole::WarningText};
    case StepState::InDoubt: return {Shape::DashedRing, Ground::Unknown, ColourRole::UnknownText};
    case StepState::Undone: return {Shape::ArrowUp, Ground::None, ColourRole::Muted};
    }
    return {};
}

base::microseconds elapsed(const StepProgress &progress, base::UtcTime now)
{
    return progress.beganAt ? std::max(base::microseconds(0), now - *progress.beganAt) : base::microseconds(0);
}

/// What stands at the right of a step: how long it may take, takes, or took; and its state where a time does not say it.
QString timesOf(const Step &step, const StepProgress &progress, const OperationSeen &seen, base::UtcTime now)
{
    const bool runs = seen.runs;
    switch (progress.state) {
    case StepState::Waiting: return seen.operation.outcome ? OperationRowsWords::tr("not begun") : usualText(step);
    case StepState::Doing:
        if (!runs)
            return OperationRowsWords::tr("broken off");
        return OperationRowsWords::tr("%1 of %2").arg(format::duration(elapsed(progress, now)), format::duration(step.deadline));
    case StepState::Undoing: return runs ? OperationRowsWords::tr("undoing, %1").arg(format::duration(elapsed(progress, now))) : OperationRowsWords::tr("broken off");
    case StepState::InDoubt: return runs ? OperationRowsWords::tr("in doubt, %1").arg(format::duration(elapsed(progress, now))) : OperationRowsWords::tr("in doubt");
    case StepState::Done: return progress.took ? format::duration(*progress.took) : format::stepStateWord(progress.state);
    case StepState::Left:
    case StepState::Failed:
    case StepState::Undone: return format::stepStateWord(progress.state);
    }
    return {};
}

/// It stands in for another one, which did it.
bool wasNotNeeded(const Step &step, const StepProgress &progress)
{
    return step.insteadOf > 0 && progress.state == StepState::Done && progress.said.starts_with("not needed");
}

OutlineRow stepRow(const Step &step, const StepProgress &progress, const OperationSeen &seen, base::UtcTime now)
{
    OutlineRow made;
    made.id = "step:" + std::to_string(step.number);
    made.number = QString::number(step.number);
    made.title = format::stepHead(step);
    made.second = progress.said.empty() ? format::stepWhy(step) : text(progress.said);
    made.details = detailsOf(step);
    made.canOpen = true;
    made.hasShape = true;
    made.hasLine = true;
    made.holdsWrites = step.holdsWrites;
    const StateLook look = lookOf(progress.state);
    made.shape = look.shape;
    made.ground = look.ground;
    made.rightColour = look.right;
    made.right = timesOf(step, progress, seen, now);
    const bool isDoing = progress.state == StepState::Doing || progress.state == StepState::Undoing;
    made.isStrong = isDoing || progress.state == StepState::Failed || progress.state == StepState::InDoubt;
    made.isQuiet = progress.state == StepState::Waiting || progress.state == StepState::Undone;
    if (wasNotNeeded(step, progress)) {
        made.shape = Shape::None;
        made.right = OperationRowsWords::tr("not needed");
        made.second = OperationRowsWords::tr("Step %1 did it.").arg(step.insteadOf);
        made.isQuiet = true;
    }
    if (progress.state == StepState::Doing && seen.runs && step.deadline.count() > 0)
        made.progress = std::chrono::duration<double>(elapsed(progress, now)) / std::chrono::duration<double>(step.deadline);
    return made;
}

const StepProgress &progressOf(const Operation &operation, std::size_t at)
{
    static const StepProgress none;
    return at < operation.progress.size() ? operation.progress[at] : none;
}

void addHeld(const Operation &operation, bool runs, base::UtcTime now, OutlineRows &rows)
{
    const auto held = format::writesHeldBy(operation, runs ? now : operation.lastEntryAt);
    const QString since = operation.writesHeldFrom ? OperationRowsWords::tr("since %1").arg(format::clockTime(*operation.writesHeldFrom)) : QString();
    rows.push_back(row(Kind::Heading, "held", operation.writesHeld ? OperationRowsWords::tr("Writes were held for") : OperationRowsWords::tr("Writes held for"), since));
    if (!held) {
        rows.push_back(row(Kind::Clock, "held-clock", OperationRowsWords::tr("0 s"), operation.outcome ? OperationRowsWords::tr("never held") : OperationRowsWords::tr("not held yet")));
    } else {
        // Hundredths are what a person can follow; a finished pause has its exact length.
        const QString figure = operation.writesHeld ? format::duration(*held) : OperationRowsWords::tr("%1 s").arg(format::decimal(std::chrono::duration<double>(*held).count(), 2)).replace(QLatin1Char(' '), format::kNarrowSpace);
        const bool ticks = !operation.writesHeld && runs;
        rows.push_back(row(Kind::Clock, "held-clock", figure, operation.writesHeld ? OperationRowsWords::tr("they flow again") : ticks            ? OperationRowsWords::tr("and counting")
                                                              : operation.outcome ? OperationRowsWords::tr("still held at its end")
                                                                                  : OperationRowsWords::tr("when it was last heard of")));
    }
    if (operation.expectedPause)
        rows.back().second = OperationRowsWords::tr("Expected %1.").arg(format::duration(*operation.expectedPause));
}

void addRead(const Operation &operation, OutlineRows &rows)
{
    bool isFirst = true;
    for (const auto &[name, value] : operation.kept) {
        const QString told = format::keptText(name);
        if (told.isEmpty())
            continue;
        if (std::exchange(isFirst, false))
            rows.push_back(row(Kind::Heading, "read", OperationRowsWords::tr("Read on the way")));
        rows.push_back(row(Kind::Fact, "", told, text(value)));
        rows.back().id = "kept:" + name;
    }
}

} // namespace

OutlineRows watchRows(const OperationSeen &seen, base::UtcTime now)
{
    const Operation &operation = seen.operation;
    OutlineRows rows;
    for (const execute::Forced &forced : operation.forced) {
        OutlineRow made;
        made.id = "forced:" + std::string(operate::name(forced.check));
        made.shape = Shape::Triangle;
        Check check;
        check.id = forced.check;
        check.verdict = Verdict::Failed;
        made.title = format::checkSentence(check);
        made.second = OperationRowsWords::tr("Forced by %1: %2").arg(text(operation.author.databaseUser), text(forced.reason));
        made.isStrong = true;
        made.hasLine = true;
        rows.push_back(std::move(made));
    }
    if (rows.empty())
        rows.push_back(row(Kind::Note, "not-forced", OperationRowsWords::tr("No check was forced.")));
    if (!operation.outcome) {
        rows.push_back(row(Kind::Heading, "stops", seen.runs ? OperationRowsWords::tr("If this console stops now") : OperationRowsWords::tr("Nobody carries it on")));
        QString stops = seen.runs ? OperationRowsWords::tr("What carries it out is a process of its own and goes on. If that stops too, the guards end it after 2.5 s: writes go on to the one primary that they have verified, else they stay held. Its journal stays; it can then be resumed, undone or abandoned.")
                                  : OperationRowsWords::tr("Whoever carried it out is gone. Nothing is done until a person decides.");
        rows.push_back(row(Kind::Note, "stops-note", stops));
    }
    if (!seen.host.empty()) {
        rows.push_back(row(Kind::Heading, "elsewhere", OperationRowsWords::tr("On another machine")));
        rows.push_back(row(Kind::Note, "elsewhere-note",
                           seen.runs ? OperationRowsWords::tr("It is carried out on %1; this is the directory's copy of its journal. It is cancelled there.").arg(text(seen.host))
                                     : OperationRowsWords::tr("Its journal is on %1; this is the directory's copy, which may end before what was done. Resumed or undone here, the servers are asked first whether the candidate was promoted.").arg(text(seen.host))));
    }
    rows.push_back(row(Kind::Heading, "journal", OperationRowsWords::tr("Journal")));
    rows.push_back(row(Kind::Fact, "id", OperationRowsWords::tr("Operation"), text(operation.id)));
    rows.push_back(row(Kind::Fact, "by", OperationRowsWords::tr("By"), format::authorText(operation.author)));
    rows.push_back(row(Kind::Fact, "began", OperationRowsWords::tr("Began"), format::clockTime(operation.beganAt, now)));
    if (operation.endedAt)
        rows.push_back(row(Kind::Fact, "ended", OperationRowsWords::tr("Ended"), format::clockTime(*operation.endedAt, now)));
    else
        rows.push_back(row(Kind::Fact, "last", OperationRowsWords::tr("Last entry"), OperationRowsWords::tr("%1 ago").arg(format::age(std::max(base::microseconds(0), now - operation.lastEntryAt)))));
    if (operation.cancelAskedAt)
        rows.push_back(row(Kind::Fact, "cancel", OperationRowsWords::tr("Cancelling asked for"), format::clockTime(*operation.cancelAskedAt, now)));
    if (!operation.reason.empty()) {
        rows.push_back(row(Kind::Heading, "reason", OperationRowsWords::tr("Reason")));
        rows.push_back(row(Kind::Note, "reason-note", text(operation.reason)));
    }
    return rows;
}

OutlineRows progressRows(const OperationSeen &seen, base::UtcTime now)
{
    OutlineRows rows;
    for (std::size_t i = 0; i < seen.operation.steps.size(); ++i) {
        const Step &step = seen.operation.steps[i];
        if (step.isPointOfNoReturn)
            rows.push_back(row(Kind::NoReturn, "no-return", OperationRowsWords::tr("From here it can only go forward")));
        rows.push_back(stepRow(step, progressOf(seen.operation, i), seen, now));
    }
    return rows;
}

/// Who led before, and who leads after it.
void addMembers(const Operation &operation, const fleet::Fleet &fleet, bool isDone, OutlineRows &rows)
{
    const bool isFailover = operation.act == Act::Failover;
    const bool hasMoved = operation.hasPromoted();
    rows.push_back(row(Kind::Note, "before-note", hasMoved ? OperationRowsWords::tr("Before") : OperationRowsWords::tr("Now")));
    rows.push_back(row(Kind::Members, "before", {}));
    rows.back().members = membersWith(fleet, base::ClusterName(operation.subject()), operation.from, isFailover ? operation.from : base::ServerId());
    if (operation.outcome != Outcome::RolledBack) {
        rows.push_back(row(Kind::Note, "after-note", isDone ? OperationRowsWords::tr("Now") : OperationRowsWords::tr("After")));
        rows.push_back(row(Kind::Members, "after", {}));
        rows.back().members = membersWith(fleet, base::ClusterName(operation.subject()), operation.to);
    }
}

OutlineRows resultRows(const OperationSeen &seen, const fleet::Fleet &fleet, base::UtcTime now)
{
    const Operation &operation = seen.operation;
    OutlineRows rows;
    const bool isDone = operation.outcome == Outcome::Done || operation.outcome == Outcome::Incomplete;
    if (!operate::isMove(operation.act)) {
        const auto small = std::get<operate::SmallAct>(operation.intent());
        rows.push_back(row(Kind::Note, "effect-note", format::smallEffectText(small)));
    } else {
        addMembers(operation, fleet, isDone, rows);
    }
    addHeld(operation, seen.runs, now, rows);
    addRead(operation, rows);
    const int left = format::thingsLeft(operation);
    if (left > 0) {
        rows.push_back(row(Kind::Heading, "left", left == 1 ? OperationRowsWords::tr("1 thing left to do") : OperationRowsWords::tr("%1 things left to do").arg(left)));
        const std::vector<int> numbers = operation.left();
        for (std::size_t i = 0; i < operation.steps.size(); ++i) {
            if (std::find(numbers.begin(), numbers.end(), operation.steps[i].number) == numbers.end())
                continue;
            OutlineRow made;
            made.id = "left:" + std::to_string(operation.steps[i].number);
            made.shape = Shape::Triangle;
            made.title = format::stepTitle(operation.steps[i]);
            made.second = text(progressOf(operation, i).said);
            if (const auto remedy = execute::remedyOf(operation, operation.steps[i], fleet))
                made.link = OperationRowsWords::tr("Plan: %1").arg(format::actText(*remedy, remedy->to));
            rows.push_back(std::move(made));
        }
    }
    return rows;
}

std::optional<Intent> intentOfLeft(const OperationSeen &seen, const std::string &rowId, const fleet::Fleet &fleet)
{
    for (const Step &step : seen.operation.steps) {
        if (rowId == "left:" + std::to_string(step.number)) {
            const auto remedy = execute::remedyOf(seen.operation, step, fleet);
            return remedy ? std::optional<Intent>(*remedy) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string rowOfStepNow(const OperationSeen &seen)
{
    const int step = seen.operation.outcome ? 0 : format::stepNow(seen.operation);
    return step > 0 ? "step:" + std::to_string(step) : std::string();
}

RunWords runWords(const OperationSeen &seen)
{
    const Operation &operation = seen.operation;
    RunWords words;
    const int last = format::pointOfNoReturn(operation);
    if (operation.outcome) {
        const QString word = format::outcomeWord(operation, seen.runs);
        words.first = word.left(1).toUpper() + word.mid(1) + QLatin1Char('.');
        words.second = format::outcomeSentence(operation, seen.runs);
        switch (*operation.outcome) {
        case Outcome::Done: words.shape = Shape::Dot; break;
        case Outcome::Incomplete: words.shape = Shape::Triangle; break;
        case Outcome::RolledBack: words.shape = Shape::ArrowUp; break;
        case Outcome::Failed: words.shape = Shape::Stop; break;
        case Outcome::InDoubt: words.shape = Shape::DashedRing; break;
        case Outcome::Abandoned: words.shape = Shape::Triangle; break;
        }
        return words;
    }
    if (!seen.runs) {
        words.shape = Shape::Triangle;
        words.first = OperationRowsWords::tr("Unfinished: it waits for a person.");
        words.second = format::outcomeSentence(operation, false);
        return words;
    }
    words.shape = Shape::Chevron;
    const int now = format::stepNow(operation);
    const auto step = std::find_if(operation.steps.begin(), operation.steps.end(), [&](const Step &one) { return one.number == now; });
    words.first = step == operation.steps.end() ? OperationRowsWords::tr("All steps are over.") : OperationRowsWords::tr("Step %1 of %2: %3.").arg(now).arg(operation.steps.size()).arg(format::stepHead(*step));
    const bool isHeld = operation.writesHeldFrom && !operation.writesHeld;
    if (isHeld)
        words.first += QLatin1Char(' ') + OperationRowsWords::tr("Writes on %1 are held.").arg(text(operation.subject()));
    const bool isPast = operation.hasPromoted();
    const auto doubt = std::find_if(operation.progress.begin(), operation.progress.end(), [](const StepProgress &one) { return one.state == StepState::InDoubt; });
    if (doubt != operation.progress.end()) {
        words.shape = Shape::DashedRing;
        words.second = OperationRowsWords::tr("Not known yet whether it was done: %1. Nothing more is sent until it is known.").arg(text(doubt->said));
        words.until = isPast ? OperationRowsWords::tr("not possible any more") : OperationRowsWords::tr("not before it is known");
    } else if (isPast && step != operation.steps.end() && step->insteadOf > 0 && step->kind == operate::StepKind::CopyData) {
        words.second = operation.cancelAskedAt ? OperationRowsWords::tr("The copy is being ended. The move stays done; the old primary is left to be rebuilt.")
                                               : OperationRowsWords::tr("The move is done and serves. Only the copy of the old primary is under way, and it can be ended.");
        words.until = operation.cancelAskedAt ? OperationRowsWords::tr("asked for") : OperationRowsWords::tr("ends the copy alone");
        words.canCancel = !operation.cancelAskedAt;
        words.endsCopy = true;
    } else if (isPast) {
        words.second = OperationRowsWords::tr("Past the point of no return: finishing.");
        words.until = OperationRowsWords::tr("not possible any more");
    } else if (operation.cancelAskedAt) {
        words.second = OperationRowsWords::tr("Cancelling was asked for: it stops before the next step and takes back what it did.");
        words.until = OperationRowsWords::tr("asked for");
    } else {
        words.second = isHeld ? OperationRowsWords::tr("Nothing has been promoted yet: undoing lets the held writes through on %1.").arg(text(operation.from.text())) : OperationRowsWords::tr("Nothing has been promoted yet.");
        words.until = last > 0 ? OperationRowsWords::tr("possible until step %1").arg(last) : QString();
        words.canCancel = true;
    }
    if (!seen.host.empty()) {
        words.canCancel = false;
        words.until = OperationRowsWords::tr("only on %1").arg(text(seen.host));
    }
    return words;
}

ConfirmWords abandonWords(const OperationSeen &seen, bool typesName)
{
    const Operation &operation = seen.operation;
    const QString subject = text(operate::subjectOf(operation.intent()));
    ConfirmWords words;
    words.name = subject;
    words.button = OperationRowsWords::tr("Abandon it");
    words.act = OperationRowsWords::tr("Leave “%1” as it is now, for good.").arg(format::actText(operation.intent(), operation.to));
    QStringList cost;
    if (!seen.host.empty())
        cost << OperationRowsWords::tr("It was begun on %1, and cannot be gone on with there either.").arg(text(seen.host));
    cost << OperationRowsWords::tr("Nothing is sent to any server and nothing is taken back; it can then be neither resumed nor undone.");
    if (operation.writesHeldFrom && !operation.writesHeld)
        cost << OperationRowsWords::tr("Writes on %1 were held when it was last heard of: where the guards have not let them go, they stay held.").arg(text(operation.subject()));
    else if (operation.hasPromoted())
        cost << OperationRowsWords::tr("The promotion of %1 was sent: what should follow it is left undone.").arg(text(operation.to.text()));
    if (typesName)
        cost << OperationRowsWords::tr("Type %1 to go on.").arg(subject);
    words.cost = cost.join(QLatin1Char(' '));
    return words;
}

} // namespace shardlens::ui::operate
