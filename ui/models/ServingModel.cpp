// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ServingModel.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"
#include "ui/theme/Shapes.h"

#include <algorithm>
#include <map>

namespace shardlens::ui::models {

namespace {

using facts::ServingCell;
using facts::ServingOf;
using facts::ServingRow;
using facts::ServingVerdict;
using facts::Snapshot;
using format::ServingCellText;
using format::text;
using Look = ServingCellText::Look;

int rankOf(ServingVerdict verdict)
{
    switch (verdict) {
    case ServingVerdict::Works: return 0;
    case ServingVerdict::Asking: return 1;
    case ServingVerdict::Slow: return 2;
    case ServingVerdict::NotKnown: return 3;
    case ServingVerdict::Partly: return 4;
    case ServingVerdict::Late: return 5;
    case ServingVerdict::Refused: return 6;
    }
    return 0;
}

bool isWorse(const ServingCell &a, const ServingCell &b)
{
    if (rankOf(a.verdict) != rankOf(b.verdict))
        return rankOf(a.verdict) > rankOf(b.verdict);
    return a.took.value_or(facts::microseconds(0)) > b.took.value_or(facts::microseconds(0));
}

bool isWell(const ServingRow &row)
{
    return std::all_of(row.cells.begin(), row.cells.end(), [](const ServingCell &cell) { return cell.verdict == ServingVerdict::Works; });
}

QString seconds(const std::optional<facts::microseconds> &value)
{
    return value ? QString::number(static_cast<double>(value->count()) / 1e6, 'g', 9) : QString();
}

QString csvOf(const QString &name, const ServingCell &cell)
{
    const auto word = [](std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); };
    return csvLine({name, text(cell.region.text()), word(facts::name(cell.verdict)), word(facts::name(cell.proof)), seconds(cell.took), seconds(cell.usual),
                    cell.failingSince ? format::iso8601(*cell.failingSince) : QString(), cell.error ? text(cell.error->message) : QString(),
                    cell.error ? text(cell.error->sqlState) : QString()});
}

/// A row of the table from some rows of the facts: in each region the worst.
ServingTableRow worstOf(const std::vector<const ServingRow *> &rows, std::string id, const QString &name, const Snapshot &snapshot)
{
    ServingTableRow out;
    out.id = std::move(id);
    out.name = name;
    for (const fleet::Region &region : snapshot.fleet->regions) {
        const ServingRow *worstRow = nullptr;
        const ServingCell *worst = nullptr;
        for (const ServingRow *row : rows) {
            const ServingCell *cell = row->cell(region.name);
            if (cell && (!worst || isWorse(*cell, *worst))) {
                worst = cell;
                worstRow = row;
            }
        }
        out.cells.push_back(worst ? std::optional(format::servingCellText(*worstRow, *worst, snapshot)) : std::nullopt);
        if (worst)
            out.csv.push_back(csvOf(rows.size() > 1 ? format::servingRowName(*worstRow, snapshot) : name, *worst));
    }
    if (rows.size() == 1) {
        out.cluster = rows.front()->cluster;
        out.group = rows.front()->group;
    }
    return out;
}

/// What stands in the table: the rows that people use, and what else fails.
std::vector<const ServingRow *> shown(const Snapshot &snapshot, ServingOf of)
{
    std::vector<const ServingRow *> rows;
    for (const ServingRow &row : snapshot.serving.rows) {
        if (row.of == of && (format::isForPeople(row, snapshot) || std::any_of(row.cells.begin(), row.cells.end(), [](const ServingCell &cell) { return cell.fails(); })))
            rows.push_back(&row);
    }
    return rows;
}

void addWrites(std::vector<ServingTableRow> &out, const Snapshot &snapshot, bool folds)
{
    std::map<base::PartitionName, std::vector<const ServingRow *>> well;
    std::map<base::PartitionName, std::size_t> all;
    std::vector<base::PartitionName> order;
    for (const ServingRow *row : shown(snapshot, ServingOf::Writes)) {
        if (all[row->partition]++ == 0)
            order.push_back(row->partition);
        if (folds && isWell(*row)) {
            well[row->partition].push_back(row);
            continue;
        }
        out.push_back(worstOf({row}, "writes/" + row->cluster.text(), format::servingRowName(*row, snapshot), snapshot));
    }
    for (const auto &partition : order) {
        const auto &rows = well[partition];
        if (rows.empty())
            continue;
        const QString name = format::Words::tr("Writes %1, %2 of %3").arg(text(partition.text()), format::count(static_cast<std::int64_t>(rows.size())), format::count(static_cast<std::int64_t>(all[partition])));
        out.push_back(worstOf(rows, "writes//" + partition.text(), name, snapshot));
    }
}

} // namespace

