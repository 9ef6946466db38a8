// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/CampaignText.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

using campaign::Aim;
using campaign::Campaign;
using campaign::Comeback;
using campaign::Fit;
using campaign::ManualStep;
using campaign::MoveState;

namespace {

QString campaignName(const std::string &name)
{
    return QString::fromStdString(name);
}

} // namespace

QString campaignTitle(const campaign::Goal &goal)
{
    const QString subject = campaignName(goal.subject);
    switch (goal.aim) {
    case Aim::Evacuate: return Words::tr("Evacuate %1").arg(subject);
    case Aim::Return: return Words::tr("Return to %1").arg(subject);
    case Aim::HostDown: return Words::tr("Take %1 down").arg(subject);
    case Aim::HostUp: return Words::tr("Bring %1 back").arg(subject);
    }
    return {};
}

QString fitWord(Fit fit)
{
    switch (fit) {
    case Fit::Ready: return Words::tr("ready");
    case Fit::Warnings: return Words::tr("ready with warnings");
    case Fit::NotReady: return Words::tr("not ready");
    case Fit::ByHand: return Words::tr("by hand");
    case Fit::Settled: return Words::tr("is there");
    }
    return {};
}

QString moveStateWord(MoveState state)
{
    switch (state) {
    case MoveState::Left: return Words::tr("left");
    case MoveState::Waiting: return Words::tr("waiting");
    case MoveState::Starting: return Words::tr("starting");
    case MoveState::Moving: return Words::tr("moving");
    case MoveState::Settling: return Words::tr("writes flow");
    case MoveState::Done: return Words::tr("done");
    case MoveState::Incomplete: return Words::tr("done, things left");
    case MoveState::RolledBack: return Words::tr("rolled back");
    case MoveState::Failed: return Words::tr("failed");
    case MoveState::InDoubt: return Words::tr("in doubt");
    case MoveState::NotBegun: return Words::tr("not begun");
    }
    return {};
}

QString comebackWord(Comeback comeback)
{
    switch (comeback) {
    case Comeback::Now: return Words::tr("can return");
    case Comeback::CatchUp: return Words::tr("must catch up");
    case Comeback::Rebuild: return Words::tr("must be rebuilt");
    case Comeback::Silent: return Words::tr("does not answer");
    }
    return {};
}

QString manualStepText(const ManualStep &step, Aim aim)
{
    const QString subject = campaignName(step.subject);
    switch (step.kind) {
    case ManualStep::Kind::MoveUsers:
        return aim == Aim::Return ? Words::tr("Send users to %1 again").arg(subject) : Words::tr("Send users of %1 to other regions").arg(subject);
    case ManualStep::Kind::MoveGroup: return Words::tr("Move the Redis group %1 away from %2").arg(subject, campaignName(step.from.text()));
    case ManualStep::Kind::MoveDead: return Words::tr("Fail %1 over: its primary %2 does not answer").arg(subject, campaignName(step.from.text()));
    case ManualStep::Kind::PointReads: return Words::tr("Lead %1 elsewhere: it reads from %2").arg(subject, campaignName(step.from.text()));
    case ManualStep::Kind::Rebuild: return Words::tr("Rebuild %1 from its primary").arg(subject);
    case ManualStep::Kind::WorkOnHost: return Words::tr("Do the work on %1, then bring it back").arg(subject);
    }
    return {};
}

QString campaignTotal(const Campaign &campaign)
{
    const auto all = std::count_if(campaign.moves.begin(), campaign.moves.end(), [](const campaign::Move &move) { return move.wave != 0; });
    if (all == 0)
        return {};
    const QString moved = Words::tr("%1 of %2 moved.").arg(count(std::int64_t(campaign.moved())), count(std::int64_t(all)));
    const auto longest = campaign.longestPause();
    return longest ? moved + QLatin1Char(' ') + Words::tr("The longest pause of writes was %1.").arg(duration(*longest)) : moved;
}

QString campaignOutcome(const Campaign &campaign, bool runs)
{
    if (!campaign.outcome)
        return runs ? Words::tr("Runs.") : Words::tr("Broke off: its driver is gone. Moves that it began go on; resume it, or abandon it.");
    const QString said = campaign.said.empty() ? QString() : QLatin1Char(' ') + campaignName(campaign.said) + QLatin1Char('.');
    switch (*campaign.outcome) {
    case campaign::Outcome::Done: return Words::tr("Done.") + said;
    case campaign::Outcome::Incomplete:
        return (campaign.left.size() == 1 ? Words::tr("Done, 1 thing left.") : Words::tr("Done, %1 things left.").arg(count(std::int64_t(campaign.left.size())))) + said;
    case campaign::Outcome::Stopped: return Words::tr("Stopped by a person.") + said;
    case campaign::Outcome::Failed: return Words::tr("Failed:") + said;
    case campaign::Outcome::InDoubt: return Words::tr("In doubt: of a move it is not known what is so.") + said;
    case campaign::Outcome::Abandoned: return Words::tr("Abandoned.") + said;
    }
    return {};
}

} // namespace shardlens::ui::format
