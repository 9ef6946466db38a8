// SPDX-License-Identifier: GPL-3.0-or-later
// The smaller acts in words.
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using operate::Act;
using operate::CheckId;

QString actText(const operate::Intent &intent, const base::ServerId &to)
{
    const auto *small = std::get_if<operate::SmallAct>(&intent);
    if (!small)
        return actText(operate::actOf(intent), base::ClusterName(operate::nameOf(intent)), to);
    const QString on = text(small->on.text());
    const QString object = text(small->object);
    const QString target = text(small->to.text());
    switch (small->act) {
    case Act::PauseRouter: return Words::tr("Pause %1 on %2").arg(object, on);
    case Act::ResumeRouter: return Words::tr("Resume %1 on %2").arg(object, on);
    case Act::PointRouter: return Words::tr("Point %1 of %2 to %3").arg(object, on, target);
    case Act::PauseReplay: return Words::tr("Pause the replay of %1").arg(on);
    case Act::ResumeReplay: return Words::tr("Resume the replay of %1").arg(on);
    case Act::RepointStandby: return Words::tr("Let %1 receive from %2").arg(on, target);
    case Act::RebuildStandby: return Words::tr("Rebuild %1").arg(on);
    case Act::DropSlot: return Words::tr("Drop the slot %1 on %2").arg(object, on);
    case Act::LiftBrake: return Words::tr("Lift the brake of %1").arg(on);
    case Act::EndBackend: return Words::tr("End the backend %1 on %2").arg(object, on);
    case Act::PrepareCluster: return Words::tr("Prepare %1").arg(text(small->cluster.text()));
    case Act::Switchover:
    case Act::Failover: break;
    }
    return {};
}

QString smallEffectText(const operate::SmallAct &act)
{
    const QString on = text(act.on.text());
    switch (act.act) {
    case Act::PauseRouter:
        return Words::tr("Transactions through %1 wait until it is resumed; none fails before its own deadline.").arg(on);
    case Act::ResumeRouter: return Words::tr("What waits at %1 goes on.").arg(on);
    case Act::PointRouter:
        return Words::tr("New transactions through %1 go to %2; those that run end where they are.").arg(on, text(act.to.text()));
    case Act::PauseReplay:
        return Words::tr("It goes on receiving. Until it is resumed it is no candidate, and what is read there grows old.");
    case Act::ResumeReplay: return Words::tr("It replays what it received meanwhile.");
    case Act::RepointStandby: return Words::tr("It goes on from where it is; nothing is copied anew.");
    case Act::RebuildStandby:
        return Words::tr("It goes on while its data are copied, then is away for seconds. The old data are kept until it streams with the new ones: its disk must hold both.");
    case Act::DropSlot:
        return Words::tr(
            "The server may remove the log that the slot kept. It cannot be given back: who needed that log needs a new base backup.");
    case Act::LiftBrake: return Words::tr("New sessions on %1 write again.").arg(on);
    case Act::PrepareCluster:
        return Words::tr("What the database of %1 lacks is made, and nothing that is there is changed. It can be taken back afterwards.").arg(text(act.cluster.text()));
    case Act::EndBackend: return Words::tr("Its transaction is rolled back, its client is told. Another backend with its pid is spared.");
    case Act::Switchover:
    case Act::Failover: break;
    }
    return {};
}

QString smallDoneText(const operate::SmallAct &act)
{
    switch (act.act) {
    case Act::PauseRouter:
        return Words::tr("%1 on %2 is paused, and stays so until it is resumed.").arg(text(act.object), text(act.on.text()));
    case Act::PauseReplay: return Words::tr("The replay of %1 is paused, and stays so until it is resumed.").arg(text(act.on.text()));
    case Act::PrepareCluster: return Words::tr("%1 has what moves, guards and caches need. `operations undo` takes back what was made.").arg(text(act.cluster.text()));
    default: return {};
    }
}

QString smallActWord(Act act)
{
    switch (act) {
    case Act::PauseRouter: return Words::tr("router pause");
    case Act::ResumeRouter: return Words::tr("router resume");
    case Act::PointRouter: return Words::tr("router point");
    case Act::PauseReplay: return Words::tr("replay pause");
    case Act::ResumeReplay: return Words::tr("replay resume");
    case Act::RepointStandby: return Words::tr("standby repoint");
    case Act::RebuildStandby: return Words::tr("standby rebuild");
    case Act::DropSlot: return Words::tr("slot drop");
    case Act::LiftBrake: return Words::tr("brake lift");
    case Act::EndBackend: return Words::tr("backend terminate");
    case Act::PrepareCluster: return Words::tr("prepare");
    case Act::Switchover:
    case Act::Failover: break;
    }
    return {};
}

QString smallActButton(Act act)
{
    switch (act) {
    case Act::PauseRouter: return Words::tr("Pause router…");
    case Act::ResumeRouter: return Words::tr("Resume router…");
    case Act::PointRouter: return Words::tr("Point router…");
    case Act::PauseReplay: return Words::tr("Pause replay…");
    case Act::ResumeReplay: return Words::tr("Resume replay…");
    case Act::RepointStandby: return Words::tr("Repoint standby…");
    case Act::RebuildStandby: return Words::tr("Rebuild standby…");
    case Act::DropSlot: return Words::tr("Drop slot…");
    case Act::LiftBrake: return Words::tr("Lift brake…");
    case Act::EndBackend: return Words::tr("End backend…");
    case Act::PrepareCluster: return Words::tr("Prepare cluster…");
    case Act::Switchover:
    case Act::Failover: break;
    }
    return {};
}

QString smallTrouble(CheckId id)
{
    switch (id) {
    case CheckId::TargetAnswers: return Words::tr("What is acted on does not answer");
    case CheckId::TargetRole: return Words::tr("It is no standby");
    case CheckId::RouterDatabase: return Words::tr("The router has no such database");
    case CheckId::LeadsRight: return Words::tr("The router leads, or would, to where it should not");
    case CheckId::NotYet: return Words::tr("It is so already");
    case CheckId::Redundancy: return Words::tr("No other standby keeps up meanwhile");
    case CheckId::SenderAnswers: return Words::tr("The new sender does not answer");
    case CheckId::SenderApart: return Words::tr("The new sender receives from it");
    case CheckId::SenderAhead: return Words::tr("The new sender has less than the standby");
    case CheckId::SlotIdle: return Words::tr("The slot is in use");
    case CheckId::SlotAbandoned: return Words::tr("Somebody may come back for the slot");
    case CheckId::OthersStandBy: return Words::tr("Another member is, or may be, a primary");
    case CheckId::BackendSeen: return Words::tr("Nobody looked at the backend yet");
    case CheckId::MayMake: return Words::tr("Who acts may not make what is missing");
    case CheckId::Installed: return Words::tr("Extensions are not installed on the machine");
    default: return {};
    }
}

} // namespace shardlens::ui::format
