// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/CampaignOutline.h"

#include "ui/format/CampaignText.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Fact.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using campaign::Aim;
using campaign::Campaign;
using campaign::CampaignPlan;
using campaign::Move;
using campaign::MoveState;
using format::count;
using format::text;
using operate::OutlineRow;
using operate::OutlineRows;
using Kind = OutlineRow::Kind;
using theme::Shape;

namespace {

struct CampaignOutlineWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::campaigns)
};

OutlineRow lineOf(Kind kind, std::string id, const QString &title, const QString &right = {})
{
    OutlineRow row;
    row.id = std::move(id);
    row.kind = kind;
    row.title = title;
    row.right = right;
    row.isStrong = kind == Kind::Heading;
    return row;
}

void addFact(OutlineRows &rows, std::string id, const QString &title, const QString &value)
{
    rows.push_back(lineOf(Kind::Fact, std::move(id), title, value));
}

template <class T, class Write>
QString valueOf(const facts::Known<T> &value, Write &&write)
{
    return value ? write(*value) : CampaignOutlineWords::tr("not known");
}

OutlineRow itemOf(std::string id, Shape shape, const QString &title, const QString &second)
{
    OutlineRow row;
    row.id = std::move(id);
    row.shape = shape;
    row.title = title;
    row.second = second;
    row.isStrong = true;
    row.hasLine = true;
    return row;
}

void addPause(const CampaignPlan &plan, OutlineRows &rows)
{
    if (plan.waves == 0)
        return;
    rows.push_back(lineOf(Kind::Heading, "pause", CampaignOutlineWords::tr("Longest expected pause"), CampaignOutlineWords::tr("of writes")));
    OutlineRow figure = lineOf(Kind::Figure, "pause-figure", plan.effect.longestPause ? format::duration(*plan.effect.longestPause) : CampaignOutlineWords::tr("not known"));
    figure.second = CampaignOutlineWords::tr("of one of them; each moves by itself");
    rows.push_back(std::move(figure));
}

void addTogether(const CampaignPlan &plan, OutlineRows &rows)
{
    const campaign::Effect &effect = plan.effect;
    rows.push_back(lineOf(Kind::Heading, "together", CampaignOutlineWords::tr("Together"), format::wavesText(plan.waves)));
    if (effect.clusters > 0 || effect.groups == 0)
        addFact(rows, "clusters", CampaignOutlineWords::tr("Clusters that move"), count(effect.clusters));
    if (effect.groups > 0)
        addFact(rows, "groups", CampaignOutlineWords::tr("Redis groups that move"), count(effect.groups));
    if (effect.clusters > 0 || effect.groups == 0)
        addFact(rows, "shards", CampaignOutlineWords::tr("Shards"), count(effect.shards));
    if (effect.longestLag)
        addFact(rows, "lag", CampaignOutlineWords::tr("Worst lag of a target"), format::lag(*effect.longestLag));
    if (effect.left > 0)
        addFact(rows, "left", CampaignOutlineWords::tr("Not ready, or by hand"), count(effect.left));
}

/// What blocks a row, with the way to its own plan.
void addBlocked(const CampaignPlan &plan, OutlineRows &rows)
{
    bool isFirst = true;
    for (const campaign::Row &row : plan.rows) {
        if (row.fit != campaign::Fit::NotReady)
            continue;
        if (std::exchange(isFirst, false))
            rows.push_back(lineOf(Kind::Heading, "blocked", CampaignOutlineWords::tr("Checks that block")));
        QStringList why;
        for (const shardlens::operate::Check &check : row.blocking)
            why << format::checkSentence(check) + QLatin1Char('.');
        if (why.isEmpty())
            why << CampaignOutlineWords::tr("No standby elsewhere is eligible.");
        OutlineRow item = itemOf("plan:" + row.subject, Shape::Triangle, text(row.subject), why.join(QLatin1Char(' ')));
        item.link = CampaignOutlineWords::tr("Plan for %1 alone").arg(text(row.subject));
        rows.push_back(std::move(item));
    }
}