void ServingModel::showSnapshot(const Snapshot &snapshot, bool holdsRows)
{
    QStringList regions;
    for (const fleet::Region &region : snapshot.fleet->regions)
        regions << text(region.name.text());
    if (regions != m_regions) {
        beginResetModel(); // another fleet's columns
        m_regions = regions;
        endResetModel();
    }
    const auto groups = shown(snapshot, ServingOf::Group);
    const auto caches = shown(snapshot, ServingOf::Cache);
    const auto reads = shown(snapshot, ServingOf::Reads);
    const std::size_t whole = shown(snapshot, ServingOf::Writes).size() + (reads.empty() ? 0 : 1) + groups.size() + caches.size();
    std::vector<ServingTableRow> next;
    addWrites(next, snapshot, whole > mostRows);
    if (!reads.empty()) {
        next.push_back(worstOf(reads, "reads", reads.size() > 1 ? tr("Reads, worst") : format::servingRowName(*reads.front(), snapshot), snapshot));
        next.back().isReads = true;
    }
    for (const ServingRow *row : groups)
        next.push_back(worstOf({row}, "group/" + row->group.text(), format::servingRowName(*row, snapshot), snapshot));
    for (std::size_t i = 0; i < caches.size(); ++i)
        next.push_back(worstOf({caches[i]}, "cache/" + std::to_string(i), i == 0 ? format::servingRowName(*caches[i], snapshot) : tr("Cache %1").arg(i + 1), snapshot));
    m_hasInferred = std::any_of(next.begin(), next.end(), [](const ServingTableRow &row) {
        return std::any_of(row.cells.begin(), row.cells.end(), [](const auto &cell) { return cell && cell->look == Look::Inferred; });
    });
    if (holdsRows) {
        const auto placeOf = [this](const ServingTableRow &row) {
            const auto &before = rows();
            return std::find_if(before.begin(), before.end(), [&](const ServingTableRow &one) { return one.id == row.id; }) - before.begin();
        };
        std::stable_sort(next.begin(), next.end(), [&](const ServingTableRow &a, const ServingTableRow &b) { return placeOf(a) < placeOf(b); });
    }
    assign(std::move(next));
}

const ServingCellText *ServingModel::cellAt(const QModelIndex &index) const
{
    const auto *row = rowAt(index);
    const auto at = static_cast<std::size_t>(index.column() - 1);
    return row && index.column() > 0 && at < row->cells.size() && row->cells[at] ? &*row->cells[at] : nullptr;
}

QVariant ServingModel::data(const QModelIndex &index, int role) const
{
    const auto *row = rowAt(index);
    if (!row)
        return {};
    if (index.column() == 0)
        return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(row->name) : QVariant();
    const ServingCellText *cell = cellAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return cell ? (cell->aside.isEmpty() ? cell->value : cell->value + QLatin1Char(' ') + cell->aside) : QStringLiteral("-");
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return cell ? cell->detail : tr("%1: no such way in %2.").arg(row->name, m_regions[index.column() - 1]);
    case CellRole:
        return cell ? QVariant(static_cast<int>(cell->look)) : QVariant();
    default:
        return {};
    }
}

QVariant ServingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole))
        return {};
    if (section == 0) // the panel's title says it
        return role == Qt::AccessibleTextRole ? tr("What people use") : QString();
    return m_regions.value(section - 1);
}

QString ServingModel::asCsv() const
{
    QString csv = csvLine({QStringLiteral("what"), QStringLiteral("region"), QStringLiteral("verdict"), QStringLiteral("proof"), QStringLiteral("took_s"), QStringLiteral("usual_s"),
                           QStringLiteral("failing_since"), QStringLiteral("error"), QStringLiteral("sqlstate")});
    for (const auto &row : rows()) {
        for (const QString &line : row.csv)
            csv += line;
    }
    return csv;
}

} // namespace shardlens::ui::models

#include "moc_ServingModel.cpp"
