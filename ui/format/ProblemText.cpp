// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ProblemText.h"

#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/PlanText.h"
#include "ui/format/ProblemPhrases.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::Problem;
using facts::Snapshot;

/// The first form that fits; the last one cut, if none does.
QString fitting(const QStringList &forms, int most)
{
    for (const QString &form : forms) {
        if (form.size() <= most)
            return form;
    }
    return forms.isEmpty() ? QString() : forms.last().left(most - 1) + QChar(0x2026);
}

QString capital(QString sentence)
{
    if (!sentence.isEmpty())
        sentence[0] = sentence.at(0).toUpper();
    return sentence;
}

QString names(const std::vector<base::ServerId> &servers)
{
    QStringList list;
    for (const base::ServerId &server : servers)
        list << text(server.text());
    if (list.size() < 2)
        return list.join(QString());
    const QString last = list.takeLast();
    return Words::tr("%1 and %2").arg(list.join(QLatin1String(", ")), last);
}

/// " (users by row estimates read 40 s ago)"
QString counted(const Problem &problem, const Snapshot &snapshot)
{
    if (!problem.impact.usersCountedAt)
        return {};
    return QLatin1Char(' ') +
           Words::tr("(users by row estimates read %1 ago)").arg(age(std::chrono::duration_cast<facts::microseconds>(snapshot.takenAt - *problem.impact.usersCountedAt)));
}

/// Who agrees that it is lost, the longest form first: by name where few, as a count where many.
QStringList alsoSeen(const Problem &problem, const Snapshot &snapshot)
{
    const auto &others = problem.alsoSeenBy;
    if (others.empty())
        return {};
    const fleet::Cluster *cluster = snapshot.fleet ? snapshot.fleet->cluster(problem.place.cluster) : nullptr;
    const auto isStandby = [&](const base::ServerId &id) { return std::find(cluster->servers.begin(), cluster->servers.end(), id) != cluster->servers.end(); };
    const bool both = problem.rule == facts::Rule::PrimaryDown && cluster && cluster->servers.size() == 3 && std::count_if(others.begin(), others.end(), isStandby) == 2;
    if (both) {
        const QString standbys = Words::tr("Both standbys lost it too");
        const std::int64_t routers = std::int64_t(others.size()) - 2;
        if (routers == 0)
            return {standbys};
        return {standbys + QLatin1String(", ") + (routers == 1 ? Words::tr("and %1").arg(text(others.back().text())) : Words::tr("and %1 routers").arg(count(routers))), standbys};
    }
    if (others.size() <= 2)
        return {Words::tr("Lost to %1 too").arg(names(others))};
    return {Words::tr("Lost to %1 other servers too").arg(count(std::int64_t(others.size())))};
}

/// Rules in which other servers agree that one is lost.
bool isLoss(facts::Rule rule)
{
    using facts::Rule;
    return rule == Rule::PrimaryDown || rule == Rule::StandbyDown || rule == Rule::MemberDown || rule == Rule::RouterDown || rule == Rule::RedisPrimaryDown ||
           rule == Rule::RedisReplicaDown || rule == Rule::CacheServerDown || rule == Rule::RegionSilent;
}

/// Rules about what a region's caches show, wherever its cause lies.
bool isOfCaches(facts::Rule rule)
{
    using facts::Rule;
    return rule == Rule::InvalidatorDown || rule == Rule::InvalidationFailing || rule == Rule::InvalidationLate || rule == Rule::CacheMustFlush ||
           rule == Rule::CacheStale;
}

QString firstEvidence(const Problem &problem)
{
    return problem.evidence.empty() ? QString() : capital(evidenceShort(problem.evidence.front()));
}

QString secondLine(const Problem &problem, const Snapshot &snapshot, const Phrases &phrases)
{
    const QString folded = consequencesText(problem);
    constexpr int before = 4; // what "before 03:14Z" is longer than "03:13:41Z" on its right
    const int room = ProblemText::kLine2 - (folded.isEmpty() ? 0 : int(folded.size()) + 2) - (problem.since.exact ? 0 : before);
    QStringList forms;
    const QStringList seen = isLoss(problem.rule) ? alsoSeen(problem, snapshot) : QStringList();
    const QString hit = impactText(problem);
    const QString first = phrases.second.isEmpty() ? firstEvidence(problem) : phrases.second;
    // Who else lost it says more than how it is silent: that is the question a person asks first.
    const auto together = [&forms](const QString &one, const QString &more) {
        if (!one.isEmpty() && !more.isEmpty())
            forms << one + QLatin1String(". ") + more;
    };
    for (const QString &one : seen)
        together(one, hit);
    for (const QString &one : seen) {
        together(one, first);
        if (one != seen.last())
            forms << one;
    }
    together(first, hit);
    for (const QString &alone : seen + QStringList{first, hit}) {
        if (!alone.isEmpty())
            forms << alone;
    }
    if (problem.impact.userShare && !hit.isEmpty())
        forms << Words::tr("About %1 of users").arg(share(*problem.impact.userShare));
    if (forms.isEmpty())
        forms << capital(sinceText(problem.since, snapshot.takenUtc, snapshot.observingSinceUtc));
    return fitting(forms, room);
}

} // namespace

