// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/CampaignWords.h"

#include "ui/format/CampaignText.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

using campaign::Aim;
using campaign::Campaign;
using campaign::CampaignPlan;
using campaign::Move;
using campaign::MoveState;

namespace {

QString countOf(std::int64_t number, const QString &one, const QString &many)
{
    return number == 1 ? one : many.arg(count(number));
}

QString actOfCampaign(const CampaignPlan &plan)
{
    const QString subject = text(plan.goal.subject);
    const QString things = thingsText(plan.effect.clusters, plan.effect.groups);
    const bool moves = plan.waves > 0;
    switch (plan.goal.aim) {
    case Aim::Evacuate: return moves ? Words::tr("Evacuate %1: move %2 in %3.").arg(subject, things, wavesText(plan.waves)) : Words::tr("Mark %1 as evacuated; nothing is to be moved.").arg(subject);
    case Aim::Return:
        return moves ? Words::tr("Return to %1: lift its mark, move %2 back in %3.").arg(subject, things, wavesText(plan.waves)) : Words::tr("Lift the mark of %1; nothing can move back now.").arg(subject);
    case Aim::HostDown: return moves ? Words::tr("Take %1 down: move %2 away in %3.").arg(subject, things, wavesText(plan.waves)) : Words::tr("Mark %1 for maintenance; no primary runs on it.").arg(subject);
    case Aim::HostUp: return moves ? Words::tr("Bring %1 back, and move %2 home in %3.").arg(subject, things, wavesText(plan.waves)) : Words::tr("Bring %1 back.").arg(subject);
    }
    return {};
}

QString markOfCampaign(const CampaignPlan &plan)
{
    const QString subject = text(plan.goal.subject);
    if (plan.setsMark)
        return Words::tr("Then %1 is marked: no candidate, and what is wrong there calls nobody.").arg(subject);
    if (plan.liftsMark && plan.goal.aim == Aim::HostUp)
        return Words::tr("Its mark is lifted once its servers are seen to stand by.");
    return {};
}

QString byWhom(const Campaign &campaign)
{
    QString by = Words::tr("by %1 since %2").arg(authorText({campaign.author.databaseUser, campaign.author.osUser, {}}), clockTime(campaign.beganAt));
    return campaign.reason.empty() ? by : by + QStringLiteral(": ") + text(campaign.reason);
}

unsigned movesOf(const Campaign &campaign)
{
    return static_cast<unsigned>(std::count_if(campaign.moves.begin(), campaign.moves.end(), [](const Move &move) { return move.wave != 0; }));
}

QString movedOf(const Campaign &campaign)
{
    if (campaign.waves == 0)
        return Words::tr("nothing is to be moved");
    return Words::tr("%1 of %2 moved").arg(count(std::int64_t(campaign.moved())), count(std::int64_t(movesOf(campaign))));
}

QString waveOf(const Campaign &campaign)
{
    if (campaign.waves == 0)
        return campaign.goal.aim == Aim::HostUp ? Words::tr("waiting until its servers stand by") : Words::tr("changing the mark");
    return campaign.wave == 0 ? Words::tr("before the first of %1").arg(wavesText(campaign.waves)) : Words::tr("wave %1 of %2").arg(campaign.wave).arg(campaign.waves);
}

/// The wave is through and the next has not begun.
bool isAtGate(const Campaign &campaign)
{
    return campaign.wave > 0 && std::none_of(campaign.moves.begin(), campaign.moves.end(), [&](const Move &move) {
        return move.wave == campaign.wave && (move.state == MoveState::Waiting || move.state == MoveState::Starting || move.state == MoveState::Moving);
    });
}

QString namesOf(const Campaign &campaign, std::initializer_list<MoveState> states)
{
    QStringList names;
    for (const Move &move : campaign.moves) {
        if (std::find(states.begin(), states.end(), move.state) != states.end())
            names << text(move.subject);
    }
    return names.join(QStringLiteral(", "));
}

QString doingNow(const Campaign &campaign)
{
    if (campaign.watch == campaign::Watch::Watching)
        return watchText(campaign);
    QString wave = waveOf(campaign);
    wave[0] = wave.at(0).toUpper();
    const QString moving = namesOf(campaign, {MoveState::Starting, MoveState::Moving});
    if (!moving.isEmpty())
        return Words::tr("%1: %2.").arg(wave, moving.contains(QLatin1Char(',')) ? Words::tr("%1 move").arg(moving)
                                                                                : Words::tr("%1 moves").arg(moving));
    const QString settling = namesOf(campaign, {MoveState::Settling});
    if (isAtGate(campaign) && campaign.wave < campaign.waves)
        return Words::tr("%1 is through: looking whether all is well before the next.").arg(wave);
    if (!settling.isEmpty())
        return settling.contains(QLatin1Char(','))
                   ? Words::tr("%1: writes flow; the old primaries of %2 become standbys.").arg(wave, settling)
                   : Words::tr("%1: writes flow; the old primary of %2 becomes a standby.").arg(wave, settling);
    return wave + QLatin1Char('.');
}

QString stopWords(const Campaign &campaign)
{
    if (campaign.watch == campaign::Watch::Watching)
        return Words::tr("All moves are over. It ends by itself; nothing fails if it is ended now.");
    switch (campaign.stop) {
    case campaign::Stop::No: return Words::tr("It goes on without this console.");
    case campaign::Stop::AfterWave: return Words::tr("It stops after this wave, as was asked for.");
    case campaign::Stop::Now: return Words::tr("It stops now, as was asked for: moves are undone before their point of no return, finished after it.");
    }
    return {};
}

QString moveReport(const Move &move)
{
    QString line = (move.wave == 0 ? QStringLiteral("-") : QString::number(move.wave)).rightJustified(4) + QStringLiteral("  ") + text(move.subject).leftJustified(12) + QStringLiteral("  ");
    line += (move.state == MoveState::Left ? fitWord(move.fit) : moveStateWord(move.state)).leftJustified(18) + QStringLiteral("  ");
    line += (move.pause && move.flowsAt ? duration(*move.pause) : QStringLiteral("-")).rightJustified(10) + QStringLiteral("  ");
    line += text(move.from.text());
    if (move.wave != 0 && !move.to.isEmpty())
        line += QLatin1Char(' ') + Words::tr("to %1").arg(text(move.to.text()));
    if (const QString why = whyNotMoved(move); !why.isEmpty())
        line += QStringLiteral(": ") + why;
    return line;
}

} // namespace

