// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanRows.h"

#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/operate/PlanRowParts.h"

#include <algorithm>

namespace shardlens::ui::operate {

using format::text;

namespace {

Intent withTarget(const Intent &intent, const base::ServerId &to)
{
    if (!isMove(actOf(intent)))
        return intent;
    return withCandidate(intent, to);
}

} // namespace

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