void addLoads(const CampaignPlan &plan, OutlineRows &rows)
{
    const auto &loads = plan.effect.loads;
    if (loads.empty())
        return;
    rows.push_back(lineOf(Kind::Heading, "loads", CampaignOutlineWords::tr("What takes them on")));
    const auto rate = [](double value) { return format::rate(value); };
    for (const campaign::TargetLoad &load : loads) {
        QStringList takes;
        for (const std::string &one : load.takes)
            takes << text(one);
        QStringList second{CampaignOutlineWords::tr("Takes %1.").arg(takes.join(QStringLiteral(", ")))};
        second << CampaignOutlineWords::tr("Commits %1, was %2.").arg(valueOf(load.commitsThen, rate), valueOf(load.commitsNow, rate));
        if (load.connectionsMost > 0)
            second << CampaignOutlineWords::tr("%1 of %2 connections in use.").arg(load.connections).arg(load.connectionsMost);
        OutlineRow item = itemOf("load:" + load.host.text(), Shape::None, text(load.host.text()), second.join(QLatin1Char(' ')));
        item.right = text(load.region.text());
        rows.push_back(std::move(item));
    }
}

/// Until a region's caches keep up, who is sent there may see what was so before.
void addBacklogs(const CampaignPlan &plan, OutlineRows &rows)
{
    if (plan.effect.backlogs.empty())
        return;
    rows.push_back(lineOf(Kind::Heading, "backlogs", CampaignOutlineWords::tr("Caches that users are sent to")));
    for (const campaign::InvalidationBacklog &one : plan.effect.backlogs) {
        const Shape shape = campaign::keepsUp(one)                                                ? Shape::Dot
                            : one.keys || one.keys.error().why == facts::WhyUnknown::ServerSilent ? Shape::Triangle
                                                                                                  : Shape::DashedRing;
        OutlineRow item =
            itemOf("backlog:" + one.region.text(), shape, text(one.region.text()), format::backlogText(one) + QLatin1Char('.'));
        item.isStrong = false;
        item.right = campaign::keepsUp(one) ? CampaignOutlineWords::tr("keep up")
                     : one.keys             ? CampaignOutlineWords::tr("behind")
                                            : CampaignOutlineWords::tr("not known");
        rows.push_back(std::move(item));
    }
}

void addBack(const CampaignPlan &plan, OutlineRows &rows)
{
    if (plan.servers.empty())
        return;
    rows.push_back(lineOf(Kind::Heading, "back", CampaignOutlineWords::tr("Servers there")));
    for (const campaign::ServerBack &one : plan.servers) {
        const Shape shape = one.comeback == campaign::Comeback::Now ? Shape::Dot : one.comeback == campaign::Comeback::CatchUp ? Shape::Triangle : one.comeback == campaign::Comeback::Silent ? Shape::DashedRing : Shape::Stop;
        OutlineRow item = itemOf("back:" + one.server.text(), shape, text(one.server.text()), text(one.detail));
        item.isStrong = false;
        item.right = one.behind && one.comeback == campaign::Comeback::CatchUp ? CampaignOutlineWords::tr("%1 behind").arg(format::bytes(*one.behind)) : format::comebackWord(one.comeback);
        rows.push_back(std::move(item));
    }
}

QStringList afterwards(const CampaignPlan &plan)
{
    QStringList notes;
    const QString subject = text(plan.goal.subject);
    if (plan.setsMark)
        notes << (campaign::isOfRegion(plan.goal.aim) ? CampaignOutlineWords::tr("%1 is marked as evacuated, on every console: no candidate there, and what is wrong there calls nobody.").arg(subject)
                                                      : CampaignOutlineWords::tr("%1 is marked for maintenance, on every console: no candidate on it, and its silence calls nobody.").arg(subject));
    if (plan.liftsMark)
        notes << (plan.goal.aim == Aim::Return ? CampaignOutlineWords::tr("The mark of %1 is lifted before the first wave.").arg(subject) : CampaignOutlineWords::tr("The mark of %1 is lifted once its servers are seen to stand by.").arg(subject));
    for (const std::string &one : plan.effect.withoutSecond)
        notes << CampaignOutlineWords::tr("Nobody stands by for %1.").arg(text(one));
    std::optional<std::pair<std::string, base::microseconds>> shortest;
    for (const campaign::Row &row : plan.rows) {
        if (row.wave != 0 && row.logKeptFor && (!shortest || *row.logKeptFor < shortest->second))
            shortest = std::pair(row.subject, *row.logKeptFor);
    }
    if (shortest)
        notes << CampaignOutlineWords::tr("Should %1 fall silent, the log of %2 is kept for it for about %3 at today’s pace; of the others longer.").arg(subject, text(shortest->first), format::duration(shortest->second));
    for (const base::ServerId &id : plan.effect.coldMembers)
        notes << CampaignOutlineWords::tr("%1 comes back cold.").arg(text(id.text()));
    if (!plan.effect.coldMembers.empty())
        notes << CampaignOutlineWords::tr("Extra reads: %1.").arg(valueOf(plan.effect.extraReads, [](double value) { return format::rate(value); }));
    for (const base::ServerId &id : plan.effect.routers)
        notes << (campaign::isOfRegion(plan.goal.aim) ? CampaignOutlineWords::tr("Router %1 serves nobody once users are elsewhere.").arg(text(id.text())) : CampaignOutlineWords::tr("Router %1 stops with it.").arg(text(id.text())));
    return notes;
}

