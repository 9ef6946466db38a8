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

class CardActs;

/// The drawing of the fleet, or its table twin. GUI thread.
class RegionsPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit RegionsPanel(const QString &title, QWidget *parent = nullptr);

    void setHistory(const observe::History *history) { m_view->setHistory(history); }
    void showSnapshot(const facts::SnapshotPtr &snapshot);

    /// In the title row: what the numbers on lines and cards are, or the legend of the lines where there is room for it.
    void setExplains(const fleet::Thresholds &thresholds);

    void setTable(bool table);
    [[nodiscard]] bool isTable() const { return m_isTable; }
    [[nodiscard]] charts::TopologyView *view() const { return m_view; }
    [[nodiscard]] CardActs *acts() const { return m_acts; } ///< of its cards
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QString asCsv() const;

    /// Asks where to save the picture; `heading` stands in it above the drawing.
    void savePicture(const QString &heading);

    [[nodiscard]] int titleHeight() const;

private:
    void fillTable();
    void explainLines();

    charts::TopologyView *m_view;
    CardActs *m_acts;
    charts::TopologyTableModel *m_model;
    QTableView *m_table;
    QStackedLayout *m_stack;
    QWidget *m_legend = nullptr;
    QString m_note;
    bool m_isTable = false;
    int m_fittedAt = 0; ///< per cent of text size that the columns were fitted at
};

} // namespace shardlens::ui::pages
