// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanRows.h"

#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace shardlens::ui::operate {

using format::text;
using Kind = OutlineRow::Kind;
using theme::Shape;

namespace {

struct PlanRowsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::operate::PlanRows)
};

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

OutlineRow heading(const char *id, const QString &title, const QString &note = {})
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Heading;
    row.title = title;
    row.right = note;
    return row;
}

OutlineRow fact(const char *id, const QString &name, const QString &value)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Fact;
    row.title = name;
    row.right = value;
    return row;
}

OutlineRow note(const char *id, const QString &sentence)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Note;
    row.title = sentence;
    return row;
}

OutlineRow figure(const char *id, const QString &value, const QString &beside, const QString &under = {})
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Figure;
    row.title = value;
    row.right = beside;
    row.second = under;
    return row;
}

void addBeforeAfter(const Plan &plan, const fleet::Fleet &fleet, OutlineRows &rows)
{
    const bool isFailover = actOf(plan.intent) == Act::Failover;
    const base::ClusterName cluster(nameOf(plan.intent));
    rows.push_back(note("before-note", PlanRowsWords::tr("Before")));
    OutlineRow before;
    before.id = "before";
    before.kind = Kind::Members;
    before.members = membersWith(fleet, cluster, plan.from, isFailover ? plan.from : base::ServerId());
    rows.push_back(std::move(before));
    if (plan.to.isEmpty())
        return;
    rows.push_back(note("after-note", PlanRowsWords::tr("After")));
    OutlineRow after;
    after.id = "after";
    after.kind = Kind::Members;
    after.members = membersWith(fleet, cluster, plan.to);
    rows.push_back(std::move(after));
}

void addTouched(const Plan &plan, const fleet::Fleet &fleet, OutlineRows &rows)
{
    rows.push_back(heading("touched", PlanRowsWords::tr("Touched")));
    const fleet::Cluster *cluster = fleet.cluster(clusterOf(plan.intent));
    const fleet::Partition *partition = cluster ? fleet.partition(cluster->partition) : nullptr;
    if (partition && partition->shardCount > 0)
        rows.push_back(fact("shards", PlanRowsWords::tr("Shards"), PlanRowsWords::tr("%1 of %2 %3").arg(format::count(plan.shards), format::count(partition->shardCount), text(partition->name.text()))));
    else
        rows.push_back(fact("shards", PlanRowsWords::tr("Shards"), format::count(plan.shards)));
    std::vector<base::ServerId> all;
    for (const Step &step : plan.steps) {
        for (const base::ServerId &target : step.targets) {
            if (std::find(all.begin(), all.end(), target) == all.end())
                all.push_back(target);
        }
    }
    if (!all.empty())
        rows.push_back(fact("servers", PlanRowsWords::tr("Servers acted on"), format::count(static_cast<std::int64_t>(all.size()))));
}

void addPause(const Plan &plan, OutlineRows &rows)
{
    const QString runs = plan.pause.pastRuns == 0 ? PlanRowsWords::tr("no past run") : PlanRowsWords::tr("%1 past runs").arg(plan.pause.pastRuns);
    rows.push_back(heading("pause", PlanRowsWords::tr("Expected pause of writes"), runs));
    if (!plan.pause.expected) {
        rows.push_back(note("pause-figure", format::pauseText(plan.pause)));
        return;
    }
    const Limits limits;
    rows.push_back(figure("pause-figure", format::duration(*plan.pause.expected), PlanRowsWords::tr("limit %1").arg(format::duration(limits.pause)), PlanRowsWords::tr("From the present lag and links.")));
    rows.push_back(heading("lost", PlanRowsWords::tr("Can be lost")));
    rows.push_back(fact("lost-writes", PlanRowsWords::tr("Committed writes"), PlanRowsWords::tr("0 B")));
}

