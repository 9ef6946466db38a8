// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/CampaignRows.h"

#include "ui/format/CampaignText.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"
#include "ui/operate/CampaignBar.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using campaign::Fit;
using campaign::Move;
using campaign::MoveState;
using campaign::Row;
using format::text;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using models::noneCell;
using Holds = FactColumn::Holds;
using theme::ColourRole;
using theme::Shape;

namespace {

struct CampaignRowsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::campaigns)
};

FactCell waveCell(unsigned wave)
{
    if (wave == 0)
        return noneCell(CampaignRowsWords::tr("it is not moved"));
    FactCell cell = nameCell(QString::number(wave));
    cell.raw = wave;
    cell.tip = wave == 1 ? CampaignRowsWords::tr("The canary: one alone") : QString();
    return cell;
}

FactCell memberCell(const base::ServerId &id, const QString &whyNone)
{
    return id.isEmpty() ? noneCell(whyNone) : nameCell(text(id.text()));
}

FactCell openCell(const QString &words)
{
    FactCell cell = nameCell(words);
    cell.role = ColourRole::Accent;
    return cell;
}

Shape shapeOfFit(Fit fit)
{
    switch (fit) {
    case Fit::Ready: return Shape::Dot;
    case Fit::Warnings: return Shape::Triangle;
    case Fit::NotReady: return Shape::Triangle; // red is for what people are refused now
    case Fit::ByHand: return Shape::Wrench;
    case Fit::Settled: return Shape::Ring;
    }
    return Shape::None;
}

FactCell fitCell(Fit fit, bool isSettled)
{
    if (!isSettled && fit == Fit::NotReady) {
        FactCell asking = nameCell(CampaignRowsWords::tr("asking"), Shape::Ellipsis);
        asking.role = ColourRole::Muted;
        return asking;
    }
    FactCell cell = nameCell(format::fitWord(fit), shapeOfFit(fit));
    if (fit == Fit::Warnings)
        cell.brief = CampaignRowsWords::tr("warnings");
    return cell;
}

Shape shapeOfMove(const Move &move)
{
    switch (move.state) {
    case MoveState::Left: return shapeOfFit(move.fit);
    case MoveState::Waiting: return Shape::None;
    case MoveState::Starting:
    case MoveState::Moving: return Shape::Chevron;
    case MoveState::Settling: return Shape::Ring;
    case MoveState::Done: return Shape::Dot;
    case MoveState::Incomplete: return Shape::Triangle;
    case MoveState::RolledBack: return Shape::ArrowUp;
    case MoveState::Failed: return Shape::Stop;
    case MoveState::InDoubt: return Shape::DashedRing;
    case MoveState::NotBegun: return Shape::None;
    }
    return Shape::None;
}

FactCell moveStateCell(const Move &move)
{
    FactCell cell = nameCell(move.state == MoveState::Left ? format::fitWord(move.fit) : format::moveStateWord(move.state), shapeOfMove(move));
    if (move.state == MoveState::Incomplete)
        cell.brief = CampaignRowsWords::tr("things left");
    if (move.state == MoveState::Left && move.fit == Fit::Warnings)
        cell.brief = CampaignRowsWords::tr("warnings");
    if (move.state == MoveState::Waiting || move.state == MoveState::NotBegun)
        cell.role = ColourRole::Muted;
    return cell;
}

FactCell lagCell(const facts::Known<base::microseconds> &lag)
{
    if (!lag)
        return models::cellOf(format::formattedUnknown(lag.error(), {}));
    FactCell cell = nameCell(format::lag(*lag));
    cell.raw = std::chrono::duration<double>(*lag).count();
    return cell;
}

FactCell aboutCell(const base::microseconds &pause, const QString &tip)
{
    FactCell cell = nameCell(CampaignRowsWords::tr("about %1").arg(format::duration(pause)));
    cell.raw = std::chrono::duration<double>(pause).count();
    cell.tip = tip;
    cell.role = ColourRole::Muted;
    return cell;
}

