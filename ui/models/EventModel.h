// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/EventText.h"
#include "ui/models/Roles.h"

#include <QAbstractTableModel>

#include <vector>

namespace shardlens::ui::models {

/// What changed, newest first, a row an event. Held, nothing comes in: the rows that wait are counted. GUI thread.
class EventModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { When, Where, What, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void showSnapshot(const facts::Snapshot &snapshot);
    void setHeld(bool held); ///< letting go brings what waited
    void takeWaiting();      ///< brings what waits although held: the person asked for it
    [[nodiscard]] int waiting() const { return m_waiting; }

    [[nodiscard]] const facts::Event *eventAt(const QModelIndex &index) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A line an event: at, whether exact, kind, place, subject, before, after, words.
    [[nodiscard]] QString asCsv() const;

Q_SIGNALS:
    void waitingChanged(int waiting);

private:
    struct Row {
        facts::Event event;
        format::EventText text;
    };
    void bringIn();
    void setWaiting(int waiting);

    std::vector<Row> m_rows;
    facts::EventListPtr m_shown = std::make_shared<const facts::EventList>(); ///< what the rows were made of
    facts::EventListPtr m_newest = m_shown;
    std::shared_ptr<const facts::Snapshot> m_words;                           ///< what names are looked up in
    bool m_held = false;
    int m_waiting = 0;
};

} // namespace shardlens::ui::models