QString campaignWord(Aim aim)
{
    switch (aim) {
    case Aim::Evacuate: return Words::tr("evacuation");
    case Aim::Return: return Words::tr("return");
    case Aim::HostDown: return Words::tr("host down");
    case Aim::HostUp: return Words::tr("host up");
    }
    return {};
}

QString campaignLink(const campaign::Goal &goal)
{
    return campaignTitle(goal) + QChar(0x2026);
}

QString wavesText(unsigned waves)
{
    return countOf(waves, Words::tr("1 wave"), Words::tr("%1 waves"));
}

QString thingsText(unsigned clusters, unsigned groups)
{
    QStringList parts;
    if (clusters > 0 || groups == 0)
        parts << countOf(clusters, Words::tr("1 cluster"), Words::tr("%1 clusters"));
    if (groups > 0)
        parts << countOf(groups, Words::tr("1 group"), Words::tr("%1 groups"));
    return parts.join(QStringLiteral(", "));
}

QString campaignMissing(const CampaignPlan &plan)
{
    return plan.isEmpty() ? Words::tr("There is nothing to start") : QString();
}

Confirmation campaignConfirmation(const CampaignPlan &plan, bool typesName)
{
    if (plan.isEmpty())
        return {Words::tr("There is nothing to confirm: no row can be moved now, and no mark is to be changed."), {}};
    QStringList cost;
    if (plan.waves > 0) {
        cost << (plan.effect.longestPause ? Words::tr("Each takes no writes for at most about %1 as it moves.").arg(duration(*plan.effect.longestPause)) : Words::tr("For how long each takes no writes as it moves is not known."));
        QStringList failing;
        for (const campaign::Row &row : plan.rows) {
            if (row.wave != 0 && row.failsOver())
                failing << text(row.subject);
        }
        if (failing.isEmpty())
            cost << Words::tr("Nothing is lost.");
        else //: %1 clusters and groups
            cost << Words::tr("Failed over: %1. What their primaries acknowledged last may be lost.").arg(failing.join(QStringLiteral(", ")));
    }
    const auto howMany = [&](campaign::Fit fit) { return std::count_if(plan.rows.begin(), plan.rows.end(), [&](const campaign::Row &row) { return row.fit == fit; }); };
    if (const auto stay = howMany(campaign::Fit::NotReady); stay > 0)
        cost << countOf(stay, Words::tr("1 is not ready and stays where it is."), Words::tr("%1 are not ready and stay where they are."));
    if (const auto byHand = howMany(campaign::Fit::ByHand); byHand > 0)
        cost << countOf(byHand, Words::tr("1 is moved by hand."), Words::tr("%1 are moved by hand."));
    const auto &backlogs = plan.effect.backlogs;
    if (const auto late = std::count_if(backlogs.begin(), backlogs.end(),
                                        [](const campaign::InvalidationBacklog &one) { return !campaign::keepsUp(one); });
        late > 0)
        cost << countOf(late, Words::tr("The caches of 1 region do not keep up: who is sent there may see what was so before."),
                        Words::tr("The caches of %1 regions do not keep up: who is sent there may see what was so before."));
    cost << markOfCampaign(plan);
    if (typesName)
        cost << Words::tr("Type %1 to go on.").arg(text(plan.goal.subject));
    cost.removeAll(QString());
    return {actOfCampaign(plan), cost.join(QLatin1Char(' '))};
}

