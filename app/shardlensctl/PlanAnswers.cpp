// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/OperationCommands.h"
#include "app/shardlensctl/PlanJson.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using operate::Act;
using operate::Candidate;
using operate::Check;
using operate::Checks;
using operate::Plan;
using operate::Readiness;
using operate::Ready;
using operate::Step;
using operate::Verdict;

QString orDash(const base::ServerId &id)
{
    return id.isEmpty() ? QStringLiteral("-") : text(id);
}

/// "failed   The candidate's replay is behind (u1-us-west): replay lag 8.62 s, limit 1.00 s, …", then its name, remedy and whether it may be forced.
void checkLines(Answer &answer, const Check &check, base::Instant now)
{
    QString line = QStringLiteral("  ") + format::verdictWord(check.verdict).leftJustified(8);
    line += check.verdict == Verdict::Unknown ? format::checkTitle(check.id) : format::checkSentence(check);
    if (!check.on.isEmpty())
        line += QStringLiteral(" (") + text(check.on) + QLatin1Char(')');
    const QString evidence = format::checkEvidence(check, now);
    answer.line(evidence.isEmpty() ? line : line + QStringLiteral(": ") + evidence);
    const QString remedy = format::remedyText(check.remedy);
    const QString force = !isBlocking(check)  ? QString()
                          : check.forceable ? QStringLiteral("; --force %1=REASON passes it").arg(text(std::string(name(check.id))))
                                            : QStringLiteral("; it cannot be forced");
    if (!remedy.isEmpty() || !force.isEmpty())
        answer.line(QStringLiteral("          [") + text(std::string(name(check.id))) + QStringLiteral("] ") + remedy + force);
}

QString nameOf(const Readiness &row)
{
    return text(row.group.isEmpty() ? row.cluster.text() : row.group.text());
}

void candidateLines(Answer &answer, const std::vector<Candidate> &candidates)
{
    const bool ofGroup = std::any_of(candidates.begin(), candidates.end(), [](const Candidate &one) { return one.offset.has_value(); });
    std::vector<TextTable::Column> columns{{QStringLiteral("CANDIDATE")}, {QStringLiteral("REGION")}};
    if (ofGroup)
        columns.push_back({QStringLiteral("OFFSET"), true});
    else
        columns.insert(columns.end(), {{QStringLiteral("TIMELINE"), true}, {QStringLiteral("RECEIVED")}});
    columns.insert(columns.end(), {{QStringLiteral("BEHIND"), true}, {QStringLiteral("LAG"), true}, {QStringLiteral("")}});
    TextTable table(std::move(columns));
    for (const Candidate &one : candidates) {
        const QString why = one.rejectedFor ? QStringLiteral("rejected: ") + text(std::string(name(one.rejectedFor->id))) : format::rankingText(one.before);
        QStringList cells{text(one.server), text(one.region)};
        if (ofGroup)
            cells << known(one.offset, [](std::int64_t value) { return QString::number(value); });
        else
            cells << known(one.timeline, [](std::int32_t value) { return QString::number(value); }) << known(one.received, [](base::Lsn lsn) { return text(lsn.toString()); });
        table.add(cells << known(one.behind, format::bytes) << known(one.lag, format::lag) << why);
    }
    answer.add(table);
}

void commandLines(Answer &answer, const QString &what, const std::vector<operate::Command> &commands)
{
    for (const operate::Command &command : commands) {
        answer.line(QStringLiteral("      ") + what.leftJustified(7) + format::commandPlace(command));
        answer.line("             " + command.text + (command.keepsAs.empty() ? "" : "   -> {" + command.keepsAs + "}" + (command.takes.empty() ? "" : ", its " + command.takes)) +
                    (command.expects.empty() ? "" : "   = " + command.expects));
    }
}

void stepLines(Answer &answer, const Step &step)
{
    if (step.isPointOfNoReturn)
        answer.line(std::string("  ---- from here it can only go forward ----"));
    QString line = QStringLiteral("%1  ").arg(step.number, 4) + format::stepTitle(step) + QStringLiteral("  (within ") + format::duration(step.deadline);
    line += step.holdsWrites ? QStringLiteral(", writes are held)") : QStringLiteral(")");
    answer.line(line);
    answer.line(QStringLiteral("      ") + format::stepWhy(step));
    commandLines(answer, QStringLiteral("needs"), step.preconditions);
    commandLines(answer, QStringLiteral("does"), step.commands);
    commandLines(answer, QStringLiteral("sees"), step.verifications);
    commandLines(answer, QStringLiteral("undo"), step.undo);
}

QString sentenceOf(const Plan &plan)
{
    if (const auto *small = std::get_if<operate::SmallAct>(&plan.intent))
        return format::actText(plan.intent, plan.to) + QStringLiteral(". ") + format::smallEffectText(*small);
    const QString cluster = text(nameOf(plan.intent));
    if (plan.steps.empty())
        return QStringLiteral("No plan for %1: no standby is eligible, or no primary is known.").arg(cluster);
    const QString move = QStringLiteral("Move the primary of %1 from %2 to %3. ").arg(cluster, text(plan.from), text(plan.to));
    if (actOf(plan.intent) == Act::Switchover)
        return move + QStringLiteral("Writes are held for %1. Nothing is lost. It can be undone until step %2 of %3.")
                          .arg(format::pauseText(plan.pause))
                          .arg(plan.pointOfNoReturn())
                          .arg(plan.steps.size());
    return move + QStringLiteral("Lost: %1. It can be undone until step %2 of %3.").arg(format::lossText(plan.loss)).arg(plan.pointOfNoReturn()).arg(plan.steps.size());
}

