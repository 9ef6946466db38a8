// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Headline.h"

#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::Rule;
using facts::Severity;
using facts::Snapshot;

/// What a person is told first, at equal severity.
int rankOf(Rule rule)
{
    switch (rule) {
    case Rule::PrimaryDown:
    case Rule::NoPrimary:
    case Rule::RouterMisdirected:
    case Rule::RouterPaused:
    case Rule::RedisPrimaryDown: return 0;
    case Rule::TwoPrimaries:
    case Rule::RedisTwoPrimaries:
    case Rule::WrongServer:
    case Rule::ShardDrift:
    case Rule::RegionSilent: return 1; // what is lost there is not known
    case Rule::RouterDown:
    case Rule::CacheServerDown: return 2;
    case Rule::StandbyDown:
    case Rule::StandbyNotStreaming:
    case Rule::RedisReplicaDown:
    case Rule::RedisUnlinked:
    case Rule::RedisNotSaved: return 3;
    case Rule::Lag:
    case Rule::ReplayPaused:
    case Rule::RegionSlow:
    case Rule::RouterWaiting:
    case Rule::ServerSlow:
    case Rule::ServerLate: return 4;
    case Rule::SlotFilling:
    case Rule::RedisMemoryFull: return 5;
    default: return 6;
    }
}

bool refusesWrites(const facts::Problem &problem)
{
    return problem.severity == Severity::Critical && !problem.place.cluster.isEmpty() && rankOf(problem.rule) == 0;
}

/// True when every router leads reads of this cluster to a member that answers; nothing where no router tells.
std::optional<bool> readsWork(const Snapshot &snapshot, const base::ClusterName &cluster)
{
    std::optional<bool> result;
    for (const facts::RouterFacts &router : snapshot.routers) {
        for (const facts::RouterTarget &target : router.targets) {
            if (target.cluster != cluster || !target.forReads || !target.right || !target.leadsTo)
                continue;
            const facts::Observation *observation = snapshot.observation(*target.leadsTo);
            const bool answers = observation && facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
            result = result.value_or(true) && *target.right && answers && !target.paused;
        }
    }
    return result;
}

QString joined(QStringList names)
{
    if (names.size() < 2)
        return names.join(QString());
    const QString last = names.takeLast();
    return Words::tr("%1 and %2").arg(names.join(QLatin1String(", ")), last);
}

