// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ShardCells.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/models/Roles.h"
#include "ui/theme/Colours.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>
#include <limits>
#include <map>

namespace shardlens::ui::models {

namespace {

using Column = ShardModel::Column;
using facts::Drift;

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

struct ShardCellsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::models)
};

QString joined(const std::vector<base::ClusterName> &names, const QString &between)
{
    QStringList texts;
    for (const base::ClusterName &name : names)
        texts << format::text(name.text());
    return texts.join(between);
}

/// The number that a column sorts by and exports; nothing where it is not known.
std::optional<double> numberOf(const ShardFrame &frame, const ShardEntry &entry, Column column)
{
    const facts::Shard &shard = *entry.shard;
    const ShardCluster *cluster = frame.clusterOf(entry);
    switch (column) {
    case Column::Size: return shard.size ? std::optional(double(shard.size->count)) : std::nullopt;
    case Column::Rows: return shard.rows ? std::optional(double(*shard.rows)) : std::nullopt;
    case Column::Writes: return shard.writesPerSecond ? std::optional(*shard.writesPerSecond) : std::nullopt;
    case Column::Growth: return shard.growthPerDay ? std::optional(*shard.growthPerDay) : std::nullopt;
    case Column::Lag:
        if (!cluster || !cluster->worst)
            return std::nullopt;
        // By level first: bytes alone can make a cluster late.
        return *cluster->lagLevel * 1e9 + double(cluster->worst->time.value_or(microseconds(0)).count()) / 1e6;
    case Column::ProblemState: return entry.problem ? std::optional(-double(*entry.problem)) : std::nullopt;
    case Column::DriftState: return shard.drift == Drift::None ? std::nullopt : std::optional(double(shard.drift));
    case Column::Read:
        if (!cluster || !cluster->catalogReadAt)
            return std::nullopt;
        return std::chrono::duration<double>(frame.snapshot->takenAt - *cluster->catalogReadAt).count();
    default: return std::nullopt;
    }
}

QString nameOf(const ShardFrame &frame, const ShardEntry &entry, Column column)
{
    const facts::Shard &shard = *entry.shard;
    switch (column) {
    case Column::Schema: return format::text(schemaName(*frame.snapshot->fleet, shard.key));
    case Column::Partition: return format::text(shard.key.partition.text());
    case Column::Cluster: return shard.observedOn.size() > 1 ? joined(shard.observedOn, QStringLiteral(", ")) : format::text(shard.cluster().text());
    case Column::Declared: return shard.declared ? format::text(shard.declared->text()) : QString();
    default: return {};
    }
}

/// What was never asked of a cluster that does not answer will not be told: that is why.
facts::Unknown whyNotRead(const ShardCluster *cluster, const facts::Unknown &unknown)
{
    if (unknown.why != facts::WhyUnknown::NotAskedYet || !cluster || cluster->catalogReadAt || !cluster->isSilent)
        return unknown;
    return {facts::WhyUnknown::ServerSilent, cluster->name.text()};
}

/// A column's text, or why there is none.
facts::Known<QString> textOf(const ShardFrame &frame, const ShardEntry &entry, Column column)
{
    const facts::Shard &shard = *entry.shard;
    const ShardCluster *cluster = frame.clusterOf(entry);
    const auto read = [cluster](facts::Known<QString> text) {
        return text ? text : facts::Known<QString>(tl::unexpected(whyNotRead(cluster, text.error())));
    };
    switch (column) {
    case Column::Size: return read(shard.size.map(&format::bytes));
    case Column::Rows: return read(shard.rows.map(&format::count));
    case Column::Writes: return read(shard.writesPerSecond.map(&format::rate));
    case Column::Growth: return read(shard.growthPerDay.map([](double bytes) { return format::bytes(base::Bytes{std::llround(bytes)}); }));
    case Column::Lag: {
        const QString text = cluster ? lagText(*cluster) : QString();
        if (text.isEmpty())
            return tl::unexpected(whyNoLag(cluster));
        return text;
    }
    case Column::Declared:
        if (!shard.declared)
            return shard.drift == Drift::Undeclared ? facts::Known<QString>(QStringLiteral("-")) : tl::unexpected(shard.declared.error());
        return nameOf(frame, entry, column);
    case Column::DriftState: return driftText(shard);
    case Column::ProblemState:
        if (!entry.problem)
            return QStringLiteral("-");
        return *entry.problem == facts::Severity::Critical ? ShardCellsWords::tr("critical") : *entry.problem == facts::Severity::Warning ? ShardCellsWords::tr("warning") : ShardCellsWords::tr("not judged");
    case Column::Read:
        if (!cluster || !cluster->catalogReadAt)
            return tl::unexpected(whyNotRead(cluster, {}));
        return ShardCellsWords::tr("%1 ago").arg(format::age(std::chrono::duration_cast<microseconds>(frame.snapshot->takenAt - *cluster->catalogReadAt)));
    case Column::Cluster:
        if (nameOf(frame, entry, column).isEmpty())
            return facts::unknown(facts::WhyUnknown::NotAskedYet);
        return nameOf(frame, entry, column);
    default: return nameOf(frame, entry, column);
    }
}