void addAfterwards(const CampaignPlan &plan, OutlineRows &rows)
{
    const QStringList notes = afterwards(plan);
    if (!notes.isEmpty())
        rows.push_back(lineOf(Kind::Heading, "after", CampaignOutlineWords::tr("Then")));
    for (qsizetype i = 0; i < notes.size(); ++i)
        rows.push_back(lineOf(Kind::Note, "after:" + std::to_string(i), notes.at(i)));
    if (plan.waves > 1) {
        rows.push_back(lineOf(Kind::Heading, "between", CampaignOutlineWords::tr("Between waves")));
        rows.push_back(lineOf(Kind::Note, "between-note", CampaignOutlineWords::tr("Each new primary answers as the one primary, every router leads writes to it, the standbys that followed follow again, and nothing critical is new. Else no further wave begins.")));
    }
}

std::size_t allMoves(const Campaign &campaign)
{
    return static_cast<std::size_t>(std::count_if(campaign.moves.begin(), campaign.moves.end(), [](const Move &move) { return move.wave != 0; }));
}

void addProgress(const Campaign &campaign, OutlineRows &rows)
{
    const auto all = allMoves(campaign);
    if (all == 0) {
        rows.push_back(lineOf(Kind::Heading, "progress", CampaignOutlineWords::tr("Moved")));
        rows.push_back(lineOf(Kind::Note, "moved-none", CampaignOutlineWords::tr("Nothing is to be moved.")));
        return;
    }
    rows.push_back(lineOf(Kind::Heading, "progress", CampaignOutlineWords::tr("Moved"), campaign.waves > 0 ? CampaignOutlineWords::tr("wave %1 of %2").arg(campaign.wave).arg(campaign.waves) : QString()));
    OutlineRow figure = lineOf(Kind::Clock, "moved", CampaignOutlineWords::tr("%1 of %2").arg(count(campaign.moved()), count(std::int64_t(all))));
    figure.progress = all > 0 ? campaign.moved() / static_cast<double>(all) : -1;
    rows.push_back(std::move(figure));
    const auto settled = std::count_if(campaign.moves.begin(), campaign.moves.end(), [](const Move &move) { return move.wave != 0 && (move.state == MoveState::Done || move.state == MoveState::Incomplete); });
    addFact(rows, "settled", CampaignOutlineWords::tr("Old primary stands by"), CampaignOutlineWords::tr("%1 of %2").arg(settled).arg(all));
    const auto longest = campaign.longestPause();
    addFact(rows, "longest", CampaignOutlineWords::tr("Longest pause of writes"), longest ? format::duration(*longest) : CampaignOutlineWords::tr("none yet"));
    addFact(rows, "failures", CampaignOutlineWords::tr("Failures"), campaign.options.stopAfter == 0 ? count(campaign.failures()) : CampaignOutlineWords::tr("%1, stops after %2").arg(campaign.failures()).arg(campaign.options.stopAfter));
    addFact(rows, "at-once", CampaignOutlineWords::tr("At once"), count(campaign.options.atOnce));
}

void addClock(const Campaign &campaign, bool runs, base::UtcTime now, OutlineRows &rows)
{
    const base::UtcTime until = campaign.endedAt.value_or(runs ? now : campaign.lastEntryAt);
    addFact(rows, "took", campaign.endedAt ? CampaignOutlineWords::tr("Took") : CampaignOutlineWords::tr("So far"), format::age(std::max(std::chrono::duration_cast<base::microseconds>(until - campaign.beganAt), base::microseconds(0))));
    std::optional<base::UtcTime> last;
    for (const Move &move : campaign.moves) {
        if (move.flowsAt && (!last || *move.flowsAt > *last))
            last = move.flowsAt;
    }
    if (last && campaign.moved() == allMoves(campaign))
        addFact(rows, "flows", CampaignOutlineWords::tr("All take writes after"), format::duration(std::chrono::duration_cast<base::microseconds>(*last - campaign.beganAt)));
}

