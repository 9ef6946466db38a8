// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Readiness.h"
#include "ui/format/UnitKeeper.h"
#include "ui/pages/LivePage.h"

#include <array>
#include <map>
#include <vector>

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::pages {

class FactsPanel;
class FactTable;
class RegionsPanel;
class RowsPanel;
class TitleRow;

/// The Redis groups: a row a group a region; whether each group's primary could be moved now, which leads to its plan; of the chosen row all
/// facts, its group as a drawing, and its group's charts.
class RedisPage : public LivePage
{
    Q_OBJECT

public:
    explicit RedisPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("redis"); }
    [[nodiscard]] QString title() const override { return tr("Redis"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] Subject selection() const override; ///< the chosen row's server
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    void toggleTable() override;
    [[nodiscard]] QString asCsv() const override; ///< of the table that has the keyboard; of the servers otherwise
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] base::ServerId server() const { return m_server; }
    [[nodiscard]] FactTable *table() const { return m_table; }
    [[nodiscard]] RowsPanel *readiness() const { return m_readiness; }
    [[nodiscard]] FactsPanel *details() const { return m_details; }
    [[nodiscard]] RegionsPanel *drawing() const { return m_drawing; }

protected:
    void fill() override;
    void arrange() override;

private:
    void showServer(const base::ServerId &server);
    void fillServer();
    void fillCharts();
    void arrangeAnew();
    void arrangeRight(QRect right, bool wide, int gap);
    void connectReadiness();
    void openPlanOf(const std::string &group);

    base::ServerId m_server;
    TitleRow *m_title;
    RowsPanel *m_groups;
    FactTable *m_table;
    RowsPanel *m_readiness;
    std::vector<operate::Readiness> m_ready;
    FactsPanel *m_details;
    RegionsPanel *m_drawing;
    charts::ChartPanel *m_commands;
    charts::ChartPanel *m_behind;
    std::map<base::ServerId, format::UnitKeeper> m_behindUnits; ///< of the figures at the ends of its lines
    std::array<int, 4> m_arrangedFor{}; ///< heights that the tables, the drawing and the facts wanted
};

} // namespace shardlens::ui::pages