bool isNumeric(Column column)
{
    return column == Column::Size || column == Column::Rows || column == Column::Writes || column == Column::Growth || column == Column::Lag || column == Column::Read;
}

bool isStale(const ShardFrame &frame, const ShardEntry &entry, Column column)
{
    const ShardCluster *cluster = frame.clusterOf(entry);
    switch (column) {
    case Column::Lag: return cluster && cluster->lagIsStale;
    case Column::Size:
    case Column::Rows:
    case Column::Writes:
    case Column::Growth:
    case Column::Read: return frame.hasStaleCatalog(entry);
    default: return false;
    }
}

std::optional<theme::ColourRole> colourOf(const ShardFrame &frame, const ShardEntry &entry, Column column)
{
    using theme::ColourRole;
    if ((column == Column::ProblemState && entry.problem) || (column == Column::DriftState && entry.hasOwnProblem))
        return theme::coloursOf(*entry.problem).text;
    if ((column == Column::DriftState && entry.shard->drift == Drift::NotKnown) || !textOf(frame, entry, column))
        return ColourRole::UnknownText;
    const ShardCluster *cluster = frame.clusterOf(entry);
    if (column == Column::Lag && cluster->lagLevel.value_or(0) >= 4)
        return ColourRole::WarningText;
    if (column == Column::DriftState || column == Column::ProblemState || column == Column::Read)
        return ColourRole::Muted;
    return std::nullopt;
}

QString rawNumber(const std::optional<double> &value, int decimals)
{
    return value ? QString::number(*value, 'f', decimals) : QString();
}

} // namespace

QString lagText(const ShardCluster &cluster)
{
    if (!cluster.worst)
        return {};
    const facts::StandbyLag &lag = *cluster.worst;
    const QString text = lag.time ? format::lagOf(lag) : format::bytes(lag.behind.value_or(base::Bytes{}));
    return cluster.lagIsAtLeast ? QString(format::kAtLeast) + format::kNarrowSpace + text : text;
}

QString driftText(const facts::Shard &shard)
{
    switch (shard.drift) {
    case Drift::None: return ShardCellsWords::tr("agrees");
    case Drift::Missing: return ShardCellsWords::tr("missing");
    case Drift::Misplaced: return ShardCellsWords::tr("on another cluster");
    case Drift::Undeclared: return ShardCellsWords::tr("not declared");
    case Drift::Doubled: return ShardCellsWords::tr("on two clusters");
    case Drift::NotKnown: return ShardCellsWords::tr("not known");
    }
    return {};
}

facts::Unknown whyNoLag(const ShardCluster *cluster)
{
    return cluster ? cluster->whyNoLag : facts::Unknown{facts::WhyUnknown::NotAskedYet, {}};
}

QVariant shardCell(const ShardFrame &frame, const ShardEntry &entry, Column column, int role)
{
    switch (role) {
    case Qt::DisplayRole: {
        const facts::Known<QString> text = textOf(frame, entry, column);
        if (text)
            return *text;
        return text.error().why == facts::WhyUnknown::NotAskedYet ? QString(QChar(0x2026)) : format::reason(text.error());
    }
    case Qt::ToolTipRole: {
        const facts::Known<QString> text = textOf(frame, entry, column);
        const ShardCluster *cluster = frame.clusterOf(entry);
        if (text && column == Column::Read && !cluster->catalogOfStandby.isEmpty())
            return ShardCellsWords::tr("As the standby %1 tells: no primary answered").arg(format::text(cluster->catalogOfStandby.text()));
        return text ? QVariant() : QVariant(format::unknownText(text.error()));
    }
    case Qt::AccessibleTextRole: {
        const facts::Known<QString> text = textOf(frame, entry, column);
        return shardHeader(column, Qt::DisplayRole).toString() + QLatin1String(": ") + (text ? *text : format::unknownText(text.error()));
    }
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment((isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case RawRole:
        if (const auto number = numberOf(frame, entry, column))
            return *number;
        return isNumeric(column) ? QVariant() : QVariant(nameOf(frame, entry, column));
    case StaleRole: return isStale(frame, entry, column) && textOf(frame, entry, column).has_value();
    case UnknownRole: return (column == Column::DriftState && entry.shard->drift == Drift::NotKnown) || !textOf(frame, entry, column);
    case LevelRole: {
        const ShardCluster *cluster = frame.clusterOf(entry);
        return column == Column::Lag && cluster && cluster->lagLevel ? QVariant(*cluster->lagLevel) : QVariant();
    }
    case ColourRoleRole:
        if (const auto colour = colourOf(frame, entry, column))
            return int(*colour);
        return {};
    default: return {};
    }
}

QVariant shardHeader(Column column, int role)
{
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == LevelRole)
        return column == Column::Lag;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Schema: return ShardCellsWords::tr("Shard");
    case Column::Partition: return ShardCellsWords::tr("Partition");
    case Column::Cluster: return ShardCellsWords::tr("Cluster");
    case Column::Declared: return ShardCellsWords::tr("Declared on");
    case Column::DriftState: return ShardCellsWords::tr("Drift");
    case Column::Size: return ShardCellsWords::tr("Size, about");
    case Column::Rows: return ShardCellsWords::tr("Rows, about");
    case Column::Writes: return ShardCellsWords::tr("Writes");
    case Column::Growth: return ShardCellsWords::tr("Growth a day");
    case Column::Lag: return ShardCellsWords::tr("Cluster's lag");
    case Column::ProblemState: return ShardCellsWords::tr("Problem");
    case Column::Read: return ShardCellsWords::tr("Read");
    default: return {};
    }
}

