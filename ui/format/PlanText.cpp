// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/PlanText.h"

#include "core/execute/ActRequest.h"
#include "ui/format/Evidence.h"
#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using operate::Act;
using operate::StepKind;
using operate::Topic;

namespace {

/// "oncall1 (on-call), ops1 (ops)"
QString whoMayOperate(const fleet::Fleet &fleet)
{
    QStringList who;
    for (const fleet::DatabaseUser &user : fleet.access.users) {
        if (execute::mayAct(user.role))
            who << Words::tr("%1 (%2)").arg(text(user.name), text(std::string(fleet::name(user.role))));
    }
    return who.join(QStringLiteral(", "));
}

} // namespace

QString actText(Act act, const base::ClusterName &cluster, const base::ServerId &to)
{
    const QString name = text(cluster.text());
    if (to.isEmpty())
        return act == Act::Switchover ? Words::tr("Switch %1 over").arg(name) : Words::tr("Fail %1 over").arg(name);
    return (act == Act::Switchover ? Words::tr("Switch %1 to %2") : Words::tr("Fail %1 over to %2")).arg(name, text(to.text()));
}

QString actWord(Act act)
{
    if (!operate::isMove(act))
        return smallActWord(act);
    return act == Act::Switchover ? Words::tr("switchover") : Words::tr("failover");
}

QString planButton(Act act)
{
    if (!operate::isMove(act))
        return smallActButton(act);
    return act == Act::Switchover ? Words::tr("Plan switchover…") : Words::tr("Plan failover…");
}

QString checkReading(const operate::Check &check)
{
    if (check.verdict == operate::Verdict::Unknown)
        return unknownText(check.why);
    QStringList parts;
    for (const facts::Evidence &reading : check.readings)
        parts << evidenceShort(reading);
    if (!check.detail.empty())
        parts << text(check.detail);
    return parts.join(QStringLiteral("; "));
}

QString topicTitle(Topic topic)
{
    switch (topic) {
    case Topic::Roles: return Words::tr("Identity, roles, timelines");
    case Topic::Candidate: return Words::tr("Candidate, lag");
    case Topic::Writes: return Words::tr("What writes now");
    case Topic::After: return Words::tr("Settings, slots, way back");
    case Topic::Routers: return Words::tr("Routers, guards");
    case Topic::Target: return Words::tr("What is acted on");
    }
    return {};
}

QString stepHead(const operate::Step &step)
{
    if (step.targets.size() <= 2)
        return stepTitle(step);
    const QString many = count(static_cast<std::int64_t>(step.targets.size()));
    switch (step.kind) {
    case StepKind::PauseRouters: return Words::tr("Pause %1 routers").arg(many);
    case StepKind::KillRouters: return Words::tr("Cut %1 routers off the old primary").arg(many);
    case StepKind::StopReceivers: return Words::tr("Stop the receivers of %1 standbys").arg(many);
    case StepKind::ComparePositions: return Words::tr("Compare the positions of %1 standbys").arg(many);
    case StepKind::PointRouters: return Words::tr("Point %1 routers to the new primary").arg(many);
    case StepKind::ResumeRouters: return Words::tr("Resume %1 routers").arg(many);
    case StepKind::ReadMarker: return Words::tr("Read the marker through %1 routers").arg(many);
    case StepKind::PointReads: return Words::tr("Point the reads of %1 routers to a standby").arg(many);
    default: return stepTitle(step);
    }
}

Confirmation confirmation(const operate::Plan &plan, bool typesName)
{
    const QString cluster = text(operate::nameOf(plan.intent));
    Confirmation words;
    if (const auto *small = std::get_if<operate::SmallAct>(&plan.intent)) {
        words.act = actText(plan.intent, plan.to) + QLatin1Char('.');
        words.cost = smallEffectText(*small) +
                     (typesName ? QLatin1Char(' ') + Words::tr("Type %1 to go on.").arg(text(operate::subjectOf(plan.intent))) : QString());
        return words;
    }
    words.act = plan.from.isEmpty() ? Words::tr("Move the primary of %1. Which server that is is not known.").arg(cluster)
                : plan.to.isEmpty() ? Words::tr("Move the primary of %1 from %2: nobody can take over.").arg(cluster, text(plan.from.text()))
                                    : Words::tr("Move the primary of %1 from %2 to %3.").arg(cluster, text(plan.from.text()), text(plan.to.text()));
    QStringList cost;
    const QString shards = plan.shards > 0 ? Words::tr("%1 shards take").arg(count(plan.shards)) : Words::tr("%1 takes").arg(cluster);
    if (operate::actOf(plan.intent) == Act::Switchover) {
        cost << (plan.pause.expected ? Words::tr("%1 no writes for about %2.").arg(shards, duration(*plan.pause.expected))
                                     : Words::tr("%1 no writes; for how long is not known.").arg(shards));
        cost << Words::tr("Nothing is lost.");
    } else {
        cost << (plan.loss.atLeast ? Words::tr("Lost: %1.").arg(lossText(plan.loss)) : Words::tr("What is lost is not known: %1.").arg(reason(plan.loss.atLeast.error())));
    }
    const int last = plan.pointOfNoReturn();
    if (last > 0)
        cost << Words::tr("It can be undone until step %1 of %2.").arg(last).arg(plan.steps.size());
    if (typesName)
        cost << Words::tr("Type %1 to go on.").arg(cluster);
    words.cost = cost.join(QLatin1Char(' '));
    return words;
}

QString differenceText(const operate::Difference &difference)
{
    const QString fact = text(difference.fact);
    if (difference.before.empty())
        return Words::tr("%1 is new: %2").arg(fact, text(difference.after));
    if (difference.after.empty())
        return Words::tr("%1 is gone, was %2").arg(fact, text(difference.before));
    return Words::tr("%1 is %2, was %3").arg(fact, text(difference.after), text(difference.before));
}

QString actingRefusal(const fleet::Fleet &fleet, const std::string &user)
{
    if (!fleet.acting)
        return Words::tr("Looking only: the fleet file does not switch acting on (acting = true). Nothing here changes the fleet.");
    const QString who = whoMayOperate(fleet);
    const fleet::DatabaseUser *person = execute::actorOf(fleet, user);
    if (person && execute::mayAct(person->role))
        return {};
    const QString could = who.isEmpty() ? Words::tr("The fleet file names no database user with that role.") : Words::tr("That could: %1; choose one with --as.").arg(who);
    if (!person)
        return Words::tr("Needs role on-call or ops. You act as no database user of the fleet file. %1").arg(could);
    return Words::tr("Needs role on-call or ops. You are %1 (database user %2). %3").arg(text(std::string(fleet::name(person->role))), text(person->name), could);
}

QString actingRefusalBrief(const fleet::Fleet &fleet, const std::string &user)
{
    if (!fleet.acting)
        return Words::tr("Looking only: acting is not switched on");
    const fleet::DatabaseUser *person = execute::actorOf(fleet, user);
    return person && execute::mayAct(person->role) ? QString() : Words::tr("Looking only: acting needs role on-call or ops");
}

} // namespace shardlens::ui::format