FactCell planPauseCell(const Row &row)
{
    if (!campaign::moves(row))
        return noneCell(CampaignRowsWords::tr("it is not moved"));
    if (row.pause.expected)
        return aboutCell(*row.pause.expected, format::pauseText(row.pause));
    return models::cellOf(format::formattedUnknown(row.pause.expected.error(), {}));
}

FactCell movePauseCell(const Move &move)
{
    if (move.pause && move.flowsAt) {
        FactCell cell = nameCell(format::duration(*move.pause));
        cell.raw = std::chrono::duration<double>(*move.pause).count();
        cell.tip = move.expectedPause ? CampaignRowsWords::tr("expected about %1").arg(format::duration(*move.expectedPause)) : QString();
        return cell;
    }
    if (move.expectedPause && (move.state == MoveState::Waiting || move.state == MoveState::Starting || move.state == MoveState::Moving))
        return aboutCell(*move.expectedPause, CampaignRowsWords::tr("expected"));
    return noneCell(CampaignRowsWords::tr("its writes were not held"));
}

/// `checks`: how many are told in it; 0: none is.
FactCell noteCell(const QString &words, const QString &tip, ColourRole ink, std::size_t checks = 0)
{
    if (words.isEmpty())
        return noneCell(CampaignRowsWords::tr("nothing is amiss"));
    FactCell cell = nameCell(words);
    cell.tip = tip.isEmpty() ? words : tip;
    cell.brief = checks == 0   ? CampaignRowsWords::tr("see tip")
                 : checks == 1 ? CampaignRowsWords::tr("1 check")
                               : CampaignRowsWords::tr("%1 checks").arg(format::count(std::int64_t(checks)));
    cell.role = ink;
    return cell;
}

QString secondsNote(const Row &row)
{
    return row.seconds.empty() ? CampaignRowsWords::tr("Nobody stands by for it afterwards") : QString();
}

FactCell planNoteCell(const Row &row, bool isSettled)
{
    if (!isSettled && row.fit == Fit::NotReady)
        return noneCell(CampaignRowsWords::tr("not all is read yet"));
    if (row.fit == Fit::ByHand)
        return noteCell(CampaignRowsWords::tr("A person moves it: see by hand"), {}, ColourRole::Text);
    QStringList tips;
    for (const auto *checks : {&row.blocking, &row.amiss}) {
        for (const shardlens::operate::Check &check : *checks)
            tips << format::checkSentence(check);
    }
    QString words = format::whyNotReady(row);
    if (campaign::moves(row) && row.failsOver()) { // what may be lost is more than any warning
        tips.prepend(CampaignRowsWords::tr("What is lost: %1").arg(format::lossText(row.loss)));
        words = row.seconds.empty() ? CampaignRowsWords::tr("A failover; nobody stands by for it afterwards") : CampaignRowsWords::tr("A failover");
    }
    if (words.isEmpty() && row.comeback && *row.comeback != campaign::Comeback::Now)
        words = format::comebackWord(*row.comeback);
    if (words.isEmpty() && campaign::moves(row))
        words = secondsNote(row);
    return noteCell(words, tips.join(QLatin1Char('\n')), row.fit == Fit::NotReady ? ColourRole::WarningText : ColourRole::Text, std::size_t(tips.size()));
}

FactCell subjectCell(const std::string &subject, bool isGroup, bool isDirectory)
{
    FactCell cell = nameCell(text(subject));
    cell.tip = isGroup ? CampaignRowsWords::tr("Redis group") : isDirectory ? CampaignRowsWords::tr("The directory's cluster") : QString();
    return cell;
}

