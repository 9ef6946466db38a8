// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Feeds.h"

#include <QAbstractTableModel>

namespace shardlens::ui::pages {

/// The entries of one feed, a row each, as far as they were read. Thousands of rows: they are appended, or all replaced, and each cell is
/// made when it is asked for. Ages are told by `now`, which ticks. GUI thread.
class FeedModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : std::uint8_t { Position, Media, Owner, Caption, Posted, Marks, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void showPage(const inspect::lookup::FeedPage &page); ///< of another feed, or read anew
    void addPage(const inspect::lookup::FeedPage &page);  ///< what comes after it
    void clear();
    void setNow(base::UtcTime now);

    [[nodiscard]] const std::vector<inspect::lookup::FeedEntry> &entries() const { return m_entries; }
    [[nodiscard]] const inspect::lookup::FeedEntry *entryAt(const QModelIndex &index) const;
    [[nodiscard]] int amiss() const { return m_amiss; } ///< entries with a mark
    [[nodiscard]] bool hasMarks() const;                ///< some entry has one, or could not be read
    [[nodiscard]] bool hasDates() const;                ///< some entry is so old that its date is told

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Every entry, raw: "position,media,owner,caption,posted,marks". What is masked says so.
    [[nodiscard]] QString asCsv(const QString &at) const;

private:
    [[nodiscard]] QString text(const inspect::lookup::FeedEntry &entry, int column) const;

    std::vector<inspect::lookup::FeedEntry> m_entries;
    inspect::lookup::FeedKind m_kind = inspect::lookup::FeedKind::Main;
    base::UtcTime m_now;
    int m_amiss = 0;
};

} // namespace shardlens::ui::pages
