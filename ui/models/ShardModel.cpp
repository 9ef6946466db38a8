// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ShardModel.h"

#include "ui/models/ShardCells.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace shardlens::ui::models {

namespace {

/// Sorts what is in order but for a few: those that break the order go aside, are sorted and merged in again.
void sortMostlySorted(std::vector<std::pair<double, int>> &rows)
{
    std::vector<std::pair<double, int>> kept;
    std::vector<std::pair<double, int>> strays;
    kept.reserve(rows.size());
    for (const auto &row : rows) {
        // One that is too large would make all that follow strays: with its successor it leaves as a pair.
        if (kept.empty() || kept.back() < row) {
            kept.push_back(row);
        } else {
            strays.push_back(row);
            strays.push_back(kept.back());
            kept.pop_back();
        }
    }
    std::sort(strays.begin(), strays.end());
    rows.clear();
    std::merge(kept.begin(), kept.end(), strays.begin(), strays.end(), std::back_inserter(rows));
}

} // namespace

ShardModel::ShardModel(QObject *parent) : QAbstractTableModel(parent), m_frame(std::make_shared<ShardFrame>()) {}

void ShardModel::setFrame(std::shared_ptr<const ShardFrame> frame)
{
    const std::shared_ptr<const ShardFrame> before = m_frame;
    const ShardFrameDiff diff(*before, *frame);
    // What vanished leaves while the old frame still answers for it.
    if (!diff.hasSameKeys())
        removeRowsWhere([&](const Row &row) { return frame->indexOf(row.key) < 0; });

    std::vector<int> changed;
    for (int row = 0; row < int(m_rows.size()); ++row) {
        Row &shown = m_rows[std::size_t(row)];
        const int entry = diff.hasSameKeys() ? shown.entry : frame->indexOf(shown.key);
        if (!diff.isSame(shown.entry, entry))
            changed.push_back(row);
        shown.entry = entry;
    }
    m_frame = std::move(frame);
    reindex();
    tellChanged(changed);

    // Without changes the same rows pass, unless the filter asks for more than the frame holds: then setFilter is called.
    if (!changed.empty() || !diff.hasSameKeys()) {
        if (m_filter)
            removeRowsWhere([this](const Row &row) { return !passes(*m_frame, row.entry); });
    }
    appendMissing();
    putInOrder();
}

void ShardModel::setFilter(Filter filter)
{
    m_filter = std::move(filter);
    applyFilter();
}

void ShardModel::applyFilter()
{
    removeRowsWhere([this](const Row &row) { return !passes(*m_frame, row.entry); });
    appendMissing();
    putInOrder();
}

void ShardModel::setOrderHeld(bool held)
{
    m_orderHeld = held;
    putInOrder();
}

/// Rows that go: a few neighbours as one removal; scattered ones are first brought together at the end, for views pay for each removal.
void ShardModel::removeRowsWhere(const std::function<bool(const Row &)> &gone)
{
    const auto firstGone = std::find_if(m_rows.begin(), m_rows.end(), gone);
    if (firstGone == m_rows.end())
        return;
    const auto afterRun = std::find_if_not(firstGone, m_rows.end(), gone);
    int first = int(firstGone - m_rows.begin());
    int last = int(afterRun - m_rows.begin()) - 1;
    if (std::any_of(afterRun, m_rows.end(), gone)) {
        rearrange([&] { first = int(std::stable_partition(m_rows.begin(), m_rows.end(), [&](const Row &row) { return !gone(row); }) - m_rows.begin()); });
        last = int(m_rows.size()) - 1;
    }
    beginRemoveRows({}, first, last);
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    reindex();
    endRemoveRows();
}