FactRow planRow(const Row &row, bool isSettled)
{
    const bool isMove = campaign::moves(row) || row.fit == Fit::NotReady;
    return {row.subject,
            {waveCell(row.wave), subjectCell(row.subject, row.isGroup, row.isDirectory), memberCell(row.from, CampaignRowsWords::tr("no primary is known")),
             isMove ? memberCell(row.to, CampaignRowsWords::tr("no standby is eligible")) : noneCell(CampaignRowsWords::tr("it is not moved")), fitCell(row.fit, isSettled),
             campaign::moves(row) ? lagCell(row.lag) : noneCell(CampaignRowsWords::tr("it is not moved")), planPauseCell(row), planNoteCell(row, isSettled),
             openCell(isMove ? CampaignRowsWords::tr("Plan") : QString())}};
}

FactRow moveRow(const Move &move, bool isOver)
{
    const bool isMove = move.wave != 0;
    const bool isGrave = move.state == MoveState::Failed || (move.state == MoveState::Left && move.fit == Fit::NotReady);
    const ColourRole ink = isGrave ? ColourRole::WarningText : ColourRole::Text;
    const bool isByHand = move.state == MoveState::Left && move.fit == Fit::ByHand;
    const bool mayPlan = isOver && (isGrave || move.state == MoveState::RolledBack || move.state == MoveState::NotBegun);
    return {move.subject,
            {waveCell(move.wave), subjectCell(move.subject, move.isGroup, move.isDirectory),
             memberCell(move.from, CampaignRowsWords::tr("no primary is known")),
             isMove ? memberCell(move.to, {}) : noneCell(CampaignRowsWords::tr("it is not moved")), moveStateCell(move),
             move.lag ? lagCell(*move.lag) : noneCell(CampaignRowsWords::tr("read as its move begins")), movePauseCell(move),
             isByHand ? noteCell(CampaignRowsWords::tr("A person moves it: see by hand"), {}, ColourRole::Text)
                      : noteCell(format::whyNotMoved(move), {}, ink, move.why.size()),
             openCell(!move.operation.empty() ? CampaignRowsWords::tr("Open")
                      : mayPlan               ? CampaignRowsWords::tr("Plan")
                                              : QString())}};
}

QString namesOfAll(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Cluster &cluster : fleet.clusters)
        names << text(cluster.name.text());
    for (const fleet::RedisGroup &group : fleet.redisGroups)
        names << text(group.name.text());
    return names.join(QLatin1Char('\n'));
}

QString membersOfAll(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const fleet::Cluster &cluster : fleet.clusters) {
        for (const base::ServerId &id : cluster.servers)
            names << text(id.text());
    }
    for (const fleet::RedisGroup &group : fleet.redisGroups) {
        for (const base::ServerId &id : group.servers)
            names << text(id.text());
    }
    return names.join(QLatin1Char('\n'));
}

/// As the state reads at its widest, or where it has little room.
QString stateWords(bool isBrief)
{
    QStringList words{CampaignRowsWords::tr("asking"), isBrief ? CampaignRowsWords::tr("warnings") : format::fitWord(Fit::Warnings), isBrief ? CampaignRowsWords::tr("things left") : format::moveStateWord(MoveState::Incomplete)};
    for (const Fit fit : {Fit::Ready, Fit::NotReady, Fit::ByHand, Fit::Settled})
        words << format::fitWord(fit);
    for (const MoveState state : {MoveState::Waiting, MoveState::Starting, MoveState::Moving, MoveState::Settling, MoveState::Done, MoveState::RolledBack, MoveState::Failed, MoveState::InDoubt, MoveState::NotBegun})
        words << format::moveStateWord(state);
    return words.join(QLatin1Char('\n'));
}

} // namespace