QString impactText(const Problem &problem)
{
    QStringList words;
    for (const facts::ShardsHit &hit : problem.impact.shards) {
        const QString partition = text(hit.partition.text());
        words << (hit.of > 0 ? Words::tr("%1 of %2 %3 shards").arg(count(hit.shards), count(hit.of), partition)
                             : Words::tr("%1 %2 shards").arg(count(hit.shards), partition));
    }
    if (problem.impact.userShare && !words.isEmpty())
        words << Words::tr("about %1 of users").arg(share(*problem.impact.userShare));
    QString all = words.join(QLatin1String(", "));
    const auto &regions = problem.impact.regions;
    if (!all.isEmpty() && regions.size() == 1)
        all += QLatin1Char(' ') + Words::tr("in %1").arg(text(regions.front().text()));
    return all;
}

QString placeName(const facts::Place &place)
{
    if (!place.cluster.isEmpty())
        return text(place.cluster.text());
    if (!place.group.isEmpty())
        return text(place.group.text());
    if (!place.pool.isEmpty())
        return text(place.pool.text());
    if (!place.server.isEmpty())
        return text(place.server.text());
    return text(place.region.text());
}

namespace {

/// By its name, where a button has room for it.
QString openButton(const facts::Place &place)
{
    const QString named = Words::tr("Open %1").arg(placeName(place));
    if (named.size() <= ProblemText::kButton)
        return named;
    return !place.cluster.isEmpty() ? Words::tr("Open cluster") : !place.group.isEmpty() ? Words::tr("Open group") : Words::tr("Open pool");
}

} // namespace

QString pageOf(const Problem &problem)
{
    if (isOfCaches(problem.rule))
        return QStringLiteral("cache");
    if (problem.rule == facts::Rule::ShardDrift)
        return QStringLiteral("shards");
    if (!problem.place.cluster.isEmpty())
        return QStringLiteral("replication");
    if (!problem.place.group.isEmpty())
        return QStringLiteral("redis");
    if (!problem.place.pool.isEmpty())
        return QStringLiteral("cache");
    return QStringLiteral("overview");
}

QString consequencesText(const Problem &problem)
{
    const auto folded = problem.consequences.size();
    if (folded == 0)
        return {};
    return folded == 1 ? Words::tr("1 consequence") : Words::tr("%1 consequences").arg(count(std::int64_t(folded)));
}

ProblemText problemText(const Problem &problem, const Snapshot &snapshot)
{
    const Phrases phrases = phrasesOf(problem, snapshot);
    ProblemText words;
    words.line1 = fitting(phrases.what, ProblemText::kLine1);
    words.line2 = secondLine(problem, snapshot, phrases);
    words.toDo = phrases.toDo;
    const QString page = pageOf(problem);
    if (planOf(problem))
        words.button = planButton(operate::actOf(*planOf(problem)));
    else if (campaignOf(problem))
        words.button = Words::tr("Evacuate…");
    else if (page == QLatin1String("shards"))
        words.button = Words::tr("Open shards");
    else if (page == QLatin1String("cache") && problem.place.pool.isEmpty())
        words.button = Words::tr("Open caches");
    else if (page != QLatin1String("overview"))
        words.button = openButton(problem.place);
    else
        words.button = Words::tr("Copy evidence");

    QStringList sentences;
    sentences << (phrases.full.isEmpty() ? phrases.what.value(0) : phrases.full) + QLatin1Char(' ') +
                     Words::tr("%1 (%2).").arg(sinceText(problem.since, snapshot.takenUtc, snapshot.observingSinceUtc), sinceFor(problem.since, snapshot.takenUtc));
    if (const QString hit = impactText(problem); !hit.isEmpty())
        sentences << capital(hit) + (problem.impact.userShare ? counted(problem, snapshot) : QString()) + QLatin1Char('.');
    if (isLoss(problem.rule) && !problem.alsoSeenBy.empty())
        sentences << Words::tr("It is lost to %1 too.").arg(names(problem.alsoSeenBy));
    words.sentence = sentences.join(QLatin1Char(' '));
    return words;
}

QString problemReport(const Problem &problem, const Snapshot &snapshot)
{
    const ProblemText words = problemText(problem, snapshot);
    QStringList lines{words.sentence};
    for (const facts::Evidence &evidence : problem.evidence)
        lines << QStringLiteral("- ") + evidenceText(evidence, snapshot.takenAt);
    for (const Problem &consequence : problem.consequences)
        lines << QStringLiteral("- ") + Words::tr("follows: %1").arg(problemText(consequence, snapshot).line1);
    lines << words.toDo;
    lines << Words::tr("Read at %1.").arg(iso8601(snapshot.takenUtc));
    return lines.join(QLatin1Char('\n'));
}

QString lastedText(const Problem &problem, facts::UtcTime endedAt)
{
    return Words::tr("lasted %1").arg(age(endedAt - problem.since.at));
}

} // namespace shardlens::ui::format