void addGates(const Campaign &campaign, OutlineRows &rows)
{
    if (campaign.gates.empty())
        return;
    rows.push_back(lineOf(Kind::Heading, "gates", CampaignOutlineWords::tr("Looks between waves")));
    for (const campaign::GateSeen &gate : campaign.gates) {
        OutlineRow item = itemOf("gate:" + std::to_string(gate.wave) + (gate.isPassed ? "" : ":shut"), gate.isPassed ? Shape::Dot : campaign.outcome ? Shape::Triangle : Shape::Ellipsis,
                                 gate.isPassed ? CampaignOutlineWords::tr("After wave %1 all is well").arg(gate.wave) : CampaignOutlineWords::tr("After wave %1 it waits").arg(gate.wave),
                                 gate.isPassed ? QString() : CampaignOutlineWords::tr("For %1.").arg(text(gate.said)));
        item.isStrong = false;
        item.hasLine = false;
        rows.push_back(std::move(item));
    }
}

void addLeft(const Campaign &campaign, OutlineRows &rows)
{
    if (!campaign.outcome || campaign.left.empty())
        return;
    const std::size_t heading = rows.size();
    rows.push_back(lineOf(Kind::Heading, "left", {}));
    for (const Move &move : campaign.moves) {
        const bool isToldElsewhere = move.fit == campaign::Fit::ByHand || (move.wave == 0 && campaign.goal.aim == Aim::HostUp);
        if (move.state == MoveState::Done || move.fit == campaign::Fit::Settled || isToldElsewhere)
            continue;
        const QString state = move.state == MoveState::Left ? format::fitWord(move.fit) : format::moveStateWord(move.state);
        OutlineRow item = itemOf("plan:" + move.subject, move.state == MoveState::Failed ? Shape::Stop : Shape::Triangle, CampaignOutlineWords::tr("%1: %2").arg(text(move.subject), state), format::whyNotMoved(move));
        if (!item.second.isEmpty())
            item.second += QLatin1Char('.');
        const bool isStill = move.state != MoveState::Incomplete && move.state != MoveState::InDoubt;
        if (isStill)
            item.link = CampaignOutlineWords::tr("Plan for %1").arg(text(move.subject));
        rows.push_back(std::move(item));
    }
    for (const campaign::Tick &tick : campaign.manual) {
        if (tick.by.empty() && tick.step.kind != campaign::ManualStep::Kind::WorkOnHost)
            rows.push_back(itemOf("hand:" + tick.step.id(), Shape::Wrench, format::manualStepText(tick.step, campaign.goal.aim), CampaignOutlineWords::tr("By hand, and not ticked.")));
    }
    if (campaign.mark == campaign::MarkState::Failed)
        rows.push_back(itemOf("mark", Shape::Stop, CampaignOutlineWords::tr("The mark of %1").arg(text(campaign.goal.subject)), text(campaign.markSaid)));
    for (const campaign::PoolWarmth &pool :
         campaign.watch == campaign::Watch::Cold ? campaign.pools : std::vector<campaign::PoolWarmth>()) {
        if (!pool.isWarm())
            rows.push_back(itemOf("cold:" + pool.pool.text(), Shape::Triangle, text(pool.pool.text()),
                                  CampaignOutlineWords::tr("Not warm yet; it goes on filling by itself.")));
    }
    const auto left = rows.size() - heading - 1;
    rows[heading].title = left == 1 ? CampaignOutlineWords::tr("1 thing left") : CampaignOutlineWords::tr("%1 things left").arg(left);
}