void addLoss(const Plan &plan, OutlineRows &rows)
{
    const LossWindow &loss = plan.loss;
    rows.push_back(heading("lost", PlanRowsWords::tr("Can be lost")));
    if (loss.atLeast && loss.atMost)
        rows.push_back(figure("lost-figure", format::bytes(*loss.atMost), PlanRowsWords::tr("at most, about"), PlanRowsWords::tr("At least %1.").arg(format::bytes(*loss.atLeast))));
    else
        rows.push_back(note("lost-figure", format::lossText(loss)));
    if (loss.since)
        rows.push_back(fact("lost-span", PlanRowsWords::tr("Commits of at most"), format::duration(*loss.since)));
    if (loss.lastCommit)
        rows.push_back(fact("last-commit", PlanRowsWords::tr("Last commit there"), format::clockTime(*loss.lastCommit)));
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

Intent withTarget(const Intent &intent, const base::ServerId &to)
{
    if (!isMove(actOf(intent)))
        return intent;
    return withCandidate(intent, to);
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
        rows.push_back(heading("stops", PlanRowsWords::tr("If this console stops")));
        rows.push_back(note("stops-note", PlanRowsWords::tr("What carries the plan out is a process of its own and goes on without this console. If that stops too, the guards end it after "
                                             "2.5 s: writes go on to the one primary that they have verified, else they stay held. Its journal stays; here it can then be "
                                             "resumed, undone or abandoned.")));
        rows.push_back(note("again-note", PlanRowsWords::tr("Everything is read again just before the first step. What differs then stops the plan before any write is held.")));
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
        rows.push_back(note("none", plan.from.isEmpty() ? PlanRowsWords::tr("No steps: no primary of %1 is known.").arg(text(nameOf(plan.intent)))
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
        row.second = format::stepWhy(step.kind);
        row.right = usualText(step);
        row.details = detailsOf(step);
        row.canOpen = true;
        row.holdsWrites = step.holdsWrites;
        row.hasLine = true;
        rows.push_back(std::move(row));
    }
    return rows;
}

OutlineRows effectRows(const Plan &plan, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    OutlineRows rows;
    if (const auto *small = std::get_if<SmallAct>(&plan.intent)) {
        rows.push_back(heading("effect", PlanRowsWords::tr("What it changes")));
        rows.push_back(note("effect-note", format::smallEffectText(*small)));
        rows.push_back(note("primary-note", PlanRowsWords::tr("No primary moves.")));
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
    rows.push_back(heading("candidates", PlanRowsWords::tr("Candidates")));
    for (const Candidate &candidate : plan.candidates)
        rows.push_back(candidateRow(plan, candidate));
    if (plan.candidates.empty())
        rows.push_back(note("no-candidate", PlanRowsWords::tr("%1 has no standby.").arg(text(nameOf(plan.intent)))));
    if (!plan.steps.empty()) {
        rows.push_back(heading("back", PlanRowsWords::tr("Way back")));
        rows.push_back(note("back-note", PlanRowsWords::tr("Switch %1 to %2, once that streams again.").arg(text(nameOf(plan.intent)), text(plan.from.text()))));
    }
    return rows;
}

QString termText(const Plan &plan)
{
    for (const Check &check : plan.checks) {
        if (check.id != CheckId::Term || check.readings.empty())
            continue;
        if (const auto *term = std::get_if<std::int64_t>(&check.readings.front().value))
            return PlanRowsWords::tr("term %1 to %2").arg(*term).arg(*term + 1);
    }
    return {};
}

std::optional<Intent> intentOfLink(const Plan &plan, const std::string &rowId)
{
    const auto after = [&](const std::string &start) { return rowId.rfind(start, 0) == 0 ? rowId.substr(start.size()) : std::string(); };
    if (const std::string server = after("candidate:"); !server.empty())
        return withTarget(plan.intent, base::ServerId(server));
    const std::string wanted = after("check:");
    for (const Check &check : plan.checks) {
        if (wanted.empty() || operate::name(check.id) != wanted)
            continue;
        if (check.remedy == Remedy::UseSwitchover)
            return moveOf(Act::Switchover, clusterOf(plan.intent), groupOf(plan.intent), {});
        if (check.remedy == Remedy::UseFailover)
            return moveOf(Act::Failover, clusterOf(plan.intent), groupOf(plan.intent), {});
        if (check.remedy == Remedy::PrepareCluster || check.remedy == Remedy::MakeExtensions)
            return SmallAct{Act::PrepareCluster, clusterOf(plan.intent), {}, check.remedy == Remedy::MakeExtensions ? std::string(withWarming) : std::string(), {}, {}};
        if (!plan.runnerUp.isEmpty())
            return withTarget(plan.intent, plan.runnerUp);
    }
    return std::nullopt;
}

std::vector<MemberMark> membersWith(const fleet::Fleet &fleet, const base::ClusterName &name, const base::ServerId &primary, const base::ServerId &missing)
{
    std::vector<MemberMark> marks;
    const fleet::Cluster *cluster = fleet.cluster(name);
    const fleet::RedisGroup *group = cluster ? nullptr : fleet.redisGroup(base::GroupName(name.text()));
    if (!cluster && !group)
        return marks;
    const std::vector<base::ServerId> &servers = cluster ? cluster->servers : group->servers;
    const QString second = cluster ? PlanRowsWords::tr("standby") : PlanRowsWords::tr("replica");
    for (const base::ServerId &id : servers) {
        const fleet::Server *server = fleet.server(id);
        const auto same = std::count_if(servers.begin(), servers.end(), [&](const base::ServerId &other) {
            const fleet::Server *there = fleet.server(other);
            return server && there && there->region == server->region;
        });
        MemberMark mark;
        mark.name = text(server && same == 1 ? server->region.text() : id.text());
        mark.isPrimary = id == primary;
        mark.isMissing = id == missing && !missing.isEmpty();
        mark.role = mark.isMissing ? PlanRowsWords::tr("lost") : mark.isPrimary ? PlanRowsWords::tr("primary") : second;
        mark.isPrimary = mark.isPrimary && !mark.isMissing;
        marks.push_back(std::move(mark));
    }
    return marks;
}

QString planAsText(const Plan &plan, const facts::Snapshot &snapshot)
{
    const format::Confirmation words = format::confirmation(plan, false);
    QString all = format::actText(plan.intent, plan.to) + QLatin1Char('\n');
    if (!plan.steps.empty())
        all += words.act + QLatin1Char(' ') + words.cost + QLatin1Char('\n');
    all += PlanRowsWords::tr("Planned at %1 from what was read then; fingerprint %2.").arg(format::dateTime(plan.takenUtc), text(plan.fingerprint.digest())) + QStringLiteral("\n\n");
    all += PlanRowsWords::tr("Checks: %1").arg(checkSummary(plan)) + QLatin1Char('\n') + textOf(checkRows(plan, plan.takenAt)) + QLatin1Char('\n');
    all += PlanRowsWords::tr("Steps") + QLatin1Char('\n') + textOf(stepRows(plan)) + QLatin1Char('\n');
    all += PlanRowsWords::tr("Effect") + QLatin1Char('\n') + textOf(effectRows(plan, snapshot));
    return all;
}

} // namespace shardlens::ui::operate
