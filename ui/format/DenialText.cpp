// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/DenialText.h"

#include "ui/format/PlanText.h"
#include "ui/format/Words.h"

#include <QStringList>

namespace shardlens::ui::format {

namespace {

QString denialNames(const execute::Denied &denied)
{
    QStringList names;
    for (const std::string &name : denied.names)
        names << QString::fromStdString(name);
    return names.join(QStringLiteral(", "));
}

QString denialCheck(const operate::Check &check)
{
    const QString reading = checkReading(check);
    return checkSentence(check) + (reading.isEmpty() ? QString() : QStringLiteral(": ") + reading) + QStringLiteral(" [") + QString::fromUtf8(operate::name(check.id).data()) +
           QLatin1Char(']');
}

/// "m1-us-west: it is 312 MiB behind, limit 16 MiB [replay_lag]; m1-eu-west: …"
QString denialCandidates(const execute::Denied &denied)
{
    if (denied.checks.empty())
        return Words::tr("No server is eligible: there is no candidate.");
    QStringList said;
    for (const operate::Check &check : denied.checks)
        said << (check.on.isEmpty() ? denialCheck(check) : QString::fromStdString(check.on.text()) + QStringLiteral(": ") + denialCheck(check));
    return Words::tr("No server is eligible. %1.").arg(said.join(QStringLiteral("; ")));
}

QString denialChecks(const execute::Denied &denied)
{
    QStringList said;
    for (const operate::Check &check : denied.checks)
        said << denialCheck(check);
    for (std::size_t i = denied.checks.size(); i < denied.names.size(); ++i) {
        const auto id = operate::checkNamed(denied.names[i]);
        operate::Check check;
        check.id = id.value_or(check.id);
        check.verdict = operate::Verdict::Failed;
        const QString name = QString::fromStdString(denied.names[i]);
        said << (id ? checkSentence(check) + QStringLiteral(" [") + name + QLatin1Char(']') : name);
    }
    return said.join(QStringLiteral("; "));
}

QString denialRole(const execute::Denied &denied, const fleet::Fleet &fleet)
{
    QStringList may;
    for (const fleet::DatabaseUser &user : fleet.access.users) {
        if (execute::mayAct(user.role))
            may << QString::fromStdString(user.name);
    }
    const fleet::DatabaseUser *you = denied.names.empty() ? nullptr : fleet.access.user(denied.names.front());
    const QString who = you ? Words::tr(" You are %1 (%2).").arg(QString::fromStdString(you->name), QString::fromUtf8(fleet::name(you->role).data())) : QString();
    return Words::tr("Needs the role on-call or ops.") + who + (may.isEmpty() ? Words::tr(" The fleet file has no such user.") : Words::tr(" Who may: %1.").arg(may.join(QStringLiteral(", "))));
}

} // namespace

QString denialText(const execute::Denied &denied, const fleet::Fleet &fleet)
{
    using execute::Denial;
    switch (denied.why) {
    case Denial::LookOnly: return Words::tr("This fleet is looked at only: acting is not switched on in its file.");
    case Denial::NoUser:
    case Denial::Role: return denialRole(denied, fleet);
    case Denial::Reason: return Words::tr("A reason is needed here.");
    case Denial::Name: return Words::tr("Type the name of what is acted on: %1.").arg(denialNames(denied));
    case Denial::Changed: return Words::tr("The fleet is not as it was when the plan was read. Plan again.");
    case Denial::NoPlan: return denialCandidates(denied);
    case Denial::Blocked: return Words::tr("A check stands in the way: %1.").arg(denialChecks(denied));
    case Denial::NotForced: return Words::tr("It cannot be forced, or only with a reason: %1.").arg(denialChecks(denied));
    }
    return {};
}

} // namespace shardlens::ui::format