/// Changes the order of m_rows and takes selection and scroll position along.
void ShardModel::rearrange(const std::function<void()> &change)
{
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    std::vector<int> entries;
    entries.reserve(std::size_t(from.size()));
    for (const QModelIndex &index : from)
        entries.push_back(m_rows[std::size_t(index.row())].entry);
    change();
    reindex();
    QModelIndexList to;
    to.reserve(from.size());
    for (int i = 0; i < from.size(); ++i)
        to.push_back(index(m_rowOfEntry[std::size_t(entries[std::size_t(i)])], from[i].column()));
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

/// Shards that pass and are not shown come at the end; putInOrder() gives them their place.
void ShardModel::appendMissing()
{
    std::vector<Row> missing;
    for (int entry = 0; entry < int(m_frame->entries.size()); ++entry) {
        if (m_rowOfEntry[std::size_t(entry)] < 0 && passes(*m_frame, entry))
            missing.push_back({m_frame->entries[std::size_t(entry)].key(), entry});
    }
    if (missing.empty())
        return;
    const int first = int(m_rows.size());
    beginInsertRows({}, first, first + int(missing.size()) - 1);
    m_rows.insert(m_rows.end(), missing.begin(), missing.end());
    reindex();
    endInsertRows();
}

void ShardModel::reindex()
{
    m_rowOfEntry.assign(m_frame->entries.size(), -1);
    for (int row = 0; row < int(m_rows.size()); ++row) {
        const int entry = m_rows[std::size_t(row)].entry;
        if (entry >= 0 && entry < int(m_rowOfEntry.size()))
            m_rowOfEntry[std::size_t(entry)] = row;
    }
}

/// Changed rows as few ranges; where they are many and scattered one range costs a view less than each of them.
void ShardModel::tellChanged(const std::vector<int> &rows)
{
    if (m_rows.empty())
        return;
    constexpr int kMostRanges = 32;
    std::vector<std::pair<int, int>> ranges;
    for (const int row : rows) {
        if (!ranges.empty() && ranges.back().second == row - 1)
            ranges.back().second = row;
        else
            ranges.emplace_back(row, row);
    }
    if (int(ranges.size()) > kMostRanges)
        ranges.assign(1, {rows.front(), rows.back()});
    for (const auto &[first, last] : ranges)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
    // Ages run on whether or not anything else changed.
    Q_EMIT dataChanged(index(0, Read), index(int(m_rows.size()) - 1, Read), {Qt::DisplayRole, StaleRole});
}

/// Keys are read once a time and not at each comparison, and lie beside the entry they order. Entries are by partition and number,
/// which settles ties. Most rows keep their order from tick to tick: only those that left it are sorted, and merged in again.
void ShardModel::putInOrder()
{
    using Keyed = std::pair<double, int>; // what the entry is ordered by, and the entry
    const std::vector<double> keys = m_sortColumn >= 0 ? shardSortKeys(*m_frame, Column(m_sortColumn)) : std::vector<double>();
    const double way = m_sortOrder == Qt::DescendingOrder ? -1 : 1;
    std::vector<Keyed> rows;
    rows.reserve(m_rows.size());
    for (const Row &row : m_rows) {
        const double key = keys.empty() ? 0 : keys[std::size_t(row.entry)];
        // What is not known comes last in both orders.
        rows.emplace_back(std::isnan(key) ? std::numeric_limits<double>::infinity() : key * way, row.entry);
    }
    const bool isOrdered = std::is_sorted(rows.begin(), rows.end());
    const bool wasPending = m_orderPending;
    m_orderPending = !isOrdered && m_orderHeld;
    if (!isOrdered && !m_orderHeld) {
        sortMostlySorted(rows);
        rearrange([&] {
            for (std::size_t row = 0; row < rows.size(); ++row) {
                if (m_rows[row].entry != rows[row].second)
                    m_rows[row] = {m_frame->entries[std::size_t(rows[row].second)].key(), rows[row].second};
            }
        });
    }
    if (wasPending != m_orderPending)
        Q_EMIT orderPendingChanged(m_orderPending);
}

void ShardModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    // The person asked: a held order gives way.
    const bool held = std::exchange(m_orderHeld, false);
    putInOrder();
    m_orderHeld = held;
}

facts::ShardKey ShardModel::keyAt(int row) const
{
    return m_rows[std::size_t(row)].key;
}

int ShardModel::rowOf(const facts::ShardKey &key) const
{
    const int entry = m_frame->indexOf(key);
    return entry < 0 ? -1 : m_rowOfEntry[std::size_t(entry)];
}

const ShardEntry &ShardModel::entryAt(int row) const
{
    return m_frame->entries[std::size_t(m_rows[std::size_t(row)].entry)];
}

int ShardModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ShardModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ShardModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    return shardCell(*m_frame, entryAt(index.row()), Column(index.column()), role);
}

QVariant ShardModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    return shardHeader(Column(section), role);
}

QString ShardModel::asCsv() const
{
    QString text = shardCsvHeader();
    for (const Row &row : m_rows)
        text += shardCsvRow(*m_frame, m_frame->entries[std::size_t(row.entry)]);
    return text;
}

QString ShardModel::asCsv(const std::vector<facts::ShardKey> &keys) const
{
    QString text = shardCsvHeader();
    for (const facts::ShardKey &key : keys) {
        if (const int entry = m_frame->indexOf(key); entry >= 0)
            text += shardCsvRow(*m_frame, m_frame->entries[std::size_t(entry)]);
    }
    return text;
}

} // namespace shardlens::ui::models

#include "moc_ShardModel.cpp"
