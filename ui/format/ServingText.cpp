// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ServingText.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

namespace {

using facts::ServingCell;
using facts::ServingOf;
using facts::ServingProof;
using facts::ServingRow;
using facts::ServingVerdict;
using facts::Snapshot;
using Look = ServingCellText::Look;

microseconds since(facts::Instant at, const Snapshot &snapshot)
{
    return std::max(std::chrono::duration_cast<microseconds>(snapshot.takenAt - at), microseconds(0));
}

/// The usual value without its unit where both have the same: "940 ms, was 88".
QString wasText(const ServingCell &cell)
{
    const QString usual = duration(*cell.usual);
    const QString now = duration(*cell.took);
    const auto unit = [](const QString &text) { return text.section(kNarrowSpace, -1); };
    return was(unit(usual) == unit(now) ? usual.section(kNarrowSpace, 0, 0) : usual);
}

QString failsFor(const ServingCell &cell, const Snapshot &snapshot)
{
    return cell.failingSince ? age(std::max(snapshot.takenUtc - *cell.failingSince, microseconds(0))) : QString();
}

QString way(const ServingRow &row, const ServingCell &cell, const Snapshot &snapshot)
{
    return Words::tr("%1 from %2").arg(servingRowName(row, snapshot), text(cell.region.text()));
}

QString proofText(const ServingCell &cell)
{
    const QString from = cell.fromElsewhere ? QLatin1Char(' ') + Words::tr("Measured from this console: the link to the region is in it.") : QString();
    switch (cell.proof) {
    case ServingProof::Committed: return Words::tr("A real write was committed through %1.").arg(text(cell.through.text())) + from;
    case ServingProof::Answered: return (cell.through.isEmpty() ? Words::tr("A look-up was answered.") : Words::tr("A read through %1 was answered.").arg(text(cell.through.text()))) + from;
    case ServingProof::Inferred:
        if (!cell.pool.isEmpty())
            return Words::tr("Inferred: its servers answer. Nothing was tried from there.") + from;
        return (cell.through.isEmpty() ? Words::tr("Inferred: a primary answers, and nothing that it tells refuses writes. No write was tried.")
                                       : Words::tr("Inferred: it leads to a writable primary, and nobody waits. No write was tried.")) +
               from;
    case ServingProof::None: break;
    }
    return from.trimmed();
}

QString errorText(const base::Error &error)
{
    const QString said = text(error.message);
    return error.sqlState.empty() ? said : Words::tr("%1 (SQLSTATE %2)").arg(said, text(error.sqlState));
}

void writeOld(ServingCellText &out, const ServingCell &cell, const Snapshot &snapshot)
{
    out.look = Look::Old;
    out.value = cell.took ? duration(*cell.took) : Words::tr("worked");
    out.aside = age(since(*cell.readAt, snapshot));
}

void writeFailing(ServingCellText &out, const ServingCell &cell, const Snapshot &snapshot)
{
    if (cell.verdict == ServingVerdict::Partly) {
        out.look = Look::Warning;
        out.value = Words::tr("%1 of %2").arg(count(cell.partsWorking), count(cell.parts));
        out.aside = Words::tr("work");
        return;
    }
    const bool late = cell.verdict == ServingVerdict::Late;
    out.look = late ? Look::Warning : Look::Critical;
    const QString lasts = failsFor(cell, snapshot);
    out.value = late ? Words::tr("late") : Words::tr("fails");
    if (!lasts.isEmpty())
        out.value += QLatin1Char(' ') + lasts;
}

void writeDetail(ServingCellText &out, const ServingRow &row, const ServingCell &cell, const Snapshot &snapshot)
{
    QStringList parts{way(row, cell, snapshot) + QLatin1String(": ") + (out.aside.isEmpty() ? out.value : out.value + QLatin1String(", ") + out.aside) + QLatin1Char('.')};
    if (const QString proof = proofText(cell); !proof.isEmpty())
        parts << proof;
    if (cell.usual)
        parts << Words::tr("Usual: %1 (median of the last hour).").arg(duration(*cell.usual));
    if (cell.verdict == ServingVerdict::NotKnown)
        parts << Words::tr("Not known: %1.").arg(reason(cell.why));
    if (cell.error)
        parts << Words::tr("Last error: %1.").arg(errorText(*cell.error));
    if (cell.failingSince)
        parts << Words::tr("Since %1.").arg(clockTime(*cell.failingSince, snapshot.takenUtc));
    if (cell.readAt)
        parts << Words::tr("Last answer %1 ago.").arg(age(since(*cell.readAt, snapshot)));
    out.detail = parts.join(QLatin1Char(' '));
}

} // namespace