/// "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work."
QString writesFail(const Snapshot &snapshot)
{
    QStringList clusters;
    std::uint32_t affected = 0;
    std::uint32_t all = 0;
    base::PartitionName partition;
    bool onePartition = true;
    bool reads = true;
    for (const facts::Problem &problem : snapshot.problems) {
        const QString name = text(problem.place.cluster.text());
        if (!refusesWrites(problem) || clusters.contains(name))
            continue;
        clusters << name;
        affected += problem.shardsAffected;
        all = problem.shardsInPartition;
        const fleet::Cluster *cluster = snapshot.fleet->cluster(problem.place.cluster);
        if (cluster) {
            onePartition = onePartition && (partition.isEmpty() || partition == cluster->partition);
            partition = cluster->partition;
        }
        reads = reads && readsWork(snapshot, problem.place.cluster).value_or(false);
    }
    QString sentence = Words::tr("Writes fail on %1").arg(joined(clusters));
    if (affected > 0 && all > 0 && onePartition) {
        sentence += QLatin1String(": ") + Words::tr("%1 of %2 %3 shards").arg(count(affected), count(all), text(partition.text()));
        if (partition.text() == "users")
            sentence += QLatin1String(", ") + Words::tr("about %1 of users").arg(share(double(affected) / all));
    }
    sentence += QLatin1Char('.');
    if (reads)
        sentence += QLatin1Char(' ') + Words::tr("Reads work.");
    return sentence;
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

struct Paths {
    int writes = 0;
    int reads = 0;
    int wrong = 0;    ///< not right, or not known
    int committed = 0; ///< write paths through which a guard's beat was committed lately
};

Paths countPaths(const Snapshot &snapshot)
{
    Paths paths;
    for (const facts::RouterFacts &router : snapshot.routers) {
        const auto guard = std::find_if(snapshot.guards.begin(), snapshot.guards.end(),
                                        [&](const facts::GuardReport &report) { return report.region == router.region; });
        for (const facts::RouterTarget &target : router.targets) {
            ++(target.forReads ? paths.reads : paths.writes);
            if (!target.right.value_or(false) || target.paused)
                ++paths.wrong;
            if (!target.forReads && guard != snapshot.guards.end() && guard->lastBeatTook && guard->lastBeatTook->count(target.cluster))
                ++paths.committed;
        }
    }
    return paths;
}

QString wellSentence(const Snapshot &snapshot)
{
    const Paths paths = countPaths(snapshot);
    if (paths.writes + paths.reads > 0 && paths.wrong == 0) {
        // "Work" is said only where a write was committed through each path; else what was seen is said.
        if (paths.committed == paths.writes)
            return Words::tr("All %1 write paths and %2 read paths work.").arg(count(paths.writes), count(paths.reads));
        return Words::tr("All %1 write paths and %2 read paths lead to the right servers.").arg(count(paths.writes), count(paths.reads));
    }
    const auto writable = std::count_if(snapshot.clusters.begin(), snapshot.clusters.end(),
                                        [](const facts::ClusterFacts &cluster) { return cluster.writable.size() == 1; });
    const auto answers = facts::countAnswers(snapshot);
    if (answers.answering < answers.declared)
        return Words::tr("No problem found in what %1 of %2 servers tell.").arg(count(answers.answering), count(answers.declared));
    if (!snapshot.clusters.empty() && std::size_t(writable) == snapshot.clusters.size())
        return Words::tr("All %1 clusters have one primary that takes writes.").arg(count(writable));
    return Words::tr("All %1 servers answer.").arg(count(answers.declared));
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

QString readAge(const Snapshot &snapshot)
{
    const auto answers = facts::countAnswers(snapshot);
    return answers.oldestFresh ? Words::tr("read %1 ago").arg(age(*answers.oldestFresh)) : QString();
}

const facts::Problem *foremost(const Snapshot &snapshot)
{
    const facts::Problem *best = nullptr;
    for (const facts::Problem &problem : snapshot.problems) {
        const auto key = [](const facts::Problem &p) { return std::pair(int(p.severity), rankOf(p.rule)); };
        if (!best || key(problem) < key(*best))
            best = &problem;
    }
    return best;
}

} // namespace

bool allAnsweredOrTimedOut(const Snapshot &snapshot)
{
    return std::none_of(snapshot.servers.begin(), snapshot.servers.end(), [&](const auto &entry) {
        return facts::freshnessOf(*entry.second, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Asking;
    });
}

QString answersText(const Snapshot &snapshot)
{
    const auto answers = facts::countAnswers(snapshot);
    const QString servers = Words::tr("%1 of %2 servers").arg(count(answers.answering), count(answers.declared));
    return answers.oldestFresh ? servers + QLatin1String(", ") + age(*answers.oldestFresh) : servers;
}

Headline headlineFor(const Snapshot &snapshot)
{
    Headline headline;
    const facts::Problem *problem = foremost(snapshot);
    const bool settled = allAnsweredOrTimedOut(snapshot);
    const auto answers = facts::countAnswers(snapshot);
    const QString answered = Words::tr("%1 of %2 answered").arg(count(answers.answering), count(answers.declared));
    if (answers.declared > 0 && answers.answering == 0 && settled) {
        headline.verdict = Headline::Verdict::Critical;
        headline.sentence = Words::tr("No server answers. Only this machine may be cut off.");
        headline.note = Words::tr("Do not fail over from here.");
        return headline;
    }
    if (problem) {
        using V = Headline::Verdict;
        headline.verdict = problem->severity == Severity::Critical ? V::Critical : (problem->severity == Severity::Warning ? V::Warning : V::Unknown);
        if (refusesWrites(*problem)) {
            headline.sentence = writesFail(snapshot);
        } else if (problem->rule == Rule::RegionSilent && !problem->place.region.isEmpty()) {
            headline.sentence = regionSilent(snapshot, *problem);
        } else {
            const ProblemText words = problemText(*problem, snapshot);
            headline.sentence = words.line1 + QLatin1Char('.');
        }
        headline.note = settled ? QString() : answered;
        if (const auto more = std::int64_t(snapshot.problems.size()) - 1; settled && more > 0)
            headline.note = more == 1 ? Words::tr("1 more problem.") : Words::tr("%1 more problems.").arg(count(more));
        headline.aside = sinceText(problem->since, snapshot.takenUtc);
        const QString read = readAge(snapshot);
        if (!read.isEmpty() && problem->since.exact)
            headline.aside += QLatin1String(", ") + read;
        return headline;
    }
    if (!settled) {
        headline.sentence = Words::tr("Asking %1 servers.").arg(count(answers.declared));
        headline.note = answered;
        return headline;
    }
    headline.verdict = answers.answering < answers.declared ? Headline::Verdict::Unknown : Headline::Verdict::Well;
    headline.sentence = wellSentence(snapshot);
    headline.note = lastEnded(snapshot);
    headline.aside = readAge(snapshot);
    return headline;
}

} // namespace shardlens::ui::format