namespace {

/// The place of each entry's name among all names.
std::vector<double> namePlaces(const ShardFrame &frame, Column column)
{
    std::map<QString, double> places;
    std::vector<QString> names;
    names.reserve(frame.entries.size());
    for (const ShardEntry &entry : frame.entries) {
        names.push_back(nameOf(frame, entry, column));
        places.emplace(names.back(), 0);
    }
    double place = 0;
    for (auto &[name, at] : places)
        at = place++;
    std::vector<double> keys;
    keys.reserve(names.size());
    for (const QString &name : names)
        keys.push_back(name.isEmpty() ? kNotKnown : places.at(name));
    return keys;
}

} // namespace

std::vector<double> shardSortKeys(const ShardFrame &frame, Column column)
{
    if (column == Column::Partition || column == Column::Declared)
        return namePlaces(frame, column);
    std::vector<double> keys;
    keys.reserve(frame.entries.size());
    for (const ShardEntry &entry : frame.entries) {
        if (column == Column::Schema) // insta9 before insta10: by number, then partition
            keys.push_back(double(entry.key().number.value));
        else if (column == Column::Cluster)
            keys.push_back(entry.cluster >= 0 ? double(entry.cluster) : kNotKnown);
        else
            keys.push_back(numberOf(frame, entry, column).value_or(kNotKnown));
    }
    return keys;
}

QString shardCsvHeader()
{
    return QStringLiteral("partition,shard,schema,cluster,declared,drift,size_bytes_about,rows_about,writes_per_second,growth_bytes_per_day,"
                          "cluster_lag_seconds,cluster_lag_bytes,cluster_lag_level,problem,catalog_read_at,not_known\r\n");
}

QString shardCsvRow(const ShardFrame &frame, const ShardEntry &entry)
{
    const facts::Shard &shard = *entry.shard;
    const ShardCluster *cluster = frame.clusterOf(entry);
    QStringList missing;
    const auto note = [&](const char *what, Column column) {
        if (const auto text = textOf(frame, entry, column); !text)
            missing << QStringLiteral("%1: %2").arg(QLatin1String(what), format::reason(text.error()));
    };
    note("size", Column::Size);
    note("rows", Column::Rows);
    note("writes", Column::Writes);
    note("growth", Column::Growth);
    note("lag", Column::Lag);
    note("declared", Column::Declared);

    const std::optional<facts::StandbyLag> worst = cluster ? cluster->worst : std::nullopt;
    QStringList fields{nameOf(frame, entry, Column::Partition), QString::number(shard.key.number.value), nameOf(frame, entry, Column::Schema),
                       joined(shard.observedOn, QStringLiteral(" ")), nameOf(frame, entry, Column::Declared), QString::fromLatin1(facts::name(shard.drift)),
                       rawNumber(numberOf(frame, entry, Column::Size), 0), rawNumber(numberOf(frame, entry, Column::Rows), 0),
                       rawNumber(numberOf(frame, entry, Column::Writes), 3), rawNumber(numberOf(frame, entry, Column::Growth), 0)};
    fields << (worst && worst->time ? QString::number(double(worst->time->count()) / 1e6, 'f', 6) : QString())
           << (worst && worst->behind ? QString::number(worst->behind->count) : QString())
           << (cluster && cluster->lagLevel ? QString::number(*cluster->lagLevel) : QString());
    const std::string_view severity = entry.problem ? facts::name(*entry.problem) : std::string_view();
    fields << QString::fromLatin1(severity.data(), qsizetype(severity.size()));
    QString readAt;
    if (cluster && cluster->catalogReadAt) {
        const auto age = std::chrono::duration_cast<microseconds>(frame.snapshot->takenAt - *cluster->catalogReadAt);
        readAt = format::iso8601(frame.snapshot->takenUtc - age);
    }
    fields << readAt << missing.join(QStringLiteral("; "));
    return csvLine(fields);
}

} // namespace shardlens::ui::models