QString whyNotReady(const campaign::Row &row)
{
    const auto &told = row.blocking.empty() ? row.amiss : row.blocking;
    if (told.empty())
        return row.fit == campaign::Fit::NotReady ? Words::tr("No standby elsewhere is eligible") : QString();
    const auto all = row.blocking.size() + row.amiss.size();
    const QString first = checkSentence(told.front());
    return all > 1 ? QStringLiteral("%1 (+%2)").arg(first, count(std::int64_t(all) - 1)) : first;
}

QString whyNotMoved(const Move &move)
{
    QStringList why;
    if (!move.said.empty())
        why << text(move.said);
    for (const std::string &name : move.why) {
        const auto id = operate::checkNamed(name);
        operate::Check check;
        check.id = id.value_or(check.id);
        check.verdict = operate::Verdict::Failed;
        why << (id ? checkSentence(check) : text(name));
    }
    if (why.isEmpty() && move.state == MoveState::Left && move.fit == campaign::Fit::NotReady)
        why << Words::tr("No standby elsewhere is eligible");
    return why.join(QStringLiteral("; "));
}

QString pausesText(const campaign::Options &options)
{
    const QString atOnce = Words::tr("%1 at once").arg(options.atOnce);
    if (options.stopAfter == 0)
        return Words::tr("%1, goes on whatever fails").arg(atOnce);
    return options.stopAfter == 1 ? Words::tr("%1, stops after 1 failure").arg(atOnce) : Words::tr("%1, stops after %2 failures").arg(atOnce).arg(options.stopAfter);
}

QString campaignOutcomeWord(const Campaign &campaign, bool runs)
{
    if (!campaign.outcome)
        return runs ? Words::tr("running") : Words::tr("unfinished");
    switch (*campaign.outcome) {
    case campaign::Outcome::Done: return Words::tr("done");
    case campaign::Outcome::Incomplete: return countOf(std::int64_t(campaign.left.size()), Words::tr("done, 1 thing left"), Words::tr("done, %1 things left"));
    case campaign::Outcome::Stopped: return Words::tr("stopped");
    case campaign::Outcome::Failed: return Words::tr("failed");
    case campaign::Outcome::InDoubt: return Words::tr("in doubt");
    case campaign::Outcome::Abandoned: return Words::tr("abandoned");
    }
    return {};
}