void planLines(Answer &answer, const Plan &plan)
{
    answer.line(sentenceOf(plan));
    QString planned = QStringLiteral("Planned at %1 from what was read then; nothing was changed, nothing will be. Fingerprint %2.")
                          .arg(format::clockTime(plan.takenUtc), text(plan.fingerprint.digest()));
    const bool isMove = operate::isMove(actOf(plan.intent));
    answer.line(isMove ? planned + QStringLiteral(" Runner-up: %1.").arg(orDash(plan.runnerUp)) : planned);
    answer.line(std::string("\nChecks"));
    std::size_t well = 0;
    for (const Verdict verdict : {Verdict::Failed, Verdict::Unknown, Verdict::Warning, Verdict::Passed}) {
        for (const Check &check : plan.checks) {
            if (check.verdict == verdict)
                checkLines(answer, check, plan.takenAt);
        }
    }
    for (const Check &check : plan.checks)
        well += check.verdict == Verdict::Passed ? 1 : 0;
    answer.line("  " + std::to_string(well) + " of " + std::to_string(plan.checks.size()) + " passed" +
                (plan.isBlocked() ? "; it would be refused" : ""));
    if (isMove) {
        answer.line(std::string("\nCandidates"));
        candidateLines(answer, plan.candidates);
    }
    if (plan.steps.empty())
        return;
    answer.line(std::string("\nSteps"));
    for (const Step &step : plan.steps)
        stepLines(answer, step);
}

} // namespace

Answer planAnswer(const facts::Snapshot &snapshot, const Options &options)
{
    const auto intent = intentOf(options, *snapshot.fleet);
    const std::vector<execute::Operation> past = intent ? pastOperations(*snapshot.fleet, actOf(*intent)) : std::vector<execute::Operation>();
    auto plan = intent ? operate::planFor(snapshot, *intent, execute::pastOf(past, snapshot.fleet)) : base::fail(intent.error());
    if (plan)
        execute::setUsual(plan->steps, execute::pastRunsOf(past, actOf(*intent), operate::nameOf(*intent)));
    Answer answer;
    if (!plan) {
        answer.error = plan.error().message + "\n";
        answer.exit = Exit::Usage;
        return answer;
    }
    if (options.json)
        answer.line(jsonOf(*plan));
    else
        planLines(answer, *plan);
    answer.exit = plan->isBlocked() ? Exit::Problem : Exit::Well;
    return answer;
}

Answer readinessAnswer(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    std::vector<Readiness> rows;
    const operate::PastOf past = execute::pastOf(pastOperations(*snapshot.fleet, Act::Switchover), snapshot.fleet);
    for (const fleet::Cluster &cluster : snapshot.fleet->clusters) {
        if (options.cluster.empty() || cluster.name.text() == options.cluster)
            rows.push_back(operate::readinessOf(snapshot, cluster.name, past));
    }
    for (const fleet::RedisGroup &group : snapshot.fleet->redisGroups) {
        if (options.cluster.empty() || group.name.text() == options.cluster)
            rows.push_back(operate::readinessOf(snapshot, group.name, past));
    }
    if (rows.empty() && !options.cluster.empty()) {
        answer.error = "the fleet has no cluster or Redis group '" + options.cluster + "'\n";
        answer.exit = Exit::Usage;
        return answer;
    }
    TextTable table({{QStringLiteral("CLUSTER")}, {QStringLiteral("READINESS")}, {QStringLiteral("PRIMARY")}, {QStringLiteral("BEST")}, {QStringLiteral("RUNNER-UP")},
                     {QStringLiteral("EXPECTED PAUSE, OR LOSS")}});
    for (const Readiness &row : rows) {
        if (row.ready == Ready::NotReady)
            answer.exit = Exit::Problem;
        if (options.json) {
            answer.line(jsonOf(row, snapshot));
            continue;
        }
        const QString act = row.act == Act::Failover ? QStringLiteral(", for a failover") : QString();
        table.add({nameOf(row), format::readyWord(row.ready) + act, orDash(row.primary), orDash(row.best), orDash(row.runnerUp),
                   row.act == Act::Switchover ? format::pauseText(row.pause) : format::lossText(row.loss)});
    }
    if (options.json)
        return answer;
    answer.add(table);
    for (const Readiness &row : rows) {
        if (row.blocking.empty() && row.amiss.empty())
            continue;
        answer.line(QStringLiteral("\n") + nameOf(row));
        for (const Checks *checks : {&row.blocking, &row.amiss}) {
            for (const Check &check : *checks)
                checkLines(answer, check, snapshot.takenAt);
        }
        for (const Candidate &one : row.candidates) {
            if (one.rejectedFor && one.server != row.best)
                answer.line(QStringLiteral("  %1 is no candidate: %2 [%3]").arg(text(one.server), format::checkEvidence(*one.rejectedFor, snapshot.takenAt), text(std::string(name(one.rejectedFor->id)))));
        }
    }
    return answer;
}

} // namespace shardlens::ctl