ServingCellText servingCellText(const ServingRow &row, const ServingCell &cell, const Snapshot &snapshot)
{
    ServingCellText out;
    const bool old = facts::isStale(cell, snapshot.takenAt, snapshot.fleet->thresholds);
    switch (cell.verdict) {
    case ServingVerdict::Asking: {
        const auto waited = since(cell.askedAt.value_or(snapshot.observingSince), snapshot);
        out.value = waited > std::chrono::milliseconds(300) ? Words::tr("asking, %1").arg(age(waited)) : QStringLiteral("…");
        break;
    }
    case ServingVerdict::Works:
    case ServingVerdict::Slow:
        if (old) {
            writeOld(out, cell, snapshot);
            break;
        }
        out.look = cell.proof == ServingProof::Inferred ? Look::Inferred : Look::Well;
        out.value = cell.took ? duration(*cell.took) : Words::tr("works");
        if (cell.verdict == ServingVerdict::Slow) {
            out.look = Look::Warning;
            out.aside = wasText(cell);
        }
        break;
    case ServingVerdict::Late:
    case ServingVerdict::Partly:
    case ServingVerdict::Refused: writeFailing(out, cell, snapshot); break;
    case ServingVerdict::NotKnown:
        if (cell.why.why == facts::WhyUnknown::ServerSilent && cell.readAt) {
            writeOld(out, cell, snapshot);
            break;
        }
        out.look = Look::Unknown;
        out.value = Words::tr("not known");
        break;
    }
    writeDetail(out, row, cell, snapshot);
    return out;
}

QString servingRowName(const ServingRow &row, const Snapshot &snapshot)
{
    switch (row.of) {
    case ServingOf::Writes: return Words::tr("Writes %1").arg(text(row.cluster.text()));
    case ServingOf::Reads: return Words::tr("Reads %1").arg(text(row.cluster.text()));
    case ServingOf::Cache: return Words::tr("Cache");
    case ServingOf::Group: break;
    }
    const auto same = std::count_if(snapshot.fleet->redisGroups.begin(), snapshot.fleet->redisGroups.end(), [&](const fleet::RedisGroup &group) { return group.role == row.role; });
    if (row.role == fleet::RedisRole::Other)
        return text(row.group.text());
    const QString role = row.role == fleet::RedisRole::Feeds ? Words::tr("Feeds") : row.role == fleet::RedisRole::Sessions ? Words::tr("Sessions") : Words::tr("Media map");
    return same > 1 ? role + QLatin1Char(' ') + text(row.group.text()) : role;
}

bool isSingular(const ServingRow &row)
{
    const bool isPlural = row.role == fleet::RedisRole::Feeds || row.role == fleet::RedisRole::Sessions;
    return row.of == ServingOf::Cache || (row.of == ServingOf::Group && !isPlural);
}

bool isForPeople(const ServingRow &row, const Snapshot &snapshot)
{
    if (row.of != ServingOf::Writes && row.of != ServingOf::Reads)
        return true;
    const auto &clusters = snapshot.fleet->clusters;
    const bool partitioned = std::any_of(clusters.begin(), clusters.end(), [](const fleet::Cluster &cluster) { return !cluster.partition.isEmpty(); });
    return !row.partition.isEmpty() || !partitioned;
}

facts::ServingCount countForPeople(const Snapshot &snapshot, ServingOf of)
{
    facts::ServingFacts theirs;
    std::copy_if(snapshot.serving.rows.begin(), snapshot.serving.rows.end(), std::back_inserter(theirs.rows), [&](const ServingRow &row) { return isForPeople(row, snapshot); });
    return facts::countServing(theirs, of, snapshot.takenAt);
}

QString allPathsWork(const Snapshot &snapshot)
{
    const auto writes = countForPeople(snapshot, ServingOf::Writes);
    const auto reads = countForPeople(snapshot, ServingOf::Reads);
    if (writes.paths + reads.paths == 0 || writes.working < writes.paths || reads.working < reads.paths)
        return {};
    const QString writePaths = writes.paths == 1 ? Words::tr("The only write path") : Words::tr("All %1 write paths").arg(count(writes.paths));
    const QString readPaths = reads.paths == 1    ? Words::tr("the only read path")
                              : writes.paths == 1 ? Words::tr("all %1 read paths").arg(count(reads.paths))
                                                  : Words::tr("%1 read paths").arg(count(reads.paths));
    if (writes.committed == writes.paths)
        return Words::tr("%1 and %2 work.").arg(writePaths, readPaths);
    if (writes.committed == 0)
        return (reads.paths == 1 ? Words::tr("The only read path works") : Words::tr("All %1 read paths work").arg(count(reads.paths))) +
               (writes.paths == 1 ? Words::tr(", and the only write path leads to a writable primary.")
                                  : Words::tr(", and all %1 write paths lead to writable primaries.").arg(count(writes.paths)));
    return Words::tr("%1 and %2 work; %3 of the writes are inferred.").arg(writePaths, readPaths, count(writes.paths - writes.committed));
}

QString joinedNames(QStringList names, int most)
{
    if (names.size() > most + 1) {
        const auto more = names.size() - most;
        names = names.mid(0, most);
        return Words::tr("%1 and %2 more").arg(names.join(QLatin1String(", ")), count(more));
    }
    if (names.size() < 2)
        return names.join(QString());
    const QString last = names.takeLast();
    return Words::tr("%1 and %2").arg(names.join(QLatin1String(", ")), last);
}

} // namespace shardlens::ui::format
