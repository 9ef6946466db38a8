// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/observe/History.h"
#include "ui/charts/TopologyView.h"
#include "ui/theme/widgets/Panel.h"

class QStackedLayout;
class QTableView;

namespace shardlens::ui::charts {
class TopologyTableModel;
}

namespace shardlens::ui::pages {

/// The drawing of the fleet, or its table twin. GUI thread.
class RegionsPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit RegionsPanel(const QString &title, QWidget *parent = nullptr);

    void setHistory(const observe::History *history) { m_view->setHistory(history); }
    void showSnapshot(const facts::SnapshotPtr &snapshot);

    void setTable(bool table);
    [[nodiscard]] bool isTable() const { return m_isTable; }
    [[nodiscard]] charts::TopologyView *view() const { return m_view; }
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QString asCsv() const;

    /// Asks where to save the picture; `heading` stands in it above the drawing.
    void savePicture(const QString &heading);

    [[nodiscard]] int titleHeight() const;

private:
    void fillTable();

    charts::TopologyView *m_view;
    charts::TopologyTableModel *m_model;
    QTableView *m_table;
    QStackedLayout *m_stack;
    bool m_isTable = false;
};

} // namespace shardlens::ui::pages