QString campaignStrip(const Campaign &campaign, bool runs)
{
    const QString title = campaignTitle(campaign.goal);
    if (campaign.outcome)
        return Words::tr("%1: %2, %3").arg(title, campaignOutcomeWord(campaign, runs), byWhom(campaign));
    if (!runs)
        return Words::tr("%1 is unfinished: %2, %3").arg(title, movedOf(campaign), byWhom(campaign));
    return Words::tr("%1: %2, %3, %4").arg(title, waveOf(campaign), movedOf(campaign), byWhom(campaign));
}

Confirmation campaignState(const Campaign &campaign, bool runs)
{
    if (!campaign.outcome && runs)
        return {doingNow(campaign), stopWords(campaign)};
    if (!campaign.outcome)
        return {Words::tr("Unfinished: it waits for a person."), Words::tr("Whoever drove it is gone. Moves that it began go on by themselves; no further one begins.")};
    QString word = campaignOutcomeWord(campaign, runs);
    word[0] = word.at(0).toUpper();
    QStringList second{campaignTotal(campaign)};
    if (!campaign.said.empty())
        second << text(campaign.said) + QLatin1Char('.');
    if (*campaign.outcome == campaign::Outcome::Stopped)
        second << Words::tr("What was not begun is where it was; resuming goes on with it.");
    if (*campaign.outcome == campaign::Outcome::InDoubt)
        second << Words::tr("Of a move it is not known what is so: open it before anything else.");
    if (*campaign.outcome == campaign::Outcome::Abandoned)
        second << Words::tr("A person said that it is to be left as it is.");
    if (campaign.mark == campaign::MarkState::Set)
        second << Words::tr("%1 is marked.").arg(text(campaign.goal.subject));
    else if (campaign.mark == campaign::MarkState::Lifted)
        second << Words::tr("The mark of %1 is lifted.").arg(text(campaign.goal.subject));
    if (campaign.kernel)
        second << kernelText(*campaign.kernel);
    if (campaign.watch != campaign::Watch::Watching)
        second << watchText(campaign);
    second.removeAll(QString());
    return {word + QLatin1Char('.'), second.join(QLatin1Char(' '))};
}

QString campaignReport(const Campaign &campaign, bool runs)
{
    QStringList lines;
    lines << Words::tr("%1: %2").arg(campaignTitle(campaign.goal), campaignOutcomeWord(campaign, runs));
    const Confirmation state = campaignState(campaign, runs);
    lines << (campaign.outcome ? state.cost : state.act + QLatin1Char(' ') + state.cost);
    lines << Words::tr("Campaign %1, by %2, %3.").arg(text(campaign.id), authorText(campaign.author), pausesText(campaign.options));
    if (!campaign.reason.empty())
        lines << Words::tr("Reason: %1").arg(text(campaign.reason));
    lines << (campaign.endedAt ? Words::tr("Began %1, ended %2.").arg(dateTime(campaign.beganAt), dateTime(*campaign.endedAt)) : Words::tr("Began %1, last entry %2.").arg(dateTime(campaign.beganAt), dateTime(campaign.lastEntryAt)));
    lines << QString() << Words::tr("Wave, what, state, writes held");
    for (const Move &move : campaign.moves)
        lines << moveReport(move);
    for (const campaign::GateSeen &gate : campaign.gates) {
        if (!gate.isPassed)
            lines << Words::tr("The look after wave %1 did not pass: it waited for %2.").arg(gate.wave).arg(text(gate.said));
    }
    for (const campaign::PoolWarmth &pool : campaign.watch == campaign::Watch::None ? std::vector<campaign::PoolWarmth>() : campaign.pools)
        lines << Words::tr("Cache %1: %2").arg(text(pool.pool.text()), warmthText(pool));
    if (!campaign.manual.empty())
        lines << QString() << Words::tr("By hand");
    for (const campaign::Tick &tick : campaign.manual)
        lines << QStringLiteral("  ") + manualStepText(tick.step, campaign.goal.aim) + QStringLiteral(": ") +
                     (tick.by.empty() ? Words::tr("not ticked") : Words::tr("ticked by %1").arg(text(tick.by)));
    if (campaign.mark == campaign::MarkState::Failed)
        lines << Words::tr("The mark of %1 could not be changed: %2").arg(text(campaign.goal.subject), text(campaign.markSaid));
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace shardlens::ui::format