void addMark(const Campaign &campaign, OutlineRows &rows)
{
    const QString subject = text(campaign.goal.subject);
    QString words;
    if (campaign.mark == campaign::MarkState::Set)
        words = CampaignOutlineWords::tr("%1 is marked: no candidate, and what is wrong there calls nobody.").arg(subject);
    else if (campaign.mark == campaign::MarkState::Lifted)
        words = CampaignOutlineWords::tr("The mark of %1 is lifted.").arg(subject);
    else if (campaign.mark == campaign::MarkState::None && !campaign.outcome && campaign.setsMark)
        words = CampaignOutlineWords::tr("%1 is marked once the last wave is through.").arg(subject);
    if (words.isEmpty())
        return;
    rows.push_back(lineOf(Kind::Heading, "mark-head", CampaignOutlineWords::tr("Mark")));
    rows.push_back(lineOf(Kind::Note, "mark-note", words));
}

void addKernel(const Campaign &campaign, OutlineRows &rows)
{
    if (!campaign.kernel)
        return;
    rows.push_back(lineOf(Kind::Heading, "kernel-head", CampaignOutlineWords::tr("Kernel")));
    const bool isPlain = campaign.kernel->now && !campaign.kernel->change;
    const Shape shape = !campaign.kernel->now                                ? Shape::DashedRing
                        : isPlain || format::isKernelFresh(*campaign.kernel) ? Shape::Dot
                                                                             : Shape::Triangle;
    OutlineRow item = itemOf("kernel", shape, format::kernelTitle(*campaign.kernel), format::kernelText(*campaign.kernel));
    item.isStrong = false;
    item.hasLine = false;
    rows.push_back(std::move(item));
}

void addPools(const Campaign &campaign, OutlineRows &rows)
{
    if (campaign.watch == campaign::Watch::None)
        return;
    rows.push_back(lineOf(Kind::Heading, "pools", CampaignOutlineWords::tr("Caches of the other regions"),
                          CampaignOutlineWords::tr("found, of what is asked")));
    for (const campaign::PoolWarmth &pool : campaign.pools) {
        const Shape shape = !pool.before || (!pool.now && campaign.outcome) ? Shape::DashedRing
                            : pool.isWarm()                                 ? Shape::Dot
                            : campaign.outcome                              ? Shape::Triangle
                                                                            : Shape::Chevron;
        OutlineRow item = itemOf("pool:" + pool.pool.text(), shape, text(pool.pool.text()), format::warmthText(pool) + QLatin1Char('.'));
        item.isStrong = false;
        if (pool.before)
            item.right = pool.isWarm() ? CampaignOutlineWords::tr("warm") : CampaignOutlineWords::tr("not warm yet");
        if (pool.before && pool.now)
            item.progress = *pool.before > 0 ? std::min(1.0, *pool.now / *pool.before) : 1.0;
        rows.push_back(std::move(item));
    }
}

} // namespace

void addHosted(const std::vector<campaign::Hosted> &hosted, OutlineRows &rows)
{
    if (hosted.empty())
        return;
    rows.push_back(lineOf(Kind::Heading, "hosted", CampaignOutlineWords::tr("What goes with it")));
    for (const campaign::Hosted &one : hosted) {
        const Shape shape = one.part == campaign::Part::Unknown ? Shape::DashedRing
                            : campaign::hasNoSecond(one)        ? Shape::Triangle
                                                                : Shape::Dot;
        OutlineRow item = itemOf("hosted:" + one.server.text(), shape, text(one.server.text()), format::goneText(one));
        item.isStrong = false;
        item.right = format::partWord(one);
        rows.push_back(std::move(item));
    }
}

namespace {

/// A heading has a line of its own above it.
void dropDoubleLines(OutlineRows &rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i + 1 == rows.size() || rows[i + 1].kind == Kind::Heading)
            rows[i].hasLine = false;
    }
}

} // namespace

OutlineRows campaignPlanOutline(const CampaignPlan &plan)
{
    OutlineRows rows;
    addPause(plan, rows);
    addTogether(plan, rows);
    addBlocked(plan, rows);
    addBack(plan, rows);
    addHosted(plan.hosted, rows);
    addBacklogs(plan, rows);
    addLoads(plan, rows);
    addAfterwards(plan, rows);
    dropDoubleLines(rows);
    return rows;
}

OutlineRows campaignOutline(const Campaign &campaign, bool runs, base::UtcTime now)
{
    OutlineRows rows;
    addProgress(campaign, rows);
    addClock(campaign, runs, now, rows);
    addLeft(campaign, rows);
    addPools(campaign, rows);
    addKernel(campaign, rows);
    addGates(campaign, rows);
    addMark(campaign, rows);
    dropDoubleLines(rows);
    return rows;
}

} // namespace shardlens::ui::pages