std::vector<FactColumn> campaignColumns(const fleet::Fleet &fleet)
{
    const QString servers = membersOfAll(fleet);
    return {
        {QStringLiteral("wave"), CampaignRowsWords::tr("Wave"), QStringLiteral("88"), Holds::Number, 0,
         CampaignRowsWords::tr("The first is one alone; a wave begins once the one before is well")},
        {QStringLiteral("subject"), CampaignRowsWords::tr("Name"), namesOfAll(fleet), Holds::Name, 0},
        {QStringLiteral("from"), CampaignRowsWords::tr("From"), servers, Holds::Name, 3},
        {QStringLiteral("to"), CampaignRowsWords::tr("To"), servers, Holds::Name, 1},
        {QStringLiteral("state"), CampaignRowsWords::tr("State"), stateWords(false), Holds::Words, 0,
         CampaignRowsWords::tr("Readiness, by the checks that a plan of it has; then how far it is"), stateWords(true), true},
        {QStringLiteral("lag_seconds"), CampaignRowsWords::tr("Lag"),
         format::widestLag() + QLatin1Char('\n') + models::FactTableModel::tr("unknown"), Holds::Number, 2,
         CampaignRowsWords::tr("Replay lag of the server it moves to; once begun, as it was then")},
        {QStringLiteral("pause_seconds"), CampaignRowsWords::tr("Pause"),
         CampaignRowsWords::tr("about %1").arg(QStringLiteral("88.88") + format::kNarrowSpace + QLatin1Char('s')) + QLatin1Char('\n') +
             models::FactTableModel::tr("unknown"),
         Holds::Number, 0, CampaignRowsWords::tr("How long writes are held: about, as expected; then as it was")},
        {QStringLiteral("note"), CampaignRowsWords::tr("Note"),
         CampaignRowsWords::tr("The candidate replays behind what may be lost") + QStringLiteral(" (+88)"), Holds::Words, 4,
         CampaignRowsWords::tr("The first check that blocks, else the first that is not passed; what was said"),
         CampaignRowsWords::tr("88 checks") + QLatin1Char('\n') + CampaignRowsWords::tr("see tip")},
        {QStringLiteral("open"), QString(), CampaignRowsWords::tr("Open") + QLatin1Char('\n') + CampaignRowsWords::tr("Plan"), Holds::Words,
         0},
    };
}

std::vector<FactRow> campaignPlanRows(const campaign::CampaignPlan &plan, bool isSettled)
{
    std::vector<FactRow> rows;
    for (const Row &row : plan.rows)
        rows.push_back(planRow(row, isSettled));
    return rows;
}

std::vector<FactRow> campaignMoveRows(const campaign::Campaign &campaign)
{
    std::vector<FactRow> rows;
    for (const Move &move : campaign.moves)
        rows.push_back(moveRow(move, campaign.outcome.has_value()));
    return rows;
}

FactRow campaignHistoryRow(const operate::CampaignSeen &seen, base::UtcTime now)
{
    const campaign::Campaign &campaign = seen.campaign;
    FactCell when = nameCell(format::ago(campaign.beganAt, now));
    when.raw = format::iso8601(campaign.beganAt);
    when.tip = format::dateTime(campaign.beganAt);
    const auto longest = campaign.longestPause();
    FactCell held = longest ? nameCell(format::duration(*longest)) : noneCell(CampaignRowsWords::tr("writes were not held"));
    if (longest) {
        held.raw = std::chrono::duration<double>(*longest).count();
        held.tip = CampaignRowsWords::tr("the longest of its moves");
    }
    FactCell reason = campaign.reason.empty() ? noneCell(CampaignRowsWords::tr("none was given")) : nameCell(text(campaign.reason));
    if (!campaign.reason.empty()) {
        reason.tip = reason.text;
        reason.brief = CampaignRowsWords::tr("told");
    }
    return {campaign.id,
            {nameCell(format::campaignOutcomeWord(campaign, seen.runs), operate::shapeOf(seen)), when, nameCell(format::campaignWord(campaign.goal.aim)), nameCell(text(campaign.goal.subject)),
             noneCell(CampaignRowsWords::tr("it has moves of its own")), noneCell(CampaignRowsWords::tr("it has moves of its own")),
             nameCell(text(campaign.author.databaseUser.empty() ? campaign.author.osUser : campaign.author.databaseUser)), held, reason, openCell(CampaignRowsWords::tr("Open"))}};
}

} // namespace shardlens::ui::pages
