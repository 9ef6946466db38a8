// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Headline.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/ServingText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>
#include <map>

namespace shardlens::ui::format {

namespace {

using facts::Harm;
using facts::Rule;
using facts::Severity;
using facts::Snapshot;

/// Problems that stop all writes of a cluster, whatever the way; the others are told by the ways themselves.
bool stopsCluster(const facts::Problem &problem)
{
    return problem.severity == Severity::Critical && !problem.place.cluster.isEmpty() && problem.impact.harm == Harm::WritesRefused &&
           (problem.rule == Rule::PrimaryDown || problem.rule == Rule::NoPrimary);
}

/// A commit younger than the problem says that writes go on all the same.
bool isContradicted(const facts::Problem &problem, const Snapshot &snapshot)
{
    const facts::ServingRow *row = snapshot.serving.writes(problem.place.cluster);
    return row && std::any_of(row->cells.begin(), row->cells.end(), [&](const facts::ServingCell &cell) {
        return cell.works() && cell.proof == facts::ServingProof::Committed && cell.readUtc && *cell.readUtc > problem.since.at + base::seconds(1);
    });
}

/// "512 of 1,024 users shards"; empty where that is not known or where the clusters are of several partitions.
QString shardsText(const facts::Impact &impact)
{
    if (impact.shards.size() != 1 || impact.shards.front().of == 0)
        return {};
    const facts::ShardsHit &hit = impact.shards.front();
    return Words::tr("%1 of %2 %3 shards").arg(count(hit.shards), count(hit.of), text(hit.partition.text()));
}

/// "about 51 % of users"; empty where nobody counted them.
QString usersText(const facts::Impact &impact)
{
    return impact.userShare ? Words::tr("about %1 of users").arg(share(*impact.userShare)) : QString();
}

/// "Users by row estimates read 40 s ago."
QString countedText(const facts::Impact &impact, const Snapshot &snapshot)
{
    if (!impact.userShare || !impact.usersCountedAt)
        return {};
    return Words::tr("Users by row estimates read %1 ago.").arg(age(std::chrono::duration_cast<microseconds>(snapshot.takenAt - *impact.usersCountedAt)));
}

const facts::Problem *causeOf(const std::vector<base::ClusterName> &clusters, const Snapshot &snapshot)
{
    const auto found = std::find_if(snapshot.problems.begin(), snapshot.problems.end(), [&](const facts::Problem &problem) {
        return problem.severity == Severity::Critical && std::find(clusters.begin(), clusters.end(), problem.place.cluster) != clusters.end();
    });
    return found == snapshot.problems.end() ? nullptr : &*found;
}

/// What the headline's trouble is about, itself or one of its consequences.
bool isAbout(const facts::Problem &problem, const ServingTrouble &trouble)
{
    const auto has = [](const auto &names, const auto &name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    return has(trouble.ofClusters, problem.place.cluster) || has(trouble.ofGroups, problem.place.group) ||
           std::any_of(problem.consequences.begin(), problem.consequences.end(), [&](const facts::Problem &folded) { return isAbout(folded, trouble); });
}

/// What the ways tell, with the clusters whose primary is gone though no way has been refused yet.
ServingTrouble troubleOf(const Snapshot &snapshot)
{
    ServingTrouble trouble = servingTrouble(snapshot);
    QStringList names;
    std::vector<base::ClusterName> clusters;
    for (const facts::Problem &problem : snapshot.problems) {
        const auto &name = problem.place.cluster;
        if (!stopsCluster(problem) || isContradicted(problem, snapshot) || std::find(clusters.begin(), clusters.end(), name) != clusters.end())
            continue;
        names << text(name.text());
        clusters.push_back(name);
    }
    const bool told = trouble.isRefused && trouble.isWrites &&
                      std::all_of(clusters.begin(), clusters.end(), [&](const auto &name) { return std::find(trouble.clusters.begin(), trouble.clusters.end(), name) != trouble.clusters.end(); });
    if (clusters.empty() || told)
        return trouble;
    if (!trouble.what.isEmpty() && trouble.isRefused && !trouble.isWrites)
        trouble.more = trouble.what + QLatin1Char('.') + (trouble.more.isEmpty() ? QString() : QLatin1Char(' ') + trouble.more);
    trouble.what = Words::tr("Writes fail on %1").arg(joinedNames(names));
    trouble.clusters = trouble.ofClusters = clusters;
    trouble.ofGroups.clear();
    trouble.isRefused = trouble.isWrites = true;
    return trouble;
}

/// "Writes fail on u1: 512 of 1,024 users shards, about 12 % of users. Reads work.", and shorter forms of it: without the
/// shards, then without what else fails, then what and where alone. How many people are hit is said to the last.
QStringList troubleSentences(const ServingTrouble &trouble, const facts::Impact &impact)
{
    const QString shards = shardsText(impact);
    const QString users = usersText(impact);
    const QString reads = trouble.readsWork ? Words::tr("Reads work.") : QString();
    const auto sentence = [&](const QStringList &extent, const QStringList &more) {
        QStringList said = extent;
        said.removeAll(QString());
        QStringList sentences{trouble.what + (said.isEmpty() ? QString() : QLatin1String(": ") + said.join(QLatin1String(", "))) + QLatin1Char('.')};
        sentences += more;
        sentences.removeAll(QString());
        return sentences.join(QLatin1Char(' '));
    };
    const QString least = users.isEmpty() ? shards : users;
    QStringList forms{sentence({shards, users}, {trouble.more, reads}), sentence({least}, {trouble.more, reads}), sentence({least}, {reads}), sentence({least}, {}),
                      sentence({}, {})};
    forms.removeDuplicates();
    return forms;
}

/// "us-west is not known from here: 11 of 33 servers silent for 14 s."
QString regionSilent(const Snapshot &snapshot, const facts::Problem &problem)
{
    const auto region = problem.place.region;
    const auto silent = std::count_if(snapshot.fleet->servers.begin(), snapshot.fleet->servers.end(), [&](const fleet::Server &server) {
        const facts::Observation *observation = snapshot.observation(server.id);
        return server.region == region && observation &&
               facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) != facts::Freshness::Fresh;
    });
    return Words::tr("%1 is not known from here: %2 of %3 servers silent for %4.")
        .arg(text(region.text()), count(silent), count(std::int64_t(snapshot.fleet->servers.size())), sinceFor(problem.since, snapshot.takenUtc));
}

/// "us-east and eu-west write and read."; empty unless every way of some other region works.
QString othersWork(const Snapshot &snapshot, const base::RegionName &silent)
{
    QStringList working;
    for (const fleet::Region &region : snapshot.fleet->regions) {
        int cells = 0;
        bool works = region.name != silent;
        for (const facts::ServingRow &row : snapshot.serving.rows) {
            const facts::ServingCell *cell = isForPeople(row, snapshot) ? row.cell(region.name) : nullptr;
            if (!cell || row.of == facts::ServingOf::Group || row.of == facts::ServingOf::Cache)
                continue;
            ++cells;
            works = works && cell->works();
        }
        if (works && cells > 0)
            working << text(region.name.text());
    }
    if (working.isEmpty())
        return {};
    return working.size() == 1 ? Words::tr("%1 writes and reads.").arg(working.front()) : Words::tr("%1 write and read.").arg(joinedNames(working));
}

/// Some ways cannot be judged: how many can, and why not the others.
QString partlyKnown(const Snapshot &snapshot)
{
    const auto writes = countForPeople(snapshot, facts::ServingOf::Writes);
    const auto reads = countForPeople(snapshot, facts::ServingOf::Reads);
    for (const facts::ServingRow &row : snapshot.serving.rows) {
        for (const facts::ServingCell &cell : row.cells) {
            if (cell.verdict == facts::ServingVerdict::NotKnown && isForPeople(row, snapshot))
                return Words::tr("%1 of %2 write paths and %3 of %4 read paths are known to work. %5 is not known: %6.")
                    .arg(count(writes.working), count(writes.paths), count(reads.working), count(reads.paths),
                         Words::tr("%1 from %2").arg(servingRowName(row, snapshot), text(cell.region.text())), reason(cell.why));
        }
    }
    return {};
}

/// "Writes u2 from us-east are slow: 940 ms, was 88."; empty if nothing is.
QString slowWays(const Snapshot &snapshot)
{
    const facts::ServingRow *worstRow = nullptr;
    const facts::ServingCell *worst = nullptr;
    int slow = 0;
    for (const facts::ServingRow &row : snapshot.serving.rows) {
        for (const facts::ServingCell &cell : row.cells) {
            if (cell.verdict != facts::ServingVerdict::Slow || !isForPeople(row, snapshot))
                continue;
            ++slow;
            if (!worst || *cell.took > *worst->took) {
                worst = &cell;
                worstRow = &row;
            }
        }
    }
    if (!worst)
        return {};
    const QString took = Words::tr("%1, was %2").arg(duration(*worst->took), duration(*worst->usual));
    const QString way = Words::tr("%1 from %2").arg(servingRowName(*worstRow, snapshot), text(worst->region.text()));
    return slow == 1 ? Words::tr("%1: slow, %2.").arg(way, took) : Words::tr("%1 ways are slow; the slowest is %2: %3.").arg(count(slow), way, took);
}

QString wellSentence(const Snapshot &snapshot)
{
    if (const QString work = allPathsWork(snapshot); !work.isEmpty())
        return work;
    if (const QString some = partlyKnown(snapshot); !some.isEmpty())
        return some;
    const auto writable = std::count_if(snapshot.clusters.begin(), snapshot.clusters.end(),
                                        [](const facts::ClusterFacts &cluster) { return cluster.writable.size() == 1; });
    const auto answers = facts::countAnswers(snapshot);
    if (answers.answering < answers.declared)
        return Words::tr("No problem found in what %1 of %2 servers tell.").arg(count(answers.answering), count(answers.declared));
    if (!snapshot.clusters.empty() && std::size_t(writable) == snapshot.clusters.size())
        return writable == 1 ? Words::tr("The only cluster has one primary that takes writes.") : Words::tr("All %1 clusters have one primary that takes writes.").arg(count(writable));
    return answers.declared == 1 ? Words::tr("The only server answers.") : Words::tr("All %1 servers answer.").arg(count(answers.declared));
}

QString lastEnded(const Snapshot &snapshot)
{
    if (snapshot.ended.empty() || snapshot.endedAt.empty())
        return {};
    const facts::Problem &problem = snapshot.ended.front();
    const auto ended = snapshot.endedAt.front();
    return Words::tr("Last problem ended %1 (%2, %3).")
        .arg(clockMinute(ended, snapshot.takenUtc), placeName(problem.place), age(ended - problem.since.at));
}

/// The oldest answer that "works" rests on; without ways to probe, the oldest reading.
QString probedAge(const Snapshot &snapshot)
{
    const auto writes = countForPeople(snapshot, facts::ServingOf::Writes).oldest;
    const auto reads = countForPeople(snapshot, facts::ServingOf::Reads).oldest;
    if (writes || reads)
        return Words::tr("probed %1 ago").arg(age(std::max(writes.value_or(microseconds(0)), reads.value_or(microseconds(0)))));
    const auto answers = facts::countAnswers(snapshot);
    return answers.oldestFresh ? Words::tr("read %1 ago").arg(age(*answers.oldestFresh)) : QString();
}

/// By what people feel of it, then severity, then age: the order in which problems are told.
const facts::Problem *foremost(const Snapshot &snapshot)
{
    return snapshot.problems.empty() ? nullptr : &snapshot.problems.front();
}

/// As a problem's: what of it people feel.
Harm harmOf(const ServingTrouble &trouble)
{
    if (!trouble.isRefused)
        return Harm::RedundancyLost; // no answer yet: before what is merely lost or slow
    return trouble.isWrites ? Harm::WritesRefused : Harm::ReadsRefused;
}

} // namespace

bool allAnsweredOrTimedOut(const Snapshot &snapshot)
{
    return std::none_of(snapshot.servers.begin(), snapshot.servers.end(), [&](const auto &entry) {
        return facts::freshnessOf(*entry.second, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Asking;
    });
}

NotSeen notSeenFromHere(const Snapshot &snapshot)
{
    std::map<base::RegionName, std::pair<int, int>> byRegion; // silent, all
    NotSeen seen;
    for (const fleet::Server &server : snapshot.fleet->servers) {
        const facts::Observation *observation = snapshot.observation(server.id);
        const auto freshness = observation ? facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) : facts::Freshness::Asking;
        const int here = freshness == facts::Freshness::Stale || freshness == facts::Freshness::Down ? 1 : 0; // who is asked still may answer
        auto &[silent, all] = byRegion[server.region];
        silent += here;
        ++all;
        seen.silent += here;
        ++seen.servers;
    }
    if (seen.silent == seen.servers)
        return {};
    for (const fleet::Region &region : snapshot.fleet->regions) {
        if (const auto found = byRegion.find(region.name); found != byRegion.end() && found->second.first == found->second.second)
            seen.regions << text(region.name.text());
    }
    return seen;
}

QString notSeenText(const NotSeen &notSeen)
{
    if (notSeen.regions.isEmpty())
        return {};
    return (notSeen.regions.size() == 1 ? Words::tr("%1 is not seen from here: %2 of %3 servers do not answer. Totals count only what is seen.")
                                        : Words::tr("%1 are not seen from here: %2 of %3 servers do not answer. Totals count only what is seen."))
        .arg(joinedNames(notSeen.regions), count(notSeen.silent), count(notSeen.servers));
}

QString answersText(const Snapshot &snapshot)
{
    const auto answers = facts::countAnswers(snapshot);
    const QString servers = Words::tr("%1 of %2 servers").arg(count(answers.answering), count(answers.declared));
    return answers.oldestFresh ? servers + QLatin1String(", ") + age(*answers.oldestFresh) : servers;
}

namespace {

/// What stands on the right: since when, and how old that knowledge is.
QString asideOf(const std::optional<facts::Since> &since, const Snapshot &snapshot)
{
    const QString probed = probedAge(snapshot);
    const QString begun = since ? sinceText(*since, snapshot.takenUtc, snapshot.observingSinceUtc) : QString();
    if (begun.isEmpty() || probed.isEmpty() || (since && !since->exact))
        return begun.isEmpty() ? probed : begun;
    return begun + QLatin1String(", ") + probed;
}

Headline ofTrouble(const ServingTrouble &trouble, const Snapshot &snapshot)
{
    Headline headline;
    headline.verdict = trouble.isRefused ? Headline::Verdict::Critical : Headline::Verdict::Warning;
    const facts::Impact impact = facts::impactOn(trouble.clusters, snapshot);
    headline.shorter = troubleSentences(trouble, impact);
    headline.sentence = headline.shorter.takeFirst();
    headline.note = countedText(impact, snapshot);
    const facts::Problem *cause = causeOf(trouble.clusters, snapshot);
    std::optional<facts::Since> since;
    if (trouble.since)
        since = facts::Since{*trouble.since, true};
    headline.aside = asideOf(cause ? std::optional(cause->since) : since, snapshot);
    return headline;
}

/// "router-eu-west does not answer. 512 of 1,024 users shards, about 48 % of users.", then without its extent.
QStringList problemSentences(const facts::Problem &problem, const Snapshot &snapshot)
{
    const QString what = problemText(problem, snapshot).line1 + QLatin1Char('.');
    QStringList forms;
    if (problem.severity == Severity::Critical) {
        const QString shards = shardsText(problem.impact);
        const QString users = usersText(problem.impact);
        if (!shards.isEmpty() && !users.isEmpty())
            forms << what + QLatin1Char(' ') + shards + QLatin1String(", ") + users + QLatin1Char('.');
        if (!users.isEmpty())
            forms << what + QLatin1Char(' ') + Words::tr("About %1 of users.").arg(share(*problem.impact.userShare));
    }
    return forms << what;
}

/// What works beside a problem: behind one of a Redis group or a pool, it is the shards' ways that all work.
QString elseWorks(const facts::Problem &problem, const Snapshot &snapshot)
{
    const QString work = allPathsWork(snapshot);
    if (work.isEmpty() || (problem.place.group.isEmpty() && problem.place.pool.isEmpty()))
        return work;
    return Words::tr("All %1 write paths and %2 read paths of the shards work.")
        .arg(count(countForPeople(snapshot, facts::ServingOf::Writes).paths), count(countForPeople(snapshot, facts::ServingOf::Reads).paths));
}

Headline ofProblem(const facts::Problem &problem, const Snapshot &snapshot)
{
    using V = Headline::Verdict;
    Headline headline;
    headline.verdict = problem.severity == Severity::Critical ? V::Critical : (problem.severity == Severity::Warning ? V::Warning : V::Unknown);
    if (problem.rule == Rule::RegionSilent && !problem.place.region.isEmpty()) {
        headline.sentence = regionSilent(snapshot, problem);
        if (const QString others = othersWork(snapshot, problem.place.region); !others.isEmpty()) {
            headline.shorter << headline.sentence;
            headline.sentence += QLatin1Char(' ') + others;
        }
    } else {
        headline.shorter = problemSentences(problem, snapshot);
        headline.sentence = headline.shorter.takeFirst();
        headline.note = elseWorks(problem, snapshot);
    }
    if (problem.notSeenSince && !headline.note.isEmpty()) // else it would contradict the sentence
        headline.note = Words::tr("Seems over: %1").arg(headline.note.left(1).toLower() + headline.note.mid(1));
    headline.aside = asideOf(problem.since, snapshot);
    return headline;
}

/// Which of the two is told: what harms more; at equal harm what the ways tell, as that is measured.
bool troubleGoesFirst(const ServingTrouble &trouble, const facts::Problem *problem)
{
    return !trouble.what.isEmpty() && (!problem || harmOf(trouble) <= problem->impact.harm);
}

/// Whether one of the listed problems is what the trouble tells: then it is none of the others.
bool isListed(const ServingTrouble &trouble, const Snapshot &snapshot)
{
    return std::any_of(snapshot.problems.begin(), snapshot.problems.end(), [&](const facts::Problem &problem) { return isAbout(problem, trouble); });
}

/// The listed ones but what the headline tells.
QString moreProblems(const Snapshot &snapshot, std::int64_t told)
{
    const auto more = std::int64_t(snapshot.problems.size()) - told;
    if (more <= 0)
        return {};
    return more == 1 ? Words::tr("1 more problem.") : Words::tr("%1 more problems.").arg(count(more));
}

void append(QString &note, const QString &sentence)
{
    if (!note.isEmpty() && !sentence.isEmpty())
        note += QLatin1Char(' ');
    note += sentence;
}

} // namespace

Headline headlineFor(const Snapshot &snapshot)
{
    Headline headline;
    const bool settled = allAnsweredOrTimedOut(snapshot);
    const auto answers = facts::countAnswers(snapshot);
    const QString answered = Words::tr("%1 of %2 answered").arg(count(answers.answering), count(answers.declared));
    if (snapshot.isolatedSince || (answers.declared > 0 && answers.answering == 0 && settled && snapshot.problems.empty() && !snapshot.stall)) {
        headline.verdict = Headline::Verdict::Critical;
        headline.sentence = Words::tr("No server answers. Only this machine may be cut off.");
        headline.note = Words::tr("Do not fail over from here.");
        if (snapshot.isolatedSince)
            headline.aside = sinceText({*snapshot.isolatedSince, true}, snapshot.takenUtc, snapshot.observingSinceUtc);
        return headline;
    }
    if (snapshot.stall) {
        headline.verdict = Headline::Verdict::Unknown;
        headline.sentence = Words::tr("This console slept %1. Reading again.").arg(age(snapshot.stall->to - snapshot.stall->from));
        headline.note = answered;
        return headline;
    }
    const ServingTrouble trouble = troubleOf(snapshot);
    const facts::Problem *problem = foremost(snapshot);
    if (troubleGoesFirst(trouble, problem)) {
        headline = ofTrouble(trouble, snapshot);
        append(headline.note, settled ? moreProblems(snapshot, isListed(trouble, snapshot) ? 1 : 0) : answered);
        return headline;
    }
    if (problem) {
        headline = ofProblem(*problem, snapshot);
        append(headline.note, settled ? moreProblems(snapshot, 1) : answered);
        return headline;
    }
    const auto asking = countForPeople(snapshot, facts::ServingOf::Writes).asking + countForPeople(snapshot, facts::ServingOf::Reads).asking;
    if (!settled || asking > 0) {
        headline.sentence = settled ? Words::tr("Still trying %1 of %2 ways to write and read.").arg(count(asking), count(countForPeople(snapshot, facts::ServingOf::Writes).paths + countForPeople(snapshot, facts::ServingOf::Reads).paths)) : Words::tr("Asking %1 servers.").arg(count(answers.declared));
        headline.note = answered;
        return headline;
    }
    headline.aside = asideOf(std::nullopt, snapshot);
    if (const QString slow = slowWays(snapshot); !slow.isEmpty()) {
        headline.verdict = Headline::Verdict::Warning;
        headline.sentence = slow;
        headline.note = allPathsWork(snapshot);
        return headline;
    }
    const bool known = answers.answering == answers.declared && partlyKnown(snapshot).isEmpty();
    headline.verdict = known ? Headline::Verdict::Well : Headline::Verdict::Unknown;
    headline.sentence = wellSentence(snapshot);
    headline.note = lastEnded(snapshot);
    if (known) // somebody who was called all the same looks further
        headline.notObserved = Words::tr("Not observed: application servers, queues.");
    return headline;
}

} // namespace shardlens::ui::format
