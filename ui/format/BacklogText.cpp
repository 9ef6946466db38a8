// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/BacklogText.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>
#include <cmath>

namespace shardlens::ui::format {

using facts::Problem;
using facts::Rule;
using facts::Snapshot;
using facts::StandbyLag;
using facts::StandbyState;

namespace {

constexpr double steadyUnder = 16.0 * 1024; ///< bytes a second: less is the ordinary breathing of a backlog
constexpr qsizetype backlogsShown = 3;

bool isCutOff(const StandbyLag &lag)
{
    return lag.state == StandbyState::NotStreaming || lag.state == StandbyState::Diverged;
}

QString slotEnd(const StandbyLag &lag, facts::UtcTime now)
{
    return lag.slotFullIn ? clockMinute(now + *lag.slotFullIn, now) : QString();
}

/// What holds it and which way its backlog goes: "replay paused, growing 2.10 MiB/s".
QString directionOf(const StandbyLag &lag, facts::UtcTime now)
{
    QStringList parts;
    if (isCutOff(lag) || lag.state == StandbyState::Paused)
        parts << standbyStateWord(lag.state);
    const BacklogWords words = backlogWords(lag, now);
    if (lag.backlogBytesPerSecond && *lag.backlogBytesPerSecond >= steadyUnder)
        parts << Words::tr("growing %1").arg(bytesRate(*lag.backlogBytesPerSecond));
    else if (words.way == BacklogWay::Shrinks)
        parts << words.text;
    else if (parts.isEmpty())
        parts << (words.way == BacklogWay::Steady ? words.text : Words::tr("whether it grows is not known"));
    return parts.join(QLatin1String(", "));
}

/// Rules about one standby that cannot keep up.
bool holdsOneBack(Rule rule)
{
    return rule == Rule::Lag || rule == Rule::StandbyNotStreaming || rule == Rule::StandbyDown || rule == Rule::ReplayPaused ||
           rule == Rule::SlotFilling;
}

/// Rules about a way that streams take.
bool isOfAWay(Rule rule)
{
    return rule == Rule::LinkSlow || rule == Rule::LinkCut || rule == Rule::RegionSlow || rule == Rule::RegionSilent;
}

bool isHeldIn(const Problem &problem, const base::ServerId &standby)
{
    const auto isOfIt = [&](const Problem &one) { return holdsOneBack(one.rule) && one.place.server == standby; };
    return isOfIt(problem) || std::any_of(problem.consequences.begin(), problem.consequences.end(), isOfIt);
}

/// Its stream takes the way that the problem is about: over that link, into or out of that region.
bool streamsThere(const Problem &problem, const facts::ClusterFacts &cluster, const StandbyLag &lag, const Snapshot &snapshot)
{
    const fleet::Server *standby = snapshot.fleet->server(lag.standby);
    const fleet::Server *primary = cluster.primary ? snapshot.fleet->server(*cluster.primary) : nullptr;
    if (problem.place.region.isEmpty() || !standby || !primary || standby->region == primary->region)
        return false;
    const auto touches = [&](const std::string &region) {
        return standby->region.text() == region || primary->region.text() == region;
    };
    const bool isLink = problem.rule == Rule::LinkSlow || problem.rule == Rule::LinkCut;
    return touches(problem.place.region.text()) && (!isLink || touches(problem.detail));
}

bool isNoticeablyBehind(const StandbyLag &lag, const fleet::Thresholds &thresholds)
{
    return isCutOff(lag) || lag.state == StandbyState::Paused || facts::lagLevel(lag, thresholds).value_or(1) >= 2;
}

std::vector<const StandbyLag *> standbysHeld(const Problem &problem, const Snapshot &snapshot)
{
    std::vector<const StandbyLag *> held;
    const bool ofAWay = isOfAWay(problem.rule);
    if (!snapshot.fleet || (!ofAWay && !holdsOneBack(problem.rule)))
        return held;
    for (const facts::ClusterFacts &cluster : snapshot.clusters) {
        for (const StandbyLag &lag : cluster.standbys) {
            const bool isNamed = isHeldIn(problem, lag.standby);
            if (isNamed || (ofAWay && streamsThere(problem, cluster, lag, snapshot) && isNoticeablyBehind(lag, snapshot.fleet->thresholds)))
                held.push_back(&lag);
        }
    }
    // By kind, not by number: lines that change places each second cannot be read.
    const auto rank = [&](const StandbyLag *lag) {
        if (lag->slotFullIn)
            return 0;
        return backlogWords(*lag, snapshot.takenUtc).way == BacklogWay::Grows ? 1 : isCutOff(*lag) ? 2 : 3;
    };
    std::stable_sort(held.begin(), held.end(), [&](const StandbyLag *a, const StandbyLag *b) { return rank(a) < rank(b); });
    return held;
}

} // namespace

QString standbyStateWord(StandbyState state)
{
    switch (state) {
    case StandbyState::NotStreaming: return Words::tr("not streaming");
    case StandbyState::Diverged: return Words::tr("diverged");
    case StandbyState::Paused: return Words::tr("replay paused");
    case StandbyState::CatchingUp: return Words::tr("catching up");
    case StandbyState::Unknown: return Words::tr("not known");
    case StandbyState::Streaming: break;
    }
    return {};
}

BacklogWords backlogWords(const StandbyLag &lag, facts::UtcTime now)
{
    if (isCutOff(lag)) {
        const QString word = standbyStateWord(lag.state);
        if (lag.slotFullIn)
            return {Words::tr("%1, slot full at %2").arg(word, slotEnd(lag, now)), BacklogWay::Grows, true, word};
        return {word, BacklogWay::Stopped, true};
    }
    if (!lag.backlogBytesPerSecond) {
        const auto why = lag.backlogBytesPerSecond.error().why;
        const bool soon = why == facts::WhyUnknown::NotAskedYet || why == facts::WhyUnknown::Reset;
        return {soon ? QString(QChar(0x2026)) : Words::tr("unknown"), BacklogWay::NotKnown, false};
    }
    const double pace = *lag.backlogBytesPerSecond;
    if (std::abs(pace) < steadyUnder)
        return {lag.state == StandbyState::Paused ? standbyStateWord(lag.state) : Words::tr("steady"), BacklogWay::Steady, false};
    if (pace < 0) {
        if (!lag.behind)
            return {bytesRate(-pace), BacklogWay::Shrinks, false};
        const auto left = std::chrono::duration_cast<microseconds>(std::chrono::duration<double>(static_cast<double>(lag.behind->count) / -pace));
        return {Words::tr("caught up in about %1").arg(age(left)), BacklogWay::Shrinks, false, age(left)};
    }
    const QString grows = bytesRate(pace);
    if (lag.slotFullIn)
        return {Words::tr("%1, limit at %2").arg(grows, slotEnd(lag, now)), BacklogWay::Grows, true, grows};
    return {Words::tr("falls behind %1").arg(grows), BacklogWay::Grows, true, grows};
}

QString backlogSentence(const StandbyLag &lag, facts::UtcTime now)
{
    const QString standby = text(lag.standby.text());
    const QString end = slotEnd(lag, now);
    if (!lag.behind)
        return end.isEmpty() ? QString() : Words::tr("The slot of %1 reaches its limit at %2.").arg(standby, end);
    const QString behind = Words::tr("%1 is %2 behind, %3").arg(standby, bytes(*lag.behind), directionOf(lag, now));
    return end.isEmpty() ? behind + QLatin1Char('.') : Words::tr("%1; its slot reaches its limit at %2.").arg(behind, end);
}

QStringList backlogLines(const Problem &problem, const Snapshot &snapshot)
{
    QStringList lines;
    for (const StandbyLag *lag : standbysHeld(problem, snapshot)) {
        if (const QString line = backlogSentence(*lag, snapshot.takenUtc); !line.isEmpty())
            lines << line;
    }
    const qsizetype more = lines.size() - backlogsShown;
    if (more > 0)
        lines = lines.first(backlogsShown) << Words::tr("and %1 more").arg(count(more));
    return lines;
}

} // namespace shardlens::ui::format
